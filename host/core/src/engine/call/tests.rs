//! What is left of what a strategy said when it fails, and what no strategy may say.

use super::super::test_market::{Market, still};
use super::super::test_strategy::{Told, deciding, decision, needs, reads};
use super::*;
use crate::engine::{Columns, Needs, SavedState, Scope, Strategy, Window};

fn panel(rows: usize) -> Panel {
    Market::new("1h", &[&vec![still(100.0); rows]]).panel
}

fn account() -> AccountView {
    AccountView { cash: 7.0, ..AccountView::default() }
}

/// Takes `strategy`, which has seen the rows before `rows` from `seen_from` on, through `rows`.
fn advance(
    strategy: &mut Told,
    needs: Needs,
    (panel, seen_from): (&Panel, usize),
    rows: Range<usize>,
) -> Response {
    let (mut cutter, account) = (WindowCutter::default(), account());
    let mut call = Call { panel, cutter: &mut cutter, goes_on: &mut || true };
    let account = needs.reads_account.then_some(&account);
    let mut member = Member::new(strategy, needs, 0..1);
    (member.progress.seen_from, member.progress.next_row) = (seen_from, rows.start);
    if seen_from < rows.start {
        let before = seen_from..rows.start;
        let seen = call.warm_up(&mut member, before, 1, account).unwrap();
        if let Some(account) = account {
            member.progress.history =
                seen.into_iter().map(|rows| (rows, account.clone())).collect();
        }
    }
    call.advance(&mut member, rows, account)
}

/// Rows and tags of the decisions.
fn said(response: &Response) -> Vec<(usize, &str)> {
    response.decisions.iter().map(|made| (made.row, made.tag.as_deref().unwrap())).collect()
}

fn fault_row(response: &Response) -> Option<usize> {
    response.fault.as_ref().map(|(row, _)| *row)
}

#[test]
fn decisions_of_all_rows_come_at_once_where_the_account_is_not_read() {
    let (panel, mut strategy) = (panel(20), deciding(&[4, 9]));
    let response = advance(&mut strategy, needs(0), (&panel, 0), 0..20);
    assert_eq!((response.end, said(&response)), (20, vec![(4, "0..=4"), (9, "0..=9")]));
    assert!(response.fault.is_none() && !response.too_slow && strategy.restarts == 0);
}

#[test]
fn a_strategy_that_reads_its_account_stops_at_its_first_decision() {
    let (panel, mut strategy) = (panel(20), deciding(&[4, 9]));
    let response = advance(&mut strategy, reads(0), (&panel, 0), 0..20);
    assert_eq!((response.end, said(&response)), (5, vec![(4, "0..=4")]));
}

#[test]
fn a_fault_in_many_rows_is_found_in_its_row_and_what_was_said_before_counts() {
    let panel = panel(20);
    let mut strategy = deciding(&[4, 9, 15]).failing_at(12);
    let response = advance(&mut strategy, needs(0), (&panel, 3), 8..20);
    assert_eq!((response.end, fault_row(&response)), (20, Some(12)));
    assert_eq!(said(&response), [(9, "3..=9")]);
    assert_eq!((strategy.seen(), strategy.restarts), (3..12, 1));
}

#[test]
fn a_reader_is_taken_again_through_the_accounts_that_it_was_told() {
    let panel = panel(20);
    let mut strategy = deciding(&[4, 15]).failing_at(12);
    let response = advance(&mut strategy, reads(0), (&panel, 3), 8..20);
    assert_eq!((response.end, fault_row(&response)), (13, Some(12)));
    assert!(response.decisions.is_empty());
    assert_eq!((strategy.seen(), strategy.restarts), (3..12, 1));
    assert!(strategy.windows.iter().all(|(_, cash)| *cash == Some(7.0)), "{strategy:?}");
}

#[test]
fn a_fault_in_a_single_row_needs_no_second_look() {
    let panel = panel(20);
    for needs in [needs(0), reads(0)] {
        let mut strategy = deciding(&[]).failing_at(12);
        let response = advance(&mut strategy, needs, (&panel, 0), 12..13);
        assert_eq!((response.end, fault_row(&response), strategy.restarts), (13, Some(12), 0));
    }
}

#[test]
fn what_is_too_slow_at_once_may_come_through_row_by_row() {
    let panel = panel(20);
    let mut strategy = Told { rows_max: 1, ..deciding(&[4, 9]) };
    let response = advance(&mut strategy, needs(0), (&panel, 0), 8..20);
    assert_eq!((response.end, response.too_slow, fault_row(&response)), (20, true, None));
    assert_eq!((said(&response), strategy.seen()), (vec![(9, "0..=9")], 0..20));
    let mut strategy = Told { rows_max: 1, ..deciding(&[4, 9]) };
    let response = advance(&mut strategy, reads(0), (&panel, 0), 8..20);
    assert_eq!((response.end, response.too_slow), (10, true));
    assert_eq!(said(&response), [(9, "0..=9")]);
}

#[test]
fn rows_that_are_forgotten_cannot_be_taken_in_again() {
    let mut panel = panel(20);
    panel.forget_before(10);
    assert_eq!(panel.first_row(), 10);
    let mut strategy = deciding(&[]).failing_at(18);
    let response = advance(&mut strategy, needs(0), (&panel, 10), 15..20);
    assert_eq!((fault_row(&response), strategy.restarts), (Some(18), 1));
    // It has seen rows before those that are known.
    let (mut cutter, mut strategy) = (WindowCutter::default(), deciding(&[]).failing_at(18));
    let mut call = Call { panel: &panel, cutter: &mut cutter, goes_on: &mut || true };
    let mut member = Member::new(&mut strategy, needs(0), 0..1);
    member.progress.seen_from = 9;
    let response = call.advance(&mut member, 15..20, None);
    assert_eq!((fault_row(&response), strategy.restarts), (Some(15), 0));
}

#[test]
fn whoever_asks_to_stop_ends_the_second_look() {
    let (panel, mut cutter) = (panel(20), WindowCutter::default());
    let mut strategy = deciding(&[]).failing_at(12);
    let mut call = Call { panel: &panel, cutter: &mut cutter, goes_on: &mut || false };
    let response = call.advance(&mut Member::new(&mut strategy, needs(0), 0..1), 8..20, None);
    assert_eq!((fault_row(&response), strategy.restarts), (Some(8), 1));
}

#[test]
fn what_is_decided_in_a_warm_up_is_thrown_away() {
    let (panel, mut cutter, account) = (panel(40), WindowCutter::default(), account());
    let mut warm_up = |strategy: &mut Told, needs: Needs, window_rows| {
        let mut call = Call { panel: &panel, cutter: &mut cutter, goes_on: &mut || true };
        let account = needs.reads_account.then_some(&account);
        call.warm_up(&mut Member::new(strategy, needs, 0..1), 10..30, window_rows, account)
    };
    let mut strategy = deciding(&[12, 25]);
    assert_eq!(warm_up(&mut strategy, needs(0), 8).unwrap(), [10..18, 18..26, 26..30]);
    // One that reads its account goes on after each decision.
    let mut strategy = deciding(&[12, 25]);
    assert_eq!(warm_up(&mut strategy, reads(0), 16).unwrap(), [10..13, 13..26, 26..30]);
    let mut slow = Told { rows_max: 1, ..deciding(&[12]) };
    assert_eq!(warm_up(&mut slow, needs(0), 8).unwrap().len(), 20);
    assert_eq!((slow.seen(), slow.restarts), (10..30, 1));
    let mut failing = deciding(&[]).failing_at(21);
    let (row, fault) = warm_up(&mut failing, needs(0), 8).unwrap_err();
    assert_eq!((row, fault.kind), (21, FaultKind::Trapped));
}

/// Answers with `consumed` rows and these decisions.
struct Answer {
    consumed: usize,
    decisions: Vec<Decision>,
}

impl Strategy for Answer {
    fn advance(
        &mut self,
        _window: &Window<'_>,
        _account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        decisions.extend(self.decisions.iter().cloned());
        Ok(self.consumed)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        Err(bad_output("it cannot begin again".to_owned()))
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        Ok(None)
    }

    fn load(&mut self, _state: &SavedState) -> Result<(), StrategyFault> {
        Ok(())
    }
}

#[test]
fn an_answer_that_the_contract_does_not_allow_is_a_fault() {
    let (panel, mut cutter, account) = (panel(20), WindowCutter::default(), account());
    let mut check = |consumed, rows: &[(usize, usize)], reads_account, expected: &str| {
        let of = |(row, instrument): &(usize, usize)| Decision {
            instrument: *instrument,
            ..decision(*row, "")
        };
        let mut strategy = Answer { consumed, decisions: rows.iter().map(of).collect() };
        let needs = Needs {
            columns: Columns::CLOSE,
            scope: Scope::Portfolio,
            reads_account,
            warm_up_rows: 0,
            settled_rows: 0,
        };
        let mut member = Member::new(&mut strategy, needs, 0..1);
        let mut call = Call { panel: &panel, cutter: &mut cutter, goes_on: &mut || true };
        let response = call.advance(&mut member, 8..12, reads_account.then_some(&account));
        let told = response.fault.map_or(String::new(), |(_, fault)| fault.detail);
        assert!(told.contains(expected) && told.is_empty() == expected.is_empty(), "{told}");
    };
    check(4, &[(8, 0), (11, 0)], false, "");
    check(4, &[(11, 0)], true, "");
    check(2, &[(9, 0)], true, "");
    check(0, &[], false, "0 rows taken in of a window of 4");
    check(5, &[], false, "5 rows taken in of a window of 4");
    check(usize::MAX, &[], false, "rows taken in of a window of 4");
    check(2, &[(9, 0)], false, "a strategy that does not read the account takes in all");
    check(2, &[], true, "the window was left early without a decision");
    check(4, &[(7, 0)], false, "a decision on row 7: expected rows 8 to 11");
    check(4, &[(12, 0)], false, "a decision on row 12: expected rows 8 to 11");
    check(4, &[(10, 0)], true, "a decision on row 10: expected rows 11 to 11");
    check(4, &[(9, 0), (9, 0)], false, "decisions out of order at row 9");
    check(4, &[(10, 0), (9, 0)], false, "decisions out of order at row 9");
    check(4, &[(9, 1)], false, "a decision for instrument 1 of 1");
}
