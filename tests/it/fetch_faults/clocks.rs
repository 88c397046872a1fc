//! Clocks that are wrong: this computer's, and the exchange's.

use ct_host::data::fetch::{FetchEnd, FetchStatus};
use ct_tests::exchange_server::{AnswerFault, Exchange, Fault, RowFault};

use super::quick_fetch::QuickFetch;
use super::stage::{EXCHANGES, HOUR_MS, START_MS, Stage, each};

const YEAR_MS: i64 = 365 * 24 * HOUR_MS;

#[test]
fn the_exchange_knows_better_which_bars_have_closed() {
    each(&EXCHANGES, |exchange| {
        for ahead_ms in [-YEAR_MS, -2 * HOUR_MS, HOUR_MS, YEAR_MS] {
            let stage = Stage::new(exchange, 40, Vec::new());
            let end_ms = stage.truth.end_ms();
            let now_ms = end_ms - HOUR_MS / 2;
            stage.server.set_now(now_ms);
            let mut fetch = QuickFetch::of(&stage);
            fetch.end = FetchEnd::Now;
            fetch.now_ms = now_ms + ahead_ms;
            let outcome = fetch.run(&stage);
            outcome.assert_updated();
            let told = format!("the clock of {} shows ", exchange.id());
            assert!(outcome.told.contains(&told), "{}: {}", exchange.id(), outcome.told);
            stage.assert_holds(&stage.truth.clone().without(end_ms - HOUR_MS, end_ms));
        }
    });
}

#[test]
fn bars_that_seem_too_old_by_a_clock_that_is_ahead_are_fetched() {
    for ahead_ms in [1_000 * HOUR_MS, YEAR_MS] {
        let stage = Stage::new(Exchange::Kraken, 40, Vec::new());
        let mut fetch = QuickFetch::of(&stage);
        fetch.now_ms += ahead_ms;
        let outcome = fetch.run(&stage);
        outcome.assert_updated();
        assert!(outcome.told.contains("the clock of kraken shows "), "{}", outcome.told);
        stage.assert_whole();
    }
}

#[test]
fn a_clock_that_is_right_is_not_worth_a_word() {
    let stage = Stage::new(Exchange::Binance, 40, Vec::new());
    let outcome = QuickFetch::of(&stage).run(&stage);
    outcome.assert_updated();
    assert_eq!(outcome.told, "");
}

#[test]
fn the_command_tells_that_the_clocks_differ() {
    // The exchange lives in 2024.
    let stage = Stage::new(Exchange::Okx, 40, Vec::new());
    let outcome = stage.fetch(&[]);
    outcome.assert_updated();
    outcome.assert_told("the clock of okx shows 2024-01-02T16:00:59Z, this computer's showed 20");
    outcome.assert_told("okx is believed");
    stage.assert_whole();
}

#[test]
fn an_exchange_whose_clock_is_late_gives_its_newest_bars_later() {
    each(&EXCHANGES, |exchange| {
        let late = Fault::always(AnswerFault::ClockOff(-3 * HOUR_MS));
        let stage = Stage::new(exchange, 40, vec![late]);
        let end_ms = stage.truth.end_ms();
        let outcome = stage.fetch(&[]);
        assert_eq!(outcome.exit_code, 0, "{outcome:?}");
        stage.assert_holds(&stage.truth.clone().without(end_ms - 3 * HOUR_MS, end_ms));

        stage.server.clear_faults();
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        assert_eq!([outcome.count("rows_added"), outcome.count("revised")], [3, 0]);
        stage.assert_whole();
    });
}

#[test]
fn what_an_exchange_whose_clock_is_ahead_spoils_is_told_and_can_be_refreshed() {
    each(&EXCHANGES, |exchange| {
        let ahead = Fault::always(AnswerFault::ClockOff(3 * HOUR_MS));
        let stage = Stage::new(exchange, 40, vec![ahead]);
        let end_ms = stage.truth.end_ms();
        let now_ms = end_ms - 3 * HOUR_MS / 2;
        stage.server.set_now(now_ms);
        let mut fetch = QuickFetch::of(&stage);
        fetch.now_ms = now_ms;
        let outcome = fetch.clone().run(&stage);
        assert!(!matches!(outcome.series.status, FetchStatus::Failed(_)), "{outcome:?}");
        let told = format!("the clock of {} shows ", exchange.id());
        assert!(outcome.told.contains(&told), "{}: {}", exchange.id(), outcome.told);

        // Whatever was kept meanwhile, the truth is kept once the clock is right and the user asks again for all of it.
        stage.server.clear_faults();
        stage.server.set_now(end_ms + 59_000);
        assert_eq!(stage.fetch(&["--refresh"]).exit_code, 0);
        stage.assert_whole();
    });
}

#[test]
fn a_lost_answer_does_not_hide_the_clock() {
    // The page that tells the clock is empty at first.
    let stage = Stage::new(Exchange::Bybit, 40, vec![Fault::nth(1, RowFault::Empty)]);
    let mut fetch = QuickFetch::of(&stage);
    fetch.now_ms = START_MS - HOUR_MS;
    fetch.end = FetchEnd::Now;
    let outcome = fetch.run(&stage);
    outcome.assert_updated();
    stage.assert_whole();
}
