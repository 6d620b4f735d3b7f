//! The pipe on Windows: one agent, bounded messages, wrong ones refused.

#![cfg(windows)]
#![allow(clippy::unwrap_used)]

use crossbeam_channel::unbounded;
use std::fs::File;
use std::io::{Read, Write};
use std::path::{Path, PathBuf};
use stillyou_agent::ipc::{Asked, Attempt, Client, Question, Reply, Request, SecretKind, Server, ServerError};
use zeroize::Zeroizing;

/// A server that refuses every request and finds every secret wrong.
fn door(name: &str) -> (Server, PathBuf) {
    let pipe = PathBuf::from(format!(r"\\.\pipe\stillyou-test-{}-{name}", std::process::id()));
    let (asked, questions) = unbounded::<Asked>();
    let server = Server::listen(&pipe, asked).unwrap();
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
    (server, pipe)
}

/// What the server says to raw bytes, until it closes; then it has refused them.
fn raw(pipe: &Path, bytes: &[u8]) -> Vec<u8> {
    let mut stream = File::options().read(true).write(true).open(pipe).unwrap();
    stream.write_all(bytes).unwrap();
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer);
    answer
}

#[test]
fn requests_and_secrets_are_answered_in_turn() {
    let (_server, pipe) = door("turn");
    let mut client = Client::connect(&pipe).unwrap();
    assert_eq!(client.ask(&Request::Erase {}).unwrap(), Reply::Refused { why: "Erase".into() });
    let reply = client.verify(SecretKind::Password, Zeroizing::new(b"12345".to_vec())).unwrap();
    assert_eq!(reply, Reply::Verification { attempt: Attempt::Wrong { tries_left: 5, wait_seconds: 0, why: None } });
    assert_eq!(client.ask(&Request::Status {}).unwrap(), Reply::Refused { why: "Status".into() });
}

#[test]
fn a_second_agent_names_the_first() {
    let (_server, pipe) = door("second");
    let (asked, _questions) = unbounded();
    let Err(error) = Server::listen(&pipe, asked) else { panic!("two agents") };
    assert!(
        matches!(&error, ServerError::AlreadyRunning { pid, .. } if *pid == std::process::id().to_string()),
        "{error}"
    );
    let mut client = Client::connect(&pipe).unwrap();
    assert_eq!(client.ask(&Request::Status {}).unwrap(), Reply::Refused { why: "Status".into() });
}

#[test]
fn no_agent_is_said() {
    assert!(Client::connect(Path::new(r"\\.\pipe\stillyou-test-nobody")).is_err());
}

#[test]
fn malformed_clients_are_cut_off_and_others_are_served() {
    let (_server, pipe) = door("malformed");
    assert_eq!(raw(&pipe, &[9, 0, 0, 0, 0]), b"");
    assert_eq!(raw(&pipe, &[0, 255, 255, 255, 127]), b"");
    drop(File::options().read(true).write(true).open(&pipe).unwrap());
    let mut client = Client::connect(&pipe).unwrap();
    assert_eq!(client.ask(&Request::Status {}).unwrap(), Reply::Refused { why: "Status".into() });
}

#[test]
fn clients_one_after_the_other_all_find_the_door() {
    let (_server, pipe) = door("many");
    for _ in 0..40 {
        let mut client = Client::connect(&pipe).unwrap();
        assert_eq!(client.ask(&Request::Status {}).unwrap(), Reply::Refused { why: "Status".into() });
    }
}
