//! Money that makes no sense.

use super::Problems;
use ct_core::units::Money;

impl Problems {
    pub(in crate::backtest) fn cash(&mut self, cash: Money) {
        self.unless(cash > Money::ZERO, "account.cash", &cash, "an amount above 0");
    }
}
