//! The bar that has not closed yet: every exchange gives it, and it changes until it closes.

use ct_tests::exchange_server::{Exchange, Fault, RowFault};

use super::stage::{EXCHANGES, HOUR_MS, Stage, each, run};
use crate::program::ct_host;

#[test]
fn a_bar_is_kept_when_it_has_closed_and_with_its_last_values() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, 40, Vec::new());
        let end_ms = stage.truth.end_ms();
        let closed = stage.truth.clone().without(end_ms - HOUR_MS, end_ms);
        // A second after the end the last trades may still be on their way.
        for (now_ms, rows_added) in
            [(end_ms - HOUR_MS / 2, 39), (end_ms - 60_000, 0), (end_ms + 1_000, 0)]
        {
            stage.server.set_now(now_ms);
            let outcome = stage.fetch(&[]);
            assert_eq!(outcome.exit_code, 0, "{outcome:?}");
            assert_eq!(outcome.count("rows_added"), rows_added, "{}", exchange.id());
            assert_eq!(outcome.count("revised"), 0, "{}", exchange.id());
            stage.assert_holds(&closed);
        }
        stage.server.set_now(end_ms + 59_000);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        assert_eq!([outcome.count("rows_added"), outcome.count("revised")], [1, 0]);
        stage.assert_whole();
        assert_eq!(stage.records(), []);
    });
}

#[test]
fn an_open_bar_is_left_out_of_pages_in_any_order() {
    each(&EXCHANGES, |exchange| {
        for fault in [RowFault::Reversed, RowFault::Shuffled(7), RowFault::Repeated] {
            let stage = Stage::new(exchange, 40, vec![Fault::always(fault)]);
            let end_ms = stage.truth.end_ms();
            stage.server.set_now(end_ms - 1);
            assert_eq!(stage.fetch(&[]).exit_code, 0);
            stage.assert_holds(&stage.truth.clone().without(end_ms - HOUR_MS, end_ms));
            stage.server.set_now(end_ms + 59_000);
            stage.fetch(&[]).assert_updated();
            stage.assert_whole();
        }
    });
}

#[test]
fn without_an_end_the_last_closed_bar_is_the_last_one_kept() {
    let stage = Stage::new(Exchange::Binance, 40, Vec::new());
    let end_ms = stage.truth.end_ms();
    stage.server.set_now(end_ms - HOUR_MS - 1);
    let command = || {
        let mut command = ct_host(&stage.folder);
        command.args(["fetch", "--json", "--symbol", "BTC/USDT", "--from", "2024-01-01"]);
        command.args(["--rate", "1000", "--base-url"]);
        command.arg(format!("binance={}", stage.server.url()));
        run(&mut command)
    };
    command().assert_updated();
    stage.assert_holds(&stage.truth.clone().without(end_ms - 2 * HOUR_MS, end_ms));
    stage.server.set_now(end_ms + 59_000);
    command().assert_updated();
    stage.assert_whole();
}
