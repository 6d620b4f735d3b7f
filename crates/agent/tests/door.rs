//! The socket: one agent a session, bounded messages, wrong ones refused.

#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use crossbeam_channel::unbounded;
use std::io::{Read, Write};
use std::os::unix::fs::PermissionsExt;
use std::os::unix::net::UnixStream;
use std::path::{Path, PathBuf};
use stillyou_agent::ipc::{Asked, Attempt, Client, Question, Reply, Request, SecretKind, Server, ServerError};
use zeroize::Zeroizing;

struct Door {
    _server: Server,
    socket: PathBuf,
    _folder: tempfile::TempDir,
}

/// A server that refuses every request and finds every secret wrong.
fn door() -> Door {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("stillyou/agent.sock");
    let (asked, questions) = unbounded::<Asked>();
    let server = Server::listen(&socket, asked).unwrap();
    std::thread::spawn(move || {
        for Asked { question, reply } in questions {
            let answer = match question {
                Question::Request(r) => Reply::Refused { why: format!("{r:?}") },
                Question::Secret(_, s) => Reply::Verification {
                    attempt: Attempt::Wrong { tries_left: s.len() as u32, wait_seconds: 0, why: None },
                },
            };
            reply.send(answer).unwrap();
        }
    });
    Door { _server: server, socket, _folder: folder }
}

/// What the server says to raw bytes, until it closes or falls silent.
fn raw(socket: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut stream = UnixStream::connect(socket).unwrap();
    let _ = stream.write_all(bytes);
    let _ = stream.shutdown(std::net::Shutdown::Write);
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn requests_and_secrets_are_answered_in_turn() {
    let door = door();
    let mut client = Client::connect(&door.socket).unwrap();
    assert_eq!(client.ask(&Request::Erase {}).unwrap(), Reply::Refused { why: "Erase".into() });
    let reply = client.verify(SecretKind::Password, Zeroizing::new(b"12345".to_vec())).unwrap();
    assert_eq!(reply, Reply::Verification { attempt: Attempt::Wrong { tries_left: 5, wait_seconds: 0, why: None } });
    assert_eq!(client.ask(&Request::Status {}).unwrap(), Reply::Refused { why: "Status".into() });
}

#[test]
fn a_second_agent_names_the_first() {
    let door = door();
    let (asked, _questions) = unbounded();
    let Err(error) = Server::listen(&door.socket, asked) else { panic!("two agents") };
    assert!(matches!(&error, ServerError::AlreadyRunning { pid, .. } if *pid == std::process::id().to_string()));
    assert!(Client::connect(&door.socket).is_ok(), "the first one still answers");
}

#[test]
fn what_is_left_of_a_dead_agent_is_cleared_away() {
    let folder = tempfile::tempdir().unwrap();
    let socket = folder.path().join("stillyou/agent.sock");
    let (asked, _questions) = unbounded();
    drop(Server::listen(&socket, asked.clone()).unwrap());
    std::os::unix::net::UnixListener::bind(&socket).unwrap();
    assert!(Server::listen(&socket, asked).is_ok());
}

#[test]
fn a_folder_that_others_may_enter_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let open = folder.path().join("stillyou");
    std::fs::create_dir(&open).unwrap();
    std::fs::set_permissions(&open, std::fs::Permissions::from_mode(0o755)).unwrap();
    let (asked, _questions) = unbounded();
    assert!(matches!(Server::listen(&open.join("agent.sock"), asked), Err(ServerError::Folder { .. })));
}

#[test]
fn the_socket_is_the_users_alone() {
    let door = door();
    let mode = std::fs::metadata(&door.socket).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600);
}

#[test]
fn malformed_clients_do_nothing() {
    let door = door();
    let huge = [0u8, 255, 255, 255, 127];
    let json = |text: &str| {
        let mut frame = vec![0];
        frame.extend((text.len() as u32).to_le_bytes());
        frame.extend(text.as_bytes());
        frame
    };
    assert_eq!(raw(&door.socket, b""), b"");
    assert_eq!(raw(&door.socket, &[9, 0, 0, 0, 0]), b"");
    assert_eq!(raw(&door.socket, &huge), b"");
    for wrong in [
        "",
        "{",
        "[]",
        r#"{"request":"unlock"}"#,
        r#"{"request":"erase","force":true}"#,
        r#"{"request":"set-score","score":100}"#,
    ] {
        let answer = String::from_utf8_lossy(&raw(&door.socket, &json(wrong))).into_owned();
        assert!(answer.contains("the request is not understood"), "{wrong}: {answer}");
    }
    let mut client = Client::connect(&door.socket).unwrap();
    assert_eq!(client.ask(&Request::Status {}).unwrap(), Reply::Refused { why: "Status".into() });
}
