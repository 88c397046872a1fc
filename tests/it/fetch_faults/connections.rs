//! Connections that do not bring the answer.

use std::net::TcpListener;
use std::time::Duration;

use ct_tests::exchange_server::{DeliveryFault, Exchange, Fault};

use super::quick_fetch::QuickFetch;
use super::stage::{EXCHANGES, Stage, each, rows_of_pages};

#[test]
fn broken_connections_are_made_again() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![
            Fault::nth(1, DeliveryFault::Closed),
            Fault::nth(2, DeliveryFault::CutMidBody),
            Fault::nth(4, DeliveryFault::CutMidBody),
            Fault::nth(5, DeliveryFault::Closed),
        ];
        let stage = Stage::new(exchange, rows_of_pages(exchange, 3), faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told("the connection to 127.0.0.1 broke");
        outcome.assert_told("its answer was cut off");
        outcome.assert_told("try 2 failed");
        stage.assert_whole();
    });
}

#[test]
fn connections_that_stay_broken_are_an_error_and_bring_nothing() {
    let faults = [
        (DeliveryFault::Closed, "the connection to 127.0.0.1 broke"),
        (DeliveryFault::CutMidBody, "its answer was cut off"),
    ];
    each(&EXCHANGES, |exchange| {
        for (fault, told) in faults {
            let stage = Stage::new(exchange, 40, vec![Fault::always(fault)]);
            let outcome = QuickFetch::of(&stage).run(&stage);
            assert!(outcome.error().contains(told), "{}", outcome.error());
            assert_eq!(stage.rows().time.len(), 0);
            stage.server.clear_faults();
            QuickFetch::of(&stage).run(&stage).assert_updated();
            stage.assert_whole();
        }
    });
}

#[test]
fn an_exchange_that_does_not_answer_is_asked_again_after_a_while() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![Fault::nth(1, DeliveryFault::Silence)];
        let stage = Stage::new(exchange, 40, faults);
        let mut patient = QuickFetch::of(&stage);
        patient.settings.timeout = Duration::from_secs(2);
        patient.settings.retries = 3;
        let outcome = patient.run(&stage);
        outcome.assert_updated();
        let told = "no complete answer from 127.0.0.1 within 2 s; try 1 failed";
        assert!(outcome.told.contains(told), "{}", outcome.told);
        stage.assert_whole();
    });
}

#[test]
fn an_exchange_that_never_answers_or_never_ends_its_answer_is_an_error() {
    let endless = DeliveryFault::Drip { bytes: 1, pause: Duration::from_millis(100) };
    each(&[Exchange::Binance, Exchange::Kraken, Exchange::Okx], |exchange| {
        for fault in [DeliveryFault::Silence, endless] {
            let stage = Stage::new(exchange, 40, vec![Fault::always(fault)]);
            let mut impatient = QuickFetch::of(&stage);
            impatient.settings.timeout = Duration::from_secs(1);
            let outcome = impatient.run(&stage);
            let error = outcome.error();
            assert!(error.contains("within 1 s"), "{error}");
            assert_eq!(stage.rows().time.len(), 0);
            stage.server.clear_faults();
            QuickFetch::of(&stage).run(&stage).assert_updated();
            stage.assert_whole();
        }
    });
}

#[test]
fn an_answer_that_trickles_in_is_whole_all_the_same() {
    let slow = DeliveryFault::Drip { bytes: 700, pause: Duration::from_millis(1) };
    each(&EXCHANGES, |exchange| {
        let stage = Stage::new(exchange, 300, vec![Fault::always(slow)]);
        stage.fetch(&[]).assert_updated();
        stage.assert_whole();
    });
}

#[test]
fn an_address_where_nobody_listens_is_named() {
    let stage = Stage::new(Exchange::Binance, 40, Vec::new());
    let address = TcpListener::bind("127.0.0.1:0").unwrap().local_addr().unwrap();
    let mut nowhere = QuickFetch::of(&stage);
    nowhere.settings.base_urls.insert("binance".to_owned(), format!("http://{address}"));
    let error = nowhere.run(&stage).error();
    assert!(error.starts_with("binance: cannot reach 127.0.0.1"), "{error}");
    assert!(error.contains("; check the network, and the base URL"), "{error}");
    assert!(error.ends_with(" times)"), "{error}");
    assert!(stage.series().is_none_or(|series| series.rows() == 0));
}
