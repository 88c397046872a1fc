//! Flipped bits and cut files are noticed, named and healed; wrong bars never come out.

use proptest::prelude::*;

use super::*;
use crate::store::{Healed, OlderVersions, PruneMode, StoreError};

/// A store with several segments, an older version and a snapshot.
fn store_with_everything(folder: &Path) -> (Store, Series) {
    let store = Store::new(folder);
    add(&store, [page(0..30)]);
    store.snapshot("pinned", &[key()]).unwrap();
    let mut other = page(5..6);
    other.rows.volume[0] += 1.0;
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    editor.add(other).unwrap();
    editor.add(page(40..60)).unwrap();
    drop(editor);
    let series = read(&store);
    assert!(series.files() >= 2);
    (store, series)
}

/// The pages that a fetch would get for what is missing.
fn fetch_again(store: &Store, series: &Series) -> Series {
    let wanted = series.bars();
    let missing = {
        let editor = store.edit(&key(), &mut || ()).unwrap();
        editor.coverage().missing(series.coverage().range().unwrap())
    };
    let pages = missing.into_iter().flat_map(|range| {
        series.asked().spans().iter().filter_map(move |span| {
            let range = range.intersection(&span.range);
            (!range.is_empty()).then_some(range)
        })
    });
    let pages = pages.map(|range| {
        let rows = copied(&wanted.between(range.from, range.to));
        Addition { range, rows, source: "binance".to_owned(), notes: Vec::new() }
    });
    add(store, pages)
}

/// Looks at a store of which `spoilt` is not as it was written, and heals it.
fn check_spoilt(store: &Store, series: &Series, spoilt: &Path) {
    let read = store.series(&key()).and_then(|read| read.unwrap().verified_bars());
    match read {
        Ok(bars) => assert_eq!(bars, series.bars()),
        Err(error) => assert_eq!(error.damaged_file(), Some(spoilt), "{error}"),
    }
    let verification = store.verify(&[key()], &mut |_| ()).remove(0);
    assert!(!verification.is_intact(), "{} is not noticed", spoilt.display());
    for error in &verification.errors {
        assert_eq!(error.damaged_file(), Some(spoilt), "{error}");
    }
    match store.heal(&key()) {
        Ok(healed) => {
            let found = [&healed.set_aside[..], &healed.missing[..]].concat();
            let is_named = |file: &PathBuf| {
                file.display().to_string().starts_with(&spoilt.display().to_string())
            };
            assert!(found.iter().all(is_named), "{healed:?}");
        }
        Err(error) => panic!("{error}"),
    }
    let again = fetch_again(store, series);
    assert_eq!(again.verified_bars().unwrap(), series.bars());
    assert_eq!(again.version(), series.version());
}

#[test]
fn every_kind_of_damage_to_every_file_is_noticed_and_healed() {
    let folder = tempfile::tempdir().unwrap();
    let (store, series) = store_with_everything(folder.path());
    let sound = files(&folder_of(&store));
    assert!(sound.len() >= 4, "{sound:?}");
    for (path, bytes) in &sound {
        let step = (bytes.len() / 23).max(1);
        for position in (0..bytes.len()).step_by(step) {
            let mut flipped = bytes.clone();
            flipped[position] ^= 1 << (position % 8);
            for spoilt in [Some(flipped), Some(bytes[..position].to_vec()), None] {
                restore(&folder_of(&store), &sound);
                fs::remove_file(path).unwrap();
                match spoilt {
                    Some(spoilt) => fs::write(path, spoilt).unwrap(),
                    // A manifest that is gone is a series that was removed.
                    None if path.extension().unwrap() == "json" => continue,
                    None => {}
                }
                check_spoilt(&store, &series, path);
            }
        }
    }
}

/// Thirty bars whose file has a wrong bit among the values.
fn damaged_segment(store: &Store) -> PathBuf {
    add(store, [page(0..30)]);
    let (file, mut bytes) = files(&folder_of(store)).remove(0);
    bytes[600] ^= 4;
    fs::remove_file(&file).unwrap();
    fs::write(&file, bytes).unwrap();
    file
}

#[test]
fn what_was_lost_is_recorded() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let file = damaged_segment(&store);
    assert!(store.edit(&key(), &mut || ()).is_ok(), "only the values are damaged");
    let healed = store.heal(&key()).unwrap();
    assert_eq!((healed.rows_lost, &healed.lost[..]), (30, &[hours(0..30)][..]));
    let series = read(&store);
    let name = file.file_name().unwrap().to_str().unwrap().to_owned();
    assert_eq!(
        series.history(),
        [HistoryRecord::Damaged { file: name, range: Some(hours(0..30)) }]
    );
    assert_eq!(series.asked().missing(hours(0..30)), [hours(0..30)]);
    assert_eq!(store.heal(&key()).unwrap(), Healed::default());
    let pruned = store.prune(PruneMode::Remove, OlderVersions::Keep).unwrap();
    assert_eq!(pruned.files, [PathBuf::from(format!("{}.damaged", file.display()))]);
}

#[test]
fn damaged_bars_never_get_a_new_checksum() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let file = damaged_segment(&store);
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    editor.add(page(30..31)).unwrap();
    let error = editor.finish().unwrap_err();
    assert_eq!(error.damaged_file(), Some(&*file));
    let error = store.snapshot("a", &[key()]).unwrap_err();
    assert_eq!(error.damaged_file(), Some(&*file));
    store.heal(&key()).unwrap();
    assert_eq!(add(&store, [page(0..30)]).bars(), expected_bars(0..31));
}

#[test]
fn a_damaged_manifest_is_restored_from_its_copy() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let version = add(&store, [page(0..30)]).version().to_owned();
    let manifest = folder_of(&store).join("manifest.json");
    fs::write(&manifest, "{}").unwrap();
    let healed = store.heal(&key()).unwrap();
    assert_eq!((healed.rows_lost, healed.set_aside.len()), (0, 1));
    assert_eq!(read(&store).version(), version);
    assert!(read(&store).asked().missing(hours(0..30)).is_empty());
    let record = HistoryRecord::Damaged { file: "manifest.json".to_owned(), range: None };
    assert_eq!(read(&store).history(), [record]);
    // A revision makes an older copy useless: it would bring the superseded rows back.
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    editor.add(page_of(3..5, bars(3..4))).unwrap();
    drop(editor);
    fs::write(&manifest, "{}").unwrap();
    store.heal(&key()).unwrap();
    assert_eq!(read(&store).rows(), 0);
    assert_eq!(read(&store).asked().missing(hours(0..30)), [hours(0..30)]);
}

#[test]
fn an_unreadable_manifest_without_a_copy_leaves_an_empty_series() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    let version = add(&store, [page(0..30)]).version().to_owned();
    fs::remove_file(folder_of(&store).join("manifest.copy.json")).unwrap();
    let manifest = folder_of(&store).join("manifest.json");
    fs::write(&manifest, "{}").unwrap();
    assert_eq!(store.keys().unwrap(), [key()]);
    for error in [store.series(&key()).unwrap_err(), store.edit(&key(), &mut || ()).unwrap_err()] {
        assert_eq!(error.damaged_file(), Some(&*manifest));
    }
    // What a manifest that cannot be read may need is not removed.
    let pruned = store.prune(PruneMode::Remove, OlderVersions::Forget).unwrap();
    assert_eq!((pruned.files.len(), pruned.errors.len()), (0, 1));
    store.heal(&key()).unwrap();
    assert_eq!(read(&store).rows(), 0);
    assert!(read(&store).bars().is_empty());
    assert_eq!(add(&store, [page(0..30)]).version(), version);
}

#[test]
fn a_damaged_snapshot_is_named_and_keeps_everything() {
    let folder = tempfile::tempdir().unwrap();
    let (store, _) = store_with_everything(folder.path());
    let path = folder.path().join("_snapshots/snapshot-pinned.json");
    let sound = fs::read(&path).unwrap();
    for position in (0..sound.len()).step_by(sound.len() / 50) {
        let mut flipped = sound.clone();
        flipped[position] ^= 16;
        fs::write(&path, flipped).unwrap();
        let found = [
            store.snapshots().unwrap_err(),
            store.series_of_snapshot("pinned", &key()).unwrap_err(),
            store.prune(PruneMode::Remove, OlderVersions::Forget).unwrap_err(),
            store.verify(&[key()], &mut |_| ()).remove(0).errors.remove(0),
        ];
        for error in found {
            assert_eq!(error.damaged_file(), Some(&*path), "{error}");
        }
    }
    // A writer goes on, and removes no file that the snapshot may need.
    let before = files(&folder_of(&store)).len();
    add(&store, [page(60..70)]);
    assert!(files(&folder_of(&store)).len() > before);
    store.remove_snapshot("pinned").unwrap();
    assert!(store.snapshots().unwrap().is_empty());
}

#[test]
fn a_series_in_the_folder_of_another_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    add(&store, [page(0..3)]);
    let other = SeriesKey { symbol: "ETH/USDT".to_owned(), ..key() };
    let other_folder = super::super::layout::series_folder(folder.path(), &other).unwrap();
    fs::create_dir_all(other_folder.parent().unwrap()).unwrap();
    fs::rename(folder_of(&store), other_folder).unwrap();
    let error = store.series(&other).unwrap_err();
    assert!(error.to_string().contains("it is of binance BTC/USDT 1h"), "{error}");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    #[test]
    fn a_segment_of_any_bytes_is_refused(
        start in 0_usize..2_000, bytes in proptest::collection::vec(any::<u8>(), 1..300),
    ) {
        let folder = tempfile::tempdir().unwrap();
        let store = Store::new(folder.path());
        add(&store, [page(0..30)]);
        let (file, sound) = files(&folder_of(&store)).remove(0);
        let mut spoilt = sound.clone();
        let end = (start + bytes.len()).min(spoilt.len());
        let start = start.min(end);
        spoilt.splice(start..end, bytes);
        prop_assume!(spoilt != sound);
        fs::remove_file(&file).unwrap();
        fs::write(&file, spoilt).unwrap();
        let read = store.series(&key()).and_then(|read| read.unwrap().verified_bars());
        let is_named = matches!(&read, Err(StoreError::Damaged { file: named, .. }) if *named == file);
        prop_assert!(is_named, "{:?}", read);
    }
}
