//! What the program does with files and answers of strangers, one [`Target`] for each kind, for a fuzzer to try.
//!
//! A target does what the command does with its kind of input, through the same functions, and asserts what must hold of any
//! input: nothing panics, and what is told is bounded. Time and memory are bounded by the fuzzer. Each target has seeds in
//! `seeds/<target>/`: sound inputs to begin with, and inputs that once did harm.

mod archive;
mod configuration;
mod exchange;
mod input_folder;
mod kept_prices;
mod loopback;
mod plugin;
mod price_file;
mod saved_result;
mod target;
mod told;

pub use input_folder::folder_in_memory;
pub use kept_prices::{segment_file_name, with_checksum};
pub use loopback::Loopback;
pub use target::{Answer, TARGETS, Target};
