//! Keeps the rules of a symbol between runs: one small JSON file for each, with its checksum.

use std::fs;
use std::io::{self, Read, Write};
use std::path::{Path, PathBuf};

use serde::{Deserialize, Serialize};

use super::rules::InstrumentRules;
use crate::regular_file::open_regular;
use crate::store::{StoreError, exchange_folder};
use crate::written::Temporary;

/// Layout of the file. A file of another layout is as good as none.
const FORMAT: u32 = 1;
/// No market takes more.
const BYTES_MAX: u64 = 1 << 20;

#[derive(Serialize, Deserialize)]
struct Sealed {
    format: u32,
    /// BLAKE3 of `rules` without white space.
    checksum: String,
    rules: serde_json::Value,
}

/// The rules of `symbol` that are kept as those of `exchange`; `None` when there are none, or when the file is not as it was
/// written, since the exchange can be asked again.
pub(super) fn load(data_folder: &Path, exchange: &str, symbol: &str) -> Option<InstrumentRules> {
    let (file, _) = open_regular(&path(data_folder, exchange, symbol).ok()?).ok()?;
    let mut text = String::new();
    file.take(BYTES_MAX).read_to_string(&mut text).ok()?;
    let sealed: Sealed = serde_json::from_str(&text).ok()?;
    if sealed.format != FORMAT || sealed.checksum != checksum(&sealed.rules) {
        return None;
    }
    let rules: InstrumentRules = serde_json::from_value(sealed.rules).ok()?;
    (rules.exchange == exchange && rules.symbol == symbol).then_some(rules)
}

/// Keeps `rules` in place of those before, as a whole or not at all.
///
/// # Errors
/// Why the file cannot be written.
pub(super) fn save(data_folder: &Path, rules: &InstrumentRules) -> io::Result<()> {
    let path = path(data_folder, &rules.exchange, &rules.symbol).map_err(io::Error::other)?;
    let folder = path.parent().unwrap_or(data_folder);
    fs::create_dir_all(folder)?;
    let rules = serde_json::to_value(rules)?;
    let sealed = Sealed { format: FORMAT, checksum: checksum(&rules), rules };
    let temporary = Temporary::beside(&path)?;
    temporary.file().write_all(&serde_json::to_vec_pretty(&sealed)?)?;
    temporary.replace(&path)
}

fn checksum(rules: &serde_json::Value) -> String {
    blake3::hash(rules.to_string().as_bytes()).to_hex().to_string()
}

fn path(data_folder: &Path, exchange: &str, symbol: &str) -> Result<PathBuf, StoreError> {
    let encoded = symbol.bytes().map(|byte| match byte {
        b'/' => "-".to_owned(),
        b'0'..=b'9' | b'A'..=b'Z' => char::from(byte).to_string(),
        // Lower case as well, since many file systems take `a` and `A` for the same.
        _ => format!("%{byte:02X}"),
    });
    let name = encoded.collect::<String>() + ".rules.json";
    Ok(exchange_folder(data_folder, exchange)?.join(name))
}
