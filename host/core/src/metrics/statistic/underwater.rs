//! Drawdowns of the daily equity: how deep and how long the account is below its peak on a typical
//! occasion.

use super::moments::mean;
use super::ratio::ratio;

/// Depth below the running peak at the end of each day, a fraction at most 0. The peak starts at
/// `initial`, so a loss on the first day counts. As QuantStats' `to_drawdown_series`.
///
/// Empty if `initial` is not above 0.
pub fn underwater_depths(initial: f64, equity: &[f64]) -> Vec<f64> {
    if initial.is_nan() || initial <= 0.0 {
        return Vec::new();
    }
    let mut peak = initial;
    equity
        .iter()
        .map(|value| {
            peak = peak.max(*value);
            value / peak - 1.0
        })
        .collect()
}

/// The spells under water: runs of consecutive days below the peak.
#[derive(Debug, Clone, PartialEq)]
pub struct Underwater {
    /// Deepest point of each spell, a fraction below 0.
    depths: Vec<f64>,
    /// Days under water, in all spells together.
    days: u64,
}

impl Underwater {
    /// Splits daily depths into spells. A spell that has not ended counts too.
    pub fn from_depths(depths: &[f64]) -> Self {
        let spells = depths.split(|depth| *depth >= 0.0).filter(|spell| !spell.is_empty());
        let (mut deepest, mut days) = (Vec::new(), 0);
        for spell in spells {
            deepest.push(spell.iter().copied().fold(0.0, f64::min));
            days += spell.len() as u64;
        }
        Self { depths: deepest, days }
    }

    /// Mean depth of the spells, a fraction below 0. `None` if the account was never below its
    /// peak. As QuantStats' "Avg. Drawdown".
    pub fn average_drawdown(&self) -> Option<f64> {
        mean(&self.depths)
    }

    /// Mean length of the spells, in days at whose end the account was below its peak. `None` if it
    /// never was. As QuantStats' "Avg. Drawdown Days".
    pub fn average_drawdown_days(&self) -> Option<f64> {
        ratio(self.days as f64, self.depths.len() as f64)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spells_begin_below_the_peak_and_end_at_it() {
        let depths = underwater_depths(100.0, &[75.0, 50.0, 100.0, 200.0, 150.0]);
        assert_eq!(depths, [-0.25, -0.5, 0.0, 0.0, -0.25]);
        let underwater = Underwater::from_depths(&depths);
        assert_eq!(underwater.average_drawdown(), Some(-0.375));
        assert_eq!(underwater.average_drawdown_days(), Some(1.5));
    }

    #[test]
    fn never_under_water() {
        let underwater = Underwater::from_depths(&[0.0, 0.0]);
        assert_eq!(underwater.average_drawdown(), None);
        assert_eq!(underwater.average_drawdown_days(), None);
    }
}
