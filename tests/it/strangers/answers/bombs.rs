//! Answers that are far larger than they look: each is refused with a number, within bounds of time and memory.

use super::stranger::{Answers, Body, Stranger, market, markets, packed, refused, told};

/// A fetch with `markets` is refused in a small address space, and tells `expected`.
fn refused_markets(markets: Body, expected: &[&str]) {
    let stranger = Stranger::answering(Answers { markets, ..Answers::honest() });
    refused(&mut stranger.confined_fetch(), expected);
    assert_eq!(stranger.kept(), Vec::<String>::new());
}

#[test]
fn honest_answers_fit_the_space_that_bombs_are_given() {
    let others = (0..3_000).map(|number| market(&format!("A{number}"), "0.01"));
    let listed = others.chain([market("BTC", "0.01")]).collect::<Vec<_>>().join(",");
    let answers = Answers { markets: markets(&listed), ..Answers::honest() };
    let output = Stranger::answering(answers).confined_fetch().output().unwrap();
    assert!(output.status.success(), "{}", told(&output));
}

#[test]
fn brackets_that_unpack_to_gigabytes_are_counted() {
    // 20 million empty lists, in 60 kB.
    let flat = packed("{\"symbols\":[", "[],", 20_000_000, "[]]}");
    refused_markets(flat, &["more than 20000 elements of one list"]);
    let row = format!("[{}1],", "[],".repeat(5_000));
    let nested = packed("{\"symbols\":[", &row, 4_000, "[]]}");
    refused_markets(nested, &["more than 3000000 values: no such answer has at line 1 column"]);
    let names = (0..10).map(|number| format!("\"a{number}\":{{}},"));
    let names = names.collect::<Vec<_>>().concat();
    let object = format!("{{{names}\"b\":0}},");
    let objects = packed("{\"symbols\":[[", &object.repeat(19), 1_000, "0]]}");
    refused_markets(objects, &["its list of markets cannot be read: "]);
}

#[test]
fn a_text_of_blanks_that_unpacks_to_gigabytes_is_cut() {
    let blanks = packed("[", "                ", 10_000_000, "]");
    refused_markets(blanks, &["its answer is longer than 67108864 bytes"]);
    let bars = packed("[", "                ", 10_000_000, "]");
    let stranger = Stranger::answering(Answers { bars, ..Answers::honest() });
    refused(&mut stranger.confined_fetch(), &["its answer is longer than 16777216 bytes"]);
}

#[test]
fn an_answer_that_never_ends_is_cut() {
    let bars = Body::Endless("[1704067200000,\"1\",\"1\",\"1\",\"1\",\"1\"],");
    let stranger = Stranger::answering(Answers { bars, ..Answers::honest() });
    refused(&mut stranger.confined_fetch(), &["its answer is longer than 16777216 bytes"]);
}

#[test]
fn markets_without_number_are_refused_with_one() {
    let others = (0..120_000).map(|number| market(&format!("A{number}"), "0.01"));
    let listed = others.collect::<Vec<_>>().join(",");
    refused_markets(
        markets(&listed),
        &["more than 20000 elements of one list: no such answer has"],
    );
}

#[test]
fn lists_in_lists_and_endless_texts_are_refused() {
    let deep = "[".repeat(100) + &"]".repeat(100);
    refused_markets(Body::Text(deep), &["nested deeper than 32"]);
    let long = markets(&market(&"B".repeat(70_000), "0.01"));
    refused_markets(long, &["'symbol' is a text of 70004 bytes: expected at most 65536"]);
    let digits = markets(&market("BTC", &"9".repeat(5_000)));
    refused_markets(digits, &["'tickSize' is '9999", "a number of 5000 letters: expected 100"]);
}
