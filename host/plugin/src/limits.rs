//! Every limit that a plugin meets, with its reason.

use std::time::Duration;

/// Largest file that is compiled, in bytes. A Rust strategy has some 20 to 200 kB; compile time grows with size.
pub const FILE_BYTES_MAX: usize = 16 << 20;

/// Code of one file, in bytes. A Rust strategy has some 20 to 100 kB.
pub const CODE_BYTES_MAX: usize = 2 << 20;

/// Code of one function, in bytes: five times the largest seen in a Rust strategy. The compiler needs seconds and hundreds of
/// megabytes for larger ones.
pub const FUNCTION_BYTES_MAX: usize = 64 << 10;

/// Local variables of one function: ten times the most seen in a Rust strategy. The compiler's time grows with variables
/// times branches.
pub const FUNCTION_LOCALS_MAX: usize = 500;

/// Types, functions, table entries and all other items of one file. A Rust strategy has less than a thousand.
pub const ITEMS_MAX: usize = 20_000;

/// Bytes of these items, code and data left out.
pub const STRUCTURE_BYTES_MAX: usize = 1 << 20;

/// Sections of one file, nested ones included. A Rust strategy has some 150.
pub const SECTIONS_MAX: usize = 1_000;

/// Modules and components around a place in a file. A component that `wit-component` makes has one; whatever reads a component
/// calls itself for each.
pub const DEPTH_MAX: usize = 8;

/// Component and instance types in one another. The contract needs a few; whatever reads them calls itself for each.
pub const TYPE_LEVELS_MAX: usize = 16;

/// Components that are instantiated in one file, instances made of exports included. A strategy has one. Each may be a component
/// that instantiates others, so that what is compiled can double with every one.
pub const INSTANTIATIONS_MAX: usize = 16;

/// Parameters, or results, of one function or block. Rust strategies have up to 7; the compiler here copies all of them at each
/// branch.
pub const FUNCTION_VALUES_MAX: usize = 100;

/// Time in which a file of a stranger has to be read and compiled. A Rust strategy takes a third of a second on a slow machine.
pub const COMPILE_TIME_MAX: Duration = Duration::from_secs(30);

/// Address space for that, in bytes. A Rust strategy of 60 kB takes 94 MB of memory.
pub const COMPILE_MEMORY_BYTES_MAX: u64 = 2 << 30;

/// Compiled code of one file, in bytes. A Rust strategy of 60 kB has 190 kB.
pub const COMPILED_BYTES_MAX: u64 = 256 << 20;

/// Memory of one instance, in bytes. A window of bars takes 4 MiB at most; the rest is the strategy's.
pub const MEMORY_BYTES_MAX: usize = 64 << 20;

/// Memory of all instances of a runtime together, in bytes, unless told otherwise: each of 64 at its most, or 4 MiB for each
/// instrument of the largest panel.
pub const ALL_MEMORY_BYTES_MAX: usize = 4 << 30;

/// Elements of one table. Tables hold function references only.
pub const TABLE_ELEMENTS_MAX: usize = 10_000;

/// Native stack of a call, in bytes.
pub const STACK_BYTES_MAX: usize = 512 << 10;

/// Bytes that one call may hand to the host: every row of the largest window with a tagged decision fits.
pub const CALL_BYTES_MAX: usize = 16 << 20;

/// Time for one call. The largest window takes a Rust strategy about a millisecond.
pub const CALL_TIME_MAX: Duration = Duration::from_secs(2);

/// Instructions (wasmtime fuel) for one call, where instructions are counted: some 50 000 per row of the largest window.
pub const CALL_FUEL_MAX: u64 = 4_000_000_000;

/// Instructions that a call of the host counts as, besides one for each byte that it hands over.
pub const HOST_CALL_FUEL: u64 = 500;

/// Live instances of one runtime: one for each instrument of the largest panel.
pub const INSTANCES_MAX: u32 = 1_024;

/// Log lines that are kept of one instance.
pub const LOG_LINES_MAX: usize = 1_000;

/// Bytes that are kept of one log line.
pub const LOG_LINE_BYTES_MAX: usize = 1_024;

/// Plot series of one instance.
pub const PLOT_SERIES_MAX: usize = 32;

/// Bytes of a plot series' name.
pub const PLOT_NAME_BYTES_MAX: usize = 64;

/// Plot points that are kept of one instance.
pub const PLOT_POINTS_MAX: usize = 100_000;

/// Plot points that the result of a run keeps of all its instances: some 200 MB of JSON. Each instance has the same share.
pub const RUN_PLOT_POINTS_MAX: usize = 2_000_000;

/// Log lines that the result of a run keeps of all its instances: 100 MB at most. Each instance has the same share.
pub const RUN_LOG_LINES_MAX: usize = 100_000;

/// Bytes of a decision's tag.
pub const TAG_BYTES_MAX: usize = 64;

/// Parameters of one strategy.
pub const PARAMETERS_MAX: usize = 64;

/// Bytes of a name: of the strategy, of a parameter, of a choice.
pub const NAME_BYTES_MAX: usize = 64;

/// Bytes of a summary or a help text.
pub const TEXT_BYTES_MAX: usize = 1_024;

/// Bytes of an error message of a plugin.
pub const MESSAGE_BYTES_MAX: usize = 4_096;

/// Bytes of a saved state.
pub const STATE_BYTES_MAX: usize = 8 << 20;

/// Warm-up rows that a strategy may ask for, and the most that it is handed until it is settled: a year of minutes.
pub const WARM_UP_ROWS_MAX: u32 = 527_040;

/// `text`, cut to `bytes_max` at a character, with a space for every control character: what a plugin says cannot steer a
/// terminal or fake a line of a log.
pub(super) fn plain(text: &str, bytes_max: usize) -> String {
    let shown = cut(text, bytes_max).chars();
    shown.map(|character| if character.is_control() { ' ' } else { character }).collect()
}

/// `text`, cut to `bytes_max` at a character.
pub(super) fn cut(text: &str, bytes_max: usize) -> &str {
    let end = text.floor_char_boundary(bytes_max);
    text.get(..end).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_of_plugins_are_cut_and_made_plain() {
        assert_eq!(plain("\u{1b}[2Jone\nERROR two\u{9b}", 64), " [2Jone ERROR two ");
        // The second character takes bytes 1 and 2.
        assert_eq!(plain("aé", 2), "a");
        assert_eq!(plain("aé", 3), "aé");
    }
}
