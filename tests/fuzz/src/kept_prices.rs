//! Files of a data folder, whose checksums are right: what `data verify --heal` and a backtest on kept prices do with them.

use std::fs;
use std::path::Path;

use ct_host::data::SeriesKey;
use ct_host::data::store::{Store, Verification};

use crate::{Answer, input_folder, told};

/// The segment that the manifests of the seeds name.
const SEGMENT: &[u8] = include_bytes!("../seeds/segment/sound.bars");
/// A manifest of it.
const MANIFEST: &[u8] = include_bytes!("../seeds/manifest/sound.json");

/// Around the checksum in the first line of a JSON file.
const CHECKSUM_START: &[u8] = b"{\"checksum\":\"";
const CHECKSUM_END: &[u8] = b"\",\n";

/// Of a segment: its header, and the header's fields that are used here.
const HEADER_BYTES: usize = 128;
const CHECKED_BYTES: usize = 96;
const INTERVAL: std::ops::Range<usize> = 16..24;
const ROWS: std::ops::Range<usize> = 24..32;
const CONTENT_HASH: std::ops::Range<usize> = 56..88;
const COLUMNS: usize = 6;
const VALUE_BYTES: usize = 8;

/// Hexadecimal digits of a segment's hash in the name of its file.
const NAME_DIGITS: usize = 32;

/// The file that says what a series consists of.
pub(crate) fn manifest(bytes: &[u8]) -> Answer {
    check(&Files { manifest: &with_checksum(bytes), segment: SEGMENT, snapshot: None })
}

/// The file that says what a snapshot consists of.
pub(crate) fn snapshot(bytes: &[u8]) -> Answer {
    check(&Files { manifest: MANIFEST, segment: SEGMENT, snapshot: Some(&with_checksum(bytes)) })
}

/// A file with bars, of which a manifest says what it says itself.
pub(crate) fn segment(bytes: &[u8]) -> Answer {
    let segment = with_hashes(bytes);
    let hash = segment_hash(&segment);
    let rows = segment.get(ROWS).map_or(0, number);
    let text = String::from_utf8_lossy(MANIFEST);
    let text = text.replace(&segment_hash(SEGMENT), &hash);
    let text = text.replace("\"rows\": 40", &format!("\"rows\": {rows}"));
    check(&Files { manifest: &with_checksum(text.as_bytes()), segment: &segment, snapshot: None })
}

/// What is in the data folder.
struct Files<'a> {
    manifest: &'a [u8],
    segment: &'a [u8],
    snapshot: Option<&'a [u8]>,
}

fn check(files: &Files<'_>) -> Answer {
    let folder = input_folder::folder().join("data");
    let written = files.write(&folder);
    assert!(written.is_ok(), "the data folder cannot be written: {written:?}");
    let store = Store::new(&folder);
    let key = SeriesKey {
        exchange: "test".to_owned(),
        symbol: "A/B".to_owned(),
        interval: "1h".parse().unwrap_or_else(|error| unreachable!("{error}")),
    };
    let found = store.verify(std::slice::from_ref(&key), &mut |_| ());
    for error in found.iter().flat_map(|verification| &verification.errors) {
        told::check_reason(&error.to_string());
    }
    read(&store, &key);
    if found.iter().all(Verification::is_intact) {
        return Answer::Accepted;
    }
    if store.heal(&key).is_ok() && files.snapshot.is_none() {
        let healed = store.verify(std::slice::from_ref(&key), &mut |_| ());
        let mut errors = healed.iter().flat_map(|verification| &verification.errors);
        let error = errors.next().map(ToString::to_string);
        assert_eq!(error, None, "what was healed is damaged");
    }
    Answer::Refused
}

/// Reads everything that there is of a series.
fn read(store: &Store, key: &SeriesKey) {
    Answer::of(&store.snapshots());
    let series = store.series(key);
    Answer::of(&series);
    if let Ok(Some(series)) = series {
        series.coverage();
        series.range();
        series.version();
        Answer::of(&series.verified_bars());
    }
    Answer::of(&store.series_of_version(key, &|_| false));
}

impl Files<'_> {
    /// Makes the data folder anew.
    fn write(&self, folder: &Path) -> std::io::Result<()> {
        if folder.exists() {
            fs::remove_dir_all(folder)?;
        }
        let series = folder.join("test/A-B/1h");
        fs::create_dir_all(&series)?;
        fs::write(series.join("manifest.json"), self.manifest)?;
        fs::write(series.join(segment_file_name(self.segment)), self.segment)?;
        if let Some(snapshot) = self.snapshot {
            let snapshots = folder.join("_snapshots");
            fs::create_dir_all(&snapshots)?;
            fs::write(snapshots.join("snapshot-s.json"), snapshot)?;
        }
        Ok(())
    }
}

/// A manifest or snapshot, with the checksum that it must have where it has one.
pub fn with_checksum(bytes: &[u8]) -> Vec<u8> {
    let digits = CHECKSUM_START.len()..CHECKSUM_START.len() + 2 * blake3::OUT_LEN;
    let mut bytes = bytes.to_vec();
    let sealed = bytes.get(digits.end..).and_then(|rest| rest.strip_prefix(CHECKSUM_END));
    if let Some(checksum) = sealed.map(|sealed| blake3::hash(sealed).to_hex())
        && let Some(place) = bytes.get_mut(digits)
    {
        place.copy_from_slice(checksum.as_bytes());
    }
    bytes
}

/// A segment with the hashes that its header must have.
fn with_hashes(bytes: &[u8]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    if let Some(hash) = content_hash(&bytes)
        && let Some(place) = bytes.get_mut(CONTENT_HASH)
    {
        place.copy_from_slice(hash.as_bytes());
    }
    if let Some(hash) = bytes.get(..CHECKED_BYTES).map(blake3::hash)
        && let Some(place) = bytes.get_mut(CHECKED_BYTES..HEADER_BYTES)
    {
        place.copy_from_slice(hash.as_bytes());
    }
    bytes
}

/// The hash of a segment's bars, as docs/data.md has it.
fn content_hash(bytes: &[u8]) -> Option<blake3::Hash> {
    let interval = bytes.get(INTERVAL)?;
    let rows = bytes.get(ROWS)?;
    let column_bytes = usize::try_from(number(rows)).ok()?.checked_mul(VALUE_BYTES)?;
    let values = bytes.get(HEADER_BYTES..)?;
    let mut hasher = blake3::Hasher::new();
    hasher.update(b"ct-host bars v1\n").update(interval).update(rows);
    for column in 0..COLUMNS {
        let start = column.checked_mul(column_bytes)?;
        let column = values.get(start..start.checked_add(column_bytes)?)?;
        hasher.update(blake3::hash(column).as_bytes());
    }
    Some(hasher.finalize())
}

/// The name that the file of a segment has in a data folder.
pub fn segment_file_name(segment: &[u8]) -> String {
    format!("{}.bars", segment_hash(segment).get(..NAME_DIGITS).unwrap_or_default())
}

/// The hash that a segment's header names, in hexadecimal digits.
fn segment_hash(bytes: &[u8]) -> String {
    let hash = bytes.get(CONTENT_HASH).and_then(|hash| blake3::Hash::from_slice(hash).ok());
    hash.map(|hash| hash.to_hex().to_string()).unwrap_or_default()
}

fn number(bytes: &[u8]) -> u64 {
    bytes.first_chunk().map_or(0, |bytes| u64::from_le_bytes(*bytes))
}
