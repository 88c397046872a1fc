//! The margin, stops and take-profits in the order in which finer bars show them.

use ct_host::market::Bars;
use ct_host::order::{Decision, GapFill, Intrabar};
use ct_host::risk::{Margin, Shorting};
use ct_tests::bars::{Row, SplitMix64, hourly};
use ct_tests::script::{DecisionExt, go};
use proptest::prelude::{ProptestConfig, proptest};

use super::intrabar::quarters;
use super::scenario::{Scenario, bar, bps, share, still};

type Quarters = [Option<Row>; 4];

const CALM: Option<Row> = Some(still(100.0));
const UP: Option<Row> = Some(bar(100.0, 111.0, 100.0, 100.0));
const DOWN: Option<Row> = Some(bar(100.0, 100.0, 70.0, 100.0));

/// The bar that four quarters make.
fn whole(quarters: &Quarters) -> Row {
    let bars = || quarters.iter().flatten();
    let high = bars().fold(f64::MIN, |high, [_, other, ..]| high.max(*other));
    let low = bars().fold(f64::MAX, |low, [_, _, other, ..]| low.min(*other));
    let (open, close) = (bars().next().map(|bar| bar[0]), bars().last().map(|bar| bar[3]));
    bar(open.unwrap_or(f64::NAN), high, low, close.unwrap_or(f64::NAN))
}

/// Rows 0 and 1 stand at 100, row 2 goes as its quarters say; 1000 of cash.
fn scenario(units: f64, inside: &[Quarters], decisions: &[Decision]) -> Scenario {
    let hours = |inside: &Quarters| -> Bars {
        hourly(&[still(100.0), still(100.0), whole(inside), still(100.0)])
    };
    let bars = inside.iter().map(hours).collect();
    let mut scenario = on_margin(Scenario::of_instruments(1_000.0, units, bars));
    scenario.details = inside.iter().map(|inside| Some(quarters(2, inside))).collect();
    scenario.decisions = decisions.to_vec();
    scenario
}

/// Positions of up to three times the cash, 20 % maintenance margin, and finer bars.
fn on_margin(mut scenario: Scenario) -> Scenario {
    scenario.setup.risk.limits.shorting = Shorting::Allowed;
    scenario.setup.risk.margin =
        Margin { leverage_max: share(3.0), maintenance: share(0.2), liquidation_fee_bps: bps(0.0) };
    scenario.setup.fills.intrabar = Intrabar::Detail;
    scenario
}

/// What happens from row 2 on.
#[track_caller]
fn check(scenario: &Scenario, expected: &str) {
    let fills = scenario.fills();
    let inside: Vec<&str> = fills.lines().filter(|line| !line.starts_with("1:")).collect();
    assert_eq!(inside.join("\n"), expected);
}

/// 25 units at 100: cash is -1500, and the margin ends at 1500 ÷ (0.8 × 25) = 75.
#[test]
fn a_take_profit_before_the_fall_saves_the_position() {
    let decisions = [go(0, 1.0).take_profit(110.0)];
    let profit = "2: sell 25 at 110 from 110, take-profit";
    let liquidated = "2: sell 25 at 75 from 75, liquidation";
    let one = |inside| scenario(25.0, &[inside], &decisions);
    check(&one([CALM, UP, DOWN, CALM]), profit);
    check(&one([CALM, DOWN, UP, CALM]), liquidated);
    // Both in one quarter: the bar is uncertain again.
    let both = Some(bar(100.0, 111.0, 70.0, 100.0));
    check(&one([CALM, both, CALM, CALM]), &format!("{liquidated}\nambiguous: 2"));
}

#[test]
fn a_jump_between_finer_bars_liquidates_at_the_open_behind_it() {
    let jump = Some(bar(72.0, 73.0, 71.0, 72.0));
    let one = scenario(25.0, &[[CALM, jump, CALM, CALM]], &[go(0, 1.0)]);
    check(&one, "2: sell 25 at 72 from 72, liquidation");
}

/// -25 units at 100: cash is 3500, and the margin ends at 3500 ÷ (1.2 × 25) = 116.666…
#[test]
fn a_short_position_goes_the_same_way() {
    let decisions = [go(0, -1.0).take_profit(80.0)];
    let rise = Some(bar(100.0, 120.0, 100.0, 100.0));
    let fall = Some(bar(100.0, 100.0, 79.0, 100.0));
    let one = |inside| scenario(25.0, &[inside], &decisions);
    check(&one([fall, rise, CALM, CALM]), "2: buy 25 at 80 from 80, take-profit");
    let jump = Some(bar(118.0, 120.0, 117.0, 118.0));
    check(&one([CALM, jump, fall, CALM]), "2: buy 25 at 118 from 118, liquidation");
}

/// 12.5 units of each at 100: cash is -1500. If A stands at 70 and B at 100, the margin is 0.8 × 12.5 × 170 - 1500 = 200; at 70
/// both it would be -100.
#[test]
fn lows_at_different_times_are_not_added_up() {
    let decisions = [go(0, 1.0).of(0), go(0, 1.0).of(1)];
    let apart = [[DOWN, CALM, CALM, CALM], [CALM, CALM, DOWN, CALM]];
    check(&scenario(12.5, &apart, &decisions), "");
    // Together, and in hours alone: 10 × (100 + 100) - 1500 = 500 at the open, 5 ÷ 6 of the way from 100 to 70.
    let liquidated = "2: A sell 12.5 at 75 from 75, liquidation\n\
                      2: B sell 12.5 at 75 from 75, liquidation";
    let together = [[CALM, DOWN, CALM, CALM], [CALM, DOWN, CALM, CALM]];
    check(&scenario(12.5, &together, &decisions), liquidated);
    let mut hours = scenario(12.5, &apart, &decisions);
    hours.details = vec![None, None];
    check(&hours, liquidated);
    // Quarters at different times do not show what was worst together.
    let missing = [[DOWN, CALM, CALM, CALM], [CALM, None, DOWN, CALM]];
    check(&scenario(12.5, &missing, &decisions), liquidated);
}

/// A falls to 60 in one quarter and B to 60 in another: the margin would be 10 × (60 + 60) - 1500 if both were held, and A's
/// stop at 80 leaves 12.5 × 80 - 1500 = -500 of cash and 10 × 60 of margin for B.
#[test]
fn a_stop_saves_the_other_position_if_it_comes_before_its_fall() {
    let deep = Some(bar(100.0, 100.0, 60.0, 100.0));
    let decisions = [go(0, 1.0).of(0).stop(80.0), go(0, 1.0).of(1)];
    let before = [[deep, CALM, CALM, CALM], [CALM, CALM, deep, CALM]];
    check(&scenario(12.5, &before, &decisions), "2: A sell 12.5 at 80 from 80, stop");
    // B alone at 45 and A still at 100 is 10 × 145 - 1500 = -50: gone before A comes to its stop, 500 ÷ 550 of the way.
    let deeper = Some(bar(100.0, 100.0, 45.0, 100.0));
    let after = [[CALM, CALM, deep, CALM], [deeper, CALM, CALM, CALM]];
    check(
        &scenario(12.5, &after, &decisions),
        "2: A sell 12.5 at 100 from 100, liquidation\n\
         2: B sell 12.5 at 50 from 50, liquidation",
    );
}

/// The fall is over when the limit of 105 buys: nothing of it is lost.
#[test]
fn an_entry_after_the_fall_is_not_liquidated_by_it() {
    let back = Some(bar(100.0, 106.0, 100.0, 100.0));
    let dip = Some(bar(100.0, 100.0, 90.0, 100.0));
    let crash = Some(bar(100.0, 130.0, 100.0, 100.0));
    let decision = [go(1, -1.0).limit(105.0, 0)];
    // 25 units are sold at 105 in the third quarter; the high of 106 is far from 1.2 × 25 × p = 3625, 120.83.
    check(
        &scenario(25.0, &[[dip, CALM, back, CALM]], &decision),
        "2: sell 25 at 105 from 105, entry",
    );
    // Sold at 105 on the way to 130.
    let sold = scenario(25.0, &[[dip, CALM, crash, CALM]], &decision).fills();
    assert!(sold.contains("liquidation"), "{sold}");
}

/// The order of time holds between instruments too: what A's stop brings pays for B's limit only if it comes before.
#[test]
fn cash_comes_in_the_order_of_time() {
    let decisions = [go(0, 1.0).of(0).stop(80.0), go(1, 1.0).of(1).limit(80.0, 0)];
    let stop_first = [[DOWN, CALM, CALM, CALM], [CALM, CALM, DOWN, CALM]];
    let plain = |inside: &[Quarters]| {
        let mut scenario = scenario(10.0, inside, &decisions);
        scenario.setup.risk.margin.leverage_max = share(1.0);
        scenario
    };
    // 1000 buy 10 of A at 100; the stop brings 800, and 800 ÷ 80 = 10 of B.
    check(
        &plain(&stop_first),
        "2: A sell 10 at 80 from 80, stop\n2: B buy 10 at 80 from 80, entry",
    );
    let limit_first = [[CALM, CALM, DOWN, CALM], [DOWN, CALM, CALM, CALM]];
    check(&plain(&limit_first), "2: A sell 10 at 80 from 80, stop");
}

/// A random hour of four quarters that starts at `price`, some with a jump at their open.
fn random_hour(random: &mut SplitMix64, price: &mut f64) -> Quarters {
    std::array::from_fn(|_| {
        let mut step = || 1.0 + 0.16 * (random.unit() - 0.5);
        let open = if step() > 1.04 { *price * step() } else { *price };
        let close = open * step();
        let (high, low) = (open.max(close) * step().max(1.0), open.min(close) * step().min(1.0));
        let [open, high, low, close] =
            [open, high, low, close].map(|price| (price * 64.0).round() / 64.0);
        *price = close;
        Some(bar(open, high, low, close))
    })
}

fn random_decision(random: &mut SplitMix64, row: usize, price: f64) -> Decision {
    let target = [1.0, 0.5, 0.0, -0.5, -1.0][random.below(5)];
    let mut level = |range: f64| price * (1.0 + range * (random.unit() - 0.5));
    let decision = go(row, target).take_profit(level(0.3));
    // Without a stop only the margin ends what goes wrong.
    let decision = if level(1.0) > price { decision } else { decision.stop(level(0.2)) };
    if level(1.0) > price { decision } else { decision.limit(level(0.1), 0) }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::with_cases(200) })]

    /// In windows of one row, of three, and in one piece, the same fills in bars that have their prices, and books that balance.
    #[test]
    fn finer_bars_give_the_same_in_any_window(seed: u64) {
        let mut random = SplitMix64(seed);
        let mut hours: Vec<Vec<Row>> = Vec::new();
        let mut details: Vec<Vec<Option<Row>>> = Vec::new();
        let mut decisions = Vec::new();
        for instrument in 0..2 {
            let (mut price, mut rows, mut finer) = (100.0, Vec::new(), Vec::new());
            for row in 0..24 {
                let quarters = random_hour(&mut random, &mut price);
                rows.push(whole(&quarters));
                // Sometimes a quarter is missing, so that the hour is not told.
                let missing = random.below(12);
                let known = (0..).zip(quarters).map(|(place, row)| row.filter(|_| place != missing));
                finer.extend(known);
                if random.below(3) == 0 {
                    decisions.push(random_decision(&mut random, row, price).of(instrument));
                }
            }
            hours.push(rows);
            details.push(finer);
        }
        decisions.sort_by_key(|decision| decision.row);
        let bars = hours.iter().map(|rows| hourly(rows)).collect();
        let mut scenario = on_margin(Scenario::of_instruments(1_000.0, 25.0, bars));
        scenario.details = details.iter().map(|rows| Some(quarters(0, rows))).collect();
        scenario.decisions = decisions;
        scenario.setup.fills.gap = [GapFill::Level, GapFill::Open][random.below(2)];
        scenario.outcome();
    }
}
