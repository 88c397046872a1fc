//! A local server that takes the place of exchanges.

use std::io::{BufRead, BufReader, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::{fmt, io, thread};

/// When every answer was given.
const DATE: &str = "Wed, 13 Mar 2024 11:40:00 GMT";

/// What is answered to a request for a path.
type Answers = Arc<Mutex<Box<dyn Fn(&str) -> Vec<u8> + Send>>>;

/// A local server that answers every request, with what it is told to. It runs as long as the process.
pub struct Loopback {
    /// Where it is.
    pub url: String,
    answers: Answers,
}

impl Loopback {
    /// Starts one, which answers with nothing.
    ///
    /// # Errors
    /// There is no port for it.
    pub fn start() -> io::Result<Self> {
        let listener = TcpListener::bind("127.0.0.1:0")?;
        let address = listener.local_addr()?;
        let answers: Answers = Arc::new(Mutex::new(Box::new(|_| Vec::new())));
        let shared = Arc::clone(&answers);
        thread::spawn(move || {
            for stream in listener.incoming().flatten() {
                let answers = Arc::clone(&shared);
                // A client that hangs up ends its own connection only.
                thread::spawn(move || serve(&stream, &answers));
            }
        });
        Ok(Self { url: format!("http://{address}"), answers })
    }

    /// From now on answers to a path are `answer`'s.
    pub fn answer_with(&self, answer: impl Fn(&str) -> Vec<u8> + Send + 'static) {
        *self.answers.lock().unwrap_or_else(PoisonError::into_inner) = Box::new(answer);
    }
}

impl fmt::Debug for Loopback {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Loopback").field("url", &self.url).finish_non_exhaustive()
    }
}

/// Answers all requests of one connection. None of them has a body.
fn serve(stream: &TcpStream, answers: &Answers) -> io::Result<()> {
    let mut output = stream;
    let mut lines = BufReader::new(stream).lines();
    while let Some(request) = lines.next().transpose()? {
        while lines.next().transpose()?.is_some_and(|header| !header.is_empty()) {}
        let path = request.split(' ').nth(1).unwrap_or_default();
        let body = {
            let answers = answers.lock().unwrap_or_else(PoisonError::into_inner);
            (*answers)(path)
        };
        let head =
            format!("HTTP/1.1 200 OK\r\nDate: {DATE}\r\nContent-Length: {}\r\n\r\n", body.len());
        output.write_all(&[head.as_bytes(), &body].concat())?;
    }
    Ok(())
}
