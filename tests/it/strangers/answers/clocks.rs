//! An exchange whose clock is years ahead: its answers say nothing about the time until then.

use ct_host::data::store::Store;
use ct_tests::exchange_server::{
    AnswerFault, Behaviour, Exchange, ExchangeServer, Fault, History, Walk,
};

use super::stranger::{HOUR_MS, PATIENCE, START_MS, told};
use crate::program::{ct_host, folder};

#[test]
fn time_until_a_clock_of_another_age_is_not_recorded_as_empty() {
    const YEARS_MS: i64 = 100 * 365 * 24 * HOUR_MS;
    let history = |interval: &str, rows: usize| {
        History::random("BTC/USDT", interval.parse().unwrap(), &Walk::new(1, START_MS, rows))
    };
    let (truth, days) = (history("1h", 40), history("1d", 1));
    let fault = Fault::always(AnswerFault::ClockOff(YEARS_MS));
    let behaviour = Behaviour::at(truth.end_ms() + 59_000).with(fault);
    let server = ExchangeServer::start(Exchange::Binance, &[truth, days], behaviour);
    let folder = folder();
    let mut command = ct_host(&folder);
    command.args(["fetch", "--exchange", "binance", "--symbol", "BTC/USDT", "--interval", "1h"]);
    command.args(["--from", "2024-01-01", "--rate", "1000"]);
    command.args(["--base-url", &format!("binance={}", server.url())]).timeout(PATIENCE);
    let output = command.output().unwrap();
    let told = told(&output);
    assert!(output.status.success(), "{told}");
    assert!(told.contains("the clock of binance shows 2123-"), "{told}");
    assert!(told.contains("so this computer's is believed"), "{told}");
    let store = Store::new(folder.path().join("data"));
    let key = store.keys().unwrap().pop().unwrap();
    let series = store.series(&key).unwrap().unwrap();
    assert_eq!(series.rows(), 40);
    let known = series.coverage().range().unwrap();
    assert!(known.to < "2100-01-01".parse().unwrap(), "{known}");
}
