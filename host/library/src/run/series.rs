//! Names of kept series.

use super::RunError;
use ct_data::SeriesKey;
use ct_data::store::Store;

/// What the snapshot `name` pins.
///
/// # Errors
/// [`RunError::Input`] when there is none.
pub fn snapshot_keys(store: &Store, name: &str) -> Result<Vec<SeriesKey>, RunError> {
    let snapshots = store.snapshots().map_err(RunError::run)?;
    let found = snapshots.into_iter().find(|snapshot| snapshot.name == name).ok_or_else(|| {
        RunError::input(format!(
            "there is no snapshot '{name}': ct-host data list shows those there are"
        ))
    })?;
    Ok(found.series.into_iter().map(|series| series.key).collect())
}
