//! Bytes that are wrong on purpose.

use std::io::{Cursor, Write};

use ct_host::market::RawColumns;
use ct_tests::bars::SplitMix64;
use zip::ZipWriter;
use zip::write::SimpleFileOptions;

/// What a mutation puts in: bytes that mean something to readers of text, of lengths, and of signed numbers.
const TELLING: [&[u8]; 14] = [
    b"\0",
    b"\n",
    b",",
    b"\"",
    b"-",
    b"e308",
    b"nan",
    b"inf",
    b"[",
    b"{",
    b"\xff\xff\xff\xff",
    b"\xff\xff\xff\x7f",
    b"\0\0\0\x80",
    b"9999999999999999999999",
];

/// `bytes` with one to four things wrong.
pub(super) fn mutated(bytes: &[u8], random: &mut SplitMix64) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for _ in 0..=random.below(4) {
        let place = random.below(bytes.len().max(1)).min(bytes.len());
        let end = (place + random.below(40)).min(bytes.len());
        match random.below(6) {
            0 if place < bytes.len() => bytes[place] ^= 1 << random.below(8),
            1 => bytes.truncate(place),
            2 => drop(bytes.drain(place..end)),
            3 => {
                let copy = bytes[place..end].to_vec();
                bytes.splice(place..place, copy);
            }
            4 => {
                let telling = TELLING[random.below(TELLING.len())];
                let end = (place + telling.len()).min(bytes.len());
                bytes.splice(place..end, telling.iter().copied());
            }
            _ => {
                let telling = TELLING[random.below(TELLING.len())];
                bytes.splice(place..place, telling.iter().copied());
            }
        }
    }
    bytes
}

/// Every column has a value in every row.
pub(super) fn assert_is_a_table(columns: &RawColumns, place: &str) {
    let RawColumns { time, open, high, low, close, volume } = columns;
    let lengths = [open, high, low, close, volume].map(Vec::len);
    assert_eq!(lengths, [time.len(); 5], "{place}");
}

/// A zip file with one file in it.
pub(super) fn zipped(name: &str, text: &[u8]) -> Vec<u8> {
    let mut archive = ZipWriter::new(Cursor::new(Vec::new()));
    archive.start_file(name, SimpleFileOptions::default()).unwrap();
    archive.write_all(text).unwrap();
    archive.finish().unwrap().into_inner()
}
