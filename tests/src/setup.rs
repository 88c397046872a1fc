//! Settings without any rule, to add the ones that a test is about.

use ct_host::costs::CostModel;
use ct_host::order::{FillRules, LimitFill};
use ct_host::risk::{BreakerSettings, FixedUnits, Margin, RiskSettings, Sizing};
use ct_host::settings::{AccountSettings, Settings};
use ct_host::units::{Money, Quantity, Rate};

/// Free trading of `units` of base asset a decision: no limit, no breaker, no margin beyond the account's own money, and
/// limit orders that fill as soon as the market touches them.
pub fn plain_setup(cash: Money, units: Quantity) -> Settings {
    Settings {
        account: AccountSettings { cash, ..AccountSettings::default() },
        costs: CostModel::default(),
        risk: RiskSettings {
            sizing: Sizing::Units(FixedUnits { units }),
            breakers: BreakerSettings::none(),
            margin: Margin {
                maintenance: Rate::ZERO,
                liquidation_fee_bps: Rate::ZERO,
                ..Margin::default()
            },
            ..RiskSettings::default()
        },
        fills: FillRules { limit: LimitFill::Touch, ..FillRules::default() },
    }
}
