//! Fixed fractional risk: what is lost at the stop is a share of the equity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::fixed::share;
use super::true_range::{TrueRanges, rows_read};
use super::{Granted, SizingInput};
use crate::market::{Field, Series};
use crate::order::{Rule, Size, SizingBasis};
use crate::risk::Cut;
use crate::units::{Money, Price, ROWS_MAX, Rate, Rounding, UnitsError, positive};

/// `units = |target| × risk × equity ÷ distance`, where `distance` is the way from the price of the entry to the stop, or
/// `atr_multiple × ATR(atr_rows)` (fixed fractional position sizing: Vince 1990, Tharp 1998; ATR: Wilder 1978).
///
/// The price of the entry is the decision's close, or that of a limit order that waits for a better one. The loss at the stop is
/// `risk × equity` before costs, when the entry fills there; a gap at the entry or through the stop changes it. Where the decision's row has no bar, the close is the
/// last one before it. The average is made from the true ranges of the last `8 × atr_rows` rows.
///
/// A decision that has no stop and is sized by the average gets its stop there: `distance` from the price of the entry, unless
/// [`MissingStop::Assume`] is set. It has none where that would be at zero or below.
///
/// Refused are: a decision without a stop where one is needed ([`Rule::NoStop`]); a stop that is not below the entry of a
/// long position, or not above that of a short one ([`Rule::StopWrongSide`]); fewer than `atr_rows` true ranges, an average of
/// zero, or an instrument that has not had a bar ([`Rule::VolatilityUnknown`]).
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct RiskShare {
    /// Share of the equity that is lost when the stop is hit.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub risk: Rate,
    /// What the distance is taken from.
    pub distance: StopDistance,
    /// Rows of the average true range.
    #[schemars(range(min = 1, max = ROWS_MAX))]
    pub atr_rows: usize,
    /// Average true ranges to the stop.
    #[schemars(schema_with = "positive")]
    pub atr_multiple: f64,
    /// What becomes of a decision that has no stop of its own.
    pub missing_stop: MissingStop,
}

/// What the distance to the stop is taken from.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum StopDistance {
    /// The decision's stop; a decision without one is refused.
    Stop,
    /// The average true range, whatever the stop is.
    Atr,
    /// The decision's stop; the average true range where it has none.
    #[default]
    StopOrAtr,
}

/// What becomes of a decision that has no stop of its own, and is sized by the average true range.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum MissingStop {
    /// The host places the stop that the size is made for: as far from the price of the entry.
    #[default]
    Place,
    /// None is placed: the distance only makes the size, and what is lost has no bound.
    Assume,
}

/// What a distance was taken from.
#[derive(Clone, Copy, Debug)]
enum DistanceKind {
    Stop,
    AverageTrueRange,
}

impl Default for RiskShare {
    fn default() -> Self {
        Self {
            risk: Rate::known(0.01),
            distance: StopDistance::default(),
            atr_rows: 14,
            atr_multiple: 2.0,
            missing_stop: MissingStop::default(),
        }
    }
}

impl RiskShare {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let distance = match self.distance(input) {
            Ok((_, distance)) => distance,
            Err(cut) => return Ok(Granted::Nothing(cut)),
        };
        let equity = share(input.target)?.of(input.equity.max(Money::ZERO), Rounding::Down)?;
        let at_risk = self.risk.of(equity, Rounding::Down)?;
        at_risk.quantity_at(distance).map(Size::Units).map(Granted::Size)
    }

    pub(super) fn basis(&self, input: &SizingInput<'_>) -> Option<SizingBasis> {
        let (kind, distance) = self.distance(input).ok()?;
        Some(match kind {
            DistanceKind::Stop => SizingBasis::Stop { distance },
            DistanceKind::AverageTrueRange => SizingBasis::AverageTrueRange { distance },
        })
    }

    /// Whether a decision without a stop gets one.
    pub(super) fn places_stops(&self) -> bool {
        self.distance != StopDistance::Stop && self.missing_stop == MissingStop::Place
    }

    /// The stop that the host places; `None` where the decision has its own, or the market cannot fall that far.
    pub(super) fn placed_stop(&self, input: &SizingInput<'_>) -> Option<Price> {
        if input.stop.is_some() || !self.places_stops() {
            return None;
        }
        let (_, distance) = self.distance(input).ok()?;
        let close = input.panel.series_of(input.instrument).rows(Field::Mark).at(input.row);
        let away = distance.to_f64().copysign(input.target.share());
        above_zero(entry_price(close, input) - away)
    }

    pub(super) const fn lookback_rows(&self) -> usize {
        match self.distance {
            StopDistance::Stop => 0,
            StopDistance::Atr | StopDistance::StopOrAtr => {
                rows_read(self.atr_rows).saturating_add(1)
            }
        }
    }

    /// What one base asset loses when the stop is hit, in quote asset.
    fn distance(&self, input: &SizingInput<'_>) -> Result<(DistanceKind, Price), Cut> {
        let no_prices = Cut { rule: Rule::VolatilityUnknown, value: 0.0, limit: 1.0 };
        let series = input.panel.series_of(input.instrument);
        match (self.distance, input.stop) {
            (StopDistance::Stop, None) => Err(Cut { rule: Rule::NoStop, value: 0.0, limit: 0.0 }),
            (StopDistance::Stop | StopDistance::StopOrAtr, Some(stop)) => {
                let close = series.rows(Field::Mark).at(input.row);
                let close = Some(close).filter(|close| close.is_finite()).ok_or(no_prices)?;
                let entry = entry_price(close, input);
                let distance = to_stop(stop.to_f64(), entry, input.target.share())?;
                Ok((DistanceKind::Stop, distance))
            }
            (StopDistance::Atr, _) | (StopDistance::StopOrAtr, None) => {
                let distance = self.average_range(series, input.row)?;
                Ok((DistanceKind::AverageTrueRange, distance))
            }
        }
    }

    fn average_range(&self, series: &Series, row: usize) -> Result<Price, Cut> {
        let ranges = TrueRanges::up_to(row, series, rows_read(self.atr_rows));
        let average = ranges.average(self.atr_rows);
        average.and_then(|average| above_zero(average * self.atr_multiple)).ok_or(Cut {
            rule: Rule::VolatilityUnknown,
            value: ranges.count() as f64,
            limit: self.atr_rows as f64,
        })
    }
}

/// The price at which the decision would enter: the close, or the price of a limit order that waits for a better one.
fn entry_price(close: f64, input: &SizingInput<'_>) -> f64 {
    match input.limit.map(Price::to_f64) {
        Some(limit) if input.target.share() > 0.0 => limit.min(close),
        Some(limit) => limit.max(close),
        None => close,
    }
}

/// From `entry` to `stop`, in the direction in which a position of sign `share` loses.
fn to_stop(stop: f64, entry: f64, share: f64) -> Result<Price, Cut> {
    let distance = if share > 0.0 { entry - stop } else { stop - entry };
    above_zero(distance).ok_or(Cut { rule: Rule::StopWrongSide, value: stop, limit: entry })
}

fn above_zero(distance: f64) -> Option<Price> {
    Price::from_f64(distance).ok().filter(|distance| *distance > Price::ZERO)
}
