//! The loops over the rows of a window, one for each kind of strategy.

mod portfolio;
mod signals;
mod with_account;

pub use portfolio::Portfolio;
pub use signals::Signals;
pub use with_account::WithAccount;

use crate::{Config, Params};

fn settings<P: Params>(config: &Config) -> Result<P, String> {
    P::from_arguments(&config.arguments).map_err(|error| error.to_string())
}

/// Refuses a configuration with more or fewer instruments than one.
fn check_one_instrument(config: &Config) -> Result<(), String> {
    match config.setup.symbols().len() {
        1 => Ok(()),
        found => Err(format!("the strategy looks at one instrument, but was given {found}")),
    }
}

/// The end of a host that gives no account, or an incomplete one, to a strategy that reads it.
#[cold]
#[expect(clippy::panic, reason = "the host broke the contract and no decision can be right")]
fn account_is_due() -> ! {
    panic!("the strategy reads the account, but the host did not give a position per instrument")
}

#[cfg(test)]
mod tests;
