//! The archive: files, their checksums, and when they appear.

use std::fmt::Write as _;
use std::io::{Cursor, Read as _};

use ct_host::units::Interval;
use sha2::{Digest, Sha256};
use zip::ZipArchive;

use super::client::get;
use crate::exchange_server::{
    AnswerFault, Behaviour, ExchangeServer, Fault, History, RecordedRequest, Walk,
};

const HOUR_MS: i64 = 3_600_000;
/// 2024-12-01.
const DECEMBER_MS: i64 = 1_733_011_200_000;
const MONTH: &str = "/data/spot/monthly/klines/BTCUSDT/1h/BTCUSDT-1h-2024-12.zip";

/// Two months of hours, of which one day is missing.
fn history() -> History {
    let interval = Interval::from_ms(HOUR_MS).unwrap();
    let history = History::random("BTC/USDT", interval, &Walk::new(4, DECEMBER_MS, 62 * 24));
    history.without(DECEMBER_MS + 5 * 24 * HOUR_MS, DECEMBER_MS + 6 * 24 * HOUR_MS)
}

fn server(now_ms: i64) -> ExchangeServer {
    ExchangeServer::start_archive(&[history()], Behaviour::at(now_ms))
}

fn lines(bytes: &[u8], name: &str) -> Vec<String> {
    let mut archive = ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut text = String::new();
    archive.by_name(name).unwrap().read_to_string(&mut text).unwrap();
    text.lines().map(str::to_owned).collect()
}

#[test]
fn a_month_holds_its_bars_and_matches_its_checksum() {
    let server = server(history().end_ms() + 40 * 24 * HOUR_MS);
    let zip = get(&server, MONTH);
    let lines = lines(&zip.body, "BTCUSDT-1h-2024-12.csv");
    assert_eq!(lines.len(), 30 * 24);
    let first = history().rows()[0];
    let wanted = format!(
        "1733011200000,{},{},{},{},{},1733014799999,{},{},",
        first.open.padded(8),
        first.high.padded(8),
        first.low.padded(8),
        first.close.padded(8),
        first.volume.padded(8),
        first.turnover.padded(8),
        first.trades
    );
    assert!(lines[0].starts_with(&wanted) && lines[0].ends_with(",0"), "{}", lines[0]);
    assert_eq!(lines[0].split(',').count(), 12);
    let hash = Sha256::digest(&zip.body).iter().fold(String::new(), |mut hash, byte| {
        write!(hash, "{byte:02x}").unwrap();
        hash
    });
    let told = get(&server, &format!("{MONTH}.CHECKSUM")).text();
    assert_eq!(told, format!("{hash}  BTCUSDT-1h-2024-12.zip\n"));
    let rows: Vec<usize> =
        server.candle_requests().iter().map(|RecordedRequest { rows, .. }| *rows).collect();
    assert_eq!(rows, [720, 0]);
}

#[test]
fn files_of_2025_have_microseconds() {
    let server = server(history().end_ms());
    let day = "/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2025-01-02.zip";
    let lines = lines(&get(&server, day).body, "BTCUSDT-1h-2025-01-02.csv");
    assert_eq!(lines.len(), 24);
    assert!(lines[0].starts_with("1735776000000000,"), "{}", lines[0]);
    assert_eq!(lines[0].split(',').nth(6), Some("1735779599999999"));
}

#[test]
fn files_appear_when_their_time_is_over_and_only_if_there_are_bars() {
    let day =
        |day: u32| format!("/data/spot/daily/klines/BTCUSDT/1h/BTCUSDT-1h-2024-12-{day:02}.zip");
    let status = |now_ms: i64, target: &str| get(&server(now_ms), target).status;
    let noon = DECEMBER_MS + 31 * 24 * HOUR_MS - 12 * HOUR_MS;
    assert_eq!([status(noon, &day(30)), status(noon, &day(31))], [200, 404]);
    assert_eq!(status(noon, &day(6)), 404);
    // The first Monday of 2025 was the sixth of January.
    let monday = DECEMBER_MS + 36 * 24 * HOUR_MS;
    assert_eq!([status(monday - 1, MONTH), status(monday, MONTH)], [404, 200]);
    for wrong in
        ["/data/spot/weekly/x", "/data/spot/daily/klines/NONE/1h/NONE-1h-2024-12-01.zip", "/"]
    {
        let answer = get(&server(monday), wrong);
        assert!(answer.status == 404 && answer.text().contains("NoSuchKey"), "{wrong}");
    }
}

#[test]
fn a_flipped_bit_shows_against_the_checksum_only() {
    let fault = Fault::always(AnswerFault::FlippedBit).on_path("2024-12.zip").times(1);
    let behaviour = Behaviour::at(DECEMBER_MS + 40 * 24 * HOUR_MS).with(fault);
    let server = ExchangeServer::start_archive(&[history()], behaviour);
    let (broken, whole) = (get(&server, MONTH).body, get(&server, MONTH).body);
    let differing = broken.iter().zip(&whole).filter(|(a, b)| a != b).count();
    assert_eq!((broken.len(), differing), (whole.len(), 1));
}
