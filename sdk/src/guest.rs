//! The contract between the host and a strategy in plain Rust types.
//!
//! Authors of strategies do not need this module. The component glue, the test harness and hosts
//! that link a strategy natively drive strategies through it, so all of them run the same code.

use crate::{Account, Columns, Config, Decision, Parameter, Progress, Window};
use std::fmt;

/// A strategy as the host drives it. Not for authors: implement
/// [`SignalStrategy`](crate::SignalStrategy), [`AccountStrategy`](crate::AccountStrategy) or
/// [`PortfolioStrategy`](crate::PortfolioStrategy), and wrap it in [`Signals`](crate::Signals),
/// [`WithAccount`](crate::WithAccount) or [`Portfolio`](crate::Portfolio), which implement this.
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a strategy with its kind",
    label = "neither `Signals<…>` nor `WithAccount<…>` nor `Portfolio<…>`",
    note = "write `Signals<{Self}>` for a `SignalStrategy`, `WithAccount<{Self}>` for an `AccountStrategy`, \
            `Portfolio<{Self}>` for a `PortfolioStrategy`"
)]
pub trait Guest: Sized {
    /// Tells what the strategy is.
    fn describe(identity: Identity) -> Descriptor;

    /// Makes an instance.
    ///
    /// # Errors
    /// With what is wrong with the arguments, for the user.
    fn configure(config: Config) -> Result<Self, String>;

    /// Rows the strategy must have seen before its decisions mean anything.
    fn warm_up_rows(&self) -> u32;

    /// Rows after which it no longer matters where the rows began.
    fn settled_rows(&self) -> u32;

    /// Takes in the next rows and appends the decisions made in them, in the order of rows and of
    /// instruments within a row. A strategy that reads the account gets it and stops at its first
    /// row with a decision; no other strategy looks at it.
    ///
    /// # Panics
    /// When the host breaks the contract (a column shorter than the window, no account for a
    /// strategy that reads it) or the strategy panics.
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&Account<'_>>,
        decisions: &mut Vec<Decision>,
    ) -> Progress;

    /// Everything needed to go on from here in a new instance, or `None` when the strategy's own
    /// serialisation fails.
    fn save(&self) -> Option<Snapshot>;

    /// Goes on from a snapshot. On an error nothing has changed.
    ///
    /// # Errors
    /// When the snapshot is damaged or belongs to another version or configuration.
    fn load(&mut self, snapshot: &Snapshot) -> Result<(), LoadError>;
}

/// Who the strategy is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// Name of the strategy's package.
    pub name: &'static str,
    /// Semantic version of the strategy.
    pub version: &'static str,
    /// One sentence.
    pub summary: &'static str,
}

/// What one instance of a strategy looks at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Scope {
    /// One instrument: the host makes one instance for each.
    Instrument,
    /// All instruments of the run, one timestamp at a time.
    Portfolio,
}

/// What a strategy is and needs.
#[derive(Debug, Clone, PartialEq)]
pub struct Descriptor {
    /// Name, version and summary.
    pub identity: Identity,
    /// Columns that the host must fill.
    pub reads: Columns,
    /// What one instance looks at.
    pub scope: Scope,
    /// Whether the strategy is told its account and stops at its first row with a decision.
    pub reads_account: bool,
    /// Parameters in the order of their fields.
    pub parameters: Vec<Parameter>,
}

/// The saved state of an instance.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Snapshot {
    /// Version of the layout, the strategy's `STATE_VERSION`.
    pub version: u32,
    /// The state itself.
    pub bytes: Vec<u8>,
}

/// Why a snapshot cannot be loaded. The strategy must be warmed up instead.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum LoadError {
    /// The layout of the state is another one.
    Version {
        /// Version of this strategy.
        expected: u32,
        /// Version of the snapshot.
        found: u32,
    },
    /// The bytes are not what was saved.
    Damaged,
    /// The state was saved with other parameters, instruments or another interval.
    Configuration,
}

impl fmt::Display for LoadError {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Version { expected, found } => {
                write!(formatter, "the state has version {found}, the strategy reads {expected}")?;
            }
            Self::Damaged => formatter.write_str("the state is damaged or of another strategy")?,
            Self::Configuration => formatter
                .write_str("the state was saved with other parameters, instruments or interval")?,
        }
        formatter.write_str("; warm the strategy up instead")
    }
}

impl std::error::Error for LoadError {}
