//! Several different strategies trade on one account.

use std::collections::BTreeSet;
use std::ops::{ControlFlow, Range};

use ct_host::engine::{Machine, Member, Needs, Outcome, Scope, Strategies, Strategy};
use ct_host::market::{Instrument, Panel, Symbol};
use ct_host::order::{Fill, Rule};
use ct_host::risk::{CapitalShare, FixedUnits, Limits, RiskSettings, Sizing};
use ct_host::settings::Settings;
use ct_host::units::{Money, Quantity, Rate};
use ct_tests::bars::{SplitMix64, panel_of, random_walk};
use ct_tests::plugins::{self, sound};
use ct_tests::random;
use ct_tests::reactive::Reactive;
use ct_tests::records::{Placed, placed};
use ct_tests::run::assert_same;
use ct_tests::script::Script;
use ct_tests::setup::plain_setup;
use ct_tests::trial::Trial;
use proptest::prelude::{ProptestConfig, proptest};

/// Strategies with their needs and the instruments that they trade.
type Members<'a> = Vec<(Box<dyn Strategy + 'a>, Needs, Range<usize>)>;

fn run(
    panel: &Panel,
    setup: &Settings,
    shares: &[CapitalShare],
    mut members: Members<'_>,
    window_rows: usize,
) -> Outcome {
    let members = members.iter_mut().map(|(strategy, needs, instruments)| {
        Member::new(&mut **strategy, *needs, instruments.clone())
    });
    let strategies = Strategies::new(members.collect(), window_rows);
    let machine = sound(Machine::new(panel, setup, 0)).dividing_capital(shares).explaining();
    sound(machine.run(panel.into(), strategies, |_| ControlFlow::Continue(())))
}

/// Three instruments of the same rows.
fn market(seed: u64, rows: usize) -> Panel {
    let bars = |place: u64| random_walk(seed.wrapping_mul(3) + place, rows, 3_600_000);
    let symbols = ["A/USDT", "B/USDT", "C/USDT"];
    panel_of(
        symbols
            .into_iter()
            .zip(0..)
            .map(|(symbol, place)| (Instrument::unrestricted(symbol), bars(place)))
            .collect(),
    )
}

/// A script of the first instrument, and a strategy that reads the account of the other two.
fn two(seed: u64, panel: &Panel) -> Members<'static> {
    let decisions = random::decisions(&mut SplitMix64(seed), &panel.part(0..panel.rows()), 9);
    let script = Script::new(decisions).of_instrument(0);
    vec![
        (Box::new(script), Script::needs(), 0..1),
        (Box::new(Reactive::new(seed, 7)), Reactive::needs(Scope::Portfolio), 1..3),
    ]
}

/// The fills of an instrument with their rows, apart from the numbers of the decisions behind them, which count those of all
/// strategies.
fn without_number(panel: &Panel, outcome: &Outcome, place: usize) -> Vec<(usize, Fill)> {
    let fills = placed(panel, outcome).into_iter().filter(|fill| fill.instrument == place);
    fills.map(|Placed { fill, row, .. }| (row, Fill { decision: None, ..fill.clone() })).collect()
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(48) })]

    /// With sizes and cash that do not depend on the others.
    #[test]
    fn each_trades_as_it_does_alone_where_risk_does_not_bind(seed: u64, rows in 30..300_usize) {
        let panel = market(seed, rows);
        let cash = Money::from_f64(1e9).unwrap();
        let setup = plain_setup(cash, Quantity::from_f64(1.0).unwrap());
        let decisions = random::decisions(&mut SplitMix64(seed), &panel, 9);
        let script = |place| -> Members<'_> {
            let script = Script::new(decisions.clone()).of_instrument(place);
            vec![(Box::new(script), Script::needs(), place..place + 1)]
        };
        let all = (0..3).flat_map(script).collect();
        let together = run(&panel, &setup, &[], all, 64);
        for place in 0..3 {
            let alone = run(&panel, &setup, &[], script(place), 64);
            let own = without_number(&panel, &together, place);
            assert_eq!(own, without_number(&panel, &alone, place));
            assert_eq!(own.len(), alone.fills.len());
        }
    }

    #[test]
    fn windows_do_not_show(seed: u64, rows in 30..300_usize, window_rows in 2..90_usize) {
        let panel = market(seed, rows);
        let setup = Trial::with_every_rule(seed, 1, 1).setup;
        let one = run(&panel, &setup, &[], two(seed, &panel), 1);
        assert_same(&one, &run(&panel, &setup, &[], two(seed, &panel), window_rows), "windows");
    }
}

#[test]
fn a_capital_share_sizes_a_strategy_by_its_part_of_the_equity() {
    let panel = market(1, 60);
    let trial = Trial::sample();
    let setup = Settings {
        risk: RiskSettings::default(),
        ..plain_setup(trial.setup.account.cash, Quantity::ZERO)
    };
    let share = |instruments, share| CapitalShare {
        instruments,
        share: Rate::from_fraction(share).unwrap(),
    };
    let shares = [share(0..1, 0.25), share(1..3, 0.5)];
    let go = |row| ct_tests::script::go(row, 1.0);
    let of = |place, instruments: Range<usize>| -> (Box<dyn Strategy>, Needs, Range<usize>) {
        (Box::new(Script::new(vec![go(place)])), Script::needs(), instruments)
    };
    let outcome = run(&panel, &setup, &shares, vec![of(0, 0..1), of(0, 1..3)], 16);
    let spent: Vec<f64> = outcome
        .fills
        .iter()
        .map(|fill| fill.reference_notional().unwrap().to_f64() / setup.account.cash.to_f64())
        .collect();
    // A quarter for one instrument; half of the equity for two, of which one is bought.
    assert_eq!(spent.len(), 2);
    assert!((spent[0] - 0.25).abs() < 1e-9 && (spent[1] - 0.25).abs() < 1e-9, "{spent:?}");
}

#[test]
fn caps_of_the_account_hold_for_all_of_them_together() {
    let panel = market(2, 400);
    let limits =
        Limits { gross_exposure_max: Some(Rate::from_fraction(0.3).unwrap()), ..Limits::default() };
    let units = FixedUnits { units: Quantity::from_f64(40.0).unwrap() };
    let risk = RiskSettings { sizing: Sizing::Units(units), limits, ..RiskSettings::default() };
    let setup =
        Settings { risk, ..plain_setup(Money::from_f64(10_000.0).unwrap(), Quantity::ZERO) };
    let outcome = run(&panel, &setup, &[], two(5, &panel), 64);
    let cut: u64 = outcome
        .refusal_counts
        .iter()
        .filter(|((rule, _), _)| *rule == Rule::GrossExposure)
        .map(|(_, count)| *count)
        .sum();
    assert!(cut > 0, "{:?}", outcome.refusal_counts);
    // Worked out a second time at every fill that enlarges a position: others count at the open of the row. Trading is free.
    let (mut cash, mut held, mut looked_at) = (setup.account.cash.to_f64(), [0.0; 3], [0; 3]);
    for Placed { fill, row, instrument: place, .. } in placed(&panel, &outcome) {
        let signed = fill.side.sign() as f64 * fill.quantity.to_f64();
        let enlarges = held[place] * signed >= 0.0;
        held[place] += signed;
        cash -= signed * fill.price.to_f64();
        let value = |other: usize| {
            let open = panel.series()[other].open()[row];
            let last = panel.series()[other].marks()[row.saturating_sub(1)];
            let price = if open.is_nan() { last } else { open };
            let price = if other == place { fill.price.to_f64() } else { price };
            if held[other] == 0.0 { 0.0 } else { held[other] * price }
        };
        let equity = cash + (0..3).map(value).sum::<f64>();
        let gross: f64 = (0..3).map(|other| value(other).abs()).sum();
        if enlarges {
            looked_at[place] += 1;
            assert!(gross <= 0.3 * equity * (1.0 + 1e-9), "row {row}: {gross} of {equity}");
        }
    }
    assert!(looked_at.iter().all(|count| *count > 0), "{looked_at:?}");
}

#[test]
fn plugins_of_different_kinds_share_an_account() {
    let panel = market(3, 600);
    let setup = Trial::sample().setup;
    let members = || -> Members<'_> {
        let all =
            plugins::all().iter().filter(|plugin| plugin.descriptor().scope == Scope::Instrument);
        let configured = all.take(3).enumerate().map(|(place, plugin)| {
            let symbol = panel.series()[place].instrument().symbol.as_str();
            let arguments = sound(ct_host::plugin::Arguments::new(plugin.descriptor(), &[]));
            let instance = sound(plugin.configure(&[symbol], panel.interval(), &arguments));
            let needs = instance.needs();
            (Box::new(instance) as Box<dyn Strategy>, needs, place..place + 1)
        });
        configured.collect()
    };
    let outcome = run(&panel, &setup, &[], members(), 256);
    let traded: BTreeSet<&Symbol> = outcome.fills.iter().map(|fill| &fill.symbol).collect();
    assert!(traded.len() >= 2, "{} fills", outcome.fills.len());
    assert_same(&outcome, &run(&panel, &setup, &[], members(), 1), "windows");
}
