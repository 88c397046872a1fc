//! The kinds of inputs, and how each is given to the program.

use anyhow::Result;

use crate::batch::Batch;
use crate::mutation::{Mutation, mutated, with_flipped_bits};
use crate::seed::Seed;
use crate::{exchange_answers, kept_prices, price_files, single_files};

/// A kind of input.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Its name.
    pub(crate) name: &'static str,
    /// Its seeds.
    seeds: Seeds,
    /// Of a thousand cases, those of this kind. What takes the program longest has the fewest.
    pub(crate) share: u64,
    /// Cases of a batch.
    pub(crate) batch: u64,
    /// Gives a batch to the program.
    pub(crate) give: fn(&mut Batch<'_>) -> Result<()>,
}

/// What inputs of a kind are made of.
#[derive(Clone, Copy, Debug)]
enum Seeds {
    /// The seeds of these targets of the fuzzer.
    Folders(&'static [&'static str]),
    /// The built-in strategies, of which only a few bits are changed: most of what is made of them is still a strategy.
    Strategies,
}

/// All of them.
pub(crate) const KINDS: [Kind; 11] = [
    Kind {
        name: "csv",
        seeds: Seeds::Folders(&["csv"]),
        share: 380,
        batch: 100,
        give: price_files::validated,
    },
    Kind {
        name: "parquet",
        seeds: Seeds::Folders(&["parquet"]),
        share: 110,
        batch: 100,
        give: price_files::validated,
    },
    Kind {
        name: "arrow",
        seeds: Seeds::Folders(&["arrow"]),
        share: 110,
        batch: 100,
        give: price_files::validated,
    },
    Kind {
        name: "freqtrade_json",
        seeds: Seeds::Folders(&["freqtrade_json"]),
        share: 70,
        batch: 100,
        give: price_files::validated,
    },
    Kind {
        name: "kept_prices",
        seeds: Seeds::Folders(&["manifest", "segment"]),
        share: 210,
        batch: 200,
        give: kept_prices::series,
    },
    Kind {
        name: "configuration",
        seeds: Seeds::Folders(&["configuration"]),
        share: 30,
        batch: 50,
        give: single_files::configurations,
    },
    Kind {
        name: "result",
        seeds: Seeds::Folders(&["result"]),
        share: 40,
        batch: 50,
        give: single_files::results,
    },
    Kind {
        name: "exchange_page",
        seeds: Seeds::Folders(&["exchange_page"]),
        share: 30,
        batch: 100,
        give: exchange_answers::pages,
    },
    Kind {
        name: "exchange_markets",
        seeds: Seeds::Folders(&["exchange_markets"]),
        share: 5,
        batch: 100,
        give: exchange_answers::markets,
    },
    Kind {
        name: "plugin",
        seeds: Seeds::Folders(&["plugin"]),
        share: 10,
        batch: 20,
        give: single_files::plugins,
    },
    Kind {
        name: "strategy",
        seeds: Seeds::Strategies,
        share: 5,
        batch: 20,
        give: single_files::strategies,
    },
];

impl Kind {
    /// Its seeds.
    ///
    /// # Errors
    ///
    /// They cannot be read.
    pub(crate) fn seeds(&self) -> Result<Vec<Seed>> {
        let Seeds::Folders(folders) = self.seeds else { return Seed::built_in_strategies() };
        let mut all = Vec::new();
        for folder in folders {
            all.extend(Seed::of_target(folder)?);
        }
        Ok(all)
    }

    /// How an input is made of one of them.
    pub(crate) const fn mutation(&self) -> Mutation {
        match self.seeds {
            Seeds::Folders(_) => mutated,
            Seeds::Strategies => with_flipped_bits,
        }
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
