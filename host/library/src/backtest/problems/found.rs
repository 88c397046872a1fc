//! What was found, and the checks of single numbers.

use std::fmt::Display;

use crate::backtest::SettingsError;
use ct_core::units::Rate;

/// Problems found so far.
#[derive(Debug, Default)]
pub(in crate::backtest) struct Problems {
    pub(in crate::backtest) found: Vec<SettingsError>,
}

/// Largest rate of a friction: whatever is larger is a mistyped unit.
const FRICTION_MAX: f64 = 0.25;

/// Largest number of rows that a measurement may look at.
const ROWS_MAX: usize = 1_000_000;

impl Problems {
    pub(super) fn add(&mut self, path: &str, found: &dyn Display, expected: &str) {
        let (found, expected) = (found.to_string(), expected.to_owned());
        self.found.push(SettingsError { path: path.to_owned(), found, expected });
    }

    pub(super) fn unless(&mut self, holds: bool, path: &str, found: &dyn Display, expected: &str) {
        if !holds {
            self.add(path, found, expected);
        }
    }

    pub(super) fn share(&mut self, path: &str, share: Rate) {
        let holds = !share.is_zero() && share <= Rate::ONE;
        self.unless(holds, path, &share.to_fraction(), "a share above 0 and up to 1");
    }

    pub(super) fn above_zero(&mut self, path: &str, rate: Rate) {
        self.unless(!rate.is_zero(), path, &0, "a number above 0");
    }

    pub(super) fn positive(&mut self, path: &str, value: f64) {
        let holds = value.is_finite() && value > 0.0;
        self.unless(holds, path, &value, "a number above 0");
    }

    pub(super) fn friction(&mut self, path: &str, rate: Rate) {
        let holds = rate.to_fraction() <= FRICTION_MAX;
        self.unless(holds, path, &rate.to_bps(), "at most 2500 basis points (25 %)");
    }

    pub(super) fn rows(&mut self, path: &str, rows: usize, least: usize) {
        let expected = format!("a number of rows from {least} to {ROWS_MAX}");
        self.unless((least..=ROWS_MAX).contains(&rows), path, &rows, &expected);
    }
}
