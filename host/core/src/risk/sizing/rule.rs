//! The rule that turns a target exposure into a size.

use std::ops::Range;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{
    EqualRisk, FixedFraction, FixedNotional, FixedUnits, Kelly, RiskShare, StopDistance,
    VolatilityTarget, Weights,
};
use crate::market::{InstrumentId, Panel};
use crate::order::{Exposure, Size, SizingBasis, Trade};
use crate::risk::Cut;
use crate::risk::approval::is_below_zero;
use crate::units::{Money, Price, Rate, UnitsError};

/// The rule that turns a target exposure into a size.
///
/// ```
/// use ct_core::risk::{FixedFraction, Sizing};
/// let sizing: Sizing = serde_json::from_str(r#"{ "kind": "fraction", "fraction": 0.5 }"#)?;
/// assert!(matches!(sizing, Sizing::Fraction(FixedFraction { fraction }) if fraction.to_bps() == 5_000.0));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Sizing {
    /// A share of the equity, divided equally among the instruments.
    Fraction(FixedFraction),
    /// A fixed quantity of base asset.
    Units(FixedUnits),
    /// A fixed amount of quote asset.
    Notional(FixedNotional),
    /// A share of the equity is lost when the stop is hit.
    RiskShare(RiskShare),
    /// The position's volatility is a share of the equity.
    VolatilityTarget(VolatilityTarget),
    /// The fraction that the strategy's own record justifies.
    Kelly(Kelly),
    /// Every instrument adds the same volatility.
    EqualRisk(EqualRisk),
    /// A share of all the equity, whatever the other instruments have.
    Weights(Weights),
}

impl Default for Sizing {
    fn default() -> Self {
        Self::Fraction(FixedFraction::default())
    }
}

/// What sizing grants to a decision.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Granted {
    /// A size, above zero or zero.
    Size(Size),
    /// Nothing, and why.
    Nothing(Cut),
}

/// Everything that sizing may look at: nothing later than the decision's close.
#[derive(Clone, Copy, Debug)]
pub(crate) struct SizingInput<'a> {
    /// What the strategy wants; not flat.
    pub target: Exposure,
    /// Equity marked at the decision's close, in quote asset; may be negative.
    pub equity: Money,
    /// Stop of the decision.
    pub stop: Option<Price>,
    /// Price of the decision's limit order; `None` for a market order.
    pub limit: Option<Price>,
    /// Row of the decision.
    pub row: usize,
    /// The instrument.
    pub instrument: InstrumentId,
    /// The instruments, itself included, that share the equity.
    pub sharing: &'a Range<usize>,
    /// The part of weights that is left where they ask for more than there may be; 1 otherwise.
    pub weights_part: f64,
    /// Prices; only rows up to `row` may be read.
    pub panel: &'a Panel,
    /// Every round trip so far, in the order of exits.
    pub trades: &'a [Trade],
}

impl Sizing {
    /// The size for a decision, rounded down to 1e-12. Equity of 0 or less grants a size of 0, where a rule asks for equity.
    ///
    /// # Errors
    /// [`UnitsError`] when a number leaves the range of exact money.
    ///
    /// # Panics
    /// When the instrument is none of those that share the capital, or the row is not known.
    pub(crate) fn grant(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        let (row, instrument, sharing) = (input.row, input.instrument, input.sharing);
        assert!(
            sharing.contains(&instrument.index()),
            "row {row}: {instrument:?} has no part in the capital of {sharing:?}"
        );
        let granted = self.granted(input)?;
        if let Granted::Size(size) = granted {
            assert!(!is_below_zero(size), "row {row}, {instrument:?}: {size:?} is granted");
        }
        Ok(granted)
    }

    fn granted(&self, input: &SizingInput<'_>) -> Result<Granted, UnitsError> {
        match self {
            Self::Fraction(rule) => rule.grant(input),
            Self::Units(rule) => rule.grant(input),
            Self::Notional(rule) => rule.grant(input),
            Self::RiskShare(rule) => rule.grant(input),
            Self::VolatilityTarget(rule) => rule.grant(input),
            Self::Kelly(rule) => rule.grant(input),
            Self::EqualRisk(rule) => rule.grant(input),
            Self::Weights(_) => Weights::grant(input),
        }
    }

    /// What the rule measures for a decision; `None` where it measures nothing, or cannot.
    pub(crate) fn basis(&self, input: &SizingInput<'_>) -> Option<SizingBasis> {
        match self {
            Self::Fraction(_) | Self::Units(_) | Self::Notional(_) | Self::Weights(_) => None,
            Self::RiskShare(rule) => rule.basis(input),
            Self::VolatilityTarget(rule) => rule.basis(input),
            Self::Kelly(rule) => Some(rule.basis(input)),
            Self::EqualRisk(rule) => rule.basis(input),
        }
    }

    /// Whether targets are shares of all the equity.
    pub(crate) const fn weighs(&self) -> bool {
        matches!(self, Self::Weights(_))
    }

    /// Whether a size is that of the way to a stop, and so of the entry: the nearer the stop comes, the larger it would be.
    pub(crate) fn is_of_the_entry(&self) -> bool {
        matches!(self, Self::RiskShare(rule) if rule.distance != StopDistance::Atr)
    }

    /// Whether a decision without a stop gets one.
    pub(crate) fn places_stops(&self) -> bool {
        matches!(self, Self::RiskShare(rule) if rule.places_stops())
    }

    /// The stop that the host places for a decision without one; `None` where the rule, or the market, has none.
    pub(crate) fn placed_stop(&self, input: &SizingInput<'_>) -> Option<Price> {
        match self {
            Self::RiskShare(rule) => rule.placed_stop(input),
            _ => None,
        }
    }

    /// The largest share of the equity that full positions in all instruments can take together; `None` where the market tells.
    pub fn gross_max(&self) -> Option<Rate> {
        match self {
            Self::Fraction(rule) => Some(rule.fraction),
            Self::EqualRisk(rule) => Some(rule.fraction),
            Self::VolatilityTarget(rule) => Some(rule.cap),
            Self::Kelly(rule) => Some(rule.cap.max(rule.floor)),
            Self::Units(_) | Self::Notional(_) | Self::RiskShare(_) | Self::Weights(_) => None,
        }
    }

    /// Rows that the rule measures on, the decision's own included; 0 when it measures nothing.
    pub fn lookback_rows(&self) -> usize {
        match self {
            Self::Fraction(_) | Self::Units(_) | Self::Notional(_) | Self::Weights(_) => 0,
            Self::RiskShare(rule) => rule.lookback_rows(),
            Self::VolatilityTarget(rule) => rule.lookback_rows(),
            Self::Kelly(rule) => rule.lookback_rows(),
            Self::EqualRisk(rule) => rule.lookback_rows(),
        }
    }

    /// Round trips of an instrument before a decision that it looks at.
    pub(crate) const fn trades_lookback(&self) -> usize {
        match self {
            Self::Kelly(rule) => rule.trades_lookback(),
            _ => 0,
        }
    }
}
