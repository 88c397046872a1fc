//! The task of the benches: SMA 20/50 on 2.6 million one-minute bars, fees and slippage included.

use std::collections::BTreeMap;

use ct_host::backtest::{Dataset, Origin, Settings};
use ct_host::market::Instrument;
use ct_host::risk::{
    BreakerAction, BreakerSettings, CorrelationLimit, FixedUnits, Group, Limits, LosingStreak,
    LossBreaker, PositionLimits, Rearm, RiskSettings, Sizing, StreakScope,
};
use ct_host::settings::AccountSettings;
use ct_host::units::{Money, Quantity, Rate};
use ct_tests::bars::random_walk;

/// Five years of minutes.
pub const ROWS: usize = 2_600_000;

/// One unit of the base asset in each trade, out of an account that 60 000 round trips of fees do not empty, without any
/// rule of risk.
pub fn settings() -> Settings {
    let cash = Money::from_f64(CASH).unwrap_or_default();
    let sizing = Sizing::Units(FixedUnits { units: Quantity::from_f64(1.0).unwrap_or_default() });
    Settings {
        account: AccountSettings { cash, ..AccountSettings::default() },
        risk: RiskSettings { sizing, breakers: BreakerSettings::none(), ..RiskSettings::default() },
        ..Settings::default()
    }
}

/// The same account under every rule that risk knows, each too wide to change a trade.
pub fn guarded_settings() -> Settings {
    let plain = settings();
    let level = |loss: f64, action| LossBreaker {
        loss: Rate::from_fraction(loss).unwrap_or_default(),
        action,
        reduce_to: Rate::ONE.half(),
        rearm: Rearm::Manual,
    };
    let (whole, wide) = (Some(Rate::ONE), Rate::from_fraction(100.0).ok());
    let rare = |action| vec![level(0.9, BreakerAction::Reduce), level(0.95, action)];
    let risk = RiskSettings {
        limits: Limits {
            position: PositionLimits {
                units_max: Quantity::from_f64(1e6).ok(),
                notional_max: Money::from_f64(1e9).ok(),
                equity_max: whole,
                volume_max: None,
            },
            gross_exposure_max: whole,
            net_exposure_max: whole,
            open_positions_max: Some(10),
            orders_per_day_max: Some(100_000),
            turnover_per_day_max: wide,
            ..Limits::default()
        },
        breakers: BreakerSettings {
            portfolio_stop: Some(level(0.9, BreakerAction::Flatten)),
            daily_loss: rare(BreakerAction::Halt),
            weekly_loss: rare(BreakerAction::Halt),
            drawdown: rare(BreakerAction::Flatten),
            losing_streak: Some(LosingStreak {
                losses: 1_000_000,
                pause: None,
                scope: StreakScope::Strategy,
            }),
            cool_down: None,
        },
        groups: BTreeMap::from([(
            "all".to_owned(),
            Group { symbols: vec!["TEST/USD".to_owned()], exposure_max: Rate::ONE },
        )]),
        correlation: Some(CorrelationLimit {
            exposure_max: Rate::ONE,
            ..CorrelationLimit::default()
        }),
        ..plain.risk.clone()
    };
    Settings { risk, ..plain }
}

/// Quote asset at the start.
pub const CASH: f64 = 1e8;

/// `rows` one-minute bars of one instrument.
///
/// # Panics
/// Never: the bars are made to be sound.
pub fn dataset(rows: usize) -> Dataset {
    let bars = random_walk(7, rows, 60_000);
    let instruments = vec![(Instrument::unrestricted("TEST/USD"), bars)];
    match Dataset::new(instruments, Origin::Synthetic) {
        Ok(dataset) => dataset,
        Err(error) => unreachable!("bench data: {error}"),
    }
}
