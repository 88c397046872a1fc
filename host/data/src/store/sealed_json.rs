//! JSON files that a person can read and that show when they were changed: the first line holds the checksum of the rest.

use std::path::Path;

use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};

use super::StoreError;
use super::durable::{read_file, write_file};

/// Largest such file. A manifest has some hundred bytes a segment and a stretch of coverage, and its history is limited.
const JSON_BYTES_MAX: u64 = 64 << 20;

/// Values in such a file, at most. Each has a line of its own, but in a file of a stranger two bytes may be one, of which the
/// reader keeps a hundred until it knows what it is.
const JSON_VALUES_MAX: usize = 4 << 20;

/// The layout of manifests and snapshots.
const JSON_FORMAT: u32 = 1;

/// What stands around the checksum in the first line.
const CHECKSUM_START: &str = "{\"checksum\":\"";
const CHECKSUM_END: &str = "\",\n";

/// What comes first: a later format may have a content that cannot be read here.
#[derive(Deserialize)]
struct Format {
    format: Option<u32>,
}

/// What is asked for.
#[derive(Deserialize)]
struct Sealed<T> {
    content: T,
}

/// Writes `content` to `path`, as a whole or not at all. The caller holds the folder's lock and flushes the folder.
pub(super) fn write_sealed(path: &Path, content: &impl Serialize) -> Result<(), StoreError> {
    let unwritable = |error: serde_json::Error| StoreError::io("write", path)(error.into());
    let content = serde_json::to_string_pretty(content).map_err(unwritable)?;
    let sealed = format!("\"format\":{JSON_FORMAT},\n\"content\":{content}}}\n");
    let checksum = blake3::hash(sealed.as_bytes()).to_hex();
    let start = format!("{CHECKSUM_START}{checksum}{CHECKSUM_END}");
    let expected = CHECKSUM_START.len() + 2 * blake3::OUT_LEN + CHECKSUM_END.len();
    assert!(start.len() == expected, "a checksum of {} bytes is read in {expected}", start.len());
    let bytes = (start.len() + sealed.len()) as u64;
    if bytes > JSON_BYTES_MAX {
        let file = path.to_owned();
        return Err(StoreError::TooLarge { file, bytes, bytes_max: JSON_BYTES_MAX });
    }
    write_file(path, &[start.as_bytes(), sealed.as_bytes()])
}

/// The content of the file at `path`; `None` when there is no such file.
///
/// # Errors
/// [`StoreError::Damaged`] when a byte of it is not as it was written, [`StoreError::NewerFormat`], [`StoreError::Io`].
pub(super) fn read_sealed<T: DeserializeOwned>(path: &Path) -> Result<Option<T>, StoreError> {
    let Some(bytes) = read_file(path, JSON_BYTES_MAX)? else { return Ok(None) };
    let sealed = unsealed(&bytes).map_err(|reason| StoreError::damaged(path, reason))?;
    let values = memchr::memchr3_iter(b',', b'[', b'{', sealed.as_bytes());
    if values.take(JSON_VALUES_MAX + 1).count() > JSON_VALUES_MAX {
        let reason = format!("it has more than {JSON_VALUES_MAX} values, which no such file has");
        return Err(StoreError::damaged(path, reason));
    }
    let unreadable =
        |error: serde_json::Error| StoreError::damaged(path, format!("it cannot be read: {error}"));
    let sealed = format!("{{{sealed}");
    let Format { format } = serde_json::from_str(&sealed).map_err(unreadable)?;
    match format {
        Some(JSON_FORMAT) => {
            let Sealed { content } = serde_json::from_str(&sealed).map_err(unreadable)?;
            Ok(Some(content))
        }
        Some(found) => {
            Err(StoreError::NewerFormat { file: path.to_owned(), found, expected: JSON_FORMAT })
        }
        None => Err(StoreError::damaged(path, "it names no format")),
    }
}

/// What the checksum in the first line of `bytes` is of.
fn unsealed(bytes: &[u8]) -> Result<&str, &'static str> {
    let cut_off = "it does not begin with a checksum, or is cut off";
    let rest = bytes.strip_prefix(CHECKSUM_START.as_bytes()).ok_or(cut_off)?;
    let (checksum, rest) = rest.split_at_checked(2 * blake3::OUT_LEN).ok_or(cut_off)?;
    let sealed = rest.strip_prefix(CHECKSUM_END.as_bytes()).ok_or(cut_off)?;
    if blake3::hash(sealed).to_hex().as_bytes() != checksum {
        return Err("it does not have the checksum that it names");
    }
    std::str::from_utf8(sealed).map_err(|_| "it is no text")
}

#[cfg(test)]
mod tests {
    use std::fs;

    use serde_json::Value;

    use super::*;

    #[test]
    fn a_file_is_json_with_the_checksum_in_front() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_sealed(&path, &[0.1, 0.2]).unwrap();
        assert_eq!(read_sealed::<Vec<f64>>(&path).unwrap(), Some(vec![0.1, 0.2]));
        let text = fs::read_to_string(&path).unwrap();
        let json: Value = serde_json::from_str(&text).unwrap();
        assert_eq!(json["format"], 1);
        assert_eq!(json["content"][1], 0.2);
        assert_eq!(json["checksum"].as_str().unwrap().len(), 64);
    }

    #[test]
    fn every_flipped_bit_and_every_cut_is_noticed() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        write_sealed(&path, &["some", "text"]).unwrap();
        let sound = fs::read(&path).unwrap();
        for bit in 0..sound.len() * 8 {
            let mut flipped = sound.clone();
            flipped[bit / 8] ^= 1 << (bit % 8);
            fs::write(&path, flipped).unwrap();
            let error = read_sealed::<Vec<String>>(&path).unwrap_err();
            assert_eq!(error.damaged_file(), Some(&*path), "bit {bit}");
        }
        for length in 0..sound.len() {
            fs::write(&path, &sound[..length]).unwrap();
            assert!(read_sealed::<Vec<String>>(&path).is_err(), "{length} bytes");
        }
    }

    #[test]
    fn a_later_format_is_not_called_damaged() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        let sealed = "\"format\":2,\n\"content\":{\"unknown\":1}}\n";
        let checksum = blake3::hash(sealed.as_bytes()).to_hex();
        fs::write(&path, format!("{CHECKSUM_START}{checksum}{CHECKSUM_END}{sealed}")).unwrap();
        let error = read_sealed::<Vec<String>>(&path).unwrap_err();
        assert!(matches!(error, StoreError::NewerFormat { found: 2, .. }), "{error}");
    }

    /// A file with the right checksum and what `content` says, whoever made it.
    fn sealed(content: &str) -> Vec<u8> {
        let sealed = format!("\"format\":1,\n\"content\":{content}}}\n");
        let checksum = blake3::hash(sealed.as_bytes()).to_hex();
        format!("{CHECKSUM_START}{checksum}{CHECKSUM_END}{sealed}").into_bytes()
    }

    #[test]
    fn a_file_of_more_values_than_there_are_is_not_taken_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, sealed("[0,0]")).unwrap();
        assert_eq!(read_sealed::<Vec<f64>>(&path).unwrap(), Some(vec![0.0; 2]));
        fs::write(&path, sealed(&format!("[{}0]", "0,".repeat(JSON_VALUES_MAX)))).unwrap();
        let error = read_sealed::<Vec<f64>>(&path).unwrap_err();
        assert!(error.to_string().contains("more than 4194304 values"), "{error}");
    }
}
