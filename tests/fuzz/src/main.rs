//! The fuzzer: libFuzzer with the target that `--target=NAME` names. `cargo xtask fuzz` starts it.

#![no_main]

use std::panic::{self, PanicHookInfo};
use std::sync::{LazyLock, Mutex, PoisonError};

use ct_fuzz::{TARGETS, Target};
use libfuzzer_sys::fuzz_target;

/// Names the target on the command line; libFuzzer leaves arguments with two dashes alone.
const TARGET_FLAG: &str = "--target=";

static TARGET: LazyLock<Target> = LazyLock::new(|| {
    let name = std::env::args().find_map(|word| Some(word.strip_prefix(TARGET_FLAG)?.to_owned()));
    let found = TARGETS.iter().find(|target| Some(target.name) == name.as_deref());
    let names: Vec<&str> = TARGETS.iter().map(|target| target.name).collect();
    *found.unwrap_or_else(|| unreachable!("{TARGET_FLAG}NAME: expected one of {names:?}"))
});

/// What the last panic said.
static LAST_PANIC: Mutex<String> = Mutex::new(String::new());

fuzz_target!(
    init: {
        // The host catches what parsers of others say by a panic; only one that gets through is a fault.
        panic::set_hook(Box::new(remember));
        LazyLock::force(&TARGET);
    },
    |input: &[u8]| {
        if panic::catch_unwind(|| (TARGET.run)(input)).is_err() {
            let said = LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner);
            report(&said);
            std::process::abort();
        }
    }
);

fn remember(panic: &PanicHookInfo<'_>) {
    // With RUST_BACKTRACE it says how the place was reached.
    let trace = std::backtrace::Backtrace::capture();
    *LAST_PANIC.lock().unwrap_or_else(PoisonError::into_inner) = format!("{panic}\n{trace}");
}

#[expect(clippy::print_stderr, reason = "a fuzzer tells on its terminal what it found")]
fn report(said: &str) {
    eprintln!("{said}");
}
