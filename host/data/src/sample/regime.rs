//! The moods of the sample market.

use super::random::SplitMix64;

/// What drives prices for days or weeks.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Regime {
    /// Prices rise.
    Bull,
    /// Prices fall.
    Bear,
    /// Prices return to where the regime began.
    Range,
    /// Prices collapse at several times the usual volatility.
    Panic,
}

impl Regime {
    /// Expected return of an hour.
    pub(super) const fn drift_per_hour(self) -> f64 {
        match self {
            Self::Bull => 1.6e-4,
            Self::Bear => -1.4e-4,
            Self::Range => 0.0,
            Self::Panic => -2.5e-3,
        }
    }

    /// Standard deviation of an hour's return: 94 times that in a year.
    pub(super) const fn volatility_per_hour(self) -> f64 {
        match self {
            Self::Bull => 0.0060,
            Self::Bear => 0.0088,
            Self::Range => 0.0038,
            Self::Panic => 0.0220,
        }
    }

    /// Share of the distance to the regime's first price that an hour is expected to make up.
    pub(super) const fn reversion_per_hour(self) -> f64 {
        match self {
            Self::Range => 0.012,
            Self::Bull | Self::Bear | Self::Panic => 0.0,
        }
    }

    /// Hours that the regime lasts on average.
    pub(super) const fn mean_hours(self) -> f64 {
        match self {
            Self::Bull => 600.0,
            Self::Bear => 500.0,
            Self::Range => 400.0,
            Self::Panic => 30.0,
        }
    }

    /// The regime after this one.
    pub(super) fn next(self, random: &mut SplitMix64) -> Self {
        let [bull, bear, range] = match self {
            Self::Bull => [0.0, 0.28, 0.58],
            Self::Bear => [0.30, 0.0, 0.58],
            Self::Range => [0.50, 0.38, 0.0],
            Self::Panic => [0.25, 0.35, 0.40],
        };
        let chance = random.uniform();
        if chance < bull {
            Self::Bull
        } else if chance < bull + bear {
            Self::Bear
        } else if chance < bull + bear + range {
            Self::Range
        } else {
            Self::Panic
        }
    }
}
