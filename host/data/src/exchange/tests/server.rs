//! A server that answers each connection with the next of the answers it was given.

use std::io::{BufRead, BufReader, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;

/// A server on this machine. It stops with the test process.
pub(super) struct Server {
    pub(super) url: String,
    requests: Arc<Mutex<Vec<String>>>,
}

/// What happens on a connection.
pub(super) enum Reply {
    /// These bytes are sent and the connection is closed.
    Bytes(String),
    /// Nothing, and the connection stays open.
    Silence,
}

impl Server {
    /// Gives one reply for each connection, and then refuses to be asked.
    pub(super) fn replying(replies: Vec<Reply>) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let requests = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&requests);
        thread::spawn(move || {
            let mut open = Vec::new();
            for reply in replies {
                let (mut stream, _) = listener.accept().unwrap();
                let mut lines =
                    BufReader::new(stream.try_clone().unwrap()).lines().map_while(Result::ok);
                log.lock().unwrap().push(lines.next().unwrap_or_default());
                let _rest_of_the_head = lines.take_while(|line| !line.is_empty()).count();
                match reply {
                    // A client that gave up meanwhile is what some tests are about.
                    Reply::Bytes(bytes) => drop(stream.write_all(bytes.as_bytes())),
                    Reply::Silence => open.push(stream),
                }
            }
            while !open.is_empty() {
                thread::park();
            }
        });
        Self { url, requests }
    }

    /// The first line of each request so far.
    pub(super) fn requests(&self) -> Vec<String> {
        self.requests.lock().unwrap().clone()
    }
}

/// A complete answer. Each header ends with `\r\n`.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> Reply {
    let length = body.len();
    Reply::Bytes(format!(
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n{headers}\r\n{body}"
    ))
}

/// An answer whose connection is closed before the body is complete.
pub(super) fn cut_answer(body: &str) -> Reply {
    let length = body.len() + 10;
    Reply::Bytes(format!(
        "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{body}"
    ))
}
