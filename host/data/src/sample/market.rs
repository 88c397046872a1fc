//! The sample market: one step makes one bar.

use super::random::SplitMix64;
use super::regime::Regime;

/// One bar, before it is rounded to the exchange's decimals.
#[derive(Clone, Copy, Debug)]
pub(super) struct SampleBar {
    pub(super) open: f64,
    pub(super) high: f64,
    pub(super) low: f64,
    pub(super) close: f64,
    pub(super) volume: f64,
}

/// The state of the market between two bars.
#[derive(Clone, Debug)]
pub(super) struct Market {
    random: SplitMix64,
    /// Length of a bar.
    hours: f64,
    price: f64,
    regime: Regime,
    /// Price at which the regime began.
    anchor: f64,
    /// Variance of the next bar's return.
    variance: f64,
    /// Bars that the exchange is still down.
    outage_bars: u64,
}

/// First price; prices are weakly drawn back to it, so that long samples neither vanish nor explode.
const REFERENCE_PRICE: f64 = 40_000.0;
/// Largest return of an hour towards the reference price.
const REFERENCE_PULL_PER_HOUR: f64 = 4e-5;

/// GARCH(1,1): weight of the last squared return (T. Bollerslev, 1986).
const RETURN_WEIGHT: f64 = 0.06;
/// GARCH(1,1): weight of the last variance.
const VARIANCE_WEIGHT: f64 = 0.92;

/// Smallest share of its variance that a bar uses. The number of trades in a bar is random, and with it the variance of the bar
/// (P. K. Clark, "A subordinated stochastic process model", 1973): this makes the tails fat.
const QUIET_ACTIVITY: f64 = 0.3;

/// Hours between two jumps of the price, on average.
const JUMP_HOURS: f64 = 400.0;
/// Smallest jump.
const JUMP_MIN: f64 = 0.004;
/// Mean of what a jump exceeds the smallest by.
const JUMP_MEAN_EXCESS: f64 = 0.009;

/// Hours between two outages of the exchange, on average.
const OUTAGE_HOURS: f64 = 1_100.0;
/// Hours that an outage lasts on average.
const OUTAGE_MEAN_HOURS: f64 = 3.0;

/// Base asset traded in a quiet hour.
const VOLUME_PER_HOUR: f64 = 700.0;

impl Market {
    /// A market whose bars last `interval_ms`.
    pub(super) fn new(seed: u64, interval_ms: i64) -> Self {
        let regime = Regime::Range;
        let hours = interval_ms as f64 / 3_600_000.0;
        let volatility = regime.volatility_per_hour();
        Self {
            random: SplitMix64::new(seed),
            hours,
            price: REFERENCE_PRICE,
            regime,
            anchor: REFERENCE_PRICE,
            variance: volatility * volatility * hours,
            outage_bars: 0,
        }
    }

    /// Makes the next bar; None while the exchange is down, although the price moves on.
    pub(super) fn next_bar(&mut self) -> Option<SampleBar> {
        self.change_regime();
        let jump = self.jump();
        let bar = self.trade(jump);
        self.is_open().then_some(bar)
    }

    fn change_regime(&mut self) {
        if self.happens(self.regime.mean_hours()) {
            self.regime = self.regime.next(&mut self.random);
            self.anchor = self.price;
        }
    }

    /// Return between the last close and the next open; nearly always 0.
    fn jump(&mut self) -> f64 {
        if !self.happens(JUMP_HOURS) {
            return 0.0;
        }
        let size = JUMP_MIN + JUMP_MEAN_EXCESS * self.random.exponential();
        if self.random.uniform() < 0.5 { -size } else { size }
    }

    fn trade(&mut self, jump: f64) -> SampleBar {
        let open = moved(self.price, jump);
        let burst = self.random.exponential();
        let activity = QUIET_ACTIVITY + (1.0 - QUIET_ACTIVITY) * burst * burst / 2.0;
        let deviation = (self.variance * activity).sqrt();
        let change = self.drift() * self.hours + deviation * self.random.normal();
        let (up, down) = (self.reach(change, deviation), -self.reach(-change, deviation));
        self.price = moved(open, change);
        let volume = self.volume(up - down + jump.abs());
        self.update_variance(change + jump);
        SampleBar { open, high: moved(open, up), low: moved(open, down), close: self.price, volume }
    }

    /// Expected return of an hour.
    fn drift(&self) -> f64 {
        let pull = (REFERENCE_PRICE - self.price) / (REFERENCE_PRICE + self.price);
        let away = (self.anchor - self.price) / (self.anchor + self.price) * 2.0;
        self.regime.drift_per_hour()
            + REFERENCE_PULL_PER_HOUR * pull
            + self.regime.reversion_per_hour() * away
    }

    /// How far a Brownian bridge from 0 to `change` rises above 0: `(c + √(c² + 2σ²E)) / 2` with `E` exponential, which is
    /// the inverse of the distribution of its maximum (Karatzas and Shreve, "Brownian motion and stochastic calculus",
    /// 4.3.40). Never below 0 or `change`.
    fn reach(&mut self, change: f64, deviation: f64) -> f64 {
        let spread = 2.0 * deviation * deviation * self.random.exponential();
        (change + (change * change + spread).sqrt()) * 0.5
    }

    /// Volume of a bar in which the price covered `range`: wide bars trade more.
    fn volume(&mut self, range: f64) -> f64 {
        let quiet_range = Regime::Range.volatility_per_hour() * self.hours.sqrt();
        let noise = 0.4 + 0.6 * self.random.exponential();
        VOLUME_PER_HOUR * self.hours * noise * (0.3 + 0.5 * range / quiet_range)
    }

    fn update_variance(&mut self, change: f64) {
        let volatility = self.regime.volatility_per_hour();
        let usual = volatility * volatility * self.hours;
        self.variance = (1.0 - RETURN_WEIGHT - VARIANCE_WEIGHT) * usual
            + RETURN_WEIGHT * change * change
            + VARIANCE_WEIGHT * self.variance;
    }

    /// True if the exchange is up; outages begin and end here.
    fn is_open(&mut self) -> bool {
        if self.outage_bars > 0 {
            self.outage_bars -= 1;
        } else if self.happens(OUTAGE_HOURS) {
            let hours = OUTAGE_MEAN_HOURS * self.random.exponential();
            self.outage_bars = whole(hours / self.hours) + 1;
        }
        self.outage_bars == 0
    }

    /// True once in `mean_hours` on average.
    fn happens(&mut self, mean_hours: f64) -> bool {
        self.random.uniform() * mean_hours < self.hours
    }
}

/// `price` after a return: `1 + r` upwards and `1 / (1 - r)` downwards, which never reaches 0.
fn moved(price: f64, change: f64) -> f64 {
    if change < 0.0 { price / (1.0 - change) } else { price * (1.0 + change) }
}

/// `value` without its decimals.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "values are positive and far below 2^64, and the decimals are to be dropped"
)]
pub(super) fn whole(value: f64) -> u64 {
    value as u64
}
