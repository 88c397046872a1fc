//! What must be known of an exchange beyond what ccxt knows, to ask it for exactly one window of bars.

use std::time::Duration;

use super::profiles::{PROFILES, UNCHECKED};

/// Facts about one exchange.
#[derive(Clone, Debug)]
pub(super) struct Profile {
    /// As ccxt calls it.
    pub(super) id: &'static str,
    /// The intervals it is asked for.
    pub(super) intervals: Intervals,
    /// Bars in one page.
    pub(super) rows_max: u32,
    /// Only this many of the newest bars can be had.
    pub(super) newest_rows: Option<u32>,
    /// Requests in a minute that it grants to everybody, rounded down a little.
    pub(super) requests_per_minute: u32,
    /// Requests that may be under way at the same time.
    pub(super) concurrency: u32,
    /// The parameter that says where a window starts, in milliseconds, where ccxt would move the start.
    pub(super) window_start: Option<&'static str>,
    /// How the end of a window is said; `None`: only its start and the number of bars can be said.
    pub(super) window_end: Option<WindowEnd>,
    /// Where in an answer the rows are: the names on the way, `*` for the one list among named values. `None`: not known,
    /// so ccxt finds them.
    pub(super) rows_at: Option<&'static [&'static str]>,
    /// An endpoint that only has the newest bars and that ccxt picks by this machine's clock.
    pub(super) newest_only: Option<NewestOnly>,
    /// ccxt's method whose last request is for the list of spot markets.
    pub(super) spot_markets: &'static str,
    /// Decimals of a quantity, where ccxt does not say them.
    pub(super) quantity_decimals: Option<u32>,
    /// How long a caller is shut out who is told 403; `None` when 403 means something else.
    pub(super) forbidden_for: Option<Duration>,
}

/// The intervals that an exchange is asked for.
#[derive(Clone, Copy, Debug)]
pub(super) enum Intervals {
    /// These of ccxt's, whose bars are known to open on the UTC grid, weeks on Monday.
    Checked(&'static [&'static str]),
    /// All of ccxt's that are not longer than a day, except these.
    UpToADay {
        /// Left out.
        except: &'static [&'static str],
    },
}

/// The parameter that says where a window ends.
#[derive(Clone, Copy, Debug)]
pub(super) struct WindowEnd {
    pub(super) parameter: &'static str,
    pub(super) unit: TimeUnit,
    pub(super) bound: Bound,
}

/// What times are counted in.
#[derive(Clone, Copy, Debug)]
pub(super) enum TimeUnit {
    Seconds,
    Milliseconds,
}

/// What the end of a window means.
#[derive(Clone, Copy, Debug)]
pub(super) enum Bound {
    /// The last unit of time in the window. Right as well where an exchange does not count the end to the window, since
    /// no bar opens there.
    Last,
    /// The first time after the window.
    After,
}

/// An endpoint that only has the newest bars.
#[derive(Clone, Copy, Debug)]
pub(super) struct NewestOnly {
    /// Found in its URL.
    pub(super) path: &'static str,
    /// How many bars it has.
    pub(super) rows: i64,
}

impl Profile {
    /// What is known of the exchange that ccxt calls `id`; for one that was not checked, what is safe with most.
    pub(super) fn of(id: &'static str) -> Self {
        let known = PROFILES.iter().find(|profile| profile.id == id);
        let mut profile = known.unwrap_or(&UNCHECKED).clone();
        profile.id = id;
        profile
    }

    /// Whether its answers were looked at, rather than left to ccxt.
    pub(super) const fn is_checked(&self) -> bool {
        self.rows_at.is_some()
    }
}
