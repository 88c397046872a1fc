//! Flags that name kept series.

use super::failure::Failure;
use super::kept_prices::KeptPrices;
use super::value;
use ct_host::data::store::Series;
use ct_host::data::{SeriesKey, is_same_symbol};
use ct_host::run::{kept_elsewhere, snapshot_keys};
use ct_host::units::Interval;

#[derive(Clone, Debug, clap::Args)]
#[command(next_help_heading = "Kept series")]
pub(super) struct SeriesArgs {
    /// Symbols of kept prices, such as BTC/USDT
    #[arg(long, value_name = "SYMBOL", num_args = 1.., value_delimiter = ',', value_parser = value::symbol)]
    symbol: Vec<String>,
    /// Their exchange [default: any]
    #[arg(long, value_name = "EXCHANGE")]
    exchange: Option<String>,
    /// Length of their bars [default: any]; of a file: when its times do not show it
    #[arg(long)]
    interval: Option<Interval>,
}

impl SeriesArgs {
    /// Whether any series is named.
    pub(super) const fn is_given(&self) -> bool {
        !self.symbol.is_empty()
    }

    pub(super) const fn interval_given(&self) -> Option<Interval> {
        self.interval
    }

    /// The same series of another exchange.
    pub(super) fn of_exchange(&self, exchange: &str) -> Self {
        Self { exchange: Some(exchange.to_owned()), ..self.clone() }
    }

    /// The keys of the kept series that are named; all of them when none is.
    ///
    /// # Errors
    /// [`Failure::input`] when one that is named is not kept.
    pub(super) fn keys(&self, kept: &KeptPrices) -> Result<Vec<SeriesKey>, Failure> {
        self.named(kept, &kept.store.keys().map_err(Failure::run)?)
    }

    /// The same among the series that the snapshot `name` pins.
    ///
    /// # Errors
    /// [`Failure::input`] when there is no such snapshot, or one that is named is not in it.
    pub(super) fn keys_of_snapshot(
        &self,
        kept: &KeptPrices,
        name: &str,
    ) -> Result<Vec<SeriesKey>, Failure> {
        self.named(kept, &snapshot_keys(&kept.store, name)?)
    }

    fn named(&self, kept: &KeptPrices, all: &[SeriesKey]) -> Result<Vec<SeriesKey>, Failure> {
        let name = self.exchange.as_ref().map(|exchange| kept.name_of(exchange));
        let mut keys = all.to_vec();
        keys.retain(|key| {
            name.as_ref().is_none_or(|name| *name == key.exchange)
                && self.interval.is_none_or(|interval| interval == key.interval)
        });
        for symbol in &self.symbol {
            if !keys.iter().any(|key| is_same_symbol(&key.symbol, symbol)) {
                let is_it = |found: &str| is_same_symbol(found, symbol);
                let elsewhere = name.as_ref().map(|name| {
                    (format!("{name} "), kept_elsewhere(all, name, &is_it, self.interval))
                });
                let (name, elsewhere) = elsewhere.unwrap_or_default();
                let interval = self.interval.map(|interval| format!(" {interval}"));
                let interval = interval.unwrap_or_default();
                return Err(Failure::input(format!(
                    "no {name}{symbol}{interval} is kept: ct-host fetch gets it, ct-host data list shows what there \
                     is{elsewhere}"
                )));
            }
        }
        if self.is_given() {
            keys.retain(|key| self.symbol.iter().any(|symbol| is_same_symbol(&key.symbol, symbol)));
        }
        Ok(keys)
    }

    /// The kept series that are named; all of them when none is.
    ///
    /// # Errors
    /// [`Failure::input`] when one that is named is not kept, [`Failure::run`] when one cannot be read.
    pub(super) fn kept(&self, kept: &KeptPrices) -> Result<Vec<Series>, Failure> {
        let read = |key: SeriesKey| kept.store.series(&key).map_err(Failure::run);
        self.keys(kept)?.into_iter().map(read).filter_map(Result::transpose).collect()
    }
}
