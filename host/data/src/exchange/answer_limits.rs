//! How much an answer of an exchange may hold: the one home of these limits.
//!
//! An answer comes from whoever is at the other end of the line. What exceeds a limit is an error of the answer, which names
//! the number that was found; it is asked for again like any other answer that is wrong, and nothing of it is kept. None of
//! them is a setting, since every exchange stays far below.

use std::time::Duration;

/// How long an answer may be.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct AnswerLimits {
    /// Bytes after unpacking.
    pub(super) bytes_max: usize,
    /// Values: numbers, texts, names, lists and objects. Each takes up to some hundred bytes of memory until it is read, so
    /// that a body of brackets would take 30 times what it weighs.
    pub(super) values_max: usize,
}

impl AnswerLimits {
    /// A page of bars. 10 000 rows take about one megabyte and 130 000 values.
    pub(super) const PAGE: Self = Self { bytes_max: 16 << 20, values_max: 1_000_000 };

    /// A list of markets. The longest known has 17 MB and one million values.
    pub(super) const MARKETS: Self = Self { bytes_max: 64 << 20, values_max: 3_000_000 };
}

/// Elements of one list, or members of one object: bars of a page, of which the most generous exchange gives half as many,
/// and markets, of which the largest has some 4 000.
pub(super) const ELEMENTS_MAX: usize = 20_000;

/// Lists and objects within each other. Exchanges nest up to eight.
pub(super) const DEPTH_MAX: usize = 32;

/// Bytes of one text. The longest are descriptions of some thousand letters.
pub(super) const TEXT_BYTES_MAX: usize = 64 << 10;

/// Letters of a text that is a number. Exact sums over numbers take time with the square of their digits; exchanges write
/// up to 40.
pub(super) const NUMBER_LETTERS_MAX: usize = 100;

/// The exponent of a text that is a number, up or down. A number between them fits an `f64`, and an exact sum over one of
/// 10^9 would take gigabytes.
pub(super) const EXPONENT_MAX: i64 = 400;

/// A count of digits, up or down: ccxt writes one digit after the other and copies all of them each time, so that 10^6 take
/// half a minute and 10^8 never end. Exchanges count up to 30; some write steps of 1 000 under the same names.
pub(super) const PRECISION_MAX: i64 = 1_000;

/// How long ccxt may take to read one answer, if a request may not take longer. The longest list of markets takes a few
/// seconds.
pub(super) const READING_TIME_MAX: Duration = Duration::from_mins(1);
