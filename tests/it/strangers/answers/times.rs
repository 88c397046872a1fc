//! Bars of another time than the one that was asked for: whatever they are, they do not mean that there are no bars.

use super::stranger::{Answers, Body, HOUR_MS, START_MS, Stranger, refused, rows};

/// Bars whose times are moved, and what is told of them.
fn moved(by: impl Fn(i64) -> i64, shown: &str) {
    let stranger = Stranger::answering(Answers { bars: Body::Text(rows(by)), ..Answers::honest() });
    let told = refused(
        &mut stranger.fetch(),
        &["binance: asked for BTC/USDT from 2024-01-01T00:00:00Z to 2024-01-02T00:00:00Z", shown],
    );
    assert!(told.contains("opens at"), "{told}");
    assert_eq!(stranger.asked("/klines"), 2, "{shown}: asked again like any wrong answer");
    assert!(!stranger.kept().iter().any(|path| path.contains("manifest")), "{:?}", stranger.kept());

    // Nothing of it counts once the answers are right.
    stranger.answer_with(Answers::honest());
    stranger.fetch().assert().success();
    assert_eq!(stranger.asked("/klines"), 1, "{shown}");
    assert!(stranger.kept().iter().any(|path| path.contains(".bars")), "{:?}", stranger.kept());
}

#[test]
fn bars_of_times_that_cannot_be_are_an_error_of_the_answer() {
    moved(|_| -62_135_596_800_000, "-62135596800000 ms, which is no time between 1970 and 9999");
    // In microseconds, as some exchanges write them.
    moved(|time| time * 1_000, "ms, which is no time between 1970 and 9999");
    moved(|time| time - START_MS - 1, "-1 ms, which is no time");
}

#[test]
fn bars_from_far_before_or_after_are_an_error_of_the_answer() {
    const YEAR_MS: i64 = 365 * 24 * HOUR_MS;
    moved(|time| time / 1_000, "1970-01-20T");
    moved(|time| time - YEAR_MS, "2023-01-01T00:00:00Z");
    moved(|time| time + YEAR_MS, "2024-12-31T");
    moved(|time| if time == START_MS { time } else { time + 100 * YEAR_MS }, "2123-");
}
