//! The archive on a server of this machine, with everything that can go wrong.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Cursor, Write};
use std::net::TcpListener;
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use sha2::{Digest, Sha256};
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

use super::*;
use crate::TimeRange;
use crate::exchange::SourceEvent;
use crate::source::{BarSource, Page, PageRequest, SourceError, SourceErrorKind};

/// The first two hours of 2024-01-31 as Binance has them; the cells that are not read are made up.
const KLINES: &str = "\
1706659200000,42941.10000000,43107.77000000,42850.00000000,42933.21000000,1782.34600000,1706662799999,1.0,1,1.0,1.0,0
1706662800000,42933.20000000,43000.00000000,42724.31000000,42782.82000000,1138.38172000,1706666399999,1.0,1,1.0,1.0,0
";

const DAY: &str = "/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01-31.zip";
const MONTH: &str = "/data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-01.zip";

/// What the server does with a request.
#[derive(Clone)]
enum Reply {
    File(Vec<u8>),
    Status(&'static str),
    /// Promises more bytes than it sends.
    Cut(Vec<u8>),
}

/// The answers to each path, in order; the last one again and again.
type Replies = BTreeMap<String, Vec<Reply>>;

/// A server of files, and the paths it was asked for.
struct Server {
    base_url: String,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    fn new(mut replies: Replies) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let base_url = format!("http://{}/", listener.local_addr().unwrap());
        let asked = Arc::new(Mutex::new(Vec::new()));
        let log = Arc::clone(&asked);
        thread::spawn(move || {
            for connection in listener.incoming() {
                let mut connection = connection.unwrap();
                let mut lines = BufReader::new(&connection).lines().map_while(Result::ok);
                let Some(request) = lines.next() else { continue };
                let path = request.split(' ').nth(1).unwrap().to_owned();
                lines.find(String::is_empty);
                let reply = match replies.get_mut(&path) {
                    Some(replies) if replies.len() > 1 => replies.remove(0),
                    Some(replies) => replies[0].clone(),
                    None => Reply::Status("404 Not Found"),
                };
                log.lock().unwrap().push(path);
                // Whoever hangs up early, as after too many bytes, is not waited for.
                let _sent = connection.write_all(&reply.bytes());
            }
        });
        Self { base_url, asked }
    }

    /// What the archive at this server answers, and how many requests were sent again.
    fn page(&self, symbol: &str, from: &str, to: &str) -> (Result<Page, SourceError>, usize) {
        let settings = ArchiveSettings {
            base_url: self.base_url.clone(),
            retries: 2,
            retry_delay: Duration::from_millis(1),
            ..ArchiveSettings::default()
        };
        let retries = Arc::new(Mutex::new(0));
        let counter = Arc::clone(&retries);
        let archive = BinanceArchive::new(
            settings,
            Arc::new(move |event| {
                assert!(matches!(event, SourceEvent::Retrying { .. }));
                *counter.lock().unwrap() += 1;
            }),
        );
        let request = PageRequest {
            symbol: symbol.to_owned(),
            interval: "1h".parse().unwrap(),
            range: TimeRange::new(from.parse().unwrap(), to.parse().unwrap()),
        };
        let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
        let page = runtime.block_on(archive.unwrap().page(&request));
        let retries = *retries.lock().unwrap();
        (page, retries)
    }

    /// The same for the day that has a file.
    fn day(&self) -> (Result<Page, SourceError>, usize) {
        self.page("BTC/USDT", "2024-01-31", "2024-02-01")
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

impl Reply {
    fn bytes(&self) -> Vec<u8> {
        let (status, promised, body): (_, _, &[u8]) = match self {
            Self::File(content) => ("200 OK", content.len(), content),
            Self::Cut(content) => ("200 OK", content.len() + 1, content),
            Self::Status(status) => (*status, 0, &[]),
        };
        let head =
            format!("HTTP/1.1 {status}\r\nContent-Length: {promised}\r\nConnection: close\r\n\r\n");
        [head.as_bytes(), body].concat()
    }
}

fn zip_of(files: &[(&str, &str)]) -> Vec<u8> {
    let mut zip = ZipWriter::new(Cursor::new(Vec::new()));
    for (name, text) in files {
        zip.start_file(*name, SimpleFileOptions::default()).unwrap();
        zip.write_all(text.as_bytes()).unwrap();
    }
    zip.finish().unwrap().into_inner()
}

fn checksum_of(path: &str, content: &[u8]) -> Vec<u8> {
    format!("{:x}  {}\n", Sha256::digest(content), path.rsplit('/').next().unwrap()).into_bytes()
}

/// A file and its checksum.
fn published(path: &str, content: &[u8]) -> Replies {
    let checksum = checksum_of(path, content);
    BTreeMap::from([
        (path.to_owned(), vec![Reply::File(content.to_vec())]),
        (format!("{path}.CHECKSUM"), vec![Reply::File(checksum)]),
    ])
}

fn day_zip() -> Vec<u8> {
    zip_of(&[("BTCUSDT-1h-2024-01-31.csv", KLINES)])
}

fn day_replies() -> Replies {
    published(DAY, &day_zip())
}

#[test]
fn days_and_months_are_read_from_their_files() {
    let mut replies = day_replies();
    replies.extend(published(MONTH, &zip_of(&[("BTCUSDT-1h-2024-01.csv", KLINES)])));
    let server = Server::new(replies);
    for (from, path) in [("2024-01-31", DAY), ("2024-01-01", MONTH)] {
        let (page, retries) = server.page("BTC/USDT", from, "2024-02-01");
        let rows = page.unwrap().rows;
        assert_eq!(rows.time, [1_706_659_200_000, 1_706_662_800_000]);
        assert_eq!(rows.close, [42_933.21, 42_782.82]);
        assert_eq!(rows.volume, [1_782.346, 1_138.381_72]);
        assert_eq!(retries, 0);
        let asked = server.asked();
        assert_eq!(asked[asked.len() - 2..], [format!("{path}.CHECKSUM"), path.to_owned()]);
    }
}

#[test]
fn a_file_that_is_not_there_is_asked_for_once() {
    let server = Server::new(Replies::new());
    let (page, retries) = server.day();
    let error = page.unwrap_err();
    assert_eq!((error.kind, retries, server.asked().len()), (SourceErrorKind::Absent, 0, 1));
    assert!(error.to_string().starts_with("binance archive: http://127.0.0.1:"), "{error}");
    assert!(error.message.contains("not published yet"), "{error}");
}

#[test]
fn passing_failures_are_tried_again() {
    for failure in [
        Reply::Status("503 Service Unavailable"),
        Reply::Status("429 Too Many Requests"),
        Reply::Cut(day_zip()),
        Reply::Cut(Vec::new()),
    ] {
        let mut replies = day_replies();
        replies.get_mut(DAY).unwrap().splice(0..0, [failure.clone(), failure]);
        let (page, retries) = Server::new(replies).day();
        assert_eq!((page.unwrap().rows.time.len(), retries), (2, 2));
    }
}

#[test]
fn lasting_failures_are_told_after_the_last_try() {
    for (status, kind, requests) in [
        ("500 Internal Server Error", SourceErrorKind::Unavailable, 3),
        ("429 Too Many Requests", SourceErrorKind::RateLimited(None), 3),
        ("504 Gateway Timeout", SourceErrorKind::Timeout, 3),
        ("403 Forbidden", SourceErrorKind::Refused, 1),
        ("302 Found", SourceErrorKind::Refused, 1),
    ] {
        let checksum = format!("{DAY}.CHECKSUM");
        let server = Server::new(BTreeMap::from([(checksum, vec![Reply::Status(status)])]));
        let (page, retries) = server.day();
        assert_eq!(page.unwrap_err().kind, kind, "{status}");
        assert_eq!((server.asked().len(), retries), (requests, requests - 1), "{status}");
    }
}

#[test]
fn a_wrong_checksum_is_believed_the_second_time() {
    let damaged = || {
        let mut content = day_zip();
        content[60] ^= 1;
        Reply::File(content)
    };
    let mut replies = day_replies();
    replies.get_mut(DAY).unwrap().insert(0, damaged());
    let server = Server::new(replies.clone());
    assert_eq!(server.day().0.unwrap().rows.time.len(), 2);
    assert_eq!(server.asked().len(), 4);

    replies.insert(DAY.to_owned(), vec![damaged()]);
    let server = Server::new(replies);
    let error = server.day().0.unwrap_err();
    assert_eq!((error.kind, server.asked().len()), (SourceErrorKind::BadAnswer, 4));
    assert!(error.message.contains("was downloaded twice, but its SHA-256 is"), "{error}");
}

#[test]
fn files_that_are_not_what_they_should_be_are_refused() {
    let name = "BTCUSDT-1h-2024-01-31.csv";
    let bomb = "1".repeat(1 << 20);
    let mut lying = zip_of(&[(name, &bomb)]);
    // The size of the text in the central directory, 24 bytes after its signature.
    let directory = lying.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
    lying[directory + 24..directory + 28].copy_from_slice(&100_u32.to_le_bytes());
    for (content, expected) in [
        (b"<html>".to_vec(), "it is no zip file that can be read"),
        (zip_of(&[]), "it holds 0 files"),
        (zip_of(&[(name, KLINES), ("b.csv", "")]), "it holds 2 files"),
        (zip_of(&[("../../etc/passwd", KLINES)]), "it holds '../../etc/passwd': expected"),
        (zip_of(&[(name, &bomb)]), "it unpacks to 1048576 bytes: expected 10240 bytes at most"),
        (lying, "it cannot be unpacked (File is larger than its declared"),
        (zip_of(&[(name, &KLINES.replace("42941.1", "x"))]), "its line 1 has 'x0000000'"),
        (zip_of(&[(name, &KLINES.replace("17066", "17065"))]), "its line 1 opens at"),
    ] {
        let error = Server::new(published(DAY, &content)).day().0.unwrap_err();
        assert_eq!(error.kind, SourceErrorKind::BadAnswer);
        assert!(error.message.contains(expected), "{error}");
    }
    let large = Server::new(published(DAY, &vec![0; 1 << 20])).day().0.unwrap_err();
    assert!(large.message.contains("is larger than 7168 bytes"), "{large}");
}

#[test]
fn what_the_archive_does_not_have_is_not_asked_for() {
    let server = Server::new(Replies::new());
    for (symbol, from, to, kind) in [
        ("BTC/USDT:USDT", "2024-01-01", "2024-02-01", SourceErrorKind::Symbol),
        ("BTC/USDT", "2024-01-15", "2024-02-15", SourceErrorKind::Refused),
    ] {
        assert_eq!(server.page(symbol, from, to).0.unwrap_err().kind, kind, "{symbol}");
    }
    assert!(server.asked().is_empty());
}

#[test]
fn a_page_has_room_for_a_month() {
    let archive = BinanceArchive::new(ArchiveSettings::default(), Arc::new(|_| ())).unwrap();
    let limits = |interval: &str| archive.limits(interval.parse().unwrap());
    assert_eq!(limits("1m").unwrap().rows_max, 44_640);
    assert_eq!(limits("1d").unwrap().rows_max, 31);
    let error = limits("1w").unwrap_err();
    assert_eq!(error.kind, SourceErrorKind::Interval);
    assert!(error.message.contains("no files of 1w: there are 1s, 1m, 3m"), "{error}");
}
