//! Archives of any bytes: nothing panics, and the rows are right or refused.

use std::io::{Read, Write};
use std::net::{TcpListener, TcpStream};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::Duration;

use ct_host::data::TimeRange;
use ct_host::data::archive::{ArchiveSettings, BinanceArchive};
use ct_host::data::source::{BarSource, PageRequest};
use ct_tests::bars::SplitMix64;
use sha2::{Digest, Sha256};

use super::foreign_bytes::{assert_is_a_table, mutated, zipped};
use super::market::{hourly_columns, time_ms};

/// What the archive below gives: the checksum file and the zip file.
type Files = Arc<Mutex<(Vec<u8>, Vec<u8>)>>;

/// An archive that gives `files` whatever is asked for, one connection after the other, as long as this test lasts.
fn archive_of(files: &Files) -> BinanceArchive {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let base_url = format!("http://{}", listener.local_addr().unwrap());
    let files = Arc::clone(files);
    thread::spawn(move || {
        for connection in listener.incoming() {
            answer(connection.unwrap(), &files);
        }
    });
    let settings = ArchiveSettings {
        base_url,
        retries: 0,
        retry_delay: Duration::from_millis(1),
        ..ArchiveSettings::default()
    };
    BinanceArchive::new(settings, Arc::new(|_| ())).unwrap()
}

fn answer(mut connection: TcpStream, files: &Files) {
    let mut head = Vec::new();
    let mut byte = [0];
    while !head.ends_with(b"\r\n\r\n") && connection.read(&mut byte).is_ok_and(|read| read == 1) {
        head.push(byte[0]);
    }
    let is_checksum = String::from_utf8_lossy(&head).contains(".CHECKSUM");
    let (checksum, content) = files.lock().unwrap().clone();
    let body = if is_checksum { checksum } else { content };
    let head =
        format!("HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: {}\r\n\r\n", body.len());
    // A client that has read enough may hang up.
    let _ = connection.write_all(head.as_bytes()).and_then(|()| connection.write_all(&body));
}

fn checksum_of(content: &[u8]) -> Vec<u8> {
    format!("{:x}  BTCUSDT-1h-2024-01-01.zip\n", Sha256::digest(content)).into_bytes()
}

#[test]
fn an_archive_of_any_bytes_gives_the_right_rows_or_an_error() {
    let rows = hourly_columns(24);
    let line = |row: usize| {
        let time = time_ms(row);
        let [open, high, low, close] =
            [&rows.open, &rows.high, &rows.low, &rows.close].map(|column| column[row]);
        let (volume, end) = (rows.volume[row], time + 3_599_999);
        format!("{time},{open},{high},{low},{close},{volume},{end},1.0,5,1.0,1.0,0\n")
    };
    let text: String = (0..24).map(line).collect();
    let name = "BTCUSDT-1h-2024-01-01.csv";
    let sound = zipped(name, text.as_bytes());
    let files: Files = Arc::new(Mutex::new((checksum_of(&sound), sound.clone())));
    let archive = archive_of(&files);
    let request = PageRequest {
        symbol: "BTC/USDT".to_owned(),
        interval: "1h".parse().unwrap(),
        range: TimeRange::from_ms(time_ms(0), time_ms(24)),
    };
    let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build().unwrap();
    let page = || runtime.block_on(archive.page(&request));
    let whole = page().unwrap().rows;
    assert_eq!(whole.time.len(), 24);
    for seed in 0..300 {
        let mut random = SplitMix64(seed);
        let kind = random.below(3);
        let content = match kind {
            0 => sound.clone(),
            1 => mutated(&sound, &mut random),
            _ => zipped(name, &mutated(text.as_bytes(), &mut random)),
        };
        let mut checksum = checksum_of(&content);
        if kind == 0 {
            checksum = mutated(&checksum, &mut random);
        }
        *files.lock().unwrap() = (checksum, content);
        let Ok(page) = page() else { continue };
        // The text has no checksum of its own when it was wrong before it was packed.
        assert!(kind == 2 || page.rows == whole, "seed {seed}: other rows");
        assert_is_a_table(&page.rows, &format!("seed {seed}"));
        let is_inside = |time: &i64| (time_ms(0)..time_ms(24)).contains(time);
        assert!(page.rows.time.iter().all(is_inside), "seed {seed}");
        assert!(page.rows.close.iter().all(|close| close.is_finite()), "seed {seed}");
    }
}
