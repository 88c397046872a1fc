//! Exchanges that change bars which have closed long ago.

use ct_host::data::store::{HistoryRecord, Series};
use ct_host::units::Timestamp;
use ct_tests::exchange_server::{Candle, Exchange, History};

use super::stage::{EXCHANGES, HOUR_MS, Stage, each, rows_of_pages};
use crate::program::{ct_host, json};

fn row_at(history: &History, time_ms: i64) -> Candle {
    history.rows_between(time_ms, time_ms + 1)[0]
}

#[test]
fn a_changed_bar_is_found_when_all_is_asked_for_again_and_the_old_version_stays() {
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, rows_of_pages(exchange, 2), Vec::new());
        stage.fetch(&[]).assert_updated();
        let before = stage.series().unwrap().version().to_owned();

        let time_ms = stage.truth.rows()[stage.truth.rows().len() / 3].time_ms;
        let changed = stage.truth.clone().revised(time_ms);
        stage.server.set_history(&changed);
        assert_eq!(stage.fetch(&[]).series["status"], "up_to_date");
        stage.assert_whole();

        let refreshed = stage.fetch(&["--refresh"]);
        refreshed.assert_updated();
        assert_eq!([refreshed.count("revised"), refreshed.count("rows_added")], [1, 0]);
        stage.assert_holds(&changed);
        let record = HistoryRecord::Revised {
            time: Timestamp::clamped(time_ms),
            before: row_at(&stage.truth, time_ms).values(),
            after: row_at(&changed, time_ms).values(),
            source: exchange.id().to_owned(),
        };
        assert_eq!(stage.records(), [record]);
        assert_ne!(stage.series().unwrap().version(), before);
        let older = || {
            let wanted = |series: &Series| series.version() == before;
            stage.store().series_of_version(&stage.key(), &wanted).unwrap()
        };
        let rows = older().map(|series| series.verified_bars().unwrap().to_raw());
        assert_eq!(rows, Some(stage.truth.columns_between(0, i64::MAX)), "{}", exchange.id());

        json(ct_host(&stage.folder).args(["data", "prune", "--json"]));
        assert!(older().is_some(), "only files that nothing needs go by themselves");
        let pruned = ct_host(&stage.folder)
            .args(["data", "prune", "--older-versions", "--json"])
            .output()
            .unwrap();
        assert!(pruned.status.success(), "{pruned:?}");
        assert!(older().is_none());
        stage.assert_holds(&changed);
    });
}

#[test]
fn a_bar_that_the_exchange_takes_back_is_not_kept_and_told() {
    // Kraken and Bitstamp fill holes, Bitfinex has none where nothing is traded.
    each(&[Exchange::Binance, Exchange::Okx, Exchange::Bybit, Exchange::Kucoin], |exchange| {
        let stage = Stage::new(exchange, 40, Vec::new());
        stage.fetch(&[]).assert_updated();
        let time_ms = stage.truth.rows()[20].time_ms;
        let fewer = stage.truth.clone().without(time_ms, time_ms + HOUR_MS);
        stage.server.set_history(&fewer);
        let refreshed = stage.fetch(&["--refresh"]);
        refreshed.assert_updated();
        assert_eq!([refreshed.count("withdrawn"), refreshed.count("revised")], [1, 0]);
        stage.assert_holds(&fewer);
        let record = HistoryRecord::Withdrawn {
            time: Timestamp::clamped(time_ms),
            before: row_at(&stage.truth, time_ms).values(),
            source: exchange.id().to_owned(),
        };
        assert_eq!(stage.records(), [record]);
    });
}
