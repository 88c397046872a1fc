//! Pages whose rows overlap, come in another order, or come more than once.

use ct_host::data::store::HistoryRecord;
use ct_host::units::Timestamp;
use ct_tests::exchange_server::{Exchange, Fault, RowFault};

use super::stage::{EXCHANGES, Stage, bits, each, rows_of_pages};

#[test]
fn order_overlap_and_repetition_change_nothing() {
    const SEED: u64 = 20_240_101;
    let mixtures: [&[RowFault]; 3] = [
        &[RowFault::Overlapping(7), RowFault::Reversed],
        &[RowFault::Repeated, RowFault::Shuffled(SEED)],
        &[RowFault::Overlapping(1), RowFault::Repeated, RowFault::Shuffled(SEED + 1)],
    ];
    each(&EXCHANGES, |exchange| {
        for faults in mixtures {
            let always = faults.iter().map(|&fault| Fault::always(fault)).collect();
            let stage = Stage::new(exchange, rows_of_pages(exchange, 3), always);
            let outcome = stage.fetch(&[]);
            outcome.assert_updated();
            assert_eq!(outcome.count("rows_added"), stage.truth.rows().len() as u64, "{faults:?}");
            assert_eq!(outcome.count("conflicts"), 0, "{faults:?}");
            stage.assert_whole();
            assert_eq!(stage.records(), [], "{}: {faults:?}", exchange.id());
        }
    });
}

#[test]
fn of_two_versions_of_a_bar_the_one_with_more_volume_is_kept_and_both_are_told() {
    each(&EXCHANGES, |exchange| {
        let faults = vec![Fault::nth(1, RowFault::Conflicting)];
        let stage = Stage::new(exchange, 41, faults);
        let outcome = stage.fetch(&[]);
        outcome.assert_updated();
        assert_eq!(outcome.count("conflicts"), 1, "{}", exchange.id());

        let records = stage.records();
        let [HistoryRecord::Conflict { time, kept, dropped, source }] = &records[..] else {
            panic!("{}: {records:?}", exchange.id())
        };
        let told = format!("{} gave 1 bar(s) in two versions, the first at {time}", exchange.id());
        outcome.assert_told(&told);
        assert_eq!(source, exchange.id());
        let row_at = |time: &Timestamp| {
            let time_ms = time.as_ms();
            stage.truth.rows().iter().find(|row| row.time_ms == time_ms).copied().unwrap()
        };
        let (truth, other) = (row_at(time), row_at(time).revised());
        assert!(other.volume.value() > truth.volume.value());
        assert_eq!([*kept, *dropped], [other.values(), truth.values()], "{}", exchange.id());
        stage.assert_holds(&stage.truth.clone().revised(time.as_ms()));

        // The exchange makes up its mind.
        let again = stage.fetch(&["--refresh"]);
        again.assert_updated();
        assert_eq!([again.count("revised"), again.count("conflicts")], [1, 0]);
        stage.assert_whole();
        let last = stage.records().pop();
        let (before, after) = (other.values(), truth.values());
        let revised =
            HistoryRecord::Revised { time: *time, before, after, source: exchange.id().to_owned() };
        assert_eq!(last, Some(revised));
    });
}

#[test]
fn a_bar_that_every_answer_gives_in_two_versions_is_told_once_in_the_history() {
    let stage = Stage::new(Exchange::Okx, 41, vec![Fault::always(RowFault::Conflicting)]);
    stage.fetch(&[]).assert_updated();
    let first = (bits(&stage.rows()), stage.records());
    assert_eq!((first.0.len(), first.1.len()), (41, 1));
    assert_eq!(stage.fetch(&["--refresh"]).exit_code, 0);
    assert_eq!(stage.records(), first.1);
    assert!(bits(&stage.rows()) == first.0);
}
