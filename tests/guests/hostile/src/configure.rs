//! Answers to `configure`.

use crate::advance;
use crate::bindings::exports::ct::strategy::guest::{Config, Ready, Value};
use crate::honest::Honest;
use crate::mode;

/// The one instrument on which the strategy misbehaves, unless it does everywhere.
const VICTIM: &str = "BAD/USD";

pub(crate) fn answer(config: &Config) -> Result<Ready, String> {
    let from_row = config.arguments.iter().find_map(|argument| match argument.value {
        Value::Integer(row) => u64::try_from(row).ok(),
        _ => None,
    });
    let victim = mode::name().ends_with("-everywhere")
        || config.instruments.iter().any(|symbol| symbol == VICTIM);
    advance::set_up(Honest::new(), from_row.filter(|_| victim));
    match mode::name() {
        // An error message that fills a log.
        "refuse-at-length" => Err("no ".repeat(1 << 20)),
        // An error message that clears the screen of a terminal and fakes a line.
        "refuse-with-escapes" => Err("\x1b[2Jno\nINFO all is well".to_owned()),
        // More history than any data has.
        "warm-up-forever" => Ok(Ready { warm_up_rows: u32::MAX, settled_rows: 0 }),
        _ => Ok(Ready { warm_up_rows: 0, settled_rows: 0 }),
    }
}
