//! Sizes that the record justifies.

use super::market::{
    amount, assert_close, closes, decision, granted, money, nothing, rate, target, three_markets,
    trade, trades,
};
use crate::market::{InstrumentId, Panel};
use crate::order::{Rule, Trade};
use crate::risk::{Granted, Kelly, KellySample, Sizing, SizingInput};
use crate::units::Rate;

/// The whole Kelly fraction, as it is.
fn whole(sample: KellySample, window: usize) -> Kelly {
    Kelly {
        multiple: Rate::ONE,
        sample,
        window,
        sample_min: 2,
        shrinkage: Rate::ZERO,
        floor: Rate::ZERO,
        cap: rate(1_000.0),
        fallback: Rate::ZERO,
    }
}

/// What `rule` grants of 1 000 in one instrument after `trades`.
fn after(rule: Kelly, trades: &[Trade]) -> Granted {
    let panel = closes(&[&[1.0]]);
    let input = SizingInput { equity: money(1_000.0), trades, ..decision(&panel, 0) };
    Sizing::Kelly(rule).grant(&input).unwrap()
}

/// `wins` trades that earned `win`, then `losses` that lost `loss`.
fn record(wins: usize, win: f64, losses: usize, loss: f64) -> Vec<Trade> {
    trades(&[vec![win; wins], vec![-loss; losses]].concat())
}

#[test]
fn the_fraction_is_that_of_published_bets() {
    for (wins, win, losses, loss, expected) in [
        // Thorp 2006, coin tossing: even money, p = 0.51.
        (51, 10.0, 49, 10.0, 0.02),
        // Kelly 1956, a noisy wire: q − p of the bankroll when it is right with q = 0.6.
        (60, 10.0, 40, 10.0, 0.2),
        // A coin that pays two for one.
        (50, 20.0, 50, 10.0, 0.25),
        // 0.4 − 0.6 ÷ 2.5.
        (40, 25.0, 60, 10.0, 0.16),
    ] {
        let found = after(whole(KellySample::Trades, 100), &record(wins, win, losses, loss));
        assert_eq!(found, amount(1_000.0 * expected), "{wins} × {win}, {losses} × {loss}");
    }
}

#[test]
fn the_fraction_is_multiplied_shrunk_and_capped() {
    // f* = 0.2 of 100 trades.
    let trades = record(60, 10.0, 40, 10.0);
    for (multiple, shrinkage, cap, expected) in [
        (1.0, 0.0, 1.0, 200.0),
        (0.5, 0.0, 1.0, 100.0),
        (1.0, 100.0, 1.0, 100.0),
        (0.5, 25.0, 1.0, 80.0),
        (1.0, 0.0, 0.15, 150.0),
        (1.0, 0.0, 0.0, 0.0),
        (0.0, 0.0, 1.0, 0.0),
    ] {
        let rule = Kelly {
            multiple: rate(multiple),
            shrinkage: rate(shrinkage),
            cap: rate(cap),
            ..whole(KellySample::Trades, 100)
        };
        assert_eq!(after(rule, &trades), amount(expected), "{multiple}, {shrinkage}, {cap}");
    }
}

#[test]
fn too_small_a_record_falls_back() {
    let rule = |sample_min, fallback, cap| Kelly {
        sample_min,
        fallback: rate(fallback),
        cap: rate(cap),
        ..whole(KellySample::Trades, 50)
    };
    for (count, sample_min, fallback, cap, expected) in [
        (0, 20, 0.1, 1.0, 100.0),
        (1, 20, 0.1, 1.0, 100.0),
        (19, 20, 0.1, 1.0, 100.0),
        (20, 20, 0.1, 1.0, 1_000.0),
        // The cap holds for the fallback too.
        (1, 20, 0.5, 0.2, 200.0),
        (1, 20, 0.0, 1.0, 0.0),
        // No record at all is never enough.
        (0, 0, 0.1, 1.0, 100.0),
    ] {
        let found = after(rule(sample_min, fallback, cap), &record(count, 10.0, 0, 0.0));
        assert_eq!(found, amount(expected), "{count} of {sample_min}");
    }
}

#[test]
fn a_record_without_losses_or_without_wins_is_bounded() {
    for (profits, expected) in [
        // Nothing is known of the losses: the share of winners.
        (&[5.0, 7.0][..], amount(1_000.0)),
        (&[5.0, 0.0, 0.0, 0.0], amount(250.0)),
        // Nothing was won.
        (&[-5.0, -7.0], nothing(Rule::NoEdge, -1.0, 0.0)),
        (&[0.0, 0.0], nothing(Rule::NoEdge, -1.0, 0.0)),
        // 0.5 − 0.5 ÷ 0.5, and exactly no edge.
        (&[5.0, -10.0], nothing(Rule::NoEdge, -0.5, 0.0)),
        (&[10.0, -10.0], nothing(Rule::NoEdge, 0.0, 0.0)),
    ] {
        let found = after(whole(KellySample::Trades, 50), &trades(profits));
        assert_eq!(found, expected, "{profits:?}");
    }
    // One trade can be all the record that is asked for.
    let rule = Kelly { sample_min: 1, ..whole(KellySample::Trades, 50) };
    assert_eq!(after(rule, &trades(&[5.0])), amount(1_000.0));
    assert_eq!(after(rule, &trades(&[-5.0])), nothing(Rule::NoEdge, -1.0, 0.0));
}

#[test]
fn a_floor_keeps_a_strategy_without_an_edge_alive() {
    let rule =
        |floor, cap| Kelly { floor: rate(floor), cap: rate(cap), ..whole(KellySample::Trades, 50) };
    // One win of 10 in 40, and losses of 10: no edge at all.
    let losing = record(10, 10.0, 30, 10.0);
    assert!(matches!(after(rule(0.0, 1.0), &losing), Granted::Nothing(_)));
    assert_eq!(after(rule(0.02, 1.0), &losing), amount(20.0));
    // A cap below the floor wins.
    assert_eq!(after(rule(0.02, 0.01), &losing), amount(10.0));
    // Two wins of 20 to each loss of 10: p = 2/3, b = 2, f* = 1/2. The floor holds below it only.
    let winning = record(20, 20.0, 10, 10.0);
    assert_eq!(after(rule(0.02, 1.0), &winning), amount(500.0));
    assert_eq!(after(rule(0.75, 1.0), &winning), amount(750.0));
}

#[test]
fn only_the_latest_trades_of_the_instrument_count() {
    // Many losses long ago, and in another instrument.
    let mut all = record(0, 0.0, 40, 10.0);
    for _ in 0..5 {
        all.extend([trade(1, -10.0), trade(0, 20.0), trade(1, -10.0), trade(0, -10.0)]);
    }
    assert_eq!(after(whole(KellySample::Trades, 10), &all), amount(250.0));
    assert!(matches!(after(whole(KellySample::Trades, 50), &all), Granted::Nothing(_)));
}

#[test]
fn a_trade_whose_entry_was_worth_nothing_does_not_count() {
    let worthless = Trade { return_on_notional: f64::INFINITY, ..trade(0, 10.0) };
    let idle = Trade { return_on_notional: f64::NAN, ..trade(0, 0.0) };
    let mut all = record(1, 20.0, 1, 10.0);
    all.extend([worthless, idle]);
    assert_eq!(after(whole(KellySample::Trades, 2), &all), amount(250.0));
}

fn of_returns(panel: &Panel, window: usize, row: usize, instrument: usize) -> f64 {
    let instrument = InstrumentId::new(instrument);
    let input = SizingInput { instrument, ..decision(panel, row) };
    granted(&Sizing::Kelly(whole(KellySample::Returns, window)), &input)
}

/// pandas 3.1.1, with `r = P.pct_change()`, the last `window` rows of it up to the row: `r.mean() / r.var(ddof=1)`.
#[test]
fn the_fraction_of_returns_is_that_of_pandas() {
    let panel = three_markets(&[]);
    for (instrument, row, window, expected) in [
        (0, 199, 50, 0.255_250_127_013_719_63),
        (0, 120, 100, 0.452_155_193_866_780_16),
        (0, 30, 50, 0.639_546_589_887_587),
        (1, 199, 50, 0.535_275_466_197_581_9),
        (1, 120, 100, 0.538_604_185_998_901),
        (2, 199, 50, 0.300_819_345_296_550_6),
        (2, 30, 50, 0.822_781_508_348_394_1),
    ] {
        // Three instruments share 1 000 000.
        let found = of_returns(&panel, window, row, instrument) * 3.0 / 1_000_000.0;
        assert_close(found, expected);
    }
}

#[test]
fn what_rises_has_no_edge_for_a_short_position() {
    let (rising, falling) = ([10.0, 11.0, 10.5, 12.0], [12.0, 10.5, 11.0, 10.0]);
    let grant = |closes_given: &[f64], share| {
        let panel = closes(&[closes_given]);
        let input = SizingInput { target: target(share), ..decision(&panel, 3) };
        Sizing::Kelly(whole(KellySample::Returns, 50)).grant(&input).unwrap()
    };
    for (closes, share, has_edge) in [
        (&rising, 1.0, true),
        (&rising, -1.0, false),
        (&falling, 1.0, false),
        (&falling, -1.0, true),
    ] {
        match grant(closes, share) {
            Granted::Size(_) => assert!(has_edge, "{closes:?} {share}"),
            Granted::Nothing(cut) => {
                assert!(!has_edge, "{closes:?} {share}");
                assert!(cut.rule == Rule::NoEdge && cut.value < 0.0, "{cut:?}");
            }
        }
    }
}

#[test]
fn even_movement_gets_the_cap_and_none_no_edge() {
    let rule = Kelly { cap: rate(0.7), ..whole(KellySample::Returns, 50) };
    let grant = |closes_given: &[f64]| {
        let panel = closes(&[closes_given]);
        Sizing::Kelly(rule).grant(&decision(&panel, 4)).unwrap()
    };
    assert_eq!(grant(&[1.0, 2.0, 4.0, 8.0, 16.0]), amount(700_000.0));
    assert_eq!(grant(&[3.0; 5]), nothing(Rule::NoEdge, 0.0, 0.0));
    let Granted::Nothing(cut) = grant(&[16.0, 8.0, 4.0, 2.0, 1.0]) else { panic!("an edge") };
    assert!(cut.rule == Rule::NoEdge && cut.value < 0.0 && cut.value.is_finite(), "{cut:?}");
}

#[test]
fn too_few_returns_fall_back() {
    let gap = f64::NAN;
    let panel = closes(&[&[1.0, 2.0, gap, 3.0, 4.0, 6.0], &[1.0; 6]]);
    let rule = Kelly { sample_min: 3, fallback: rate(0.1), ..whole(KellySample::Returns, 50) };
    for row in [0, 1, 4] {
        let found = Sizing::Kelly(rule).grant(&decision(&panel, row)).unwrap();
        assert_eq!(found, amount(50_000.0), "row {row}");
    }
    let found = Sizing::Kelly(rule).grant(&decision(&panel, 5)).unwrap();
    assert_ne!(found, amount(50_000.0));
}

#[test]
fn equity_below_zero_grants_nothing() {
    let (panel, trades) = (closes(&[&[1.0]]), record(60, 10.0, 40, 10.0));
    let input = SizingInput { equity: money(-10.0), trades: &trades, ..decision(&panel, 0) };
    let found = Sizing::Kelly(whole(KellySample::Trades, 100)).grant(&input).unwrap();
    assert_eq!(found, amount(0.0));
}
