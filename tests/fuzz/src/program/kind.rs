//! The kinds of inputs, and how each is given to the program.

use anyhow::Result;

use crate::batch::Batch;
use crate::seed::Seed;
use crate::{exchange_answers, kept_prices, price_files, single_files};

/// A kind of input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: &'static str,
    /// The folders of its seeds.
    seeds: &'static [&'static str],
    /// Of a thousand cases, those of this kind. What takes the program longest has the fewest.
    pub(crate) share: u64,
    /// Cases of a batch.
    pub(crate) batch: u64,
    /// Gives a batch to the program.
    pub(crate) give: fn(&mut Batch<'_>) -> Result<()>,
}

/// All of them.
pub(crate) const KINDS: [Kind; 10] = [
    Kind { name: "csv", seeds: &["csv"], share: 380, batch: 100, give: price_files::validated },
    Kind {
        name: "parquet",
        seeds: &["parquet"],
        share: 110,
        batch: 100,
        give: price_files::validated,
    },
    Kind { name: "arrow", seeds: &["arrow"], share: 110, batch: 100, give: price_files::validated },
    Kind {
        name: "freqtrade_json",
        seeds: &["freqtrade_json"],
        share: 70,
        batch: 100,
        give: price_files::validated,
    },
    Kind {
        name: "kept_prices",
        seeds: &["manifest", "segment"],
        share: 210,
        batch: 200,
        give: kept_prices::series,
    },
    Kind {
        name: "configuration",
        seeds: &["configuration"],
        share: 30,
        batch: 50,
        give: single_files::configurations,
    },
    Kind { name: "result", seeds: &["result"], share: 40, batch: 50, give: single_files::results },
    Kind {
        name: "exchange_page",
        seeds: &["exchange_page"],
        share: 30,
        batch: 100,
        give: exchange_answers::pages,
    },
    Kind {
        name: "exchange_markets",
        seeds: &["exchange_markets"],
        share: 5,
        batch: 100,
        give: exchange_answers::markets,
    },
    Kind { name: "plugin", seeds: &["plugin"], share: 15, batch: 20, give: single_files::plugins },
];

impl Kind {
    /// Its seeds.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub(crate) fn seeds(&self) -> Result<Vec<Seed>> {
        let mut all = Vec::new();
        for folder in self.seeds {
            all.extend(Seed::of_target(folder)?);
        }
        Ok(all)
    }

    /// How many of `cases` are of this kind; at least one batch.
    pub(crate) fn cases(&self, cases: u64) -> u64 {
        (cases * self.share / 1_000).max(self.batch)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_shares_together_are_all_cases() {
        assert_eq!(KINDS.iter().map(|kind| kind.share).sum::<u64>(), 1_000);
    }
}
