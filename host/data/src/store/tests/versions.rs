//! What revisions supersede and snapshots pin stays readable until nobody needs it.

use super::*;
use crate::store::{OlderVersions, PruneMode, StoreError};
use ct_core::units::Timestamp;

/// The bars of some hours with other volumes.
fn revised(range: Range<i64>) -> Addition {
    let mut page = page(range);
    page.rows.volume.iter_mut().for_each(|volume| *volume += 1_000.0);
    page
}

#[test]
fn a_revision_is_recorded_and_the_version_before_it_is_kept() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let before = add(&store, [page(0..100)]);
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    let added = editor.add(revised(10..11)).unwrap();
    assert_eq!(added, Added { rows_revised: 1, ..Added::default() });
    let added = editor.add(page_of(20..22, bars(20..21))).unwrap();
    assert_eq!(added, Added { rows_equal: 1, rows_withdrawn: 1, ..Added::default() });
    let after = editor.finish().unwrap();
    assert_eq!(after.rows(), 99);
    assert_ne!(after.version(), before.version());
    let [HistoryRecord::Revised { time, before: old, after: new, source }, withdrawn] =
        after.history()
    else {
        panic!("{:?}", after.history());
    };
    assert_eq!((time.as_ms(), source.as_str()), (10 * HOUR, "binance"));
    assert!(new[4] > old[4] + 999.0, "{old:?} became {new:?}");
    assert!(
        matches!(withdrawn, HistoryRecord::Withdrawn { time, .. } if time.as_ms() == 21 * HOUR)
    );
    let wanted = before.version().to_owned();
    let found = store.series_of_version(&key(), &|series| series.version() == wanted).unwrap();
    assert_eq!(found.unwrap().verified_bars().unwrap(), expected_bars(0..100));
    assert!(store.series_of_version(&key(), &|_| false).unwrap().is_none());
}

#[test]
fn a_revision_in_a_large_file_does_not_write_the_file_again() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let before = add(&store, [page(0..300_000)]);
    let after = add(&store, [revised(1_000..1_010)]);
    assert_eq!((before.files(), after.files()), (1, 2));
    assert!(after.bytes() < before.bytes() + 5_000, "{} bytes", after.bytes());
    assert_eq!(after.rows(), 300_000);
    assert_eq!(after.bars().rows(0..1_000), expected_bars(0..1_000));
    assert_eq!(after.bars().rows(1_010..300_000), expected_bars(1_010..300_000));
    let again = add(&store, [page(1_000..1_010)]);
    assert_eq!(again.version(), before.version());
}

#[test]
fn many_revisions_of_one_page_are_recorded_as_one() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    add(&store, [page(0..200)]);
    let series = add(&store, [revised(0..200)]);
    assert_eq!(series.history().len(), 65);
    let rest = HistoryRecord::ManyRevised {
        range: TimeRange::from_ms(64 * HOUR, 199 * HOUR + 1),
        rows: 136,
        source: "binance".to_owned(),
    };
    assert_eq!(series.history().last(), Some(&rest));
}

#[test]
fn a_repair_that_is_told_is_not_told_a_second_time() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    add(&store, [page(0..10)]);
    let repair = HistoryRecord::Repaired {
        time: Timestamp::clamped(3 * HOUR),
        what: "clip high".to_owned(),
        before: Some([1.0; 5]),
        after: Some([2.0; 5]),
    };
    let series = add(&store, [Addition { notes: vec![repair.clone()], ..revised(3..4) }]);
    assert_eq!(series.history(), [repair]);
}

#[test]
fn a_note_is_kept_with_the_next_page_or_at_the_end() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let import =
        HistoryRecord::Imported { file: "a.csv".to_owned(), file_hash: "00".to_owned(), rows: 1 };
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    editor.note(import.clone());
    editor.add(page(0..1)).unwrap();
    assert_eq!(read(&store).history(), std::slice::from_ref(&import));
    editor.note(import.clone());
    editor.finish().unwrap();
    assert_eq!(read(&store).history(), [import.clone(), import]);
}

#[test]
fn a_snapshot_outlives_revisions_pruning_and_removal() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let pinned = add(&store, [page(0..100)]);
    let snapshot = store.snapshot("before-halving", &[key(), key()]).unwrap();
    assert_eq!(snapshot.series.len(), 1);
    assert_eq!(snapshot.series[0].version, pinned.version());
    assert_eq!(snapshot.series[0].range, Some(hours(0..100)));
    assert_eq!(store.snapshots().unwrap(), [snapshot]);
    add(&store, [revised(0..100), page(100..200)]);
    store.prune(PruneMode::Remove, OlderVersions::Forget).unwrap();
    let wanted = |series: &Series| series.version() == pinned.version();
    assert!(store.series_of_version(&key(), &wanted).unwrap().is_some());
    store.remove(&key()).unwrap();
    assert!(store.series(&key()).unwrap().is_none());
    assert!(store.keys().unwrap().is_empty());
    let held = store.series_of_snapshot("before-halving", &key()).unwrap().unwrap();
    assert_eq!(held.verified_bars().unwrap(), expected_bars(0..100));
    assert_eq!(held.version(), pinned.version());
    store.remove_snapshot("before-halving").unwrap();
    let pruned = store.prune(PruneMode::Remove, OlderVersions::Keep).unwrap();
    assert_eq!(pruned.files.len(), 1);
    assert!(files(&folder_of(&store)).is_empty());
}

#[test]
fn wrong_uses_of_snapshots_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    assert!(store.snapshots().unwrap().is_empty());
    assert!(matches!(store.snapshot("a", &[key()]), Err(StoreError::UnknownSeries(_))));
    add(&store, [page(0..10)]);
    store.snapshot("CON", &[key()]).unwrap();
    assert!(matches!(store.snapshot("CON", &[key()]), Err(StoreError::SnapshotExists(_))));
    for name in ["", "../x", "a b", "ä", &"x".repeat(65)] {
        assert!(matches!(store.snapshot(name, &[key()]), Err(StoreError::Name { .. })), "{name}");
    }
    assert!(matches!(store.remove_snapshot("b"), Err(StoreError::UnknownSnapshot(_))));
    assert!(matches!(store.series_of_snapshot("b", &key()), Err(StoreError::UnknownSnapshot(_))));
    let other = SeriesKey { symbol: "ETH/USDT".to_owned(), ..key() };
    assert!(store.series_of_snapshot("CON", &other).unwrap().is_none());
    assert!(matches!(store.remove(&other), Err(StoreError::UnknownSeries(_))));
    assert!(matches!(store.heal(&other), Err(StoreError::UnknownSeries(_))));
}

#[test]
fn pruning_tells_first_and_takes_only_what_nothing_names() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let old = add(&store, [page(0..10)]).version().to_owned();
    let new = add(&store, [revised(0..10)]).version().to_owned();
    fs::write(folder_of(&store).join("x.bars.tmp"), "123").unwrap();
    fs::write(super::super::layout::snapshots_folder(folder.path()).with_file_name("other"), "1")
        .unwrap();
    // Of the rules of a symbol, which stand beside the folders of the symbols.
    let rules = folder.path().join("binance/.aB3dE9.tmp");
    fs::write(&rules, "").unwrap();
    let told = store.prune(PruneMode::DryRun, OlderVersions::Forget).unwrap();
    assert_eq!(told.versions, [(key(), old.clone())]);
    assert_eq!(told.files.len(), 3);
    let kept = store.prune(PruneMode::Remove, OlderVersions::Keep).unwrap();
    assert_eq!((kept.files.len(), kept.bytes, kept.versions.len()), (2, 3, 0));
    assert!(!rules.exists());
    let has = |version: &str| {
        store.series_of_version(&key(), &|series| series.version() == version).unwrap().is_some()
    };
    assert!(has(&old) && has(&new));
    let gone = store.prune(PruneMode::Remove, OlderVersions::Forget).unwrap();
    assert_eq!((gone.files.len(), gone.versions.len()), (1, 1));
    assert!(!has(&old) && has(&new));
    let editor = store.edit(&key(), &mut || ()).unwrap();
    let busy = store.prune(PruneMode::Remove, OlderVersions::Forget).unwrap();
    assert_eq!(busy.busy, [key()]);
    drop(editor);
}
