//! Pages that lack rows which the exchange has.

use ct_host::data::State;
use ct_tests::exchange_server::{Exchange, Fault, History, RowFault};

use super::stage::{EXCHANGES, HOUR_MS, PAGED, START_MS, Stage, each, rows_of_pages};

/// The middle of the history.
fn middle_ms(stage: &Stage) -> i64 {
    stage.truth.rows()[stage.truth.rows().len() / 2].time_ms
}

#[test]
fn a_page_that_is_empty_once_leaves_no_hole() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, rows_of_pages(exchange, 3), Vec::new());
        stage.server.add_fault(Fault::touching(middle_ms(&stage), RowFault::Empty).times(1));
        stage.server.add_fault(Fault::nth(1, RowFault::Empty));
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        assert_eq!(outcome.series["empty"].as_array().map(Vec::len), Some(0), "{outcome:?}");
        stage.assert_whole();
        let series = stage.series().unwrap();
        let states: Vec<State> = series.coverage().spans().iter().map(|span| span.state).collect();
        // Bitfinex has no bar where nothing is traded.
        assert!(exchange == Exchange::Bitfinex || states == [State::Held], "{states:?}");
    });
}

#[test]
fn a_page_that_stays_empty_is_asked_for_twice_and_then_recorded_as_empty() {
    each(&PAGED, |exchange| {
        let stage = Stage::new(exchange, rows_of_pages(exchange, 3), Vec::new());
        stage.server.add_fault(Fault::touching(middle_ms(&stage), RowFault::Empty));
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();

        let requests = stage.server.candle_requests();
        let empty = requests.iter().filter(|request| request.rows == 0).collect::<Vec<_>>();
        assert_eq!(empty.len(), 2, "{}: {empty:?}", exchange.id());
        assert_eq!(empty[0].request, empty[1].request, "the same page twice");

        let series = stage.series().unwrap();
        let spans = series.coverage().spans();
        let holes: Vec<_> = spans.iter().filter(|span| span.state == State::Empty).collect();
        assert_eq!(holes.len(), 1, "{}: {spans:?}", exchange.id());
        let hole = holes[0].range;
        assert!(hole.contains(middle_ms(&stage)));
        assert_eq!(outcome.series["empty"][0]["from"], hole.from.to_string());
        assert_eq!(outcome.series["empty"][0]["to"], hole.to.to_string());
        let with_hole = stage.truth.clone().without(hole.from.as_ms(), hole.to.as_ms());
        stage.assert_holds(&with_hole);

        stage.server.clear_faults();
        stage.server.forget_requests();
        assert_eq!(stage.fetch(&[]).series["status"], "up_to_date");
        assert_eq!(stage.server.candle_requests(), [], "it is known that there is nothing");
        let refreshed = stage.fetch(&["--refresh"]);
        refreshed.assert_updated();
        assert_eq!(refreshed.count("rows_added"), hole.bars(stage.truth.interval()));
        stage.assert_whole();
    });
}

#[test]
fn an_exchange_that_only_gives_nothing_is_believed_only_if_it_has_all_bars() {
    each(&[Exchange::Kraken, Exchange::Binance], |exchange| {
        let stage = Stage::new(exchange, 40, vec![Fault::always(RowFault::Empty)]);
        let outcome = stage.fetch(&[]);
        assert_eq!(stage.server.candle_requests().len(), 2, "{}", exchange.id());
        assert_eq!(stage.rows().time.len(), 0);
        if exchange == Exchange::Kraken {
            // It has its newest bars only, so an empty answer may mean that there are none, or that they are too old.
            assert_eq!(outcome.series["status"], "partial");
            assert_eq!(outcome.series["missing"].as_array().map(Vec::len), Some(1));
        } else {
            outcome.assert_updated();
            assert_eq!(outcome.series["empty"].as_array().map(Vec::len), Some(1));
        }
        stage.server.clear_faults();
        stage.fetch(&["--refresh"]).assert_updated();
        stage.assert_whole();
    });
}

#[test]
fn pages_with_fewer_rows_than_promised_are_completed() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![Fault::always(RowFault::AtMost(170))];
        let stage = Stage::new(exchange, 700, faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        assert_eq!(outcome.series["empty"].as_array().map(Vec::len), Some(0), "{outcome:?}");
        stage.assert_whole();
    });
}

#[test]
fn a_real_hole_is_told_from_a_page_with_fewer_rows() {
    each(&PAGED, |exchange| {
        // Bitstamp fills holes, and the truth has them filled.
        let stage = Stage::new(exchange, 900, Vec::new());
        let (from_ms, to_ms) = (START_MS + 400 * HOUR_MS, START_MS + 450 * HOUR_MS);
        let truth = exchange.served(&stage.truth.clone().without(from_ms, to_ms));
        stage.server.set_history(&truth);
        stage.server.add_fault(Fault::every(2, RowFault::AtMost(90)));
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        stage.assert_holds(&truth);
        let holes = usize::from(truth.rows().len() < 900);
        assert_eq!(outcome.series["empty"].as_array().map(Vec::len), Some(holes), "{outcome:?}");
    });
}

#[test]
fn the_newest_bar_may_come_late_and_is_not_lost() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, 40, Vec::new());
        let (last_ms, end_ms) = (stage.truth.end_ms() - HOUR_MS, stage.truth.end_ms());
        let late: History = stage.truth.clone().without(last_ms, end_ms);
        stage.server.set_history(&late);
        stage.server.set_now(end_ms + 3_000);
        stage.fetch(&[]);
        stage.assert_holds(&late);

        stage.server.set_history(&stage.truth);
        stage.server.set_now(end_ms + 59_000);
        assert_eq!(stage.fetch(&[]).exit_code, 0);
        stage.assert_whole();
    });
}
