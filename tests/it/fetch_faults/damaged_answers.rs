//! Answers that arrive but are not what they should be.

use ct_tests::exchange_server::{AnswerFault, Fault, Misbehaviour, ValueFault};

use super::quick_fetch::QuickFetch;
use super::stage::{EXCHANGES, PAGED, Stage, each, rows_of_pages};

const VALUE_FAULTS: [ValueFault; 5] = [
    ValueFault::Null,
    ValueFault::Word,
    ValueFault::WordForTime,
    ValueFault::MissingColumns,
    ValueFault::ObjectForRows,
];

#[test]
fn half_an_answer_and_a_page_for_people_are_asked_for_again() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![
            Fault::nth(1, AnswerFault::HalfBody),
            Fault::nth(2, AnswerFault::Html(200)),
            Fault::nth(4, AnswerFault::Html(200)),
            Fault::nth(5, AnswerFault::HalfBody),
        ];
        let stage = Stage::new(exchange, rows_of_pages(exchange, 3), faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told("its answer is no JSON, or is cut off; it begins '");
        outcome.assert_told("try 2 failed");
        stage.assert_whole();
    });
}

#[test]
fn rows_with_values_of_another_type_are_asked_for_again() {
    each(&EXCHANGES, |exchange| {
        // Where there is one page only, each of them costs a longer wait.
        let (step, count) = if PAGED.contains(&exchange) { (2, 5) } else { (1, 2) };
        let faults = (1..).step_by(step).zip(VALUE_FAULTS).take(count);
        let faults = faults.map(|(place, fault)| Fault::nth(place, fault)).collect();
        let stage = Stage::new(exchange, rows_of_pages(exchange, 5), faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        outcome.assert_told("try 1 failed");
        assert_eq!(outcome.count("conflicts"), 0);
        stage.assert_whole();
    });
}

#[test]
fn answers_that_stay_damaged_are_an_error_and_nothing_of_them_is_kept() {
    each(&EXCHANGES, |exchange| {
        let of_values = VALUE_FAULTS.map(Misbehaviour::from);
        let of_answers = [AnswerFault::HalfBody, AnswerFault::Html(200)].map(Misbehaviour::from);
        for fault in of_values.into_iter().chain(of_answers) {
            let stage = Stage::new(exchange, 40, vec![Fault::always(fault)]);
            let outcome = QuickFetch::of(&stage).run(&stage);
            let error = outcome.error();
            assert!(error.starts_with(&format!("{}: ", exchange.id())), "{fault:?}: {error}");
            let says = [
                "no JSON",
                "has no number for",
                "has no time",
                "expected a list",
                "cannot be read",
                // To Bitfinex, whose pages are lists, an object is an error message.
                "refuses the request: HTTP 200 {\"rows\":",
            ];
            assert!(says.iter().any(|text| error.contains(text)), "{fault:?}: {error}");
            assert!(error.len() < 400, "{fault:?}: {error}");
            assert_eq!(stage.rows().time.len(), 0, "{}: {fault:?}", exchange.id());
            assert_eq!(outcome.series.missing.len(), 1, "{}: {fault:?}", exchange.id());
            stage.server.clear_faults();
            QuickFetch::of(&stage).run(&stage).assert_updated();
            stage.assert_whole();
        }
    });
}
