//! Price files of any bytes: nothing panics, no memory is given to a length that a file only claims, and what is read is a
//! table.

use std::fs;
use std::path::Path;
use std::process::Command;

use ct_host::data::FileBudget;
use ct_host::data::files::{FileFormat, WriteOptions, read_file, write_file};
use ct_host::market::Bars;
use ct_tests::bars::SplitMix64;

use super::foreign_bytes::{assert_is_a_table, mutated, zipped};
use super::market::hourly_columns;
use crate::program::{folder, program};

/// Hourly bars.
fn bars(rows: usize) -> Bars {
    let interval = "1h".parse().unwrap();
    Bars::new(interval, hourly_columns(rows)).unwrap()
}

/// Price files of every kind that this program writes.
fn price_files() -> Vec<(&'static str, Vec<u8>)> {
    let folder = folder();
    let names = ["a.csv", "a.csv.gz", "a.csv.zst", "BTC_USDT-1h.json", "a.parquet", "a.arrow"];
    let written = names.map(|name| {
        let path = folder.path().join(name);
        let format = FileFormat::of_name(&path).unwrap();
        write_file(&path, format, &bars(60), &WriteOptions::default()).unwrap();
        (name, fs::read(&path).unwrap())
    });
    written.to_vec()
}

#[test]
fn a_mutated_price_file_is_read_or_refused() {
    const CASES: usize = 2_400;
    let folder = folder();
    let files = price_files();
    let mut read = 0;
    for seed in 0..CASES as u64 {
        let mut random = SplitMix64(seed);
        let (name, sound) = &files[random.below(files.len())];
        let place = format!("seed {seed}, {name}");
        let path = folder.path().join(name);
        fs::write(&path, mutated(sound, &mut random)).unwrap();
        if let Ok(file) = read_file(&path, &FileBudget::default(), &mut |_| ()) {
            assert_is_a_table(&file.columns, &place);
            read += 1;
        }
    }
    assert!((CASES / 50..CASES).contains(&read), "{read} of {CASES} could be read");
}

/// `ct-host validate-data` comes to a verdict on `path` with 384 megabytes of address space.
#[cfg(unix)]
fn validate_in_little_memory(path: &Path) {
    let script = "ulimit -v 393216; exec \"$@\"";
    let mut shell = Command::new("sh");
    shell.args(["-c", script, "sh"]).arg(program()).arg("validate-data").arg(path);
    let output = shell.output().unwrap();
    let told = String::from_utf8_lossy(&output.stderr);
    let is_verdict = matches!(output.status.code(), Some(0..=4)) && !told.contains("panicked");
    assert!(is_verdict, "{}: {} {told}", path.display(), output.status);
}

#[cfg(unix)]
#[test]
fn a_length_that_a_file_only_claims_gets_no_memory() {
    let folder = folder();
    for (name, sound) in price_files() {
        for seed in 0..8 {
            let mut random = SplitMix64(seed);
            let mut bytes = sound.clone();
            // Footers and headers are where lengths are.
            let reach = 400.min(bytes.len());
            let from = if seed % 2 == 0 { bytes.len() - reach } else { 0 };
            for _ in 0..3 {
                let place = from + random.below(reach - 8);
                bytes[place..place + 4].copy_from_slice(&[0xff, 0xff, 0xff, 0x7f]);
            }
            let path = folder.path().join(format!("{seed}-{name}"));
            fs::write(&path, bytes).unwrap();
            validate_in_little_memory(&path);
        }
    }
}

/// A gzip file of a few hundred kilobytes with `mebibytes` times 1 048 576 ones in it.
fn gzip_of_ones(mebibytes: usize) -> Vec<u8> {
    let zip = zipped("a", &vec![b'1'; 1 << 20]);
    // The same stream with the frame of gzip instead: CRC and length stand behind it.
    let number = |place: usize| usize::from(u16::from_le_bytes([zip[place], zip[place + 1]]));
    let start = 30 + number(26) + number(28);
    let length = number(18) + (number(20) << 16);
    let mut member = b"\x1f\x8b\x08\0\0\0\0\0\0\xff".to_vec();
    member.extend_from_slice(&zip[start..start + length]);
    member.extend_from_slice(&zip[14..18]);
    member.extend_from_slice(&(1_u32 << 20).to_le_bytes());
    member.repeat(mebibytes)
}

#[cfg(unix)]
#[test]
fn a_small_file_that_unpacks_to_a_large_one_gets_no_memory() {
    let folder = folder();
    let bomb = gzip_of_ones(600);
    assert!(bomb.len() < 1 << 20, "{}", bomb.len());
    for name in ["a.csv.gz", "BTC_USDT-1h.json.gz"] {
        let path = folder.path().join(name);
        fs::write(&path, &bomb).unwrap();
        validate_in_little_memory(&path);
    }
}
