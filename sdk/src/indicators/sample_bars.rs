//! The bars that the tests of all indicators share, and the checks they make on them.
//!
//! The bars are made by a formula, so that anyone can make the same ones for another library:
//!
//! ```python
//! def sample_bars():
//!     state, close, bars = 20_240_101, 100.0, []
//!     def unit():
//!         nonlocal state
//!         state = (1_664_525 * state + 1_013_904_223) % 2**32
//!         return state / 2**32
//!     for _ in range(120):
//!         open = close
//!         close = open + (unit() - 0.5) * 4.0
//!         high = max(open, close) + unit()
//!         low = min(open, close) - unit()
//!         bars.append((high, low, close, 1.0 + unit() * 999.0))
//!     return bars
//! ```

use core::fmt::Debug;

use serde::{Serialize, de::DeserializeOwned};

/// One sample bar.
#[derive(Debug, Clone, Copy)]
pub(super) struct Bar {
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
    pub(super) volume: f64,
}

/// A linear congruential generator with the constants of *Numerical Recipes*, modulo 2³².
#[derive(Debug)]
pub(super) struct Generator(pub(super) u32);

impl Generator {
    /// The next number, from 0 to below 1.
    pub(super) fn unit(&mut self) -> f64 {
        self.0 = self.0.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        f64::from(self.0) / 4_294_967_296.0
    }
}

/// The 120 bars of the formula above.
pub(super) fn sample_bars() -> Vec<Bar> {
    let mut generator = Generator(20_240_101);
    let mut close = 100.0_f64;
    let bar = |_| {
        let open = close;
        close = open + (generator.unit() - 0.5) * 4.0;
        let high = open.max(close) + generator.unit();
        let low = open.min(close) - generator.unit();
        Bar { high, low, close, volume: 1.0 + generator.unit() * 999.0 }
    };
    (0..120).map(bar).collect()
}

/// Feeds the sample bars, and asserts that the first answer comes with the first of the expected
/// rows (counted from 0) and as `warm_up_rows` says, that it is the expected numbers there and at
/// the other rows to within 1e-9, and that a snapshot taken at any row goes on bit for bit.
pub(super) fn check<I, const N: usize>(
    indicator: &I,
    warm_up_rows: impl Fn(&I) -> u32,
    update: impl Fn(&mut I, &Bar) -> Option<[f64; N]>,
    expected: &[(usize, [f64; N])],
) where
    I: Clone + PartialEq + Debug + Serialize + DeserializeOwned,
{
    let bars = sample_bars();
    let mut original = indicator.clone();
    let mut restored = indicator.clone();
    let mut values = Vec::new();
    for bar in &bars {
        let value = update(&mut original, bar);
        assert_eq!(value.map(bits), update(&mut restored, bar).map(bits), "restored state differs");
        restored = round_trip(&restored);
        assert_eq!(restored, original);
        values.push(value);
    }

    let first = values.iter().position(Option::is_some).expect("120 rows are enough");
    assert_eq!(first, expected[0].0, "row of the first value");
    assert_eq!(first + 1, warm_up_rows(indicator) as usize, "warm-up");
    for &(row, numbers) in expected {
        let found = values[row].unwrap_or_else(|| panic!("no value at row {row}"));
        for (found, expected) in found.into_iter().zip(numbers) {
            let error = (found - expected).abs() / expected.abs().max(1.0);
            assert!(error <= 1e-9, "row {row}: expected {expected}, found {found}");
        }
    }
}

/// What a strategy's snapshot does to its state.
pub(super) fn round_trip<I: Serialize + DeserializeOwned>(indicator: &I) -> I {
    let bytes = postcard::to_allocvec(indicator).expect("an indicator can be serialised");
    postcard::from_bytes(&bytes).expect("an indicator can be restored")
}

fn bits<const N: usize>(numbers: [f64; N]) -> [u64; N] {
    numbers.map(f64::to_bits)
}

/// Feeds 2.6 million prices, five years of minutes, that wander between 1e-8 and 1e5 and crash by
/// five orders of magnitude in the middle, and asserts that the answer stays within a relative 1e-9
/// of `recompute` over the last `period` prices: at every row for some time after the crash, and
/// now and then before and after.
pub(super) fn check_drift(
    period: usize,
    mut update: impl FnMut(f64) -> Option<f64>,
    recompute: impl Fn(&[f64]) -> f64,
) {
    let prices = wild_prices();
    assert!(prices.iter().any(|&price| price < 1e-8) && prices.iter().any(|&price| price > 1e5));
    let mut checked = 0;
    for (row, &price) in prices.iter().enumerate() {
        let found = update(price);
        let after_crash = (CRASH_ROW..CRASH_ROW + 3 * period).contains(&row);
        if row < period || !(after_crash || row % 499 == 0) {
            continue;
        }
        let expected = recompute(&prices[row + 1 - period..=row]);
        let error = (found.unwrap() - expected).abs();
        assert!(error <= 1e-9 * expected.abs(), "row {row}: expected {expected}, found {found:?}");
        checked += 1;
    }
    assert!(checked > 5_000);
}

const CRASH_ROW: usize = 1_300_000;

fn wild_prices() -> Vec<f64> {
    let mut generator = Generator(7);
    let (mut price, mut drift) = (1.0, 1.002);
    let mut next_price = |row| {
        price *= if row == CRASH_ROW { 1e-5 } else { drift + (generator.unit() - 0.5) * 0.02 };
        if price > 1e5 {
            drift = 0.998;
        } else if price < 1e-8 {
            drift = 1.002;
        }
        price
    };
    (0..2 * CRASH_ROW).map(&mut next_price).collect()
}

/// Sum with its rounding errors carried along (Neumaier's summation).
pub(super) fn exact_sum(terms: impl Iterator<Item = f64>) -> f64 {
    let (mut sum, mut error) = (0.0_f64, 0.0);
    for term in terms {
        let next = sum + term;
        let (large, small) = if sum.abs() >= term.abs() { (sum, term) } else { (term, sum) };
        error += (large - next) + small;
        sum = next;
    }
    sum + error
}
