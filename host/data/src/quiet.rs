//! Keeps expected panics off the terminal.
//!
//! ccxt says "this is an error" by a panic that it catches itself, and the Parquet decoder panics on files that contradict
//! themselves. The default panic hook would print each of them.

use std::cell::Cell;
use std::panic;
use std::sync::Once;

thread_local! {
    /// Whether a panic on this thread is a library's way of reporting an error.
    static EXPECTED: Cell<bool> = const { Cell::new(false) };
}

/// Runs `work`; a panic in it is not reported, but goes on unwinding. Panics elsewhere are reported as before.
pub(super) fn quietly<T>(work: impl FnOnce() -> T) -> T {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let report = panic::take_hook();
        panic::set_hook(Box::new(move |panic| {
            if !EXPECTED.get() {
                report(panic);
            }
        }));
    });
    let _restored = Restore(EXPECTED.replace(true));
    work()
}

/// Sets [`EXPECTED`] back, also while a panic unwinds.
struct Restore(bool);

impl Drop for Restore {
    fn drop(&mut self) {
        EXPECTED.set(self.0);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_leaves_the_thread_as_it_was() {
        let caught = panic::catch_unwind(|| quietly(|| panic!("[BadSymbol] no such thing")));
        assert!(caught.is_err());
        assert!(!EXPECTED.get());
        assert!(quietly(|| quietly(|| EXPECTED.get())));
        assert!(!EXPECTED.get());
    }
}
