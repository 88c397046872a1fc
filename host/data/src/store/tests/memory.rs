//! What was worked out of kept bars is told again, and only of the bars and settings it was worked out of.

use super::*;
use crate::store::memory::{ANSWERS_MAX, MEMORY_FOLDER};
use crate::store::sealed_json::{read_sealed, write_sealed};
use crate::store::{OlderVersions, PruneMode};
use crate::validate::{FindingKind, Report, Subject, ValidationSettings, validate};

fn store_with_gap(folder: &Path) -> (Store, Series) {
    let store = Store::new(folder);
    let series = add(&store, [page(0..30), page(33..60)]);
    (store, series)
}

/// The files of the answers.
fn answers(store: &Store) -> Vec<PathBuf> {
    let folder = folder_of(store).join(MEMORY_FOLDER);
    if !folder.exists() {
        return Vec::new();
    }
    files(&folder).into_iter().map(|(file, _)| file).collect()
}

#[test]
fn a_report_is_made_once_for_each_stretch_and_settings() {
    let folder = tempfile::tempdir().unwrap();
    let (store, series) = store_with_gap(folder.path());
    let (bars, settings) = (series.bars(), ValidationSettings::default());
    let made = store.validate(&series, &bars, &settings);
    assert_eq!(made, validate(&Subject::new(bars.interval(), &bars), &settings));
    assert_eq!(made.count(FindingKind::Gap).rows, 3);
    assert_eq!(store.validate(&series, &bars, &settings), made);
    assert_eq!(answers(&store).len(), 1);

    let part = bars.rows(0..30);
    assert_eq!(store.validate(&series, &part, &settings).missing_bars(), 0);
    let listed = ValidationSettings { listed_max: 0, ..settings };
    assert!(store.validate(&series, &bars, &listed).findings.is_empty());
    assert_eq!(answers(&store).len(), 3);
}

#[test]
fn what_was_kept_is_what_is_told() {
    let folder = tempfile::tempdir().unwrap();
    let (store, series) = store_with_gap(folder.path());
    let (bars, settings) = (series.bars(), ValidationSettings::default());
    let report = store.validate(&series, &bars, &settings);
    let [file] = &answers(&store)[..] else { panic!("one report") };
    let other = Report { rows: 7, ..report.clone() };
    let (question, _): (String, Report) = read_sealed(file).unwrap().unwrap();
    write_sealed(file, &(&question, &other)).unwrap();
    assert_eq!(store.validate(&series, &bars, &settings), other);

    // A changed byte is noticed.
    let mut bytes = fs::read(file).unwrap();
    bytes[100] ^= 1;
    fs::write(file, bytes).unwrap();
    assert_eq!(store.validate(&series, &bars, &settings), report);
    assert_eq!(read_sealed(file).unwrap(), Some((question, report.clone())));

    // An answer to another question, under this one's name.
    write_sealed(file, &("another question", &other)).unwrap();
    assert_eq!(store.validate(&series, &bars, &settings), report);
}

#[test]
fn other_bars_are_looked_at_anew_and_a_removed_series_leaves_no_report() {
    let folder = tempfile::tempdir().unwrap();
    let (store, series) = store_with_gap(folder.path());
    let settings = ValidationSettings::default();
    store.validate(&series, &series.bars(), &settings);
    let series = add(&store, [page(30..33)]);
    assert_eq!(store.validate(&series, &series.bars(), &settings).missing_bars(), 0);
    assert_eq!(answers(&store).len(), 2);
    store.remove(&key()).unwrap();
    assert!(answers(&store).is_empty());
}

#[test]
fn their_number_is_bounded() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = store_with_gap(folder.path());
    for number in 0..=ANSWERS_MAX {
        store.remember(&key(), &number.to_string(), &number);
        assert_eq!(store.recall(&key(), &number.to_string()), Some(number));
    }
    assert_eq!(answers(&store).len(), 1);
    assert_eq!(store.recall::<usize>(&key(), "0"), None);
}

#[test]
fn nothing_is_remembered_of_damaged_bars_and_pruning_forgets_all() {
    let folder = tempfile::tempdir().unwrap();
    let (store, series) = store_with_gap(folder.path());
    let settings = ValidationSettings::default();
    let bars = |file: &PathBuf| file.extension().is_some_and(|ending| ending == "bars");
    let files = files(&folder_of(&store));
    let (segment, sound) = files.iter().find(|(file, _)| bars(file)).unwrap();
    let mut spoilt = sound.clone();
    spoilt[700] ^= 1;
    fs::remove_file(segment).unwrap();
    fs::write(segment, spoilt).unwrap();
    let damaged = read(&store);
    store.validate(&damaged, &damaged.bars(), &settings);
    assert!(answers(&store).is_empty());

    fs::remove_file(segment).unwrap();
    fs::write(segment, sound).unwrap();
    store.validate(&series, &series.bars(), &settings);
    let [answer] = &answers(&store)[..] else { panic!("one answer") };
    // What a crash may leave.
    fs::copy(answer, answer.with_extension("json.tmp")).unwrap();
    store.prune(PruneMode::DryRun, OlderVersions::Keep).unwrap();
    assert_eq!(answers(&store).len(), 2);
    store.prune(PruneMode::Remove, OlderVersions::Keep).unwrap();
    assert!(answers(&store).is_empty());
}

#[test]
fn a_folder_that_cannot_be_written_costs_only_time() {
    let folder = tempfile::tempdir().unwrap();
    let (store, series) = store_with_gap(folder.path());
    // A file in the way, since the tests may run as a user who may write everywhere.
    fs::write(folder_of(&store).join(MEMORY_FOLDER), "").unwrap();
    let report = store.validate(&series, &series.bars(), &ValidationSettings::default());
    assert_eq!(report.missing_bars(), 3);
}
