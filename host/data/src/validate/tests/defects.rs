//! One table per defect: what is found, and what is nearly it but is not.

use super::bars::{HOUR, Row, START, all_listed, clean, columns, findings, hour, report};
use crate::validate::FindingKind::{self, *};
use crate::validate::{Policy, RepairSettings, Severity, Subject, ValidationSettings, validate};
use ct_core::units::{Interval, Timestamp};

type Found = Vec<(FindingKind, u64, u64)>;

/// What is found in 400 clean rows after `spoil`.
fn found(spoil: impl FnOnce(&mut Vec<Row>)) -> Found {
    let mut rows = clean(400, 1);
    spoil(&mut rows);
    findings(&report(&rows))
}

#[test]
fn clean_bars_have_no_findings() {
    for seed in 0..50 {
        let report = report(&clean(2_000, seed));
        assert_eq!(report.findings, [], "{seed}");
        assert_eq!((report.worst, report.missing_bars()), (None, 0));
    }
    assert_eq!(report(&[]).worst, None);
    assert_eq!(report(&clean(1, 1)).findings, []);
}

#[test]
fn rows_that_are_no_bars_are_found_by_what_they_lack() {
    for (spoil, expected) in [
        ((|row| row.open = f64::NAN) as fn(&mut Row), vec![(NotFinite, 200, 1)]),
        (|row| row.volume = f64::INFINITY, vec![(NotFinite, 200, 1)]),
        (|row| (row.low, row.volume) = (f64::NAN, f64::NAN), vec![(NotFinite, 200, 1)]),
        (|row| row.low = 0.0, vec![(NonPositivePrice, 200, 1)]),
        (|row| row.low = -row.low, vec![(NonPositivePrice, 200, 1)]),
        (|row| row.high = row.low * 0.999, vec![(InconsistentOhlc, 200, 1)]),
        (|row| row.close = row.high * 1.000_001, vec![(InconsistentOhlc, 200, 1)]),
        (|row| row.close = row.high, vec![]),
        (|row| row.volume = -1.0, vec![(NegativeVolume, 200, 1)]),
        (|row| row.volume = 0.0, vec![]),
        (
            |row| (row.low, row.volume) = (0.0, -1.0),
            vec![(NonPositivePrice, 200, 1), (NegativeVolume, 200, 1)],
        ),
        (|row| row.time = -5, vec![(Gap, 201, 1), (ImpossibleTime, 200, 1)]),
    ] {
        let mut expected: Found = expected;
        expected.sort_by_key(|(kind, row, _)| (*row, *kind));
        assert_eq!(found(|rows| spoil(&mut rows[200])), expected);
    }
    let run = found(|rows| rows[100..140].iter_mut().for_each(|row| row.close = f64::NAN));
    assert_eq!(run, [(NotFinite, 100, 40)]);
}

#[test]
fn repeated_rows_are_told_from_conflicting_ones() {
    let repeat = |rows: &mut Vec<Row>, at: usize, from: usize| rows.insert(at, rows[from]);
    assert_eq!(found(|rows| repeat(rows, 201, 200)), [(Duplicate, 201, 1)]);
    assert_eq!(found(|rows| repeat(rows, 300, 200)), [(Duplicate, 300, 1)]);
    let conflict = found(|rows| {
        repeat(rows, 201, 200);
        rows[201].volume += 1.0;
    });
    assert_eq!(conflict, [(ConflictingDuplicate, 201, 1)]);
    let pasted_twice = found(|rows| {
        let copy = rows[100..150].to_vec();
        rows.splice(150..150, copy);
    });
    assert_eq!(pasted_twice, [(Duplicate, 150, 50)]);
}

#[test]
fn a_descending_file_is_a_warning_and_disorder_an_error() {
    let mut rows = clean(400, 1);
    rows.reverse();
    let descending = report(&rows);
    assert_eq!(findings(&descending), [(Descending, 0, 400)]);
    assert_eq!(descending.worst, Some(Severity::Warning));
    rows.swap(200, 201);
    let disordered = report(&rows);
    assert_eq!(findings(&disordered), [(Descending, 0, 400), (OutOfOrder, 201, 1)]);
    assert_eq!(disordered.worst, Some(Severity::Error));
    // A block in the wrong place is one finding.
    let moved = found(|rows| {
        let block: Vec<Row> = rows.drain(100..110).collect();
        rows.splice(300..300, block);
    });
    assert_eq!(moved, [(OutOfOrder, 300, 10)]);
}

#[test]
fn gaps_count_bars_and_rows_off_the_grid_fill_their_place() {
    assert_eq!(found(|rows| drop(rows.drain(200..201))), [(Gap, 200, 1)]);
    assert_eq!(found(|rows| drop(rows.drain(200..250))), [(Gap, 200, 50)]);
    assert_eq!(found(|rows| rows[200].time += 60_000), [(OffGrid, 200, 1)]);
    let between = found(|rows| {
        rows.insert(201, Row { time: rows[200].time + 60_000, ..rows[200].scaled(1.000_1) });
    });
    assert_eq!(between, [(OffGrid, 201, 1)]);
    // An exchange that restarts off the grid.
    let restart = found(|rows| rows[300..].iter_mut().for_each(|row| row.time += HOUR / 4));
    assert_eq!(restart, [(OffGrid, 300, 100)]);
    let time = Timestamp::from_ms(START + 200 * HOUR).unwrap();
    let mut rows = clean(400, 1);
    rows.drain(200..203);
    assert_eq!(report(&rows).findings[0].time, Some(time), "the first bar that is missing");
}

#[test]
fn all_bars_at_an_unusual_time_are_one_warning() {
    assert_eq!(
        found(|rows| rows.iter_mut().for_each(|row| row.time += HOUR / 2)),
        [(ShiftedGrid, 0, 400)]
    );
    let week = 7 * 24 * HOUR;
    let monday = 4 * 24 * HOUR;
    for (interval, step, first, expected) in [
        ("1w", week, monday, None),
        ("1w", week, 0, Some(ShiftedGrid)),
        ("1d", 24 * HOUR, 0, None),
        ("1d", 24 * HOUR, 16 * HOUR, Some(ShiftedGrid)),
        ("3d", 72 * HOUR, 24 * HOUR, None),
    ] {
        let rows: Vec<Row> = (0..)
            .zip(clean(100, 1))
            .map(|(place, row)| Row { time: first + place * step, ..row })
            .collect();
        let interval: Interval = interval.parse().unwrap();
        let report = validate(&Subject::new(interval, &columns(&rows)), &all_listed());
        let kinds: Vec<_> = report.findings.iter().map(|finding| finding.kind).collect();
        assert_eq!(kinds, Vec::from_iter(expected), "{interval} {first}");
    }
}

#[test]
fn days_by_a_local_clock_are_named_and_not_halved() {
    let zone: crate::LocalZone = "America/New_York".parse().unwrap();
    let day = 24 * HOUR;
    // Days of 2024 from local midnight: both changes of the clock are among them.
    let midnight = |place: i64| {
        let utc = 1_704_067_200_000 + place * day;
        utc - zone.offset_ms(utc + 5 * HOUR)
    };
    for (first, count) in [(0, 366), (240, 80), (50, 40)] {
        let rows = clean(count, 1).into_iter().zip(first..);
        let rows: Vec<Row> =
            rows.map(|(row, place)| Row { time: midnight(place), ..row }).collect();
        let columns = columns(&rows);
        let interval = crate::validate::interval_of_rows(&columns).unwrap();
        assert_eq!(interval.to_string(), "1d", "{first}");
        let report = validate(&Subject::new(interval, &columns), &all_listed());
        assert_eq!(report.count(LocalDays).findings, 1, "{:?}", report.counts);
        assert_eq!(report.count(OffGrid).findings, 0);
        let finding = report.findings.iter().find(|finding| finding.kind == LocalDays).unwrap();
        assert!(
            finding.found.contains("open at 00:00 by the clock of America/New_York"),
            "{finding}"
        );
        for policy in [Policy::Refuse, Policy::Repair(RepairSettings::default())] {
            let refused = policy.admit(columns.clone(), &report, None).unwrap_err().to_string();
            assert!(refused.contains("local days: 1"), "{refused}");
        }
    }
}

#[test]
fn holes_are_told_apart_by_length_and_by_the_price_after_them() {
    let hole = |hours: i64, factor: f64| {
        found(|rows| {
            for row in &mut rows[200..] {
                *row = Row { time: row.time + hours * HOUR, ..row.scaled(factor) };
            }
        })
    };
    assert_eq!(hole(167, 1.0), [(Gap, 200, 167)]);
    assert_eq!(hole(168, 1.0), [(LongHole, 200, 168)]);
    assert_eq!(hole(168, 9.0), [(LongHole, 200, 168), (Spike, 200, 1)]);
    assert_eq!(hole(168, 11.0), [(TickerReuse, 200, 168)]);
    assert_eq!(hole(24, 1.0 / 11.0), [(TickerReuse, 200, 24)]);
    assert_eq!(hole(23, 11.0), [(Gap, 200, 23), (Spike, 200, 1)]);
}

#[test]
fn spikes_stay_and_bad_ticks_revert() {
    let level = |factor: f64| {
        found(|rows| rows[200..].iter_mut().for_each(|row| *row = row.scaled(factor)))
    };
    assert_eq!(level(1.3), [(Spike, 200, 1)]);
    assert_eq!(level(0.7), [(Spike, 200, 1)]);
    assert_eq!(level(1.01), []);
    let tick = |factor: f64| found(|rows| rows[200] = rows[200].scaled(factor));
    assert_eq!(tick(1.3), [(BadTick, 200, 1)]);
    assert_eq!(tick(1.005), []);
    let wick = |factor: f64| found(|rows| rows[200].low *= factor);
    assert_eq!(wick(0.8), [(BadTick, 200, 1)]);
    assert_eq!(wick(0.993), []);
    assert_eq!(found(|rows| rows[200].high *= 1.2), [(BadTick, 200, 1)]);
    // A move of eight deviations is a bad tick in a quiet bar, and a market on the move in a busy one.
    assert_eq!(wick(0.98), [(BadTick, 200, 1)]);
    let busy = found(|rows| (rows[200].low, rows[200].volume) = (rows[200].low * 0.98, 1_000.0));
    assert_eq!(busy, []);
    // Over a gap nobody knows how the price went.
    let over_gap = found(|rows| {
        rows.drain(200..203);
        rows[200..].iter_mut().for_each(|row| *row = row.scaled(1.3));
    });
    assert_eq!(over_gap, [(Gap, 200, 3)]);
}

#[test]
fn another_level_without_a_pause_is_an_error() {
    let level = |factor: f64| {
        found(|rows| rows[200..].iter_mut().for_each(|row| *row = row.scaled(factor)))
    };
    for factor in [1_000.0, 1.0 / 1_000.0, 10.0, 1.0 / 37.0, 1e-6] {
        assert_eq!(level(factor), [(LevelShift, 200, 1)], "{factor}");
    }
    // The last bar too, and a unit that changes for a while.
    assert_eq!(found(|rows| rows[399] = rows[399].scaled(1_000.0)), [(LevelShift, 399, 1)]);
    let part = found(|rows| rows[200..230].iter_mut().for_each(|row| *row = row.scaled(1_000.0)));
    assert_eq!(part, [(LevelShift, 200, 1), (LevelShift, 230, 1)]);
    // Files whose opens are made of the closes before, and hours that are missing.
    let made = found(|rows| {
        rows[200..].iter_mut().for_each(|row| *row = row.scaled(1_000.0));
        rows[200].open = rows[199].close;
        rows[200].low = rows[199].close;
    });
    assert!(made.contains(&(LevelShift, 200, 1)), "{made:?}");
    let over_gap = found(|rows| {
        rows.drain(200..203);
        rows[200..].iter_mut().for_each(|row| *row = row.scaled(1_000.0));
    });
    assert_eq!(over_gap, [(Gap, 200, 3), (LevelShift, 200, 1)]);
    // A bar that reverts is a bad tick, and a collapse that trades all the way down is none of these.
    assert_eq!(found(|rows| rows[200] = rows[200].scaled(1_000.0)), [(BadTick, 200, 1)]);
    let collapse = found(|rows| {
        rows[200..].iter_mut().for_each(|row| *row = row.scaled(1.0 / 37.0));
        (rows[200].open, rows[200].high) = (rows[199].close, rows[199].close);
    });
    assert!(collapse.iter().all(|(kind, ..)| *kind != LevelShift), "{collapse:?}");
}

#[test]
fn a_shift_says_its_ratio_and_what_it_likely_is() {
    let text = |factor: f64| {
        let mut rows = clean(400, 1);
        rows[200..].iter_mut().for_each(|row| *row = row.scaled(factor));
        report(&rows).findings[0].to_string()
    };
    for (factor, severity, expected) in [
        (
            1_000.0,
            "error",
            "1000 times as much: likely a redenomination, or prices for 1 and for 1000 units",
        ),
        (0.001, "error", "1/1000 of it: likely a redenomination"),
        (0.5, "warning", "like a split of 2 for 1"),
        (4.0, "warning", "like a reverse split of 1 for 4"),
    ] {
        let text = text(factor);
        assert!(text.starts_with(severity) && text.contains(expected), "{text}");
        assert!(text.contains("multiply the prices before it by the ratio"), "{text}");
    }
    // Even a file in which nothing else moves.
    let mut flat = clean(12, 1);
    for row in &mut flat {
        (row.open, row.high, row.low, row.close) = (5.0, 5.0, 5.0, 5.0);
    }
    flat[6..].iter_mut().for_each(|row| *row = row.scaled(1_000.0));
    assert_eq!(report(&flat).count(LevelShift).findings, 1);
}

#[test]
fn a_volume_that_is_always_a_price_is_an_error() {
    fn vwaps(rows: &mut Vec<Row>) {
        for row in rows {
            row.volume = f64::midpoint(row.high, row.low);
        }
    }
    let vwap = found(vwaps);
    assert_eq!(vwap, [(VolumeIsPrice, 0, 400)]);
    let idle = found(|rows| {
        vwaps(rows);
        rows[0].volume = 0.0;
    });
    assert_eq!(idle, [(VolumeIsPrice, 1, 400)]);
    let once = found(|rows| {
        vwaps(rows);
        rows[300].volume = rows[300].high * 1.01;
    });
    assert_eq!(once, [], "one volume that is no price tells that they are volumes");
}

#[test]
fn a_crash_in_many_bars_is_no_row_of_spikes() {
    let crash = found(|rows| {
        let mut factor = 1.0;
        for (place, row) in rows[200..].iter_mut().enumerate() {
            let moves = [0.93, 0.95, 1.04, 0.9, 1.05, 0.94, 0.97, 1.03, 0.92, 0.96, 1.02, 0.95];
            factor *= if place < 48 { moves[place % moves.len()] } else { 1.0 };
            *row = Row { volume: row.volume * 5.0, ..row.scaled(factor) };
        }
    });
    assert!(crash.len() <= 2, "{crash:?}");
}

#[test]
fn runs_need_twelve_bars() {
    let stale = |bars: usize| {
        found(|rows| {
            let first = rows[200];
            rows[201..200 + bars].iter_mut().for_each(|row| *row = row.with_prices_of(&first));
        })
    };
    assert_eq!(stale(11), []);
    assert_eq!(stale(12), [(StaleRun, 200, 12)]);
    let idle = |bars: usize| {
        found(|rows| rows[200..200 + bars].iter_mut().for_each(|row| row.volume = 0.0))
    };
    assert_eq!(idle(11), []);
    assert_eq!(idle(12), [(ZeroVolumeRun, 200, 12)]);
    let dead = found(|rows| {
        let first = rows[200];
        let frozen = rows[201..220].iter_mut();
        frozen.for_each(|row| *row = Row { volume: 0.0, ..row.with_prices_of(&first) });
        rows[200].volume = 0.0;
    });
    assert_eq!(dead, [(ZeroVolumeRun, 200, 20)], "without volume prices need not move");
}

#[test]
fn volumes_stand_out_from_those_around() {
    let volume = |factor: f64| found(|rows| rows[200].volume *= factor);
    assert_eq!(volume(1_000.0), [(VolumeOutlier, 200, 1)]);
    assert_eq!(volume(10.0), []);
    let for_good = found(|rows| rows[200..].iter_mut().for_each(|row| row.volume *= 40.0));
    assert_eq!(for_good, [], "a market may become busy");
}

#[test]
fn swapped_volumes_are_found_with_and_without_the_other_column() {
    let swap = |row: &mut Row| row.volume *= row.close;
    let first_part = |rows: &mut [Row]| rows[..1_003].iter_mut().for_each(swap);
    let mut rows = clean(3_000, 1);
    first_part(&mut rows);
    assert_eq!(findings(&report(&rows)), [(SwappedVolume, 0, 1_003)]);
    let mut rows = clean(3_000, 1);
    rows[1_003..1_800].iter_mut().for_each(swap);
    assert_eq!(findings(&report(&rows)), [(SwappedVolume, 1_003, 797)]);
    // A price near 1 changes the volume no more than a busy day.
    let mut cheap: Vec<Row> = clean(3_000, 1).into_iter().map(|row| row.scaled(0.1)).collect();
    first_part(&mut cheap);
    assert_eq!(findings(&report(&cheap)), []);
    let quote: Vec<f64> = clean(3_000, 1)
        .iter()
        .map(|row| row.scaled(0.1))
        .map(|row| row.volume * row.close)
        .collect();
    let rows = columns(&cheap);
    let swapped: Vec<f64> = (0..)
        .zip(&quote)
        .map(|(place, quote)| if place < 1_003 { quote / cheap[place].close } else { *quote })
        .collect();
    for (quote, expected) in [(&swapped, &[(SwappedVolume, 0, 1_003)][..]), (&quote, &[])] {
        let subject = Subject { quote_volume: Some(quote), ..Subject::new(hour(), &rows) };
        assert_eq!(findings(&validate(&subject, &all_listed())), expected);
    }
}

#[test]
fn three_rows_that_repeat_others_are_copied() {
    let copied = |rows: usize| {
        found(|all| {
            for place in 0..rows {
                let volume = all[160 + place].volume;
                all[200 + place] =
                    Row { volume, ..all[200 + place].with_prices_of(&all[160 + place]) };
            }
        })
    };
    assert_eq!(copied(2), []);
    assert_eq!(copied(3), [(CopiedRows, 200, 3)]);
    assert_eq!(copied(20), [(CopiedRows, 200, 20)]);
}

#[test]
fn the_last_bar_is_unfinished_by_the_clock_or_thin() {
    let rows = columns(&clean(400, 1));
    let at = |hours: i64, ms: i64| {
        let now = Timestamp::from_ms(START + hours * HOUR + ms).ok();
        findings(&validate(&Subject { now, ..Subject::new(hour(), &rows) }, &all_listed()))
    };
    assert_eq!(at(400, 0), []);
    assert_eq!(at(400, -1), [(UnfinishedLastBar, 399, 1)]);
    assert_eq!(at(398, 5), [(UnfinishedLastBar, 398, 2)]);
    let last = |volume: f64| {
        let mut rows = clean(400, 1);
        rows[399].volume = volume;
        report(&rows)
    };
    assert_eq!(findings(&last(1.0)), [(ThinLastBar, 399, 1)]);
    assert_eq!(last(1.0).worst, Some(Severity::Note));
    assert_eq!(findings(&last(10.0)), []);
}

#[test]
fn the_list_is_cut_per_kind_and_the_counts_are_not() {
    let mut rows = clean(400, 1);
    for place in (10..400).step_by(10) {
        rows[place].close = f64::NAN;
    }
    rows[55].volume = -1.0;
    let columns = columns(&rows);
    let settings = ValidationSettings { listed_max: 5, ..ValidationSettings::default() };
    let report = validate(&Subject::new(hour(), &columns), &settings);
    let count = report.count(NotFinite);
    assert_eq!((count.findings, count.rows, count.not_listed), (39, 39, 34));
    let listed: Vec<u64> = findings(&report).iter().map(|(_, row, _)| *row).collect();
    assert_eq!(listed, [10, 20, 30, 40, 50, 55]);
    assert_eq!(report.findings_of(Severity::Error), 40);
}

#[test]
fn a_finding_says_what_where_and_what_to_do() {
    let mut rows = clean(400, 1);
    rows.insert(201, Row { close: 99.0, low: 98.0, ..rows[200] });
    rows[201].volume = 7.0;
    let report = report(&rows);
    let text = report.findings[0].to_string();
    assert!(
        text.starts_with("error: bar 202 (2024-01-09T08:00:00Z): conflicting duplicate: "),
        "{text}"
    );
    assert!(text.contains("close 99 here and") && text.contains("volume 7 here and"), "{text}");
    assert!(text.ends_with("or let repair keep the one with more volume"), "{text}");
    let json = serde_json::to_value(&report).unwrap();
    assert_eq!(json["findings"][0]["kind"], "conflicting_duplicate");
    assert_eq!(json["findings"][0]["row"]["bar"], 202);
    assert_eq!(json["counts"]["conflicting_duplicate"]["findings"], 1);
    assert_eq!(serde_json::from_value::<crate::validate::Report>(json).unwrap(), report);
}

#[test]
fn a_split_over_missing_bars_is_told_as_one_without() {
    for missing in [1_i64, 17, 23] {
        for (factor, expected) in [
            (0.5, "like a split of 2 for 1"),
            (0.25, "like a split of 4 for 1"),
            (4.0, "like a reverse split of 1 for 4"),
            (0.05, "1/20 of it"),
        ] {
            let mut rows = clean(400, 1);
            for row in &mut rows[200..] {
                *row = Row { time: row.time + missing * HOUR, ..row.scaled(factor) };
            }
            let report = report(&rows);
            let spike = report.findings.iter().find(|finding| finding.kind == Spike);
            let found = spike.map(|finding| finding.found.clone()).unwrap_or_default();
            assert!(found.contains(expected), "{missing} {factor}: {:?}", report.findings);
        }
        let mut rows = clean(400, 1);
        for row in &mut rows[200..] {
            *row = Row { time: row.time + missing * HOUR, ..row.scaled(1.5) };
        }
        assert_eq!(report(&rows).count(Spike).findings, 0, "a market may move by half meanwhile");
    }
}
