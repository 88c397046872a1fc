//! Fetches that are killed at random points, again and again, until one comes to its end.

use std::fs;
use std::ops::Range;
use std::path::Path;
use std::process::{Child, Stdio};
use std::thread;
use std::time::Duration;

use ct_tests::bars::SplitMix64;
use ct_tests::exchange_server::Exchange;
use tempfile::TempDir;

use super::market::{Market, store, succeed};
use crate::program::folder;

/// Kills of each test.
const KILLS: usize = 50;

/// Requests of one run before it is killed, at most.
const REQUESTS_MAX: usize = 6;

/// Files seen half-written in one run before it is killed, at most.
const WRITES_MAX: usize = 10;

/// Between two looks at a running process.
const POLL: Duration = Duration::from_micros(100);

/// Turns that other threads are given before the kill, at most: some milliseconds.
const TURNS_MAX: usize = 4_000;

/// When a run is killed, if it lasts that long.
#[derive(Clone, Copy, Debug)]
enum Moment {
    /// When the exchange has got so many requests for bars.
    Requests(usize),
    /// When so many files were seen that were only half-written.
    Writes(usize),
    /// Soon after it began.
    Start,
}

impl Moment {
    fn random(random: &mut SplitMix64) -> Self {
        match random.below(8) {
            0 => Self::Start,
            1..4 => Self::Requests(1 + random.below(REQUESTS_MAX)),
            _ => Self::Writes(1 + random.below(WRITES_MAX)),
        }
    }
}

/// What kills found and left.
#[derive(Debug, Default)]
struct Tally {
    kills: usize,
    /// Kills that left some, but not all bars.
    halfway: usize,
    /// Kills that left a file half-written.
    torn: usize,
    completed: usize,
}

#[test]
fn a_killed_fetch_completes_to_the_same_version() {
    torture(Exchange::Okx, 4_000, &[], 1);
}

#[test]
fn a_killed_fetch_of_concurrent_long_pages_completes_to_the_same_version() {
    torture(Exchange::Binance, 6_000, &[], 2);
}

#[test]
fn a_killed_update_at_the_end_completes_to_the_same_version() {
    torture(Exchange::Coinbase, 4_000, &[0..500, 400..1_000], 3);
}

#[test]
fn a_killed_update_at_both_ends_and_in_a_gap_completes_to_the_same_version() {
    torture(Exchange::Okx, 4_000, &[1_000..1_600, 2_500..3_100], 4);
}

/// Fetches `before` into a folder, one after the other, then all `rows`, which is killed until it comes to its end; and begins
/// anew with another folder until there were enough kills.
fn torture(exchange: Exchange, rows: usize, before: &[Range<usize>], seed: u64) {
    let market = Market::open(exchange, rows, Vec::new());
    let all = 0..rows;
    let version = market.undisturbed_version(&all);
    let mut random = SplitMix64(seed);
    let mut tally = Tally::default();
    while tally.kills < KILLS {
        let folder = folder();
        for step in before {
            succeed(&mut market.fetch(&folder, step));
        }
        kill_until_complete(&market, &folder, &all, (&mut random, &mut tally));
        assert_eq!(market.assert_complete(&folder, &all), version, "seed {seed}, {tally:?}");
        tally.completed += 1;
    }
    assert!(tally.halfway > KILLS / 4, "seed {seed}: kills came too early or too late: {tally:?}");
}

fn kill_until_complete(
    market: &Market,
    folder: &TempDir,
    rows: &Range<usize>,
    (random, tally): (&mut SplitMix64, &mut Tally),
) {
    let mut held = market.assert_true(folder);
    loop {
        let (moment, turns) = (Moment::random(random), random.below(TURNS_MAX));
        market.server.forget_requests();
        let mut command = market.fetch(folder, rows);
        let child = command.stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap();
        if is_complete(market, folder, child, (moment, turns)) {
            return;
        }
        tally.kills += 1;
        // Nobody has tidied up: a reader comes first.
        let now_held = market.assert_true(folder);
        assert!(now_held >= held, "{moment:?}: {held} bars were held, now {now_held}");
        held = now_held;
        tally.halfway += usize::from((1..rows.len() - 100).contains(&held));
        tally.torn += usize::from(half_written_files(market, folder) > 0);
    }
}

/// Kills `child` at `moment` and so many turns later; true when it had come to its end before.
fn is_complete(
    market: &Market,
    folder: &TempDir,
    mut child: Child,
    (moment, turns): (Moment, usize),
) -> bool {
    let mut writes = 0;
    let mut was_writing = half_written_files(market, folder) > 0;
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{moment:?}: {status}");
            return true;
        }
        let is_writing = half_written_files(market, folder) > 0;
        writes += usize::from(is_writing && !was_writing);
        was_writing = is_writing;
        let is_time = match moment {
            Moment::Requests(count) => market.server.candle_requests().len() >= count,
            Moment::Writes(count) => writes >= count,
            Moment::Start => true,
        };
        if is_time {
            break;
        }
        thread::sleep(POLL);
    }
    // A file is only half-written for a moment: that moment is hit when it is not waited for.
    let turns = if matches!(moment, Moment::Writes(count) if count % 2 == 0) { 0 } else { turns };
    for _ in 0..turns {
        thread::yield_now();
    }
    child.kill().unwrap();
    let status = child.wait().unwrap();
    assert!(matches!(status.code(), None | Some(0)), "{moment:?}: {status}");
    status.success()
}

/// Files of the series that do not have their final name.
fn half_written_files(market: &Market, folder: &TempDir) -> usize {
    let key = market.key();
    let symbol = key.symbol.replace('/', "-");
    let path =
        store(folder).folder().join(key.exchange).join(symbol).join(key.interval.to_string());
    let Ok(entries) = fs::read_dir(path) else { return 0 };
    let names = entries.filter_map(|entry| entry.ok()?.file_name().into_string().ok());
    names.filter(|name| Path::new(name).extension().is_some_and(|ending| ending == "tmp")).count()
}
