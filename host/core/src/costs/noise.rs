//! Seeded noise: slippage differs from fill to fill, and is the same on every run.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Rate, UnitsError};

/// Slippage is multiplied by a number between `1 − amplitude` and `1 + amplitude`, drawn for each row and instrument.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Noise {
    /// Chooses the numbers.
    pub seed: u64,
    /// Largest part of the slippage that is added or taken away, up to 1.
    #[schemars(range(max = 1))]
    pub amplitude: Rate,
}

impl Noise {
    /// The number by which slippage is multiplied in `row` of an instrument: from `1 − amplitude` to `1 + amplitude`, evenly
    /// distributed. It depends on seed, row and instrument only, whatever was asked before.
    ///
    /// # Errors
    /// [`UnitsError::OutOfRange`] for an amplitude above 1.
    pub fn factor(&self, row: usize, instrument: usize) -> Result<Rate, UnitsError> {
        let mut bits = split_mix(self.seed);
        for place in [row, instrument] {
            bits = split_mix(bits ^ place as u64);
        }
        // The upper 53 bits are as many as a fraction holds exactly.
        let unit = (bits >> 11) as f64 / (1_u64 << 53) as f64;
        Rate::from_fraction(1.0 + self.amplitude.to_fraction() * (2.0 * unit - 1.0))
    }
}

/// The first number of the generator `SplitMix64` (Steele, Lea and Flood 2014) with this seed.
const fn split_mix(seed: u64) -> u64 {
    let bits = seed.wrapping_add(0x9e37_79b9_7f4a_7c15);
    let bits = (bits ^ (bits >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
    let bits = (bits ^ (bits >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
    bits ^ (bits >> 31)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(seed: u64, amplitude: f64) -> Noise {
        Noise { seed, amplitude: Rate::from_fraction(amplitude).unwrap() }
    }

    /// The published first outputs of `SplitMix64` for the seeds 1234567 and 0.
    #[test]
    fn the_generator_is_split_mix_64() {
        assert_eq!(split_mix(1_234_567), 6_457_827_717_110_365_317);
        assert_eq!(split_mix(0), 0xe220_a839_7b1d_cdaf);
    }

    /// Computed in Python 3 with integers: `b = mix(mix(mix(42) ^ row) ^ instrument)`, `1 + 0.5 * (2 * (b >> 11) / 2**53 - 1)`.
    #[test]
    fn the_same_place_has_the_same_noise_on_every_machine() {
        for (row, instrument, expected) in [
            (0, 0, 0.886_974_276_240),
            (1, 0, 1.077_125_795_356),
            (0, 1, 1.212_935_337_286),
            (2_600_000, 15, 1.217_846_542_654),
        ] {
            let factor = noise(42, 0.5).factor(row, instrument).unwrap();
            assert_eq!(factor, Rate::from_fraction(expected).unwrap(), "{row} {instrument}");
        }
    }

    #[test]
    fn factors_fill_their_range_evenly() {
        let factors: Vec<f64> =
            (0..10_000).map(|row| noise(7, 0.2).factor(row, 3).unwrap().to_fraction()).collect();
        assert!(factors.iter().all(|factor| (0.8..=1.2).contains(factor)));
        // A tenth of 10 000 draws has a deviation of 30: five of them are 150.
        for tenth in 0..10 {
            let from = 0.8 + 0.04 * f64::from(tenth);
            let count =
                factors.iter().filter(|factor| (from..from + 0.04).contains(*factor)).count();
            assert!((850..=1150).contains(&count), "{count} draws from {from}");
        }
    }

    #[test]
    fn amplitudes_of_nothing_and_of_all_are_bounded() {
        for row in 0..1_000 {
            assert_eq!(noise(1, 0.0).factor(row, 0).unwrap(), Rate::ONE);
            assert!(noise(1, 1.0).factor(row, 0).unwrap().to_fraction() <= 2.0);
        }
        assert_ne!(noise(1, 1.0).factor(0, 0).unwrap(), noise(2, 1.0).factor(0, 0).unwrap());
    }
}
