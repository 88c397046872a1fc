//! The guest that misbehaves in a chosen way, see `tests/guests/hostile`.

use crate::plugins;

/// Whether the guest reads its account.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// It does not.
    Signals,
    /// It does, and stops each window at its first decision.
    Account,
}

/// Starts the marker in the guest's file that names its misbehaviour.
const START: &[u8] = b"CT-HOSTILE-MODE:";
/// Bytes of the whole marker.
const MARKER_BYTES: usize = 48;

/// The guest that does `misbehaviour`, such as `target-nan`; honest with an empty one.
///
/// # Panics
/// When it has not been built, or the misbehaviour's name is too long for the marker.
pub fn component(misbehaviour: &str, access: Access) -> Vec<u8> {
    let mut bytes = plugins::from_source("hostile");
    let access = match access {
        Access::Signals => "s",
        Access::Account => "a",
    };
    let width = MARKER_BYTES - START.len();
    let filled = format!("{:.<width$}", format!("{access}:{misbehaviour}"));
    assert_eq!(filled.len(), width, "'{misbehaviour}' is too long for the marker");
    let places: Vec<usize> = bytes
        .windows(START.len())
        .enumerate()
        .filter_map(|(place, part)| (part == START).then_some(place + START.len()))
        .collect();
    let marker = match places[..] {
        [place] => bytes.get_mut(place..place + width),
        _ => None,
    };
    match marker {
        Some(marker) => marker.copy_from_slice(filled.as_bytes()),
        None => unreachable!("the marker must occur once: found it at {places:?}"),
    }
    bytes
}
