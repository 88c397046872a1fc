//! How several strategies share the equity of one account.

use std::ops::Range;

use crate::units::Rate;

/// The part of an account's equity that instruments share: those of one of several strategies.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CapitalShare {
    /// Places of the instruments in the panel.
    pub instruments: Range<usize>,
    /// Share of the equity.
    pub share: Rate,
}

/// Stops on shares that overlap, or are more than there is, of an account with so many instruments.
pub(super) fn check_shares(shares: &[CapitalShare], instruments: usize) {
    let apart = shares.windows(2).all(|pair| match pair {
        [one, next] => one.instruments.end <= next.instruments.start,
        _ => true,
    });
    assert!(apart, "shares of the same instruments, or out of order: {shares:?}");
    let total: f64 = shares.iter().map(|capital| capital.share.to_fraction()).sum();
    assert!(total <= 1.0 + 1e-9, "{shares:?} are more than all of the equity");
    for capital in shares {
        let end = capital.instruments.end;
        assert!(end <= instruments, "{capital:?} of {instruments} instruments");
        assert!(capital.share <= Rate::ONE, "{capital:?}: more than all of the equity");
    }
}
