//! All bars of one time, as a portfolio strategy sees them.

use crate::window::is_missing;
use crate::{Account, Bar, Columns, Window, diagnostics};
use std::fmt;

/// The closed bars of all instruments at one time.
#[derive(Clone, Copy)]
pub struct Row<'a> {
    window: &'a Window<'a>,
    presence: &'a [f64],
    index: usize,
    instruments: usize,
    account: Option<&'a Account<'a>>,
}

impl<'a> Row<'a> {
    #[inline]
    pub(crate) fn new(panel: &Panel<'a>, window: &'a Window<'a>, index: usize) -> Self {
        let Panel { presence, instruments, account } = *panel;
        Self { window, presence, index, instruments, account }
    }

    /// Number of instruments of the run.
    #[inline]
    pub fn instruments(&self) -> usize {
        self.instruments
    }

    /// Bar of an instrument, or `None` when the instrument has none at this time.
    ///
    /// # Panics
    /// When there is no such instrument.
    #[inline]
    pub fn bar(&self, instrument: usize) -> Option<Bar<'a>> {
        let instruments = self.instruments;
        assert!(instrument < instruments, "instrument {instrument} of {instruments}");
        let price_index = instrument * self.window.rows as usize + self.index;
        let present = !is_missing(self.presence, price_index);
        present.then(|| Bar::new(self.window, self.index, price_index))
    }

    /// Every instrument that has a bar at this time, with the bar.
    pub fn bars(&self) -> impl Iterator<Item = (usize, Bar<'a>)> {
        let row = *self;
        (0..row.instruments).filter_map(move |instrument| Some((instrument, row.bar(instrument)?)))
    }

    /// The account at the close of this row.
    ///
    /// # Panics
    /// When the strategy does not set `READS_ACCOUNT`.
    #[inline]
    #[expect(
        clippy::panic,
        reason = "asking for the account without READS_ACCOUNT is a mistake in the strategy's code"
    )]
    pub fn account(&self) -> &'a Account<'a> {
        match self.account {
            Some(account) => account,
            None => panic!("the strategy asked for its account: set READS_ACCOUNT to true"),
        }
    }

    /// Open time of the bars, in milliseconds since 1970-01-01T00:00:00Z.
    ///
    /// # Panics
    /// When `READS` lacks [`Columns::TIME`].
    #[inline]
    pub fn time(&self) -> i64 {
        Bar::new(self.window, self.index, self.index).time()
    }

    /// Absolute number of the row: 0 for the first row of the run.
    #[inline]
    pub fn number(&self) -> u64 {
        self.window.first_row + self.index as u64
    }

    /// Adds one point to a named series at this row. The host caps the number of points and drops
    /// what exceeds it.
    pub fn plot(&self, series: &str, value: f64) {
        diagnostics::plot(series, self.number(), value);
    }
}

impl fmt::Debug for Row<'_> {
    /// Prints this row only: the derived form would show the rows after it.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let bars: Vec<_> = self.bars().collect();
        formatter
            .debug_struct("Row")
            .field("number", &self.number())
            .field("bars", &bars)
            .field("account", &self.account)
            .finish()
    }
}

/// What all rows of a window share.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Panel<'a> {
    presence: &'a [f64],
    instruments: usize,
    account: Option<&'a Account<'a>>,
}

impl<'a> Panel<'a> {
    #[inline]
    pub(crate) fn new(
        window: &Window<'a>,
        reads: Columns,
        instruments: usize,
        account: Option<&'a Account<'a>>,
    ) -> Self {
        Self { presence: window.presence(reads), instruments, account }
    }
}
