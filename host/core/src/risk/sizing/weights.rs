//! Weights: a target is a share of all the equity.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Granted, SizingInput};
use crate::order::Size;
use crate::units::{Money, Rate, Rounding, UnitsError};

/// `|target| × equity`, in quote asset, the costs of the order included: targets are weights of a portfolio, and an instrument that is
/// never asked for takes no capital.
///
/// The equity is that of the account, or of the strategy where several share it. Targets that together ask for more than
/// `risk.margin.leverage_max` times as much are made smaller in proportion, which is told
/// ([`Rule::Weights`](crate::order::Rule::Weights)): together are the latest target of every instrument of the strategy, those of the
/// same close included. What the market has made of a position since does not count.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct Weights {}

impl Weights {
    pub(super) fn grant(input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let part = input.weights_part;
        assert!(part > 0.0 && part <= 1.0, "{part} of the weights in row {}", input.row);
        // Down to 1e-12: weights that sum to 1 are not more than the equity.
        let weight = (input.target.share().abs() * part * 1e12).floor() / 1e12;
        let equity = input.equity.max(Money::ZERO);
        let amount = Rate::from_fraction(weight)?.of(equity, Rounding::Down)?;
        Ok(Granted::Size(Size::Amount(amount)))
    }
}
