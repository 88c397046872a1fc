//! A server that calls itself Binance and answers what a test wants, and `ct-host fetch` run against it.

use std::fmt::Write as _;
use std::io::{self, BufRead, BufReader, Write as _};
use std::net::{TcpListener, TcpStream};
use std::process::Output;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use assert_cmd::Command;
use flate2::Compression;
use flate2::write::GzEncoder;
use tempfile::TempDir;

use crate::program::{ct_host, folder, program};

/// The program is given up after this long: a fetch of these takes a second or two, on a busy machine some more.
pub(super) const PATIENCE: Duration = Duration::from_mins(2);

/// Address space of a program that is given a bomb. A fetch of honest answers needs a third of it.
const BYTES_MAX_KB: u64 = 3_000_000;

/// 2024-01-01.
pub(super) const START_MS: i64 = 1_704_067_200_000;
pub(super) const HOUR_MS: i64 = 3_600_000;
/// Hours that are asked for.
pub(super) const HOURS: usize = 24;

/// What is sent in answer to a request.
#[derive(Clone, Debug)]
pub(super) enum Body {
    /// A text.
    Text(String),
    /// What unpacks to as many copies of a text as said, between a beginning and an end.
    Packed(Arc<Vec<u8>>),
    /// A text again and again, as long as anybody listens.
    Endless(&'static str),
}

/// The answers to the requests for markets and for bars.
#[derive(Clone, Debug)]
pub(super) struct Answers {
    pub(super) markets: Body,
    pub(super) bars: Body,
}

/// A server on this machine, and the data folder of whoever asks it. Its thread ends with the test process.
#[derive(Debug)]
pub(super) struct Stranger {
    pub(super) url: String,
    pub(super) folder: TempDir,
    answers: Arc<Mutex<Answers>>,
    requests: Arc<Mutex<Vec<String>>>,
}

impl Stranger {
    pub(super) fn answering(answers: Answers) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let answers = Arc::new(Mutex::new(answers));
        let requests = Arc::new(Mutex::new(Vec::new()));
        let (shared, log) = (Arc::clone(&answers), Arc::clone(&requests));
        thread::spawn(move || {
            for stream in listener.incoming() {
                let (shared, log) = (Arc::clone(&shared), Arc::clone(&log));
                // One who hangs up, as after too many bytes, is no fault.
                thread::spawn(move || drop(answer(stream.unwrap(), &shared, &log)));
            }
        });
        Self { url, folder: folder(), answers, requests }
    }

    /// From now on it answers this.
    pub(super) fn answer_with(&self, answers: Answers) {
        *self.answers.lock().unwrap() = answers;
        self.requests.lock().unwrap().clear();
    }

    /// Requests so far whose line has `word` in it.
    pub(super) fn asked(&self, word: &str) -> usize {
        self.requests.lock().unwrap().iter().filter(|line| line.contains(word)).count()
    }

    /// `ct-host fetch` of the first hours of 2024, with one more try.
    pub(super) fn fetch(&self) -> Command {
        let mut command = ct_host(&self.folder);
        command.args(self.arguments());
        command.timeout(PATIENCE);
        command
    }

    /// The same in a small address space.
    pub(super) fn confined_fetch(&self) -> Command {
        let mut script = format!("ulimit -v {BYTES_MAX_KB}; exec \"$0\"");
        for argument in self.arguments() {
            let _written = write!(script, " '{argument}'");
        }
        let mut command = Command::new("sh");
        command.arg("-c").arg(script).arg(program()).current_dir(&self.folder);
        command.env("CT_HOST_CACHE_DIR", self.folder.path().join("cache"));
        command.env("CT_HOST_DATA_DIR", self.folder.path().join("data"));
        command.timeout(PATIENCE);
        command
    }

    fn arguments(&self) -> Vec<String> {
        let fixed = "fetch --quiet --rate 1000 --retries 1 --exchange binance --symbol BTC/USDT --interval 1h \
                     --from 2024-01-01 --to 2024-01-02 --base-url";
        let url = format!("binance={}", self.url);
        fixed.split_whitespace().map(str::to_owned).chain([url]).collect()
    }

    /// The files of series in the data folder.
    pub(super) fn kept(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.folder.path().join("data")];
        while let Some(folder) = folders.pop() {
            for entry in std::fs::read_dir(&folder).into_iter().flatten() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if !path.ends_with("lock") {
                    found
                        .push(path.strip_prefix(self.folder.path()).unwrap().display().to_string());
                }
            }
        }
        found.sort();
        found
    }
}

impl Answers {
    /// What an honest exchange answers.
    pub(super) fn honest() -> Self {
        Self { markets: markets(&market("BTC", "0.01")), bars: Body::Text(rows(|time| time)) }
    }
}

/// A list of markets, each of them as [`market`] tells it.
pub(super) fn markets(listed: &str) -> Body {
    Body::Text(format!("{{\"symbols\":[{listed}]}}"))
}

/// A market of `base` and USDT whose tick is `tick`, which goes into a text.
pub(super) fn market(base: &str, tick: &str) -> String {
    market_with(base, &format!("\"{tick}\""), "8")
}

/// The same with any JSON as tick and as precision of the base asset.
pub(super) fn market_with(base: &str, tick: &str, precision: &str) -> String {
    format!(
        "{{\"symbol\":\"{base}USDT\",\"status\":\"TRADING\",\"baseAsset\":\"{base}\",\"quoteAsset\":\"USDT\",\
         \"baseAssetPrecision\":{precision},\"quotePrecision\":8,\"isSpotTradingAllowed\":true,\"filters\":[\
         {{\"filterType\":\"PRICE_FILTER\",\"tickSize\":{tick}}},\
         {{\"filterType\":\"LOT_SIZE\",\"minQty\":\"0.00001\",\"stepSize\":\"0.00001\"}}]}}"
    )
}

/// The bars of the hours that are asked for, each at the time that `moved` makes of its own.
pub(super) fn rows(moved: impl Fn(i64) -> i64) -> String {
    let row = |hour: usize| {
        let time = moved(START_MS + i64::try_from(hour).unwrap() * HOUR_MS);
        format!("[{time},\"10.0\",\"12.0\",\"9.0\",\"11.0\",\"5.0\"]")
    };
    format!("[{}]", (0..HOURS).map(row).collect::<Vec<_>>().join(","))
}

/// `begin`, `count` times `repeated`, and `end`, packed.
pub(super) fn packed(begin: &str, repeated: &str, count: usize, end: &str) -> Body {
    let mut packer = GzEncoder::new(Vec::new(), Compression::best());
    packer.write_all(begin.as_bytes()).unwrap();
    let block = repeated.repeat(1_000);
    for _ in 0..count / 1_000 {
        packer.write_all(block.as_bytes()).unwrap();
    }
    packer.write_all(end.as_bytes()).unwrap();
    Body::Packed(Arc::new(packer.finish().unwrap()))
}

/// What a run wrote to standard error.
pub(super) fn told(output: &Output) -> String {
    String::from_utf8(output.stderr.clone()).unwrap()
}

/// Runs `command`, which has to fail by itself and to tell each of `expected`.
pub(super) fn refused(command: &mut Command, expected: &[&str]) -> String {
    let output = command.output().unwrap();
    let told = told(&output);
    assert_eq!(output.status.code(), Some(1), "{told}");
    for text in expected {
        assert!(told.contains(text), "expected '{text}' in: {told}");
    }
    assert!(told.len() < 2_000, "{told}");
    told
}

fn answer(
    mut stream: TcpStream,
    answers: &Mutex<Answers>,
    log: &Mutex<Vec<String>>,
) -> io::Result<()> {
    let mut lines = BufReader::new(stream.try_clone()?).lines().map_while(Result::ok);
    let line = lines.next().unwrap_or_default();
    lines.find(String::is_empty);
    let body = {
        let answers = answers.lock().unwrap();
        if line.contains("/klines") { answers.bars.clone() } else { answers.markets.clone() }
    };
    log.lock().unwrap().push(line);
    let head = "HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Type: application/json\r\n";
    match body {
        Body::Text(text) => {
            write!(stream, "{head}Content-Length: {}\r\n\r\n", text.len())?;
            stream.write_all(text.as_bytes())
        }
        Body::Packed(bytes) => {
            let length = bytes.len();
            write!(stream, "{head}Content-Encoding: gzip\r\nContent-Length: {length}\r\n\r\n")?;
            stream.write_all(&bytes)
        }
        Body::Endless(text) => {
            write!(stream, "{head}\r\n")?;
            let block = text.repeat(4_096);
            loop {
                stream.write_all(block.as_bytes())?;
            }
        }
    }
}
