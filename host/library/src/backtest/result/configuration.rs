//! Settings as a result keeps them: cash first, what happens at the end last.

use std::borrow::Cow;

use serde::{Deserialize, Deserializer, Serialize, Serializer};

use ct_core::costs::CostModel;
use ct_core::order::FillRules;
use ct_core::risk::RiskSettings;
use ct_core::settings::{AccountSettings, AtEnd, Settings};
use ct_core::units::Money;

#[derive(Serialize, Deserialize)]
struct Kept<'a> {
    cash: Money,
    costs: Cow<'a, CostModel>,
    risk: Cow<'a, RiskSettings>,
    fills: FillRules,
    at_end: AtEnd,
}

/// # Errors
/// Those of the serializer.
pub(in crate::backtest) fn serialize<S: Serializer>(
    settings: &Settings,
    serializer: S,
) -> Result<S::Ok, S::Error> {
    let Settings { account: AccountSettings { cash, at_end }, costs, risk, fills } = settings;
    let (costs, risk) = (Cow::Borrowed(costs), Cow::Borrowed(risk));
    Kept { cash: *cash, costs, risk, fills: *fills, at_end: *at_end }.serialize(serializer)
}

/// # Errors
/// Those of the deserializer.
pub(in crate::backtest) fn deserialize<'de, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Settings, D::Error> {
    let Kept { cash, costs, risk, fills, at_end } = Kept::deserialize(deserializer)?;
    let account = AccountSettings { cash, at_end };
    Ok(Settings { account, costs: costs.into_owned(), risk: risk.into_owned(), fills })
}
