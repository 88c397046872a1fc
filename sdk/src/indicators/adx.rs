//! Average directional index.

use serde::{Deserialize, Serialize};

use super::parameter::{InvalidParameter, Period};
use super::smoothing::{Smoothing, Use};
use super::true_range::true_range;

/// Wilder's average directional index with its two directional indicators, each from 0 to 100.
///
/// Upward movement is `high - high'` when it is positive and larger than the downward movement
/// `low' - low`, else 0; the other way round for downward. `DI = 100 × average(movement) /
/// average(true range)`, `DX = 100 × |+DI - -DI| / (+DI + -DI)`, `ADX = average(DX)`, all Wilder
/// averages (weight `1 / period`). As in TA-Lib `ADX`, `PLUS_DI` and `MINUS_DI`, the first bar,
/// which has no bar before it, counts as one without movement or range. DI is 0 while the average
/// range is 0, and DX is 0 while both DI are. The usual period is 14.
///
/// Source: J. Welles Wilder, *New Concepts in Technical Trading Systems* (1978).
///
/// ```
/// use ct_sdk::indicators::Adx;
///
/// let mut adx = Adx::new(1)?;
/// assert_eq!(adx.update(12.0, 10.0, 11.0), None);
/// let value = adx.update(14.0, 11.0, 13.0).expect("two rows are enough");
/// assert_eq!(value.adx, 100.0);
/// # Ok::<(), ct_sdk::indicators::InvalidParameter>(())
/// ```
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Adx {
    previous: Option<Prices>,
    up: Smoothing,
    down: Smoothing,
    range: Smoothing,
    dx: Smoothing,
    value: Option<AdxValue>,
}

/// One value of [`Adx`], each from 0 to 100.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct AdxValue {
    /// Strength of the trend, whichever way it goes.
    pub adx: f64,
    /// Upward directional indicator, +DI.
    pub plus_di: f64,
    /// Downward directional indicator, -DI.
    pub minus_di: f64,
}

#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
struct Prices {
    high: f64,
    low: f64,
    close: f64,
}

/// What one bar adds: Wilder's +DM, -DM and true range.
#[derive(Debug, Default)]
struct Movement {
    up: f64,
    down: f64,
    range: f64,
}

impl Adx {
    /// Makes the index over `period` rows, from 1 to [`PERIOD_MAX_ROWS`](super::PERIOD_MAX_ROWS).
    ///
    /// # Errors
    ///
    /// When `period` is out of range.
    pub fn new(period: u32) -> Result<Self, InvalidParameter> {
        let period = Period::new("Adx period", period)?;
        Ok(Self {
            previous: None,
            up: Smoothing::wilder(period),
            down: Smoothing::wilder(period),
            range: Smoothing::wilder(period),
            dx: Smoothing::wilder(period),
            value: None,
        })
    }

    /// Takes in the next bar, `None` until ADX has its first value.
    #[inline]
    pub fn update(&mut self, high: f64, low: f64, close: f64) -> Option<AdxValue> {
        let prices = Prices { high, low, close };
        let movement = match self.previous.replace(prices) {
            Some(previous) => Movement::between(previous, prices),
            None => Movement::default(),
        };
        // The averages over the first `period` bars lack a movement, so DI begins one bar later.
        let begun = self.range.value().is_some();
        let range = self.range.update(movement.range);
        let up = self.up.update(movement.up);
        let down = self.down.update(movement.down);
        if !begun {
            return None;
        }
        let plus_di = percent(up?, range?);
        let minus_di = percent(down?, range?);
        let dx = percent((plus_di - minus_di).abs(), plus_di + minus_di);
        let adx = self.dx.update(dx)?;
        self.value = Some(AdxValue { adx, plus_di, minus_di });
        self.value
    }

    /// The latest value.
    #[inline]
    pub fn value(&self) -> Option<AdxValue> {
        self.value
    }

    /// Rows needed for the first value: `2 × period`.
    pub fn warm_up_rows(&self) -> u32 {
        self.range.period().rows() + self.dx.period().rows()
    }

    /// Rows until it no longer matters on which row it started: to 1e-9 of its scale, as long
    /// as prices move at least a thousandth of what they did at the start.
    pub fn settled_rows(&self) -> u32 {
        self.warm_up_rows() + self.dx.forgetting_rows(Use::DividedAndAveraged)
    }
}

impl Movement {
    #[inline]
    fn between(previous: Prices, prices: Prices) -> Self {
        let up = prices.high - previous.high;
        let down = previous.low - prices.low;
        Self {
            up: if up > down && up > 0.0 { up } else { 0.0 },
            down: if down > up && down > 0.0 { down } else { 0.0 },
            range: true_range(prices.high, prices.low, previous.close),
        }
    }
}

#[inline]
fn percent(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { 100.0 * part / whole } else { 0.0 }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::indicators::sample_bars::check;

    #[test]
    fn fourteen_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): ADX, PLUS_DI and MINUS_DI, timeperiod 14.
        check(
            &Adx::new(14).unwrap(),
            Adx::warm_up_rows,
            |adx, bar| {
                let value = adx.update(bar.high, bar.low, bar.close)?;
                Some([value.adx, value.plus_di, value.minus_di])
            },
            &[
                (27, [35.687_020_454, 12.566_211_153, 27.667_476_605]),
                (28, [34.438_326_085, 17.218_317_050, 24.882_985_117]),
                (29, [33.054_497_200, 17.636_576_750, 23.892_872_740]),
                (40, [19.844_620_573, 22.735_618_070, 15.823_014_110]),
                (60, [17.207_595_509, 18.906_070_057, 20.118_139_659]),
                (85, [22.275_248_234, 15.845_307_915, 32.411_456_478]),
                (100, [20.775_883_434, 20.737_025_275, 16.729_242_487]),
                (118, [14.281_990_457, 15.192_339_187, 19.453_715_388]),
                (119, [14.480_235_191, 14.349_002_948, 20.250_842_831]),
            ],
        );
    }

    #[test]
    fn five_rows() {
        // TA-Lib 0.8.1 (Python package 0.8.2): ADX, PLUS_DI and MINUS_DI, timeperiod 5.
        check(
            &Adx::new(5).unwrap(),
            Adx::warm_up_rows,
            |adx, bar| {
                let value = adx.update(bar.high, bar.low, bar.close)?;
                Some([value.adx, value.plus_di, value.minus_di])
            },
            &[
                (9, [71.851_784_257, 16.883_639_522, 10.791_112_321]),
                (10, [62.941_682_861, 16.224_926_935, 9.265_668_732_139]),
                (11, [58.228_614_888, 17.871_537_255, 7.773_470_887_703]),
                (40, [29.416_448_406, 25.889_424_459, 9.539_981_198_624]),
                (60, [37.823_968_021, 23.886_971_005, 15.420_173_195]),
                (85, [51.477_356_953, 13.018_371_584, 40.768_516_800]),
                (100, [40.790_989_409, 14.054_058_783, 16.541_087_455]),
                (118, [29.852_646_731, 9.529_280_650_675, 25.072_884_579]),
                (119, [34.526_434_806, 8.064_828_222_781, 26.416_154_453]),
            ],
        );
    }

    #[test]
    fn no_movement_has_no_direction() {
        let mut adx = Adx::new(3).unwrap();
        let last = (0..20).filter_map(|_| adx.update(5.0, 5.0, 5.0)).last().unwrap();
        assert_eq!((last.adx, last.plus_di, last.minus_di), (0.0, 0.0, 0.0));
        assert_eq!(adx.value(), Some(last));
    }

    #[test]
    fn a_period_of_nothing_is_refused() {
        assert!(Adx::new(0).is_err());
    }
}
