//! What rules refused and cut in a run.

use std::collections::BTreeMap;

use crate::order::{Refusal, Rule, Verdict};

/// Refusals that are kept in full: a broke strategy is refused on every bar.
const KEPT_MAX: usize = 10_000;

/// Refusals and cuts: the first ones in full, all by number.
#[derive(Debug, Default)]
pub(super) struct Refusals {
    pub(super) kept: Vec<Refusal>,
    pub(super) counts: BTreeMap<(Rule, Verdict), u64>,
}

impl Refusals {
    pub(super) fn add(&mut self, refusal: Refusal) {
        *self.counts.entry((refusal.rule, refusal.verdict)).or_default() += 1;
        if self.kept.len() < KEPT_MAX {
            self.kept.push(refusal);
        }
    }

    /// Refusals and cuts that are not kept in full.
    pub(super) fn dropped(&self) -> u64 {
        self.counts.values().sum::<u64>() - self.kept.len() as u64
    }
}
