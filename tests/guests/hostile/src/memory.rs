//! Ways to ask for more memory than there is.

use std::hint::black_box;

/// Takes one block after the other and writes to each.
pub(crate) fn grow_without_end() {
    const BLOCK_BYTES: usize = 1 << 20;
    let mut blocks = Vec::new();
    loop {
        blocks.push(black_box(vec![1_u8; BLOCK_BYTES]));
    }
}

/// Asks for a gigabyte at once.
pub(crate) fn allocate_at_once() {
    const BYTES: usize = 1 << 30;
    black_box(Vec::<u8>::with_capacity(black_box(BYTES)));
}
