//! Rows of several instruments, and what makes none.

use proptest::prelude::*;

use super::*;
use crate::market::RawColumns;

fn bars(times: &[i64]) -> Bars {
    let price: Vec<f64> = times.iter().map(|&time| 1.0 + time as f64).collect();
    let columns = RawColumns {
        time: times.iter().map(|time| time * 1_000).collect(),
        open: price.clone(),
        high: price.clone(),
        low: price.clone(),
        close: price.clone(),
        volume: price,
    };
    Bars::new("1s".parse().unwrap(), columns).unwrap()
}

fn panel(instruments: &[(&str, &[i64])]) -> Result<Panel, PanelError> {
    let named = |&(symbol, times): &(&str, &[i64])| (Instrument::unrestricted(symbol), bars(times));
    Panel::new(instruments.iter().map(named).collect())
}

#[test]
fn missing_bars_are_nan_and_marks_carry_forward() {
    let panel = panel(&[("A", &[0, 1, 3]), ("B", &[1, 2, 3])]).unwrap();
    assert_eq!(panel.times(), [0, 1_000, 2_000, 3_000]);
    let text = |column: &[f64]| format!("{column:?}");
    let [a, b] = panel.series() else { panic!("two series") };
    assert_eq!(text(a.close()), "[1.0, 2.0, NaN, 4.0]");
    assert_eq!(text(a.marks()), "[1.0, 2.0, 2.0, 4.0]");
    assert_eq!(text(b.marks()), "[NaN, 2.0, 3.0, 4.0]");
}

#[test]
fn what_cannot_be_aligned_is_refused() {
    assert!(matches!(panel(&[]), Err(PanelError::Count(0))));
    assert!(matches!(panel(&[("A", &[])]), Err(PanelError::Empty(_))));
    assert!(matches!(panel(&[("A", &[0]), ("A", &[1])]), Err(PanelError::Duplicate(_))));
}

/// Below it 5 basis points would be a few units of 1e-12.
#[test]
fn prices_too_small_for_exact_money_are_refused_with_what_to_do() {
    let bar =
        |price: f64| ClosedBar { open: price, high: price, low: price, close: price, volume: 1.0 };
    let of = |price: f64| {
        let prices = vec![1e-3, price];
        let columns = RawColumns {
            time: vec![0, 3_600_000],
            open: prices.clone(),
            high: prices.clone(),
            low: prices.clone(),
            close: prices,
            volume: vec![1.0; 2],
        };
        let bars = Bars::new(Interval::HOUR, columns).unwrap();
        Panel::new(vec![(Instrument::unrestricted("A"), bars)])
    };
    let mut known = of(PRICE_MIN).unwrap();
    for price in [9.9e-8, 1.2e-8, 1.2e-10, 4e-13] {
        let error = of(price).unwrap_err();
        assert_eq!(
            known
                .append(7_200_000, &[Some(bar(price))])
                .map_err(|found| { matches!(found, PanelError::TooSmall { .. }) }),
            Err(true)
        );
        let told = error.to_string();
        for said in ["'A' is at", "1970-01-01T01:00:00Z", "at least 0.0000001", "× 1,000,000"] {
            assert!(told.contains(said), "{told}");
        }
    }
    assert_eq!(known.rows(), 2, "nothing is appended");
    known.append(7_200_000, &[Some(bar(PRICE_MIN))]).unwrap();
}

#[test]
fn bars_that_open_at_different_times_of_their_interval_are_refused() {
    let hours = |minute: i64| {
        let time = (0..3).map(|hour| (hour * 60 + minute) * 60_000).collect();
        let columns = RawColumns {
            time,
            open: vec![1.0; 3],
            high: vec![1.0; 3],
            low: vec![1.0; 3],
            close: vec![1.0; 3],
            volume: vec![1.0; 3],
        };
        Bars::new(Interval::HOUR, columns).unwrap()
    };
    let both = |minute| {
        let named = |name, minute| (Instrument::unrestricted(name), hours(minute));
        Panel::new(vec![named("A", 0), named("B", minute)])
    };
    assert_eq!(both(0).unwrap().rows(), 3);
    // Whole hours later: rows that only one of them has.
    assert_eq!(both(120).unwrap().rows(), 5);
    assert_eq!(
        both(30).unwrap_err().to_string(),
        "'A' has a bar from 1970-01-01T00:00:00Z, and before that ends 'B' has one from 1970-01-01T00:30:00Z: expected bars of 1h that open at the same times; resample them to a common grid, or trade them apart"
    );
}

/// Bars of half seconds to one and a half after the ones before, which last a second.
fn times() -> impl Strategy<Value = Vec<i64>> {
    let steps = proptest::collection::vec(
        prop_oneof![8 => Just(1_000_i64), 1 => Just(1_500), 1 => Just(2_000)],
        1..12,
    );
    (0..3_i64, steps).prop_map(|(first, steps)| {
        let mut next = 500 * first;
        let times = steps.into_iter().map(|step| {
            let time = next;
            next += step;
            time
        });
        times.collect()
    })
}

fn bars_at(times: &[i64]) -> Bars {
    let price = vec![1.0; times.len()];
    let [open, high, low, close, volume] = std::array::from_fn(|_| price.clone());
    let columns = RawColumns { time: times.to_vec(), open, high, low, close, volume };
    Bars::new("1s".parse().unwrap(), columns).unwrap()
}

proptest! {
    /// What a strategy sees at the close of a row is over before anything of the next row opens: in a panel that is made at
    /// once, and in one that grows.
    #[test]
    fn no_bar_closes_after_the_next_row_opens(
        instruments in proptest::collection::vec(times(), 1..4),
        next in proptest::collection::vec(0_i64..2_000, 0..6),
    ) {
        let named = instruments.iter().zip(["A", "B", "C"]);
        let made = Panel::new(
            named.map(|(times, name)| (Instrument::unrestricted(name), bars_at(times))).collect(),
        );
        let mut all: Vec<i64> = instruments.concat();
        all.sort_unstable();
        let apart = |times: &[i64]| times.windows(2).all(|pair| pair[0] == pair[1] || pair[1] >= pair[0] + 1_000);
        let Ok(mut panel) = made else {
            prop_assert!(matches!(made, Err(PanelError::Grid { .. })) && !apart(&all), "{made:?}");
            return Ok(());
        };
        prop_assert!(apart(&all));
        for step in next {
            let last = *panel.times().last().unwrap();
            let appended = panel.append(last + step, &vec![None; instruments.len()]);
            prop_assert_eq!(appended.is_ok(), step >= 1_000);
        }
        prop_assert!(panel.times().windows(2).all(|pair| pair[0] + 1_000 <= pair[1]));
    }
}
