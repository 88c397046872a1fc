//! Files of the data folder that are not what was written: damage is named, healed, and never traded on.

use std::fs;
use std::ops::Range;
use std::path::{Path, PathBuf};
use std::slice;

use ct_host::data::store::{Series, StoreError};
use ct_host::market::Bars;
use ct_tests::bars::SplitMix64;
use ct_tests::exchange_server::Exchange;
use serde_json::Value;
use tempfile::TempDir;

use super::market::{Market, ct_host, store, succeed};
use crate::program::folder;

/// The rows that are kept.
const ROWS: Range<usize> = 0..1_200;

/// Damages that are tried of each file.
const DAMAGES: usize = 60;

/// A data folder with a pinned version, a revision, and the rules of the symbol.
struct Kept {
    market: Market,
    folder: TempDir,
    sound: Vec<(PathBuf, Vec<u8>)>,
    version: String,
    bars: Bars,
    pinned: Bars,
}

/// What can be wrong with a file.
#[derive(Debug)]
enum Damage {
    Flipped {
        bit: usize,
    },
    CutTo(usize),
    /// A sector that never reached the disk.
    Zeroed {
        start: usize,
    },
    Longer,
    Gone,
}

impl Damage {
    fn random(random: &mut SplitMix64, length: usize) -> Self {
        match random.below(8) {
            0..4 => Self::Flipped { bit: random.below(8 * length) },
            4 | 5 => Self::CutTo(random.below(length)),
            6 => Self::Zeroed { start: random.below(length) / 512 * 512 },
            _ => Self::Longer,
        }
    }

    /// Puts a damaged file in the place of the sound one; not into it, since it may be mapped.
    fn strike(&self, path: &Path, sound: &[u8]) {
        let mut bytes = sound.to_vec();
        match *self {
            Self::Flipped { bit } => bytes[bit / 8] ^= 1 << (bit % 8),
            Self::CutTo(length) => bytes.truncate(length),
            Self::Zeroed { start } => {
                let end = (start + 512).min(bytes.len());
                bytes[start..end].fill(0);
            }
            Self::Longer => bytes.extend_from_slice(&[0; 16]),
            Self::Gone => {}
        }
        fs::remove_file(path).unwrap();
        if !matches!(self, Self::Gone) {
            fs::write(path, bytes).unwrap();
        }
    }
}

impl Kept {
    fn new() -> Self {
        let mut market = Market::open(Exchange::Okx, ROWS.end, Vec::new());
        let folder = folder();
        succeed(&mut market.fetch(&folder, &(0..900)));
        succeed(ct_host(&folder).args(["data", "snapshot", "pinned"]));
        let pinned = market.kept(&folder).unwrap().bars();
        market.revise(450);
        succeed(market.fetch(&folder, &(400..500)).arg("--refresh"));
        succeed(&mut market.fetch(&folder, &ROWS));
        let version = market.assert_complete(&folder, &ROWS);
        let bars = market.kept(&folder).unwrap().bars();
        let sound = files(&folder.path().join("data"));
        Self { market, folder, sound, version, bars, pinned }
    }

    fn restore(&self) {
        for (path, _) in files(&self.folder.path().join("data")) {
            fs::remove_file(path).unwrap();
        }
        for (path, bytes) in &self.sound {
            fs::write(path, bytes).unwrap();
        }
    }

    /// The library gives true bars, or says which file is damaged; it finds the damage and takes it away.
    fn assert_is_handled(&self, path: &Path, damage: &Damage) {
        let place = format!("{} {damage:?}", path.display());
        let (store, key) = (store(&self.folder), self.market.key());
        assert_true_or_named(store.series(&key), &self.bars, path, &place);
        assert_true_or_named(store.series_of_snapshot("pinned", &key), &self.pinned, path, &place);
        let errors = store.verify(slice::from_ref(&key), &mut |_| ()).remove(0).errors;
        let is_harmless = is_rules(path) || (matches!(damage, Damage::Gone) && is_list(path));
        assert!(is_harmless || !errors.is_empty(), "{place}: not noticed");
        for error in &errors {
            assert_eq!(error.damaged_file(), Some(path), "{place}: {error}");
        }
        if errors.is_empty() || is_snapshot(path) {
            return;
        }
        store.heal(&key).unwrap_or_else(|error| panic!("{place}: {error}"));
        let healed = store.series(&key).unwrap().unwrap().verified_bars().unwrap();
        for row in 0..healed.len() {
            let found = self.bars.times().binary_search(&healed.times()[row]).unwrap();
            assert_eq!(
                healed.rows(row..row + 1).to_raw(),
                self.bars.rows(found..found + 1).to_raw()
            );
        }
    }

    /// The commands say which file is damaged, heal it, and bring the same version back.
    fn assert_commands_handle(&self, path: &Path, damage: &Damage) {
        let place = format!("{} {damage:?}", path.display());
        let name = path.file_name().unwrap().to_str().unwrap();
        let is_harmless = is_rules(path) || (matches!(damage, Damage::Gone) && is_list(path));
        let verify = || ct_host(&self.folder).args(["data", "verify", "--json"]).output().unwrap();
        let verified = verify();
        let told = String::from_utf8_lossy(&verified.stdout);
        assert_eq!(verified.status.code(), Some(i32::from(!is_harmless)), "{place}: {told}");
        assert!(is_harmless || told.contains(name), "{place}: {told}");

        let run = self.market.backtest(&self.folder, &ROWS).arg("--offline").output().unwrap();
        let told = String::from_utf8_lossy(&run.stderr);
        if run.status.success() {
            let result: Value = serde_json::from_slice(&run.stdout).unwrap();
            assert!(result.to_string().contains(&self.version), "{place}: another version");
        } else {
            let is_gone = told.contains("is kept: fetch it first");
            assert!(is_gone || told.contains(name), "{place}: {told}");
        }

        let healed = ct_host(&self.folder).args(["data", "verify", "--heal"]).output().unwrap();
        let told = String::from_utf8_lossy(&healed.stderr);
        assert_eq!(healed.status.success(), verify().status.success(), "{place}: {told}");
        if !healed.status.success() {
            // What a snapshot pinned before the revision, nobody has any more.
            assert!(told.contains("data snapshot NAME --remove"), "{place}: {told}");
            succeed(ct_host(&self.folder).args(["data", "snapshot", "pinned", "--remove"]));
        }
        succeed(&mut self.market.fetch(&self.folder, &ROWS));
        assert_eq!(self.market.assert_complete(&self.folder, &ROWS), self.version, "{place}");
    }
}

/// What was read is what was written, or the error names the damaged file or what is gone with it.
fn assert_true_or_named(
    read: Result<Option<Series>, StoreError>,
    expected: &Bars,
    damaged: &Path,
    place: &str,
) {
    match read.and_then(|series| series.map(|series| series.verified_bars()).transpose()) {
        Ok(None) => assert!(is_list(damaged), "{place}: nothing is kept"),
        Ok(Some(bars)) => assert!(bars == *expected, "{place}: other bars"),
        Err(StoreError::UnknownSnapshot(_)) => assert!(is_snapshot(damaged), "{place}"),
        Err(error) => assert_eq!(error.damaged_file(), Some(damaged), "{place}: {error}"),
    }
}

/// Rules are asked for again when they cannot be read.
fn is_rules(path: &Path) -> bool {
    path.to_string_lossy().ends_with(".rules.json")
}

/// Says what there is: without it, there is nothing.
fn is_list(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
}

fn is_snapshot(path: &Path) -> bool {
    path.to_string_lossy().contains("_snapshots")
}

/// All files below `folder` but for locks, which are empty.
fn files(folder: &Path) -> Vec<(PathBuf, Vec<u8>)> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.append(&mut files(&path));
        } else if !path.ends_with("lock") {
            found.push((path.clone(), fs::read(path).unwrap()));
        }
    }
    found.sort();
    found
}

#[test]
fn damage_to_any_file_is_named_and_healed() {
    let kept = Kept::new();
    assert!(kept.sound.len() >= 6, "manifest, copy, rules, snapshot and two segments");
    let mut random = SplitMix64(11);
    for (path, bytes) in &kept.sound {
        let damages = (0..DAMAGES).map(|_| Damage::random(&mut random, bytes.len()));
        for damage in damages.chain([Damage::CutTo(0), Damage::Gone]) {
            kept.restore();
            damage.strike(path, bytes);
            if fs::read(path).is_ok_and(|struck| struck == *bytes) {
                continue;
            }
            kept.assert_is_handled(path, &damage);
        }
    }
}

#[test]
fn commands_name_and_heal_damage_and_never_trade_on_it() {
    let kept = Kept::new();
    let mut random = SplitMix64(12);
    for (path, bytes) in &kept.sound {
        let flipped = Damage::Flipped { bit: random.below(8 * bytes.len()) };
        let cut = Damage::CutTo(random.below(bytes.len()));
        for damage in [flipped, cut, Damage::Gone] {
            kept.restore();
            damage.strike(path, bytes);
            kept.assert_commands_handle(path, &damage);
        }
    }
}
