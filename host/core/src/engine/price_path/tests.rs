//! The way of the price inside a bar.

use super::super::test_market::{A, B, Market, Prices, bars, still};
use super::*;

/// The second of three hours.
const AT: At = At { row: 1, instrument: A };

/// Three hours, whose second has `prices`.
fn market(prices: Prices, intrabar: Intrabar) -> Market {
    let mut market = Market::new("1h", &[&[still(100.0), prices, still(100.0)]]);
    market.setup.fills.intrabar = intrabar;
    market
}

/// Open, high and low of each piece of the second hour.
fn pieces(market: &Market) -> Vec<[f64; 3]> {
    let path = market.tape().price_path(AT).unwrap();
    let pieces = (0..path.count()).map(|place| path.at(place).unwrap());
    pieces.map(|bar| [bar.open, bar.high, bar.low]).collect()
}

#[test]
fn the_price_goes_to_the_nearer_extreme_first_and_to_the_low_at_equal_distance() {
    for (prices, expected) in [
        (
            [100.0, 110.0, 95.0, 105.0],
            [[100.0, 100.0, 95.0], [95.0, 110.0, 95.0], [110.0, 110.0, 105.0]],
        ),
        (
            [100.0, 103.0, 90.0, 95.0],
            [[100.0, 103.0, 100.0], [103.0, 103.0, 90.0], [90.0, 95.0, 90.0]],
        ),
        (
            [100.0, 110.0, 90.0, 105.0],
            [[100.0, 100.0, 90.0], [90.0, 110.0, 90.0], [110.0, 110.0, 105.0]],
        ),
    ] {
        let market = market(Some(prices), Intrabar::OpenNearest);
        assert_eq!(pieces(&market), expected, "{prices:?}");
        let path = market.tape().price_path(AT).unwrap();
        assert!(!path.has_volumes());
        for place in 0..3 {
            let leg = path.at(place).unwrap();
            assert_eq!((leg.extremes, leg.volume), (Extremes::OneWay, 100.0), "{prices:?}");
        }
    }
}

#[test]
fn without_a_rule_for_it_a_bar_is_one_piece_of_unknown_order() {
    let market = market(Some([100.0, 110.0, 90.0, 105.0]), Intrabar::StopFirst);
    assert_eq!(pieces(&market), [[100.0, 110.0, 90.0]]);
    let path = market.tape().price_path(AT).unwrap();
    assert_eq!(path.at(0).unwrap().extremes, Extremes::Unordered);
    assert!(path.at(1).is_none() && !path.has_volumes());
}

#[test]
fn where_there_is_no_bar_there_is_no_way() {
    let bars: [&[Prices]; 2] = [&[still(100.0), None], &[still(100.0), still(100.0)]];
    let mut market = Market::new("1h", &bars);
    for intrabar in [Intrabar::StopFirst, Intrabar::OpenNearest, Intrabar::Detail] {
        market.setup.fills.intrabar = intrabar;
        assert!(market.tape().price_path(AT).is_none(), "{intrabar:?}");
        assert!(market.tape().price_path(At { instrument: B, ..AT }).is_some(), "{intrabar:?}");
    }
}

/// Half hours, of which the third and fourth tell the second hour of [`market`]; those around it go farther.
fn halves(third: [f64; 4], fourth: [f64; 4]) -> Bars {
    let wild = Some([100.0, 200.0, 50.0, 100.0]);
    bars("30m", &[wild, wild, Some(third), Some(fourth), wild, wild])
}

#[test]
fn finer_bars_tell_the_way_if_they_reach_just_as_far() {
    let mut market = market(Some([100.0, 110.0, 90.0, 105.0]), Intrabar::Detail);
    let whole = [[100.0, 110.0, 90.0]];
    assert_eq!(pieces(&market), whole, "without finer bars");
    let up = [100.0, 110.0, 100.0, 108.0];
    market.finer = vec![Some(halves(up, [107.0, 107.0, 90.0, 105.0]))];
    assert_eq!(pieces(&market), [[100.0, 110.0, 100.0], [107.0, 107.0, 90.0]]);
    let path = market.tape().price_path(AT).unwrap();
    assert!(path.has_volumes());
    assert_eq!(path.at(1).unwrap().extremes, Extremes::Unordered);
    assert!(path.at(2).is_none());
    for (third, fourth) in [
        ([100.0, 109.0, 100.0, 108.0], [107.0, 107.0, 90.0, 105.0]),
        ([100.0, 111.0, 100.0, 108.0], [107.0, 107.0, 90.0, 105.0]),
        (up, [107.0, 107.0, 91.0, 105.0]),
        (up, [107.0, 107.0, 89.0, 105.0]),
    ] {
        market.finer = vec![Some(halves(third, fourth))];
        assert_eq!(pieces(&market), whole, "{third:?}, {fourth:?}");
    }
    market.finer = vec![None];
    assert_eq!(pieces(&market), whole, "without finer bars of this instrument");
}

/// Two instruments with the same hours, and the half hours that tell them, as far as the second has any.
fn pair(second: Option<Bars>) -> Market {
    let hours: [Prices; 3] = [still(100.0), Some([100.0, 110.0, 90.0, 105.0]), still(100.0)];
    let mut market = Market::new("1h", &[&hours, &hours]);
    market.setup.fills.intrabar = Intrabar::Detail;
    let first = halves([100.0, 110.0, 100.0, 108.0], [107.0, 107.0, 90.0, 105.0]);
    market.finer = vec![Some(first), second];
    market
}

#[test]
fn instruments_go_in_steps_when_their_finer_bars_are_at_the_same_times() {
    let market = pair(Some(halves([100.0, 104.0, 90.0, 104.0], [104.0, 110.0, 104.0, 105.0])));
    let tape = market.tape();
    let steps = tape.steps(1, |_| true).unwrap();
    assert_eq!(steps.count, 2);
    let segment = Segment::step(1, &steps, 1);
    assert_eq!((segment.row, segment.number()), (1, 2));
    assert_eq!(segment.steps().map(|(_, place)| place), Some(1));
    assert_eq!(segment.bar(&tape, A).map(|bar| (bar.open, bar.low)), Some((107.0, 90.0)));
    assert_eq!(segment.bar(&tape, B).map(|bar| (bar.open, bar.low)), Some((104.0, 104.0)));
    let only_b = tape.steps(1, |instrument| instrument == B).unwrap();
    assert!(only_b.bar(A, 0).is_none());
    assert_eq!(only_b.bar(B, 0).map(|bar| bar.high), Some(104.0));
}

#[test]
fn there_are_no_steps_when_times_differ_or_are_unknown() {
    // One bar that reaches as far, in the second half of the hour.
    let late = bars("30m", &[None, None, None, Some([100.0, 110.0, 90.0, 105.0])]);
    for second in [Some(late), None] {
        let market = pair(second.clone());
        let tape = market.tape();
        assert!(tape.steps(1, |_| true).is_none(), "{second:?}");
        // What cannot trade does not matter.
        assert_eq!(tape.steps(1, |instrument| instrument == A).unwrap().count, 2, "{second:?}");
        assert!(tape.steps(1, |_| false).is_none(), "{second:?}");
    }
    let mut market = pair(None);
    market.setup.fills.intrabar = Intrabar::OpenNearest;
    assert!(market.tape().steps(1, |instrument| instrument == A).is_none());
}

#[test]
fn a_whole_row_is_one_segment() {
    let market = market(Some([100.0, 110.0, 90.0, 105.0]), Intrabar::StopFirst);
    let (tape, segment) = (market.tape(), Segment::whole(1));
    assert_eq!((segment.row, segment.number()), (1, 1));
    assert!(segment.steps().is_none());
    assert_eq!(segment.bar(&tape, A).map(|bar| bar.high), Some(110.0));
}
