//! The three traits of which a strategy implements one.

use crate::{Bar, Columns, Context, Params, Row, Setup, Signal, Targets};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// A strategy whose state can be saved; put [`#[ct_sdk::state]`](macro@crate::state) on the struct.
#[diagnostic::on_unimplemented(
    message = "the state of `{Self}` cannot be saved",
    note = "put `#[ct_sdk::state]` on `{Self}` and on the types of its fields that are your own"
)]
pub trait State: Serialize + DeserializeOwned {}

/// A strategy of one instrument that decides from prices alone.
///
/// It is never told what the account did, so its decisions are the same whatever the fills were,
/// and it is the fastest kind.
///
/// ```
/// use ct_sdk::prelude::*;
///
/// /// Long while the close is above its average.
/// #[ct_sdk::state]
/// struct Trend {
///     average: Sma,
/// }
///
/// #[derive(Params)]
/// struct Settings {
///     /// Length of the average, in bars.
///     #[param(default = 50, min = 1, max = 1000)]
///     length: u32,
/// }
///
/// impl SignalStrategy for Trend {
///     type Params = Settings;
///     const READS: Columns = Columns::CLOSE;
///
///     fn new(settings: &Settings, _setup: &Setup) -> Result<Self, String> {
///         Ok(Self { average: Sma::new(settings.length)? })
///     }
///
///     fn warm_up_rows(&self) -> u32 {
///         self.average.warm_up_rows()
///     }
///
///     fn on_bar(&mut self, bar: &Bar<'_>) -> Signal {
///         match self.average.update(bar.close()) {
///             Some(average) if bar.close() > average => Signal::long(),
///             _ => Signal::flat(),
///         }
///     }
/// }
///
/// ct_sdk::export!(Signals<Trend>);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `SignalStrategy`, which `Signals<{Self}>` needs",
    note = "write `impl SignalStrategy for {Self}`; `WithAccount<{Self}>` belongs to an `AccountStrategy` and `Portfolio<{Self}>` to a `PortfolioStrategy`"
)]
pub trait SignalStrategy: State {
    /// Parameters; `()` when there are none.
    type Params: Params;

    /// Columns that `on_bar` may ask for. Fewer are faster.
    const READS: Columns = Columns::ALL;

    /// Layout of the state. Raise it when a new version cannot go on from the state of the old one.
    const STATE_VERSION: u32 = 1;

    /// Makes the strategy; also the place to check parameters against each other.
    ///
    /// # Errors
    /// With what is wrong, for the user: name the parameters and their values.
    fn new(settings: &Self::Params, setup: &Setup) -> Result<Self, String>;

    /// Rows that must have been seen before the signals mean anything.
    fn warm_up_rows(&self) -> u32;

    /// Rows after which it no longer matters where the bars began. A run of a period hands over as many before it, where the data has
    /// them, and says so where it does not. The most that an indicator in use needs until it is settled, such as
    /// [`Rsi::settled_rows`](crate::indicators::Rsi::settled_rows); the warm-up, unless told otherwise.
    fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }

    /// Looks at the next closed bar and says what to hold from the next one on. Bars that the
    /// instrument does not have are left out.
    fn on_bar(&mut self, bar: &Bar<'_>) -> Signal;
}

/// A strategy of one instrument that also looks at its account.
///
/// When the account shows that the position of the last signal is gone and no order is waiting,
/// the last signal is forgotten, so returning the same signal again enters again.
///
/// ```
/// use ct_sdk::prelude::*;
///
/// /// Buys once and leaves with a stop that follows the price.
/// #[ct_sdk::state]
/// struct Trailing {
///     peak: f64,
/// }
///
/// impl AccountStrategy for Trailing {
///     type Params = ();
///     const READS: Columns = Columns::CLOSE;
///
///     fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
///         Ok(Self { peak: 0.0 })
///     }
///
///     fn warm_up_rows(&self) -> u32 {
///         0
///     }
///
///     fn on_bar(&mut self, context: &Context<'_>, bar: &Bar<'_>) -> Signal {
///         let held = context.position().quantity > 0.0;
///         self.peak = if held { self.peak.max(bar.close()) } else { bar.close() };
///         Signal::long().stop(self.peak * 0.9)
///     }
/// }
///
/// ct_sdk::export!(WithAccount<Trailing>);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not an `AccountStrategy`, which `WithAccount<{Self}>` needs",
    note = "write `impl AccountStrategy for {Self}`; `Signals<{Self}>` belongs to a `SignalStrategy` and `Portfolio<{Self}>` to a `PortfolioStrategy`"
)]
pub trait AccountStrategy: State {
    /// Parameters; `()` when there are none.
    type Params: Params;

    /// Columns that `on_bar` may ask for. Fewer are faster.
    const READS: Columns = Columns::ALL;

    /// Layout of the state. Raise it when a new version cannot go on from the state of the old one.
    const STATE_VERSION: u32 = 1;

    /// Makes the strategy; also the place to check parameters against each other.
    ///
    /// # Errors
    /// With what is wrong, for the user: name the parameters and their values.
    fn new(settings: &Self::Params, setup: &Setup) -> Result<Self, String>;

    /// Rows that must have been seen before the signals mean anything.
    fn warm_up_rows(&self) -> u32;

    /// Rows after which it no longer matters where the bars began. A run of a period hands over as many before it, where the data has
    /// them, and says so where it does not. The most that an indicator in use needs until it is settled, such as
    /// [`Rsi::settled_rows`](crate::indicators::Rsi::settled_rows); the warm-up, unless told otherwise.
    fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }

    /// Looks at the next closed bar and the account at its close, and says what to hold from the
    /// next bar on. Bars that the instrument does not have are left out.
    fn on_bar(&mut self, context: &Context<'_>, bar: &Bar<'_>) -> Signal;
}

/// A strategy that looks at all instruments of the run at one time.
///
/// ```
/// use ct_sdk::prelude::*;
///
/// /// Holds the instrument that gained most in its last bar.
/// #[ct_sdk::state]
/// struct Strongest;
///
/// impl PortfolioStrategy for Strongest {
///     type Params = ();
///     const READS: Columns = Columns::OPEN.union(Columns::CLOSE);
///
///     fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
///         Ok(Self)
///     }
///
///     fn warm_up_rows(&self) -> u32 {
///         1
///     }
///
///     fn on_row(&mut self, row: &Row<'_>, targets: &mut Targets) {
///         let gain = |bar: &Bar<'_>| bar.close() / bar.open();
///         let bars = row.bars().map(|(instrument, bar)| (instrument, gain(&bar)));
///         let best = bars.max_by(|(_, one), (_, other)| one.total_cmp(other));
///         for instrument in 0..row.instruments() {
///             let strongest = best.is_some_and(|(best, _)| best == instrument);
///             targets.set(instrument, if strongest { Signal::long() } else { Signal::flat() });
///         }
///     }
/// }
///
/// ct_sdk::export!(Portfolio<Strongest>);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a `PortfolioStrategy`, which `Portfolio<{Self}>` needs",
    note = "write `impl PortfolioStrategy for {Self}`; `Signals<{Self}>` belongs to a `SignalStrategy` and `WithAccount<{Self}>` to an `AccountStrategy`"
)]
pub trait PortfolioStrategy: State {
    /// Parameters; `()` when there are none.
    type Params: Params;

    /// Columns that `on_row` may ask for. Fewer are faster.
    const READS: Columns = Columns::ALL;

    /// Whether [`Row::account`] may be asked. A strategy that does not is faster.
    const READS_ACCOUNT: bool = false;

    /// Layout of the state. Raise it when a new version cannot go on from the state of the old one.
    const STATE_VERSION: u32 = 1;

    /// Makes the strategy; also the place to check parameters against each other.
    ///
    /// # Errors
    /// With what is wrong, for the user: name the parameters and their values.
    fn new(settings: &Self::Params, setup: &Setup) -> Result<Self, String>;

    /// Rows that must have been seen before the targets mean anything.
    fn warm_up_rows(&self) -> u32;

    /// Rows after which it no longer matters where the bars began. A run of a period hands over as many before it, where the data has
    /// them, and says so where it does not. The most that an indicator in use needs until it is settled, such as
    /// [`Rsi::settled_rows`](crate::indicators::Rsi::settled_rows); the warm-up, unless told otherwise.
    fn settled_rows(&self) -> u32 {
        self.warm_up_rows()
    }

    /// Looks at the next closed bars and says what to hold from the next row on. An instrument
    /// that is not set stays as it is.
    fn on_row(&mut self, row: &Row<'_>, targets: &mut Targets);
}
