//! Sizes that do not depend on the market: a share of the equity, a quantity, an amount.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Granted, SizingInput};
use crate::order::{Exposure, Size};
use crate::units::{Money, Quantity, Rate, Rounding, UnitsError};

/// `fraction × |target| × equity ÷ instruments`, in quote asset, costs included. Equity is marked at the close on which
/// the decision was made; below zero it counts as zero. `instruments` are all of the run, or of
/// the strategy where several share the account, whether they have prices yet or not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct FixedFraction {
    /// Share of the equity that full positions in all instruments take together.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
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

/// `|target| × notional`, in quote asset, costs included.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct FixedNotional {
    /// Quote asset of a full position.
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
        let units = share(input.target)?.of(self.units, Rounding::Down)?;
        Ok(Granted::Size(Size::Units(units)))
    }
}

impl FixedNotional {
    pub(super) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let notional = share(input.target)?.of(self.notional, Rounding::Down)?;
        Ok(Granted::Size(Size::Amount(notional)))
    }
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
