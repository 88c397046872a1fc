//! Answers of `advance` that the contract does not allow.

use ct_host::engine::FaultKind;
use ct_tests::hostile::Access;

use super::stage::{assert_contained, plugin};

/// Asserts that `misbehaviour` ends the instance on the exact row with `message`, whether it reads its account or not.
fn check(misbehaviour: &str, message: &str) {
    for access in [Access::Signals, Access::Account] {
        let bad = plugin(misbehaviour, access);
        assert_contained(&bad, access, FaultKind::BadOutput, message);
    }
}

#[test]
fn targets_out_of_range_are_refused() {
    check("target-nan", "row 148: a target of NaN: expected -1 to 1");
    check("target-infinite", "row 148: a target of inf: expected -1 to 1");
    check("target-above-one", "row 148: a target of 1.0000001: expected -1 to 1");
    check("target-below-minus-one", "row 148: a target of -2: expected -1 to 1");
}

#[test]
fn prices_out_of_range_are_refused() {
    check("stop-zero", "row 148: a stop of 0: expected a price above 0");
    check("stop-negative", "row 148: a stop of -1: expected a price above 0");
    check("stop-nan", "row 148: a stop of NaN: expected a price above 0");
    check("take-profit-infinite", "row 148: a take-profit of inf: expected a price above 0");
    check("take-profit-giant", "row 148: a take-profit of 1000");
    check("limit-nan", "row 148: a limit of NaN: expected a price above 0");
    check("limit-without-target", "row 148: a limit order without a target");
}

#[test]
fn decisions_for_other_instruments_are_refused() {
    check("instrument-of-another", "a decision for instrument 1 of 1");
    check("instrument-giant", "a decision for instrument 4294967295 of 1");
}

#[test]
fn decisions_on_other_rows_are_refused() {
    check("row-beyond-window", "a decision on row 149: expected rows 148 to 148");
    check("row-giant", "a decision on row 4294967443: expected rows 148 to 148");
    check("rows-out-of-order", "decisions out of order at row 148: expected one per row");
    check("decision-twice", "decisions out of order at row 148: expected one per row");
}

#[test]
fn rows_that_were_not_taken_in_are_noticed() {
    check("consume-nothing", "0 rows taken in of a window of 1");
    check("consume-too-much", "2 rows taken in of a window of 1");
    check("leave-early", "0 rows taken in of a window of 1");
}
