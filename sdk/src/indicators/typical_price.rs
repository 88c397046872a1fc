//! The typical price of a bar.

/// `(high + low + close) / 3`, in the unit of the prices.
#[inline]
pub fn typical_price(high: f64, low: f64, close: f64) -> f64 {
    (high + low + close) / 3.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_is_the_mean_of_three_prices() {
        assert!((typical_price(12.0, 6.0, 9.0) - 9.0).abs() < 1e-12);
    }
}
