//! Files that are cut off, changed, or no price files at all: each is read or refused, and nothing panics.

use std::fs;
use std::path::{Path, PathBuf};

use proptest::prelude::*;
use proptest::sample::{Index, select};

use super::read_file;
use crate::FileBudget;

/// The files of other programs, with their content.
fn samples() -> Vec<(String, Vec<u8>)> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("src/files/test_data");
    let mut paths: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    paths.sort();
    let name = |path: &Path| path.file_name().unwrap().to_str().unwrap().to_owned();
    paths.iter().map(|path| (name(path), fs::read(path).unwrap())).collect()
}

/// Whether a file called `name` with this content can be read.
fn is_read(name: &str, content: &[u8]) -> bool {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join(name);
    fs::write(&path, content).unwrap();
    read_file(&path, &FileBudget::default(), &mut |_| {}).is_ok()
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    for (name, content) in samples() {
        for end in (0..content.len()).step_by(37).chain([content.len() - 1]) {
            assert!(!is_read(&name, &content[..end]), "{name} up to {end}");
        }
    }
}

#[test]
fn folders_and_missing_files_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    for name in ["a.parquet", "a.arrow", "a.json", "a.csv"] {
        let path = folder.path().join(name);
        assert!(
            read_file(&path, &FileBudget::default(), &mut |_| {})
                .unwrap_err()
                .to_string()
                .contains("cannot be read")
        );
        fs::create_dir(&path).unwrap();
        let error = read_file(&path, &FileBudget::default(), &mut |_| {}).unwrap_err().to_string();
        assert!(error.contains("is a directory") && error.contains(name), "{error}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(512))]

    #[test]
    fn a_changed_file_does_no_harm(
        (name, mut content) in select(samples()),
        changes in proptest::collection::vec((any::<Index>(), any::<u8>()), 1..4),
    ) {
        for (place, mask) in changes {
            let place = place.index(content.len());
            content[place] ^= mask;
        }
        let _either = is_read(&name, &content);
    }

    #[test]
    fn noise_is_refused(
        name in select(vec!["a.parquet", "a.arrow", "a.json", "a.json.gz"]),
        start in select(vec![&b""[..], b"PAR1", b"ARROW1\0\0", b"[[1,", b"\x1f\x8b\x08"]),
        noise in proptest::collection::vec(any::<u8>(), 0..300),
        end in select(vec![&b""[..], b"\x40\0\0\0PAR1", b"\x40\0\0\0ARROW1"]),
    ) {
        prop_assert!(!is_read(name, &[start, &noise, end].concat()));
    }
}
