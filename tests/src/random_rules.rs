//! Random rules: everything that costs, risk and fills know, at once.

use std::collections::BTreeMap;

use ct_host::backtest::Settings;
use ct_host::costs::{
    Borrow, FeeAsset, FeeTier, Funding, FundingPayer, Impact, Noise, Slippage, Spread,
    SquareRootImpact, VolatilitySlippage, VolatilitySpread, VolumeShareSlippage,
};
use ct_host::order::{FillRules, GapFill, Intrabar, LimitFill, MarketFill};
use ct_host::risk::{
    BreakerAction, BreakerSettings, CoolDown, CorrelationLimit, DelistingRule, EqualRisk,
    EqualRiskMethod, Estimator, FixedFraction, FixedNotional, Group, InstrumentRisk, Kelly,
    KellySample, Limits, LosingStreak, LossBreaker, Margin, MissingStop, PauseAfter,
    PositionLimits, Rearm, Rebalancing, RiskBudget, RiskSettings, RiskShare, Shorting, Sizing,
    StopDistance, StreakScope, VolatilityEstimator, VolatilityTarget, Weights,
};
use ct_host::units::{CalendarPeriod, Interval, Rate};

use crate::bars::SplitMix64;
use crate::plugins::sound;
use crate::random;

/// Settings in which any rule may hold, for instruments called A/USD, B/USD and so on.
pub fn settings(random: &mut SplitMix64) -> Settings {
    let mut settings = random::settings(random);
    costs(random, &mut settings);
    settings.risk = risk(random, settings.account.cash.to_f64());
    settings.fills = FillRules {
        market: random.pick(&[MarketFill::NextOpen, MarketFill::NextOpen, MarketFill::NextClose]),
        limit: random.pick(&[LimitFill::Touch, LimitFill::Through]),
        intrabar: random.pick(&[Intrabar::StopFirst, Intrabar::OpenNearest]),
        latency_bars: random.pick(&[0, 0, 0, 1, 4]),
        gap: random.pick(&[GapFill::Level, GapFill::Open]),
    };
    let position = &mut settings.risk.limits.position;
    position.units_max = random.pick(&[None, None, None, Some(3.0)]).map(random::exact);
    position.notional_max = random.pick(&[None, None, None, Some(400.0)]).map(random::exact);
    if random.unit() < 0.3 {
        let position = PositionLimits { equity_max: Some(rate(0.2)), ..PositionLimits::default() };
        let own = InstrumentRisk { position, ..InstrumentRisk::default() };
        settings.risk.instruments = BTreeMap::from([("A/USD".to_owned(), own)]);
    }
    settings
}

fn rate(fraction: f64) -> Rate {
    sound(Rate::from_fraction(fraction))
}

fn hours(count: i64) -> Interval {
    sound(Interval::from_ms(count * 3_600_000))
}

fn costs(random: &mut SplitMix64, settings: &mut Settings) {
    let costs = &mut settings.costs;
    costs.fees.asset = random.pick(&[FeeAsset::Quote, FeeAsset::Base]);
    if costs.fees.asset == FeeAsset::Quote {
        costs.fees.minimum = random::exact(random.pick(&[0.0, 0.0, 0.5]));
    }
    costs.fees.discount = rate(random.pick(&[0.0, 0.25]));
    if random.unit() < 0.4 {
        let tier = |(volume, bps): (f64, f64)| FeeTier {
            volume_min: random::exact(volume),
            maker_bps: rate(bps / 20_000.0),
            taker_bps: rate(bps / 10_000.0),
        };
        costs.fees.tiers = [(2_000.0, 3.0), (40_000.0, 1.0)].map(tier).into();
        costs.fees.starting_tier = random.below(3);
    }
    if random.unit() < 0.4 {
        costs.spread = Spread::Volatility(VolatilitySpread::default());
    }
    costs.slippage = match random.below(4) {
        0 => Slippage::Volatility(VolatilitySlippage::default()),
        1 => Slippage::VolumeShare(VolumeShareSlippage::default()),
        _ => costs.slippage,
    };
    if random.unit() < 0.3 {
        costs.impact = Impact::SquareRoot(SquareRootImpact::default());
    }
    if random.unit() < 0.3 {
        costs.noise = Some(Noise { seed: random.next_bits(), amplitude: rate(0.5) });
    }
    if random.unit() < 0.5 {
        let payer = random.pick(&[FundingPayer::Both, FundingPayer::Long, FundingPayer::Short]);
        costs.funding = Some(Funding { rate_bps: rate(0.0003), every: hours(8), payer });
    }
    costs.borrow = random.pick(&[None, Some(Borrow::default())]);
    costs.volatility_rows = 12;
}

fn risk(random: &mut SplitMix64, cash: f64) -> RiskSettings {
    let estimator =
        Estimator { window_rows: 24, overlap_min: 6, refresh_rows: 5, ..Estimator::default() };
    let symbols = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    let group = Group { symbols: symbols(&["A/USD", "C/USD"]), exposure_max: rate(0.5) };
    let groups = if random.unit() < 0.3 {
        BTreeMap::from([("majors".to_owned(), group)])
    } else {
        BTreeMap::new()
    };
    RiskSettings {
        sizing: sizing(random, cash),
        limits: limits(random),
        margin: Margin {
            leverage_max: rate(random.pick(&[1.0, 1.0, 3.0, 15.0])),
            maintenance: rate(random.pick(&[0.0, 0.05])),
            ..Margin::default()
        },
        breakers: breakers(random),
        delisting: DelistingRule::default(),
        groups,
        correlation: (random.unit() < 0.3).then_some(CorrelationLimit {
            estimator,
            threshold: 0.1,
            exposure_max: rate(0.6),
        }),
        budget: (random.unit() < 0.3).then_some(RiskBudget {
            estimator,
            volatility_max: rate(0.5),
            ..RiskBudget::default()
        }),
        rebalancing: (random.unit() < 0.3).then_some(Rebalancing {
            every: random.pick(&[CalendarPeriod::Day, CalendarPeriod::Week]),
            band: rate(0.05),
        }),
        instruments: BTreeMap::new(),
    }
}

fn sizing(random: &mut SplitMix64, cash: f64) -> Sizing {
    match random.below(9) {
        0 => Sizing::RiskShare(RiskShare {
            risk: rate(0.02),
            distance: random.pick(&[
                StopDistance::Stop,
                StopDistance::Atr,
                StopDistance::StopOrAtr,
            ]),
            missing_stop: random.pick(&[MissingStop::Place, MissingStop::Assume]),
            ..RiskShare::default()
        }),
        1 => Sizing::VolatilityTarget(VolatilityTarget {
            estimator: random.pick(&[VolatilityEstimator::Ewma, VolatilityEstimator::Window]),
            window_rows: 20,
            ..VolatilityTarget::default()
        }),
        2 => Sizing::Kelly(Kelly {
            sample: random.pick(&[KellySample::Trades, KellySample::Returns]),
            window: 12,
            sample_min: 3,
            ..Kelly::default()
        }),
        3 => Sizing::EqualRisk(EqualRisk {
            window_rows: 20,
            method: random
                .pick(&[EqualRiskMethod::InverseVolatility, EqualRiskMethod::EqualContribution]),
            ..EqualRisk::default()
        }),
        4 => Sizing::Weights(Weights {}),
        5 => Sizing::Notional(FixedNotional { notional: random::exact(8.0 * cash) }),
        _ => Sizing::Fraction(FixedFraction { fraction: rate(random.pick(&[0.5, 1.0])) }),
    }
}

fn limits(random: &mut SplitMix64) -> Limits {
    let mut share = |choices: &[f64]| {
        let picked = random.pick(choices);
        (picked > 0.0).then(|| rate(picked))
    };
    let (equity_max, volume_max) = (share(&[0.0, 0.0, 0.3]), share(&[0.0, 0.0, 0.1]));
    let (gross, net) = (share(&[0.0, 0.0, 0.7]), share(&[0.0, 0.0, 0.4]));
    let turnover = share(&[0.0, 0.0, 1.5]);
    Limits {
        shorting: random.pick(&[Shorting::Forbidden, Shorting::Allowed, Shorting::Allowed]),
        position: PositionLimits { equity_max, volume_max, ..PositionLimits::default() },
        gross_exposure_max: gross,
        net_exposure_max: net,
        open_positions_max: random.pick(&[None, None, Some(1), Some(2)]),
        orders_per_day_max: random.pick(&[None, None, Some(2)]),
        turnover_per_day_max: turnover,
    }
}

fn breakers(random: &mut SplitMix64) -> BreakerSettings {
    let level = |loss: f64, action, rearm| LossBreaker {
        loss: rate(loss),
        action,
        reduce_to: Rate::ONE.half(),
        rearm,
    };
    let (reduce, halt, flatten) =
        (BreakerAction::Reduce, BreakerAction::Halt, BreakerAction::Flatten);
    let timed = Rearm::After(hours(30));
    BreakerSettings {
        portfolio_stop: random.pick(&[None, None, Some(level(0.3, flatten, timed))]),
        daily_loss: match random.below(3) {
            0 => vec![level(0.01, halt, Rearm::NextPeriod), level(0.02, flatten, timed)],
            _ => Vec::new(),
        },
        weekly_loss: match random.below(3) {
            0 => vec![level(0.04, halt, Rearm::NextPeriod)],
            _ => Vec::new(),
        },
        drawdown: match random.below(3) {
            0 => vec![
                level(0.02, reduce, timed),
                level(0.04, halt, timed),
                level(0.08, flatten, timed),
            ],
            1 => vec![level(0.3, flatten, Rearm::Manual)],
            _ => Vec::new(),
        },
        losing_streak: random.pick(&[
            None,
            None,
            Some(LosingStreak { losses: 2, pause: Some(hours(9)), scope: StreakScope::Instrument }),
            Some(LosingStreak { losses: 3, pause: Some(hours(15)), scope: StreakScope::Strategy }),
        ]),
        cool_down: random.pick(&[
            None,
            None,
            Some(CoolDown { after: PauseAfter::Stop, pause: hours(5) }),
            Some(CoolDown { after: PauseAfter::Exit, pause: hours(3) }),
        ]),
    }
}
