//! How wild and how busy the market was before a fill: what spread, slippage and impact are measured by.

use super::frictions::bounded_rate;
use crate::market::{Field, Series, known_log_returns, mean_and_variance};
use crate::units::{Interval, Rate, UnitsError};

/// The market before a fill. Only what the cost model reads is measured; the rest is `None`.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Conditions {
    /// Deviation of the log returns of the last bars, per bar. `None` without at least two returns.
    pub bar_volatility: Option<f64>,
    /// Deviation of log returns, per day. `None` without at least two returns.
    pub day_volatility: Option<f64>,
    /// Base asset traded in a day. `None` without a bar.
    pub day_volume: Option<f64>,
}

impl Conditions {
    /// `max(floor, multiple × bar volatility)`, at most the whole price; the floor where the volatility is not known.
    pub(super) fn linked_rate(self, floor: Rate, multiple: f64) -> Result<Rate, UnitsError> {
        match self.bar_volatility {
            Some(volatility) => Ok(bounded_rate(multiple * volatility)?.max(floor)),
            None => Ok(floor),
        }
    }
}

/// Sample deviation (divisor `n − 1`) of the last `returns` log returns of closes before `row`. A return needs a bar in
/// both of two neighbouring rows; others are left out. `None` if fewer than two are left.
pub(super) fn volatility(series: &Series, row: usize, returns: usize) -> Option<f64> {
    let returns = known_log_returns(series, row.checked_sub(1)?, returns);
    mean_and_variance(&returns).map(|(_, variance)| variance.sqrt())
}

/// Number of bars in a day; below one for longer bars.
pub(super) fn bars_per_day(interval: Interval) -> f64 {
    Interval::DAY.as_ms() as f64 / interval.as_ms() as f64
}

/// Rows in a day, at least one.
pub(super) fn rows_per_day(interval: Interval) -> usize {
    usize::try_from(Interval::DAY.as_ms() / interval.as_ms()).unwrap_or_default().max(1)
}

/// Base asset traded in the day before `row`: the mean volume of its rows, from the first that has a bar, times the bars in
/// a day. A row without a bar after that one counts as a row without trades. `None` if no row has a bar.
pub(super) fn day_volume(series: &Series, row: usize, interval: Interval) -> Option<f64> {
    let first = row.saturating_sub(rows_per_day(interval));
    let volumes = series.rows(Field::Volume).get(first..row)?;
    let known = volumes.get(volumes.iter().position(|volume| !volume.is_nan())?..)?;
    let traded: f64 = known.iter().filter(|volume| !volume.is_nan()).sum();
    Some(traded / known.len() as f64 * bars_per_day(interval))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::costs::{
        CostModel, Impact, Slippage, Spread, SquareRootImpact, VolatilitySlippage, VolatilitySpread,
    };
    use crate::market::{Bars, Instrument, Panel, RawColumns};

    /// Forty hourly bars; those at `missing` are left out of the first of two instruments.
    fn panel(missing: &[usize]) -> Panel {
        let bars = |missing: &[usize]| {
            let mut raw = RawColumns::default();
            for row in (0..40_u32).filter(|row| !missing.contains(&(*row as usize))) {
                let close = 100.0 + f64::from((row * 37) % 11) - f64::from((row * row) % 7) * 0.5;
                raw.time.push(i64::from(row) * 3_600_000);
                for prices in [&mut raw.open, &mut raw.high, &mut raw.low, &mut raw.close] {
                    prices.push(close);
                }
                raw.volume.push(f64::from(50 + (row * 13) % 29));
            }
            Bars::new(Interval::HOUR, raw).unwrap()
        };
        let instrument = Instrument::unrestricted;
        let first = (instrument("A/USD"), bars(missing));
        Panel::new(vec![first, (instrument("B/USD"), bars(&[]))]).unwrap()
    }

    fn model() -> CostModel {
        CostModel {
            spread: Spread::Volatility(VolatilitySpread::default()),
            slippage: Slippage::Volatility(VolatilitySlippage::default()),
            impact: Impact::SquareRoot(SquareRootImpact::default()),
            volatility_rows: 10,
            ..CostModel::default()
        }
    }

    fn measured(panel: &Panel, row: usize) -> Conditions {
        model().conditions(&panel.series()[0], panel.interval(), row)
    }

    fn assert_near(found: Option<f64>, expected: f64) {
        let found = found.unwrap();
        assert!((found / expected - 1.0).abs() < 1e-12, "{found} is not {expected}");
    }

    /// pandas 3.1.1: `r = log(close).diff()`; `r.rolling(10).std()[29]`, `r.rolling(24).std()[29] * sqrt(24)` and
    /// `volume.rolling(24).sum()[29]`.
    #[test]
    fn volatility_and_volume_are_those_of_pandas() {
        let conditions = measured(&panel(&[]), 30);
        assert_near(conditions.bar_volatility, 0.053_564_742_364_743_18);
        assert_near(conditions.day_volatility, 0.250_245_973_147_508_8);
        assert_near(conditions.day_volume, 1527.0);
    }

    /// The same with `close[[15, 22]] = volume[[15, 22]] = NaN`, which pandas' `std` and `sum` leave out: 8 and 20 returns.
    #[test]
    fn a_return_needs_both_of_its_bars() {
        let conditions = measured(&panel(&[15, 22]), 30);
        assert_near(conditions.bar_volatility, 0.053_326_424_449_382_265);
        assert_near(conditions.day_volatility, 0.257_216_612_706_256_8);
        assert_near(conditions.day_volume, 1381.0);
    }

    #[test]
    fn the_row_of_the_fill_and_later_ones_are_not_looked_at() {
        let whole = panel(&[]);
        for row in 0..40 {
            assert_eq!(measured(&whole.part(0..row + 1), row), measured(&whole, row));
            assert_eq!(measured(&whole.part(0..row), row), measured(&whole, row));
        }
    }

    #[test]
    fn nothing_is_known_before_there_are_two_returns() {
        let panel = panel(&[0, 1]);
        assert_eq!(measured(&panel, 0), Conditions::default());
        assert_eq!(measured(&panel, 2), Conditions::default());
        // Rows 2 and 3 have bars: one return. The volume of row 2 is 76 in an hour.
        let third = measured(&panel, 3);
        assert_eq!((third.bar_volatility, third.day_volume), (None, Some(76.0 * 24.0)));
        assert_eq!(measured(&panel, 4).day_volatility, None);
        assert!(measured(&panel, 5).day_volatility.is_some());
    }

    #[test]
    fn days_are_measured_by_longer_bars_too() {
        let hours = panel(&[]);
        let series = &hours.series()[0];
        let week = "1w".parse().unwrap();
        // The bar before row 30 has a volume of 50 + 13 × 29 mod 29 = 50.
        assert_near(day_volume(series, 30, week), 50.0 / 7.0);
        let found = model().conditions(series, week, 30).day_volatility;
        assert_near(found, 0.053_564_742_364_743_18 / 7.0_f64.sqrt());
    }

    #[test]
    fn only_what_is_read_is_measured() {
        let panel = panel(&[]);
        let free = CostModel::default().conditions(&panel.series()[0], panel.interval(), 30);
        assert_eq!(free, Conditions::default());
    }

    #[test]
    fn constant_prices_have_no_volatility_and_the_floor_holds() {
        let floor = Rate::from_bps(2.0).unwrap();
        let known = |volatility| Conditions { bar_volatility: volatility, ..Conditions::default() };
        for (volatility, expected) in [
            (None, 2.0),
            (Some(0.0), 2.0),
            (Some(0.001), 2.0),
            (Some(0.004), 4.0),
            (Some(1e9), 1e4),
        ] {
            let rate = known(volatility).linked_rate(floor, 0.1).unwrap();
            assert_eq!(rate, Rate::from_bps(expected).unwrap(), "{volatility:?}");
        }
    }
}
