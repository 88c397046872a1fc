//! What must hold of all that the program tells.

/// Longest reason for which one input is refused, in bytes. Most are below 300.
const REASON_BYTES_MAX: usize = 16 << 10;

/// Asserts that `reason` is one that a person reads.
pub(crate) fn check_reason(reason: &str) {
    assert!(!reason.is_empty(), "refused without a reason");
    assert!(reason.len() <= REASON_BYTES_MAX, "a reason of {} bytes", reason.len());
}

/// Asserts that `text`, which is shown on a terminal or a page, cannot steer it.
pub(crate) fn check_shown(text: &str) {
    let steers = |character: char| character.is_control() && character != '\n';
    if let Some(place) = text.find(steers) {
        let start = text.floor_char_boundary(place.saturating_sub(40));
        let shown = text.get(start..).unwrap_or_default();
        unreachable!("control character in {:?}", shown.chars().take(80).collect::<String>());
    }
}
