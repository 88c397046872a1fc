//! Random numbers that are the same on every platform and in every version.

/// The generator `SplitMix64`: G. L. Steele, D. Lea and C. H. Flood, "Fast splittable pseudorandom number generators",
/// 2014. Its 64 bits of state are plenty for made-up prices and nothing else.
#[derive(Clone, Debug)]
pub(super) struct SplitMix64(u64);

impl SplitMix64 {
    /// The sequence that `seed` starts.
    pub(super) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// 64 random bits.
    pub(super) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mixed = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        let mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// Uniform in `[0, 1)`: a multiple of 2^-53.
    pub(super) const fn uniform(&mut self) -> f64 {
        const STEP: f64 = 1.0 / (1_u64 << 53) as f64;
        (self.next() >> 11) as f64 * STEP
    }

    /// About normal with mean 0 and deviation 1: the scaled sum of eight uniform 16-bit numbers. Its kurtosis is 2.85
    /// in place of 3, and it never leaves `[-4.9, 4.9]`; the fat tails of prices come from the changing volatility.
    pub(super) fn normal(&mut self) -> f64 {
        /// Deviation of the sum: each number has the variance (2^32 - 1) / 12.
        const DEVIATION: f64 = 53_509.919_921_450_08;
        const MEAN: f64 = 4.0 * 65_535.0;
        let (first, second) = (self.next(), self.next());
        let sum_of_four = |bits: u64| {
            (bits & 0xffff) + ((bits >> 16) & 0xffff) + ((bits >> 32) & 0xffff) + (bits >> 48)
        };
        ((sum_of_four(first) + sum_of_four(second)) as f64 - MEAN) / DEVIATION
    }

    /// Exponential with mean 1, without a logarithm: J. von Neumann, "Various techniques used in connection with random
    /// digits", 1951. A uniform number `x` is accepted with the probability `exp(-x)`, namely when a descending run that
    /// starts with it has an odd length; each refusal adds 1.
    pub(super) fn exponential(&mut self) -> f64 {
        /// Never reached in practice: the probability of each further refusal is 0.37.
        const REFUSALS_MAX: u32 = 64;
        let mut refusals = 0;
        loop {
            let first = self.uniform();
            let (mut last, mut run_is_odd) = (first, true);
            loop {
                let next = self.uniform();
                if next > last {
                    break;
                }
                last = next;
                run_is_odd = !run_is_odd;
            }
            if run_is_odd || refusals == REFUSALS_MAX {
                return f64::from(refusals) + first;
            }
            refusals += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_bits_are_those_of_the_published_generator() {
        // First outputs for the seed 1234567 of the reference code, https://prng.di.unimi.it/splitmix64.c.
        let mut random = SplitMix64::new(1_234_567);
        let bits: Vec<u64> = std::iter::repeat_with(|| random.next()).take(3).collect();
        assert_eq!(
            bits,
            [6_457_827_717_110_365_317, 3_203_168_211_198_807_973, 9_817_491_932_198_370_423]
        );
    }

    /// Mean, variance, skewness and kurtosis.
    fn moments(mut draw: impl FnMut() -> f64) -> [f64; 4] {
        let values: Vec<f64> = std::iter::repeat_with(&mut draw).take(400_000).collect();
        let average = |power: i32, center: f64| {
            values.iter().map(|value| (value - center).powi(power)).sum::<f64>()
                / values.len() as f64
        };
        let mean = average(1, 0.0);
        let variance = average(2, mean);
        [mean, variance, average(3, mean) / variance.powf(1.5), average(4, mean) / variance.powi(2)]
    }

    #[test]
    fn the_distributions_have_their_moments() {
        let mut random = SplitMix64::new(1);
        for (found, expected) in [
            (moments(|| random.uniform()), [0.5, 1.0 / 12.0, 0.0, 1.8]),
            (moments(|| random.normal()), [0.0, 1.0, 0.0, 2.85]),
            (moments(|| random.exponential()), [1.0, 1.0, 2.0, 9.0]),
        ] {
            for ((found, expected), tolerance) in
                found.iter().zip(expected).zip([0.01, 0.01, 0.03, 0.3])
            {
                assert!((found - expected).abs() < tolerance, "{found} {expected}");
            }
        }
    }
}
