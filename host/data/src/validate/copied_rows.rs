//! Rows that repeat earlier ones under other times, as when a hole was filled with the bars of another day.
//!
//! Looks at bars with volume and a range: others repeat by themselves. Equal bars have equal hashes. Those are shared out, so
//! that a table of one bit for each of many hashes fits a core's cache; it leaves few rows to compare.

use std::ops::Range;

use rayon::prelude::*;

use super::FindingKind;
use super::blocks::by_block;
use super::collector::{Collector, Place, Wording};
use super::rows::{BarValues, Rows};
use super::table::Table;
use ct_core::units::Timestamp;

/// Bits of the table for each row: one row in sixteen is compared without need.
const BITS_PER_ROW: usize = 16;

/// Shares of the hashes, each looked through on its own.
const SHARES: usize = 64;

/// A row and its hash.
#[derive(Clone, Copy)]
struct Hashed {
    hash: u64,
    place: usize,
}

/// Rows on end that repeat earlier ones.
struct Run {
    /// Place of the first.
    place: usize,
    /// How many rows earlier the first ones are.
    distance: usize,
    length: usize,
}

/// Adds a finding for each run of at least `rows_min` copied rows.
pub(super) fn check(table: &Table<'_>, rows_min: usize, findings: &mut Collector<'_>) {
    let rows = table.rows();
    for run in runs(&rows).iter().filter(|run| run.length >= rows_min) {
        let time_ms = rows.time_ms(run.place);
        let at = Place { row: table.row(run.place), time_ms, rows: run.length };
        findings.add(FindingKind::CopiedRows, at, || Wording {
            found: format!(
                "{} rows on end have the prices and volumes of those from {} on",
                run.length,
                Timestamp::clamped(rows.time_ms(run.place - run.distance))
            ),
            expected: "bars of their own".to_owned(),
            advice: "one of the two was made up: get both periods again",
        });
    }
}

fn runs(rows: &Rows<'_>) -> Vec<Run> {
    let mut runs: Vec<Run> = Vec::new();
    for (place, original) in copies(rows) {
        let distance = place - original;
        match runs.last_mut() {
            Some(run) if run.distance == distance && run.place + run.length == place => {
                run.length += 1;
            }
            _ => runs.push(Run { place, distance, length: 1 }),
        }
    }
    runs
}

/// The rows that are equal to an earlier one, with the nearest such row, ascending. Neighbours are left out: those are
/// stale runs.
fn copies(rows: &Rows<'_>) -> Vec<(usize, usize)> {
    let blocks = by_block(rows.len(), |block| by_share(rows, block));
    let copies = (0..SHARES).into_par_iter().map(|share| {
        let blocks: Vec<&[Hashed]> =
            blocks.iter().filter_map(|shares| shares.get(share)).map(Vec::as_slice).collect();
        copies_among(rows, &blocks)
    });
    let mut copies = copies.collect::<Vec<_>>().concat();
    copies.sort_unstable();
    copies
}

/// The hashes of the rows in `block`, shared out by their lowest bits.
fn by_share(rows: &Rows<'_>, block: Range<usize>) -> Vec<Vec<Hashed>> {
    let mut shares: Vec<Vec<Hashed>> =
        (0..SHARES).map(|_| Vec::with_capacity(block.len() / SHARES * 5 / 4)).collect();
    for (place, bar) in block.clone().zip(rows.part(block.start, block.end).bars()) {
        let Some(hash) = hash(&bar) else { continue };
        let share = usize::try_from(hash % SHARES as u64).unwrap_or_default();
        if let Some(share) = shares.get_mut(share) {
            share.push(Hashed { hash, place });
        }
    }
    shares
}

/// The copies among the rows of one share.
fn copies_among(rows: &Rows<'_>, blocks: &[&[Hashed]]) -> Vec<(usize, usize)> {
    let count = blocks.iter().map(|block| block.len()).sum();
    let (mut met, mut twice) = (Bits::new(count), Bits::new(count));
    let all = || blocks.iter().copied().flatten();
    for hashed in all() {
        if met.set(hashed.hash) {
            twice.set(hashed.hash);
        }
    }
    let mut candidates: Vec<&Hashed> = all().filter(|hashed| twice.is_set(hashed.hash)).collect();
    candidates.sort_unstable_by_key(|hashed| (hashed.hash, hashed.place));
    let pairs = candidates.iter().zip(candidates.iter().skip(1));
    let is_copy = |earlier: &Hashed, later: &Hashed| {
        earlier.hash == later.hash
            && later.place - earlier.place > 1
            && rows.bar(later.place).is_same(&rows.bar(earlier.place))
    };
    pairs
        .filter(|(earlier, later)| is_copy(earlier, later))
        .map(|(earlier, later)| (later.place, earlier.place))
        .collect()
}

/// The hash of a bar; `None` for one without volume or without a range.
fn hash(bar: &BarValues) -> Option<u64> {
    const FACTOR: u64 = 0x9e37_79b9_7f4a_7c15;
    if !(bar.volume > 0.0 && bar.high > bar.low) {
        return None;
    }
    let mixed = bar
        .values()
        .into_iter()
        .fold(0_u64, |hash, value| (hash.rotate_left(23) ^ value.to_bits()).wrapping_mul(FACTOR));
    let mixed = (mixed ^ (mixed >> 29)).wrapping_mul(FACTOR);
    Some(mixed ^ (mixed >> 32))
}

/// One bit for each of many hashes, by their highest bits.
struct Bits {
    words: Vec<u64>,
    /// What is left of a hash in the number of its bit.
    shift: u32,
}

impl Bits {
    fn new(rows: usize) -> Self {
        let bits = (rows * BITS_PER_ROW).max(64).next_power_of_two();
        Self { words: vec![0; bits / 64], shift: 64 - bits.trailing_zeros() }
    }

    /// Sets the bit of `hash`, and tells whether it was set.
    fn set(&mut self, hash: u64) -> bool {
        let (word, bit) = self.position(hash);
        let Some(word) = self.words.get_mut(word) else { return false };
        let was_set = *word & bit != 0;
        *word |= bit;
        was_set
    }

    fn is_set(&self, hash: u64) -> bool {
        let (word, bit) = self.position(hash);
        self.words.get(word).is_some_and(|word| word & bit != 0)
    }

    fn position(&self, hash: u64) -> (usize, u64) {
        let number = hash >> self.shift;
        (usize::try_from(number / 64).unwrap_or(usize::MAX), 1 << (number % 64))
    }
}
