//! Sizes that do not depend on the market: a share of the equity, a quantity, an amount.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Granted, SizingInput};
use crate::order::{Exposure, Size};
use crate::units::{Fixed, Money, Quantity, Rate, Rounding, Unit, UnitsError};

/// `fraction × |target| × equity ÷ instruments`, in quote asset, the costs of the order included. Equity is marked at the close on which
/// the decision was made; below zero it counts as zero. `instruments` are all of the run, or of
/// the strategy where several share the account, whether they have prices yet or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FixedFraction {
    /// Share of the equity that full positions in all instruments take together, up to `risk.margin.leverage_max`.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 125))]
    pub fraction: Rate,
}

impl Default for FixedFraction {
    fn default() -> Self {
        Self { fraction: Rate::ONE }
    }
}

/// `|target| × units`, in base asset.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedUnits {
    /// Base asset of a full position.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub units: Quantity,
}

/// `|target| × notional`, in quote asset, the costs of the order included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedNotional {
    /// Quote asset of a full position and of the costs of getting there.
    #[schemars(extend("exclusiveMinimum" = 0))]
    pub notional: Money,
}

impl FixedFraction {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let equity = share(input.target)?.of(input.equity.max(Money::ZERO), Rounding::Down)?;
        let granted = self.fraction.of(equity, Rounding::Down)?;
        let count = input.sharing.len() as i128;
        assert!(
            count > 0,
            "{:?} shares the capital with nobody, not even itself",
            input.instrument
        );
        let part = Money::from_units(granted.units() / count);
        assert!(part <= granted, "{part} is a part of {granted}");
        Ok(Granted::Size(Size::Amount(part)))
    }
}

impl FixedUnits {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        Ok(Granted::Size(Size::Units(part_as_written(self.units, input.target)?)))
    }
}

impl FixedNotional {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        Ok(Granted::Size(Size::Amount(part_as_written(self.notional, input.target)?)))
    }
}

/// `|target| × whole` to 15 digits, as numbers are written: a third of 3 is 1, which is a lot of 1, and not the last digit less,
/// which is none.
fn part_as_written<U: Unit>(whole: Fixed<U>, target: Exposure) -> Result<Fixed<U>, UnitsError> {
    let share = target.share().abs();
    if share < 1.0 { Fixed::from_f64(whole.to_f64() * share) } else { Ok(whole) }
}

/// `|target| × equity ÷ instruments × scale`, in quote asset; `scale` from 0 to 1000.
pub(super) fn part_of_capital(input: &SizingInput<'_>, scale: f64) -> Result<Granted, UnitsError> {
    let fraction = Rate::from_fraction(scale)?;
    FixedFraction { fraction }.grant(input)
}

/// The size of a target, without its direction.
pub(super) fn share(target: Exposure) -> Result<Rate, UnitsError> {
    Rate::from_fraction(target.share().abs())
}
