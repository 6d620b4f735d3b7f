use crossbeam_channel::unbounded;
use std::io::{Read, Write};
use std::net::Shutdown;
use std::os::unix::net::UnixStream;
use std::path::PathBuf;
use std::sync::OnceLock;
use stillyou_agent::ipc::{
    Asked, Attempt, Frame, FrameError, MAX_REPLY_BYTES, MAX_REQUEST_BYTES, Question, Reply, Request, Server,
};

/// What a client sends to the real server: one JSON frame with these bytes, or, after a first byte 0, the bytes as they are.
///
/// Whatever comes, each answer is a whole reply; a request is answered once; the server goes on.
pub fn ipc_request(data: &[u8]) {
    let sent = match data.split_first() {
        Some((0, raw)) => raw.to_vec(),
        _ => frame(data),
    };
    let expected = understood(&sent);
    let mut answers = answers(&sent);
    let mut answered = 0;
    loop {
        match Frame::read(&mut answers, MAX_REPLY_BYTES) {
            Ok(Frame::Json(body)) => _ = serde_json::from_slice::<Reply>(&body).unwrap(),
            Ok(Frame::Secret(..)) => panic!("the server sent a secret"),
            Err(FrameError::Closed) => break,
            Err(e) => panic!("{e}"),
        }
        answered += 1;
    }
    // One that closes early loses answers, as the socket is then broken; it never gets more.
    assert!(answered <= expected, "{answered} answers to {expected} requests");
}

fn frame(body: &[u8]) -> Vec<u8> {
    let mut frame = vec![0];
    frame.extend((body.len() as u32).to_le_bytes());
    frame.extend(body);
    frame
}

/// How many messages the bytes are, by our own reading.
fn understood(mut sent: &[u8]) -> usize {
    let mut messages = 0;
    while let Ok(frame) = Frame::read(&mut sent, MAX_REQUEST_BYTES) {
        messages += 1;
        if let Frame::Json(body) = frame
            && matches!(serde_json::from_slice(&body), Ok(Request::Watch {}))
        {
            break;
        }
    }
    messages
}

/// Everything the server says before it closes.
fn answers(sent: &[u8]) -> impl Read {
    let mut stream = UnixStream::connect(socket()).unwrap();
    // The server may have closed already.
    let _ = stream.write_all(sent);
    let _ = stream.shutdown(Shutdown::Write);
    let mut answers = Vec::new();
    let _ = stream.read_to_end(&mut answers);
    std::io::Cursor::new(answers)
}

/// The socket of a server that answers each request once, refusing it.
fn socket() -> &'static PathBuf {
    static DOOR: OnceLock<(PathBuf, Server, tempfile::TempDir)> = OnceLock::new();
    let (path, ..) = DOOR.get_or_init(|| {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("door/agent.sock");
        let (asked, questions) = unbounded::<Asked>();
        let server = Server::listen(&path, asked).unwrap();
        std::thread::spawn(move || {
            for Asked { question, reply } in questions {
                let answer = match question {
                    Question::Request(request) => Reply::Refused { why: format!("{request:?}") },
                    Question::Secret(..) => Reply::Verification { attempt: Attempt::Disabled {} },
                };
                let _ = reply.send(answer);
            }
        });
        (path, server, folder)
    });
    path
}
