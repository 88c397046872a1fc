//! Markets that went to nothing in 2022, on real prices where they are at hand: with the default rules an account survives each of
//! them; without breakers it does not.

use std::path::Path;

use ct_host::backtest::Settings;
use ct_host::data::files::read_file;
use ct_host::engine::{Outcome, Strategy};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::order::{FillReason, Rule};
use ct_host::portfolio::Position;
use ct_host::risk::{BreakerEventKind, BreakerSettings};
use ct_host::units::{Interval, Timestamp};
use ct_tests::run::run;
use ct_tests::script::{Script, go};

/// The hourly bars of a symbol from `from` to `to`, if the file is there.
fn bars(symbol: &str, from: &str, to: &str) -> Option<Bars> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data/ohlcv");
    let path = folder.join(format!("binance_{symbol}_1h_2021-2023.csv.gz"));
    if !path.exists() {
        return None;
    }
    let file = read_file(&path, &mut |_| {}).unwrap();
    let bars = Bars::new(Interval::HOUR, file.columns).unwrap();
    let time = |text: &str| text.parse::<Timestamp>().unwrap();
    Some(bars.between(time(from), time(to)))
}

/// Buys at the first open, whatever comes.
fn hold(bars: &Bars, settings: &Settings) -> Outcome {
    let instrument = Instrument::unrestricted("COIN/USDT");
    let panel = Panel::new(vec![(instrument, bars.clone())]).unwrap();
    let mut script = Script::new(vec![go(0, 1.0)]);
    let mut strategies: [&mut dyn Strategy; 1] = [&mut script];
    let setup = settings.checked().unwrap();
    run(&panel, &setup, Script::needs(), &mut strategies, (0, 2_048))
}

/// Half of the peak is what the default breaker gives up; what is lost beyond it is lost between the close at which it trips and
/// the next open, and to costs.
#[test]
fn an_account_survives_with_the_default_rules() {
    for (symbol, from, to, left_without) in [
        // From 86 in March 2022 to 0.00005 on 13 May.
        ("LUNAUSDT", "2022-03-01", "2022-05-14", 0.000_01),
        // A stablecoin; a quarter of a dollar at the last bar, after less than that.
        ("USTUSDT", "2022-04-01", "2022-05-14", 0.3),
        // From 25 to 2 in the second week of November 2022.
        ("FTTUSDT", "2022-10-01", "2022-11-15", 0.1),
    ] {
        let Some(bars) = bars(symbol, from, to) else { return };
        let settings = Settings::default();
        let cash = settings.cash.to_f64();
        let outcome = hold(&bars, &settings);
        let trip = outcome
            .breaker_events
            .iter()
            .find(|event| event.rule == Rule::Drawdown && event.kind == BreakerEventKind::Tripped)
            .unwrap();
        let peak = outcome.equity.iter().copied().fold(cash, f64::max);
        let left = *outcome.equity.last().unwrap();
        // Until the breaker tripped, no close was at half of the peak.
        let before = outcome.equity[trip.row - 1];
        assert!(before > 0.5 * peak, "{symbol}: {before} of {peak}");
        // Flat at the next open, and flat for good.
        let exit = outcome.fills.last().unwrap();
        assert_eq!((exit.reason, exit.row as usize), (FillReason::Breaker, trip.row + 1));
        assert!(outcome.positions.iter().all(Position::is_flat), "{symbol}");
        assert!(left > 0.3 * peak, "{symbol}: {left} of {peak}");

        let mut without = settings.clone();
        without.risk.breakers = BreakerSettings::none();
        let outcome = hold(&bars, &without);
        let rest = *outcome.equity.last().unwrap();
        assert!(rest < left_without * cash, "{symbol}: {rest}");
        assert!(outcome.breaker_events.is_empty() && !outcome.positions[0].is_flat());
    }
}
