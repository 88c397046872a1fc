//! Plugin files: what `inspect` and `backtest --plugin` do with them before they are compiled.
//!
//! The program does it in a child process, since the parsers are others' and may run out of stack; here they must not, and
//! what they ask for in memory and time is the fuzzer's to see.

use std::sync::LazyLock;

use ct_host::plugin::{Artifact, limits};

use crate::Answer;

/// A core module that has all exports of a strategy, but does not say of which types they are.
static MODULE: LazyLock<Vec<u8>> = LazyLock::new(|| {
    let module = wat::parse_str(include_str!("strategy_module.wat"));
    module.unwrap_or_else(|error| unreachable!("{error}"))
});

/// The section in which a core module says which component it is to become.
const SECTION_NAME: &[u8] = b"component-type:ct-fuzz";

/// A component or a core module.
pub(crate) fn file(bytes: &[u8]) -> Answer {
    let read = Artifact::read(bytes);
    if let Ok((artifact, component)) = &read {
        assert!(component.len() <= bytes.len() + limits::FILE_BYTES_MAX, "the component is large");
        assert_eq!(artifact.size(), bytes.len());
    }
    Answer::of(&read)
}

/// What a core module says of its types.
pub(crate) fn component_types(bytes: &[u8]) -> Answer {
    let mut module = MODULE.clone();
    module.push(0);
    push_leb128(&mut module, 1 + SECTION_NAME.len() + bytes.len());
    push_leb128(&mut module, SECTION_NAME.len());
    module.extend_from_slice(SECTION_NAME);
    module.extend_from_slice(bytes);
    file(&module)
}

/// Appends `number` as WebAssembly writes it.
fn push_leb128(bytes: &mut Vec<u8>, mut number: usize) {
    while number >= 0x80 {
        let [lowest, ..] = number.to_le_bytes();
        bytes.push(lowest | 0x80);
        number >>= 7;
    }
    let [last, ..] = number.to_le_bytes();
    bytes.push(last);
}
