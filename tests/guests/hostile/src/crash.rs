//! Ways to not come back from a call. A mode such as `loop-in-save` names the way and the export.

use std::hint::black_box;

use crate::bindings::ct::strategy::diagnostics::{self, Level};
use crate::{memory, mode};

/// Crashes when the mode says so for this export.
pub(crate) fn in_export(export: &str) {
    if let Some((way, place)) = mode::name().split_once("-in-")
        && place == export
    {
        crash(way);
    }
}

fn crash(way: &str) {
    match way {
        "loop" => forever(),
        "panic" => panic_with_message(),
        "out-of-bounds" => load_out_of_bounds(),
        "recursion" => {
            black_box(recurse(black_box(u64::MAX)));
        }
        "big-frames" => {
            black_box(recurse_with_big_frames(black_box(u64::MAX)));
        }
        "memory-bomb" => memory::grow_without_end(),
        "giant-allocation" => memory::allocate_at_once(),
        _ => {}
    }
}

/// Work without end that the compiler cannot remove.
fn forever() {
    let mut count = 0_u64;
    loop {
        count = black_box(count.wrapping_add(1));
    }
}

/// Tells the host about the panic before it becomes a trap, as the SDK does.
#[expect(clippy::panic, reason = "the misbehaviour itself")]
fn panic_with_message() {
    std::panic::set_hook(Box::new(|panic| {
        diagnostics::log(Level::Error, None, &panic.to_string())
    }));
    panic!("a panic on purpose");
}

/// Reads behind the end of the memory.
#[expect(unsafe_code, reason = "the misbehaviour itself")]
fn load_out_of_bounds() {
    let end = black_box(0xffff_ff00_usize) as *const u8;
    // SAFETY: there is none; the sandbox has to stop this.
    black_box(unsafe { end.read_volatile() });
}

/// Fills the native stack: the frames hold nothing that needs the guest's own memory.
#[inline(never)]
fn recurse(depth: u64) -> u64 {
    if depth == 0 { 0 } else { recurse(depth - 1).wrapping_mul(depth) ^ 1 }
}

/// Fills the part of the guest's memory that Rust uses as a stack.
#[inline(never)]
fn recurse_with_big_frames(depth: u64) -> u64 {
    let mut frame = [depth; 1 << 10];
    let frame = black_box(&mut frame);
    let [first, ..] = frame;
    if *first == 0 { 0 } else { recurse_with_big_frames(*first - 1).wrapping_add(*first) }
}
