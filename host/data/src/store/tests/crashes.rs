//! A crash at any byte leaves the state before or the state after.

use super::*;
use crate::store::{OlderVersions, PruneMode};

/// Every state that a crash can leave between the folders `before` and `after` a change, when new segments are written
/// first, then the manifest is replaced, then superseded segments are removed.
fn states_between(
    before: &[(PathBuf, Vec<u8>)],
    after: &[(PathBuf, Vec<u8>)],
) -> Vec<Vec<(PathBuf, Vec<u8>)>> {
    let is_manifest = |path: &Path| path.extension().is_some_and(|suffix| suffix == "json");
    let (manifests, segments): (Vec<_>, Vec<_>) =
        after.iter().cloned().partition(|(path, _)| is_manifest(path));
    let mut states = vec![before.to_vec()];
    let mut state = before.to_vec();
    for (path, bytes) in segments.into_iter().chain(manifests) {
        if state.contains(&(path.clone(), bytes.clone())) {
            continue;
        }
        let temporary = PathBuf::from(format!("{}.tmp", path.display()));
        let step = bytes.len() / 40 + 1;
        for length in (0..=bytes.len()).step_by(step) {
            let mut torn = state.clone();
            torn.push((temporary.clone(), bytes[..length].to_vec()));
            states.push(torn);
        }
        state.retain(|(held, _)| *held != path);
        state.push((path, bytes));
        states.push(state.clone());
    }
    let superseded: Vec<_> = state
        .iter()
        .filter(|(path, _)| after.iter().all(|(kept, _)| kept != path))
        .cloned()
        .collect();
    for gone in superseded {
        state.retain(|held| *held != gone);
        states.push(state.clone());
    }
    states
}

#[test]
fn every_state_that_a_crash_can_leave_is_one_of_the_two() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    // The sixteenth page is merged with those before it, and supersedes their files.
    let mut editor = store.edit(&key(), &mut || ()).unwrap();
    for number in 0..15 {
        editor.add(page(number * 10..number * 10 + 10)).unwrap();
    }
    let before = files(&folder_of(&store));
    editor.add(page(150..160)).unwrap();
    let after = files(&folder_of(&store));
    drop(editor);
    assert!(after.len() < before.len(), "nothing was merged");
    let states = states_between(&before, &after);
    assert!(states.len() > 80);
    let mut ends = [0, 0];
    for state in states {
        restore(&folder_of(&store), &state);
        let series = read(&store);
        let bars = series.verified_bars().unwrap();
        let is_after = series.rows() == 160;
        ends[usize::from(is_after)] += 1;
        assert_eq!(bars, expected_bars(0..if is_after { 160 } else { 150 }));
        assert_eq!(series.coverage().missing(hours(0..160)).is_empty(), is_after);
        // The next writer completes it, and pruning takes the leftovers.
        let healed = add(&store, [page(150..160)]);
        assert_eq!(healed.bars(), expected_bars(0..160));
        store.prune(PruneMode::Remove, OlderVersions::Forget).unwrap();
        assert_eq!(read(&store).version(), healed.version());
        assert_eq!(files(&folder_of(&store)).len(), 3, "two manifests and a segment");
    }
    assert!(ends.iter().all(|states| *states > 1), "{ends:?}");
}

#[test]
fn a_first_writer_that_dies_leaves_no_series() {
    let folder = tempfile::tempdir().unwrap();
    let store = Store::new(folder.path());
    add(&store, [page(0..10)]);
    let sound = files(&folder_of(&store));
    let segments: Vec<_> =
        sound.iter().filter(|(path, _)| path.extension().unwrap() == "bars").cloned().collect();
    restore(&folder_of(&store), &segments);
    assert!(store.series(&key()).unwrap().is_none());
    assert!(store.keys().unwrap().is_empty());
    let pruned = store.prune(PruneMode::Remove, OlderVersions::Keep).unwrap();
    assert_eq!(pruned.files, [segments[0].0.clone()]);
    assert_eq!(add(&store, [page(0..10)]).bars(), expected_bars(0..10));
}
