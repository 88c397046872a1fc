//! Exchanges that want fewer requests, or none at all.

use ct_tests::exchange_server::{AnswerFault, Exchange, Fault};

use super::quick_fetch::QuickFetch;
use super::stage::{EXCHANGES, PAGED, Stage, each, rows_of_pages};

#[test]
fn after_429_the_next_request_waits_as_long_as_the_exchange_wants() {
    each(&EXCHANGES, |exchange| {
        let too_many = AnswerFault::TooMany { retry_after_s: Some(1) };
        let stage = Stage::new(exchange, 40, vec![Fault::first(1, too_many)]);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told(&format!("{}: waiting 1 s", exchange.id()));
        outcome.assert_told("HTTP 429");
        stage.assert_whole();
        let requests = stage.server.candle_requests();
        let [refused, next, ..] = &requests[..] else { panic!("{requests:?}") };
        assert_eq!((refused.status, next.status), (429, 200), "{}", exchange.id());
        // No bound from above: nothing depends on how long this machine takes.
        let waited = next.arrived.checked_sub(refused.arrived).unwrap();
        assert!(waited.as_millis() >= 990, "{}: asked again after {waited:?}", exchange.id());
    });
}

#[test]
fn in_the_middle_of_a_long_history_429_costs_time_and_nothing_else() {
    each(&PAGED, |exchange| {
        let too_many = AnswerFault::TooMany { retry_after_s: Some(1) };
        let faults = vec![Fault::nth(3, too_many), Fault::nth(4, too_many)];
        let stage = Stage::new(exchange, rows_of_pages(exchange, 4), faults);
        stage.fetch(&[]).assert_updated();
        stage.assert_whole();
    });
}

#[test]
fn a_short_ban_is_waited_out() {
    each(&[Exchange::Binance, Exchange::Mexc], |exchange| {
        let banned = AnswerFault::Banned { retry_after_s: Some(1) };
        let stage = Stage::new(exchange, 40, vec![Fault::first(1, banned)]);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told(&format!("{}: waiting 1 s", exchange.id()));
        outcome.assert_told("HTTP 418");
        stage.assert_whole();
    });
}

#[test]
fn a_ban_longer_than_anyone_waits_is_an_error_that_says_how_long() {
    let bans = [
        (Exchange::Binance, Some(3_600), "60 min", "HTTP 418"),
        (Exchange::Mexc, Some(90_000), "25 h", "HTTP 418"),
        // Bybit shuts out for ten minutes, and says so in its documents only.
        (Exchange::Bybit, None, "10 min", "HTTP 403"),
        (Exchange::Kraken, Some(900), "15 min", "HTTP 429"),
    ];
    for (exchange, retry_after_s, length, status) in bans {
        let banned = AnswerFault::Banned { retry_after_s };
        let stage = Stage::new(exchange, 40, vec![Fault::always(banned)]);
        let outcome = stage.fetch(&[]);
        assert_eq!((outcome.exit_code, &outcome.series["status"]), (1, &"failed".into()));
        for text in [exchange.id(), length, status] {
            outcome.assert_told(text);
            assert!(outcome.series["error"].as_str().unwrap().contains(text), "{outcome:?}");
        }
        assert_eq!(outcome.series["missing"][0]["reason"], "not_fetched");
        assert_eq!(stage.server.candle_requests().len(), 1, "{} went on asking", exchange.id());
        assert_eq!(stage.rows().time.len(), 0);

        stage.server.clear_faults();
        stage.fetch(&[]).assert_updated();
        stage.assert_whole();
    }
}

#[test]
fn what_arrived_before_a_ban_is_kept_and_not_asked_for_again() {
    let banned = AnswerFault::Banned { retry_after_s: Some(3_600) };
    let stage = Stage::new(Exchange::Binance, 11_950, vec![Fault::nth(9, banned)]);
    let outcome = stage.fetch(&[]);
    assert_eq!(outcome.exit_code, 1, "{outcome:?}");
    outcome.assert_told("60 min");
    let kept = stage.rows().time;
    assert!((1_000..=11_000).contains(&kept.len()), "{} bars", kept.len());
    assert!(kept.iter().zip(&kept[1..]).all(|(one, next)| one < next));

    stage.server.forget_requests();
    stage.fetch(&[]).assert_updated();
    stage.assert_whole();
    let asked: usize = stage.server.candle_requests().iter().map(|request| request.rows).sum();
    assert_eq!(asked, 11_950 - kept.len(), "bars in answers after the ban");
}

#[test]
fn too_many_requests_may_also_be_said_in_the_body() {
    let exchanges = [Exchange::Kraken, Exchange::Okx, Exchange::Bybit, Exchange::Kucoin];
    each(&exchanges, |exchange| {
        let faults = vec![Fault::first(1, AnswerFault::TooManyInBody)];
        let stage = Stage::new(exchange, 40, faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told(&format!("{}: waiting", exchange.id()));
        outcome.assert_told("wants fewer requests");
        stage.assert_whole();
        // Without a word about how long, it is left alone for longer than after another failure.
        let requests = stage.server.candle_requests();
        let waited = requests[1].arrived.checked_sub(requests[0].arrived).unwrap();
        assert!(waited.as_millis() >= 990, "{}: asked again after {waited:?}", exchange.id());
    });
}

#[test]
fn an_exchange_that_is_out_of_order_for_a_moment_is_asked_again() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![
            Fault::nth(1, AnswerFault::Html(502)),
            Fault::nth(3, AnswerFault::Html(503)),
            Fault::nth(4, AnswerFault::Html(500)),
            Fault::nth(5, AnswerFault::Html(504)),
        ];
        let stage = Stage::new(exchange, rows_of_pages(exchange, 3), faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told("is out of order: HTTP 502");
        outcome.assert_told("try 1 failed");
        stage.assert_whole();
    });
}

#[test]
fn an_exchange_that_stays_out_of_order_is_an_error_and_keeps_nothing_wrong() {
    each(&EXCHANGES, |exchange| {
        for status in [500, 502, 503, 504] {
            let stage = Stage::new(exchange, 40, vec![Fault::always(AnswerFault::Html(status))]);
            let outcome = QuickFetch::of(&stage).run(&stage);
            let error = outcome.error();
            assert!(error.contains(&format!("HTTP {status}")), "{error}");
            assert!(error.starts_with(&format!("{}: ", exchange.id())), "{error}");
            assert_eq!(stage.server.candle_requests().len(), 2, "one try and one more");
            assert_eq!(stage.rows().time.len(), 0);
            stage.server.clear_faults();
            QuickFetch::of(&stage).run(&stage).assert_updated();
            stage.assert_whole();
        }
    });
}

#[test]
fn a_refusal_for_good_is_not_tried_again() {
    for exchange in [Exchange::Binance, Exchange::Okx, Exchange::Kucoin] {
        let stage = Stage::new(exchange, 40, vec![Fault::always(AnswerFault::Html(451))]);
        let outcome = stage.fetch(&[]);
        assert_eq!(outcome.exit_code, 1, "{outcome:?}");
        outcome.assert_told(&format!("{}: refuses the request: HTTP 451", exchange.id()));
        assert_eq!(stage.server.candle_requests().len(), 1);
        assert_eq!(stage.rows().time.len(), 0);
    }
}
