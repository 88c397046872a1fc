//! Trading rules that are no rules, and lists of markets that keep whoever reads them busy.

use super::stranger::{Answers, Stranger, market, market_with, markets, refused};

#[test]
fn a_tick_that_is_no_number_is_an_error_and_not_no_tick() {
    for (tick, told) in [
        ("\"NaN\"", "'tickSize' is \"NaN\", expected a number"),
        ("\"1e400\"", "'tickSize' is \"1e400\", expected a number"),
        ("\"-inf\"", "'tickSize' is \"-inf\", expected a number"),
        ("\"-0.01\"", "the tick of BTC/USDT is -0.01"),
        ("\"0.00000000\"", "the tick of BTC/USDT is 0.0: expected a number above zero"),
        ("[1]", "'tickSize' is [1], expected a number"),
        ("{\"a\":1}", "'tickSize' is {\"a\":1}, expected a number"),
        ("1e400", "number out of range"),
        ("\"0.1e-1000000000\"", "'tickSize' is '0.1e-1000000000', a number whose exponent is"),
    ] {
        let markets = markets(&market_with("BTC", tick, "8"));
        let stranger = Stranger::answering(Answers { markets, ..Answers::honest() });
        refused(&mut stranger.fetch(), &["binance: ", told]);
        assert_eq!(stranger.asked("/exchangeInfo"), 2, "{tick}: asked again");
        assert_eq!(stranger.kept(), Vec::<String>::new(), "{tick}");
        stranger.answer_with(Answers::honest());
        stranger.fetch().assert().success();
    }
}

#[test]
fn the_rules_of_other_symbols_are_no_concern() {
    let listed = [market("BTC", "0.01"), market_with("ETH", "[1]", "8")].join(",");
    let markets = markets(&listed);
    let stranger = Stranger::answering(Answers { markets, ..Answers::honest() });
    stranger.fetch().assert().success();
}

#[test]
fn a_precision_of_a_million_digits_is_refused_before_it_is_written_out() {
    for digits in ["1000000", "100000000", "-1000000", "\"100000000\"", "1e15"] {
        let others = (0..2_000).map(|number| market(&format!("A{number}"), "0.01"));
        let listed = others.chain([market_with("BTC", "\"0.01\"", digits)]);
        let markets = markets(&listed.collect::<Vec<_>>().join(","));
        let stranger = Stranger::answering(Answers { markets, ..Answers::honest() });
        let told = ["'baseAssetPrecision' is ", ": expected 1000 digits at most at line 1 column"];
        refused(&mut stranger.fetch(), &told);
        assert_eq!(stranger.asked("/exchangeInfo"), 2, "{digits}");
    }
}
