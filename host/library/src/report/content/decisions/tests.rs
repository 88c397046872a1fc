//! The way of decisions, as a reader sees it.

use super::*;
use crate::report::example;
use ct_core::order::Rule;
use ct_core::units::Quantity;

fn shown(result: &RunResult) -> Vec<(String, String)> {
    let section = section(&View::new(result), &DecisionFilter::default()).unwrap();
    let Some(Block::Properties(facts)) = section.blocks.first() else { panic!("no facts") };
    facts.iter().map(|fact| (fact.name.clone(), fact.value.clone())).collect()
}

#[test]
fn nothing_is_explained_unasked() {
    assert_eq!(section(&View::new(&example::result()), &DecisionFilter::default()), None);
}

#[test]
fn a_decision_is_followed_to_its_fills() {
    let mut result = example::result();
    example::explain(&mut result);
    let expected = [
        (
            "#0 2024-01-01 04:00",
            "100 % long (equity 10,000.00, held 0) → approved 10,000.00 USDT \
             → cut: gross exposure (100.00 % > 99.00 %) \
             → bought 99 at 100.050 on 2024-01-01 05:00 (entry)",
        ),
        (
            "#1 2024-01-02 05:00",
            "flat (equity 10,000.00, held 99) → closing is always approved \
             → sold 99 at 109.945 on 2024-01-02 06:00 (signal)",
        ),
    ];
    let expected = expected.map(|(name, way)| (name.to_owned(), way.to_owned()));
    assert_eq!(shown(&result), expected);
}

#[test]
fn a_refused_decision_says_what_was_wrong() {
    let mut result = example::result();
    example::explain(&mut result);
    result.fills.clear();
    let refusal = Refusal {
        time: example::hour(4),
        rule: Rule::NoStop,
        verdict: ct_core::order::Verdict::Refused,
        ..result.refusals[0].clone()
    };
    result.refusals = vec![refusal];
    result.explained.truncate(1);
    result.explained[0].approved = None;
    result.explained[0].target = -0.5;
    let expected =
        "50 % short (equity 10,000.00, held 0) → refused: no stop to size by → nothing approved";
    assert_eq!(shown(&result)[0].1, expected);
}

#[test]
fn what_was_measured_comes_before_what_was_approved() {
    let distance = Price::from_f64(2.5).unwrap();
    for (basis, expected) in [
        (SizingBasis::Stop { distance }, "→ stop 2.50000 away →"),
        (
            SizingBasis::AverageTrueRange { distance },
            "→ average true range puts a stop 2.50000 away →",
        ),
        (
            SizingBasis::Volatility { annual: 0.8, share: 0.5 },
            "→ volatility 80.00 % a year makes 50.00 % of the capital →",
        ),
        (
            SizingBasis::Kelly { fraction: Some(0.2), sample: 25, share: 0.0714 },
            "→ Kelly fraction 0.200 of 25 makes 7.14 % of the capital →",
        ),
        (
            SizingBasis::Kelly { fraction: None, sample: 3, share: 0.1 },
            "→ only 3 to take a Kelly fraction from: fallback of 10.00 % of the capital →",
        ),
        (
            SizingBasis::EqualRisk { annual: 0.6, weight: 0.25 },
            "→ volatility 60.00 % a year has a weight of 25.00 % →",
        ),
    ] {
        let mut result = example::result();
        example::explain(&mut result);
        result.explained[0].basis = Some(basis);
        let way = shown(&result)[0].1.clone();
        assert!(way.contains(expected), "{way}");
    }
}

#[test]
fn what_the_host_does_by_itself_stands_between_the_decisions() {
    use ct_core::order::FillReason;
    let mut result = example::result();
    example::explain(&mut result);
    result.fills[1].decision = None;
    result.fills[1].reason = FillReason::Breaker;
    let tripped = example::drawdown(28, BreakerEventKind::Tripped);
    result.breakers = vec![tripped];
    let names: Vec<_> = shown(&result).into_iter().map(|(name, _)| name).collect();
    let expected = [
        "#0 2024-01-01 04:00",
        "breaker 2024-01-02 04:00",
        "#1 2024-01-02 05:00",
        "host 2024-01-02 06:00",
    ];
    assert_eq!(names, expected);
    let ways: Vec<_> = shown(&result).into_iter().map(|(_, way)| way).collect();
    assert_eq!(ways[1], "drawdown tripped (52.30 % > 50.00 %): closes everything");
    assert_eq!(ways[3], "sold 99 at 109.945 on 2024-01-02 06:00 (breaker)");
}

#[test]
fn an_order_that_never_trades_says_so() {
    let mut result = example::result();
    example::explain(&mut result);
    result.fills.clear();
    result.refusals.clear();
    let ends = |result: &RunResult, place: usize, end: &str| {
        let way = shown(result)[place].1.clone();
        assert!(way.ends_with(end), "{way}");
    };
    ends(&result, 0, "approved 10,000.00 USDT → nothing traded: #1 came first");
    ends(&result, 1, "always approved → nothing traded");
    result.explained[0].limit = Some(Price::from_f64(99.5).unwrap());
    ends(&result, 0, "→ nothing traded: the limit of 99.5000 was not reached; #1 came first");
    result.explained[0].limit = None;
    result.explained[0].held = Quantity::from_f64(99.0).unwrap();
    ends(&result, 0, "→ nothing traded: what is held is as near to it as lots allow");
    result.explained[1].time = result.data.to;
    ends(&result, 1, "→ nothing traded: the run ended before the next open");
}

#[test]
fn a_decision_says_its_prices_and_its_tag() {
    let mut result = example::result();
    example::explain(&mut result);
    let price = |price| Some(Price::from_f64(price).unwrap());
    let first = &mut result.explained[0];
    (first.limit, first.stop, first.take_profit) = (price(99.0), price(95.0), price(110.0));
    first.tag = Some("dip".into());
    let expected =
        "100 % long 'dip' at a limit of 99.0000, stop 95.0000, take-profit 110.000 (equity";
    assert!(shown(&result)[0].1.starts_with(expected), "{:?}", shown(&result)[0]);
}

#[test]
fn a_filter_leaves_decisions_out() {
    let mut result = example::result();
    example::explain(&mut result);
    let names = |filter: &DecisionFilter| -> Vec<String> {
        let section = section(&View::new(&result), filter).unwrap();
        let Some(Block::Properties(facts)) = section.blocks.first() else { return Vec::new() };
        facts.iter().map(|fact| fact.name.clone()).collect()
    };
    let filter = DecisionFilter { from: Some(example::hour(5)), ..DecisionFilter::default() };
    assert_eq!(names(&filter), ["#1 2024-01-02 05:00"]);
    let filter = DecisionFilter { to: Some(example::hour(5)), ..DecisionFilter::default() };
    assert_eq!(names(&filter), ["#0 2024-01-01 04:00"]);
    let of = |symbol: &str| DecisionFilter {
        symbols: vec![symbol.to_owned()],
        ..DecisionFilter::default()
    };
    assert_eq!(names(&of("BTC/USDT")).len(), 2);
    assert_eq!(names(&of("ETH/USDT")), [""; 0]);
}

#[test]
fn an_order_of_many_fills_is_cut_short() {
    let mut result = example::result();
    example::explain(&mut result);
    result.fills = vec![result.fills[0].clone(); 20];
    assert!(shown(&result)[0].1.ends_with("(entry) → and 13 more"));
}
