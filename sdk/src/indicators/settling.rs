//! Every indicator forgets where it started within its `settled_rows`, and the exponential ones not much sooner.

use super::sample_bars::{Bar, Generator};
use super::*;

/// Rows before the later of two starts.
const EARLIER_ROWS: usize = 3000;

/// A market that wanders around a price.
fn bars(rows: usize, seed: u32) -> Vec<Bar> {
    let mut generator = Generator(seed);
    let mut close = 100.0_f64;
    let bar = |_| {
        let open = close;
        close = open + (generator.unit() - 0.5) * 4.0 + (100.0 - open) * 0.01;
        let high = open.max(close) + generator.unit();
        let low = open.min(close) - generator.unit();
        Bar { high, low, close, volume: 1.0 + generator.unit() * 999.0 }
    };
    (0..rows).map(bar).collect()
}

/// The largest difference, in ranges of its value, between `indicator` that has seen all bars and one that starts on row
/// `EARLIER_ROWS`, from the row on at which the latter has seen `rows` bars.
fn difference<I: Clone, const N: usize>(
    indicator: &I,
    update: impl Fn(&mut I, &Bar) -> Option<[f64; N]>,
    rows: usize,
    seed: u32,
) -> f64 {
    let bars = bars(EARLIER_ROWS + rows + 100, seed);
    let values = |bars: &[Bar]| {
        let mut indicator = indicator.clone();
        bars.iter().map(|bar| update(&mut indicator, bar)).collect::<Vec<_>>()
    };
    let (all, late) = (values(&bars), values(&bars[EARLIER_ROWS..]));
    let mut ranges = [(f64::INFINITY, f64::NEG_INFINITY); N];
    for value in all.iter().flatten() {
        for ((least, most), number) in ranges.iter_mut().zip(value) {
            (*least, *most) = (least.min(*number), most.max(*number));
        }
    }
    let mut largest = 0.0_f64;
    for (one, other) in all[EARLIER_ROWS..].iter().zip(&late).skip(rows - 1) {
        let (one, other) = (one.unwrap(), other.expect("settled is not before the first value"));
        for ((one, other), (least, most)) in one.iter().zip(other).zip(ranges) {
            largest = largest.max((one - other).abs() / (most - least));
        }
    }
    largest
}

/// How an indicator forgets.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Forgets {
    /// It looks at a window.
    AtOnce,
    /// It averages exponentially.
    Slowly,
}

/// Asserts that the values of both starts agree to 1e-9 once the later one has settled. Those of one that forgets slowly do not at half
/// of that: the number is not just large.
fn check<I: Clone, const N: usize>(
    indicator: &I,
    [warm_up, settled]: [u32; 2],
    forgets: Forgets,
    update: impl Fn(&mut I, &Bar) -> Option<[f64; N]>,
) {
    let largest = |rows: u32| {
        let of_seed = |seed| difference(indicator, &update, rows as usize, seed);
        (1..=20).map(of_seed).fold(0.0, f64::max)
    };
    let found = largest(settled);
    assert!(found <= 1e-9, "{found} after {settled} rows");
    match forgets {
        Forgets::AtOnce => assert_eq!(settled, warm_up),
        Forgets::Slowly => {
            let found = largest(settled / 2);
            assert!(found > 1e-9, "{found} after half of {settled} rows");
        }
    }
}

/// A test for each indicator: its name, how it is made, how it forgets, and how it takes in a bar.
macro_rules! settles {
    ($($test:ident: $made:expr, $forgets:ident, $update:expr;)*) => {$(
        #[test]
        fn $test() {
            let indicator = $made.unwrap();
            let rows = [indicator.warm_up_rows(), indicator.settled_rows()];
            check(&indicator, rows, Forgets::$forgets, $update);
        }
    )*};
}

settles! {
    ema: Ema::new(12), Slowly,
        |i: &mut Ema, b| i.update(b.close).map(|v| [v]);
    a_long_ema: Ema::new(200), Slowly,
        |i: &mut Ema, b| i.update(b.close).map(|v| [v]);
    rsi: Rsi::new(14), Slowly,
        |i: &mut Rsi, b| i.update(b.close).map(|v| [v]);
    a_short_rsi: Rsi::new(2), Slowly,
        |i: &mut Rsi, b| i.update(b.close).map(|v| [v]);
    atr: Atr::new(14), Slowly,
        |i: &mut Atr, b| i.update(b.high, b.low, b.close).map(|v| [v]);
    macd: Macd::new(12, 26, 9), Slowly,
        |i: &mut Macd, b| i.update(b.close).map(|v| [v.macd, v.signal, v.histogram]);
    macd_with_a_signal_as_slow_as_its_average: Macd::new(12, 26, 26), Slowly,
        |i: &mut Macd, b| i.update(b.close).map(|v| [v.macd, v.signal, v.histogram]);
    macd_with_a_slow_signal: Macd::new(3, 5, 40), Slowly,
        |i: &mut Macd, b| i.update(b.close).map(|v| [v.macd, v.signal, v.histogram]);
    adx: Adx::new(14), Slowly,
        |i: &mut Adx, b| i.update(b.high, b.low, b.close).map(|v| [v.adx, v.plus_di, v.minus_di]);
    keltner: Keltner::new(20, 10, 2.0), Slowly,
        |i: &mut Keltner, b| i.update(b.high, b.low, b.close).map(|v| [v.upper, v.middle, v.lower]);
    sma: Sma::new(20), AtOnce,
        |i: &mut Sma, b| i.update(b.close).map(|v| [v]);
    wma: Wma::new(20), AtOnce,
        |i: &mut Wma, b| i.update(b.close).map(|v| [v]);
    momentum: Momentum::new(10), AtOnce,
        |i: &mut Momentum, b| i.update(b.close).map(|v| [v]);
    z_score: ZScore::new(20, DeviationKind::Sample), AtOnce,
        |i: &mut ZScore, b| i.update(b.close).map(|v| [v]);
    rate_of_change: RateOfChange::new(10), AtOnce,
        |i: &mut RateOfChange, b| i.update(b.close).map(|v| [v]);
    highest: RollingHighest::new(10), AtOnce,
        |i: &mut RollingHighest, b| i.update(b.high).map(|v| [v]);
    lowest: RollingLowest::new(10), AtOnce,
        |i: &mut RollingLowest, b| i.update(b.low).map(|v| [v]);
    standard_deviation: StandardDeviation::new(20, DeviationKind::Sample), AtOnce,
        |i: &mut StandardDeviation, b| i.update(b.close).map(|v| [v]);
    bollinger_bands: BollingerBands::new(20, 2.0), AtOnce,
        |i: &mut BollingerBands, b| i.update(b.close).map(|v| [v.upper, v.middle, v.lower]);
    donchian: Donchian::new(20), AtOnce,
        |i: &mut Donchian, b| i.update(b.high, b.low).map(|v| [v.upper, v.middle, v.lower]);
    cci: Cci::new(20), AtOnce,
        |i: &mut Cci, b| i.update(b.high, b.low, b.close).map(|v| [v]);
    stochastic: Stochastic::new(14, 3, 3), AtOnce,
        |i: &mut Stochastic, b| { i.update(b.high, b.low, b.close).map(|v| [v.fast_k, v.slow_k, v.slow_d]) };
    vwap: Vwap::new(20), AtOnce,
        |i: &mut Vwap, b| i.update(b.high, b.low, b.close, b.volume).map(|v| [v]);
}
