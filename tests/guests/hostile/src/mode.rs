//! The misbehaviour, as it is written into the file of this component.

use std::hint::black_box;

/// Starts the marker; the tests look for it in the file and write behind it.
const START: usize = "CT-HOSTILE-MODE:".len();

/// Behind the start: `s` (signals only) or `a` (reads its account), a colon, and the name of the misbehaviour, filled up
/// with dots.
#[used]
static MARKER: [u8; 48] = *b"CT-HOSTILE-MODE:s:..............................";

/// The name of the misbehaviour; empty for none.
pub(crate) fn name() -> &'static str {
    // The marker is not what the compiler saw: it must be read from memory.
    let marker = black_box(&MARKER);
    let name = marker.get(START + 2..).unwrap_or_default();
    std::str::from_utf8(name).unwrap_or_default().trim_end_matches('.')
}

/// Whether the strategy reads its account.
pub(crate) fn reads_account() -> bool {
    black_box(&MARKER).get(START) == Some(&b'a')
}
