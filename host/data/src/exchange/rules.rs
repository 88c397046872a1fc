//! The rules by which an exchange takes orders for one symbol.

use std::path::Path;

use ct_dialects::{DECIMAL_PLACES, TICK_SIZE};
use serde::{Deserialize, Serialize};
use serde_json::Value;

use super::excerpt::excerpt;
use super::profile::Profile;
use super::raw_rules::{About, unreadable};
use super::rules_file;
use ct_core::market::Instrument;
use ct_core::units::{Fixed, Money, Price, Quantity, Rate, Timestamp, Unit};

/// How much of a value is shown in an error.
const SHOWN_CHARACTERS: usize = 40;

/// The rules by which an exchange takes orders for one symbol. Zero means that there is no such rule.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct InstrumentRules {
    /// The exchange as ccxt calls it, with the address if another one told the rules, as [`origin`](crate::origin) says.
    pub exchange: String,
    /// Base and quote asset, such as `BTC/USDT`.
    pub symbol: String,
    /// Prices are multiples of this, in quote asset; zero also where an exchange counts significant digits instead.
    pub tick: Price,
    /// Quantities are multiples of this, in base asset.
    pub lot: Quantity,
    /// Smaller orders are refused, in base asset.
    pub quantity_min: Quantity,
    /// Orders worth less are refused, in quote asset.
    pub notional_min: Money,
    /// Fee of an order that waited in the book, for a customer of the lowest tier; a rebate counts as no fee. `None` when
    /// the exchange does not say it.
    pub maker_fee: Option<Rate>,
    /// Fee of an order that filled at once, likewise.
    pub taker_fee: Option<Rate>,
    /// When the exchange told the rules, by the clock of whoever asked, or by the exchange's when they have none; 1970 when
    /// nobody told the time.
    pub fetched: Timestamp,
    /// What ccxt needs to know of the symbol, so that the list of all symbols need not be fetched again.
    pub market: Value,
}

/// How ccxt writes the precision of an exchange's numbers.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum PrecisionMode {
    /// As the smallest step: 0.01.
    Step,
    /// As the number of decimals: 2.
    Decimals,
    /// As the number of significant digits, which is no step.
    SignificantDigits,
}

impl PrecisionMode {
    /// The mode that ccxt writes as `number`.
    pub(super) fn of(number: Option<i64>) -> Self {
        match number {
            Some(TICK_SIZE) => Self::Step,
            Some(DECIMAL_PLACES) => Self::Decimals,
            _ => Self::SignificantDigits,
        }
    }
}

impl InstrumentRules {
    /// The rules of `symbol` that were kept in the data folder `folder` as those of `kept_as`, which
    /// [`origin`](crate::origin) explains; `None` when there are none that can be read.
    pub fn kept(folder: &Path, kept_as: &str, symbol: &str) -> Option<Self> {
        rules_file::load(folder, kept_as, symbol)
    }

    /// The symbol's grid, for a backtest.
    pub fn instrument(&self) -> Instrument {
        Instrument {
            symbol: self.symbol.clone(),
            tick: self.tick,
            lot: self.lot,
            quantity_min: self.quantity_min,
            notional_min: self.notional_min,
        }
    }

    /// The rules that ccxt's `market` states.
    ///
    /// # Errors
    /// Which of its numbers is none, or makes no sense.
    pub(super) fn read(
        profile: &Profile,
        mode: PrecisionMode,
        fetched: Timestamp,
        mut market: Value,
    ) -> Result<Self, String> {
        // The exchange's own words, many times longer than what ccxt makes of them.
        let words = market.as_object_mut().and_then(|members| members.remove("info"));
        let symbol =
            market.get("symbol").and_then(Value::as_str).ok_or("a market has no symbol")?;
        check_words(profile, &market, &words.unwrap_or_default())
            .map_err(|found| format!("the rules of {symbol} cannot be read: {found}"))?;
        let step = |name| market.pointer(&format!("/precision/{name}")).unwrap_or(&Value::Null);
        let least = |name| market.pointer(&format!("/limits/{name}/min")).unwrap_or(&Value::Null);
        let fee = |name| market.get(name).unwrap_or(&Value::Null);
        let lot = match profile.quantity_decimals {
            Some(decimals) => decimal_step(i64::from(decimals)),
            None => step_of(step("amount"), mode),
        };
        let named = |what| move |problem| format!("the {what} of {symbol} {problem}");
        Ok(Self {
            exchange: profile.id.to_owned(),
            symbol: symbol.to_owned(),
            tick: step_of(step("price"), mode).map_err(named("tick"))?,
            lot: lot.map_err(named("lot"))?,
            quantity_min: amount(least("amount")).map_err(named("least quantity"))?,
            notional_min: amount(least("cost")).map_err(named("least value"))?,
            maker_fee: rate(fee("maker")).map_err(named("maker fee"))?,
            taker_fee: rate(fee("taker")).map_err(named("taker fee"))?,
            fetched,
            market,
        })
    }
}

/// Looks whether the exchange's own `words` hold what is no number where ccxt's `market` has none. Of an exchange that was
/// checked the words are known, and ccxt may have taken the next best.
///
/// # Errors
/// The first such member.
fn check_words(profile: &Profile, market: &Value, words: &Value) -> Result<(), String> {
    for (about, places) in [
        (About::Steps, ["/precision/price", "/precision/amount"]),
        (About::Least, ["/limits/amount/min", "/limits/cost/min"]),
    ] {
        let has_none = places.iter().any(|place| market.pointer(place).is_none_or(Value::is_null));
        if (profile.is_checked() || has_none)
            && let Some(found) = unreadable(words, about)
        {
            return Err(format!("{found}, expected a number"));
        }
    }
    Ok(())
}

fn step_of<U: Unit>(value: &Value, mode: PrecisionMode) -> Result<Fixed<U>, String> {
    match mode {
        PrecisionMode::Step => {
            let step = amount(value)?;
            if step == 0 && !value.is_null() {
                return Err(format!("is {value}: expected a number above zero, or none"));
            }
            Ok(step)
        }
        PrecisionMode::SignificantDigits => Ok(Fixed::ZERO),
        PrecisionMode::Decimals => match value {
            Value::Null => Ok(Fixed::ZERO),
            _ => match number(value)? {
                #[expect(clippy::cast_possible_truncation, reason = "a whole number within ±30")]
                decimals if decimals.fract() == 0.0 && decimals.abs() <= 30.0 => {
                    decimal_step(decimals as i64)
                }
                other => Err(format!("has {other} decimals")),
            },
        },
    }
}

/// 10^-`decimals`.
fn decimal_step<U: Unit>(decimals: i64) -> Result<Fixed<U>, String> {
    let digits = u32::try_from(12 - decimals).map_err(|_| format!("has {decimals} decimals"))?;
    let units = 10_i128.checked_pow(digits).ok_or_else(|| format!("has {decimals} decimals"))?;
    Ok(Fixed::from_units(units))
}

/// A number of at least zero, taken over as it is written; nothing is zero.
fn amount<U: Unit>(value: &Value) -> Result<Fixed<U>, String> {
    if value.is_null() {
        return Ok(Fixed::ZERO);
    }
    let found = number(value)?;
    let fixed = Fixed::from_f64(found).map_err(|error| error.to_string())?;
    if fixed < 0 {
        return Err(format!("is {found}"));
    }
    Ok(fixed)
}

fn rate(value: &Value) -> Result<Option<Rate>, String> {
    if value.is_null() {
        return Ok(None);
    }
    Rate::from_fraction(number(value)?.max(0.0)).map(Some).map_err(|error| error.to_string())
}

fn number(value: &Value) -> Result<f64, String> {
    let found = match value {
        Value::Number(number) => number.as_f64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    };
    let found = found.filter(|found: &f64| found.is_finite());
    found.ok_or_else(|| {
        format!("is {}, which is no number", excerpt(&value.to_string(), SHOWN_CHARACTERS))
    })
}
