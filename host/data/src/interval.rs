//! The bar interval that a column of times shows.

use std::collections::BTreeMap;

use ct_core::units::{Interval, Timestamp};

/// Times from which no bar interval can be told.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InferIntervalError {
    /// Fewer than two bars.
    #[error("{0} bars show no interval: expected at least 2; give the interval, such as 1h")]
    TooFewBars(usize),
    /// Times that do not ascend.
    #[error(
        "row {row} ({time}) is not later than the row before: expected strictly ascending times"
    )]
    Order {
        /// Row, from 0.
        row: usize,
        /// Its time.
        time: Timestamp,
    },
    /// Bars on no common grid.
    #[error(
        "the times have no common interval: bars are most often {most_common_ms} ms apart, but only {on_grid} of \
         {differences} distances are a multiple of that (the shortest is {shortest_ms} ms); expected bars of one \
         interval, which calendar months and single trades are not"
    )]
    Irregular {
        /// The most common distance, milliseconds.
        most_common_ms: i64,
        /// The shortest distance, milliseconds.
        shortest_ms: i64,
        /// Number of distances that are multiples of the most common one.
        on_grid: usize,
        /// Number of distances.
        differences: usize,
    },
    /// Calendar months.
    #[error(
        "the bars are calendar months, which are not equally long: expected bars of one interval; take days or weeks of \
         the same prices, which --resample 4w puts together"
    )]
    Months,
    /// A regular distance that no bar has.
    #[error("the bars are {0} ms apart: expected from one second to one year")]
    OutOfRange(i64),
}

/// Share of the distances, in percent, that must be multiples of the interval: exchanges have restarted off the grid.
const ON_GRID_PERCENT_MIN: usize = 99;

/// The interval of bars that open at `times` (UTC milliseconds, strictly ascending); bars may be missing.
///
/// It is the most common distance between neighbours; of two equally common ones, the shorter. The distance must
/// divide 99 % of all distances, or be the shortest one and more than half of them (a short file with many gaps).
///
/// # Errors
/// [`InferIntervalError`] for fewer than two times, times out of order, or times on no common grid.
///
/// ```
/// use ct_data::infer_interval;
/// let hours = [0, 1, 2, 5, 6].map(|hour| hour * 3_600_000);
/// assert_eq!(infer_interval(&hours)?.to_string(), "1h");
/// # Ok::<(), ct_data::InferIntervalError>(())
/// ```
pub fn infer_interval(times: &[i64]) -> Result<Interval, InferIntervalError> {
    let counts = distance_counts(times)?;
    let most_common = counts.iter().rev().max_by_key(|(_, count)| **count);
    let (Some((&interval, &count)), Some((&shortest, _))) = (most_common, counts.first_key_value())
    else {
        return Err(InferIntervalError::TooFewBars(times.len()));
    };
    let differences = times.len() - 1;
    let multiples = counts.iter().filter(|(distance, _)| is_multiple(**distance, interval));
    let on_grid = multiples.map(|(_, count)| count).sum::<usize>();
    let divides_almost_all = on_grid * 100 >= differences * ON_GRID_PERCENT_MIN;
    let is_shortest_and_usual = is_multiple(shortest, interval)
        && shortest + CLOCK_CHANGE_MS >= interval
        && count * 2 > differences;
    if counts.len() > 1 && counts.keys().all(|distance| is_month(*distance)) {
        return Err(InferIntervalError::Months);
    }
    if !divides_almost_all && !is_shortest_and_usual {
        return Err(InferIntervalError::Irregular {
            most_common_ms: interval,
            shortest_ms: shortest,
            on_grid,
            differences,
        });
    }
    Interval::from_ms(interval).map_err(|_| InferIntervalError::OutOfRange(interval))
}

/// What a change of the clock adds to a day, or takes from it.
const CLOCK_CHANGE_MS: i64 = 3_600_000;

/// Whether `distance` is so many intervals. Days of a place are an hour longer or shorter where its clock changes; what is wrong
/// with them validation tells.
const fn is_multiple(distance: i64, interval: i64) -> bool {
    let rest = distance % interval;
    let changed = rest == CLOCK_CHANGE_MS || interval - rest == CLOCK_CHANGE_MS;
    rest == 0 || (changed && interval % DAY_MS == 0)
}

const DAY_MS: i64 = 86_400_000;

/// Whether bars so far apart may be months.
const fn is_month(distance: i64) -> bool {
    28 * DAY_MS - CLOCK_CHANGE_MS <= distance && distance <= 31 * DAY_MS + CLOCK_CHANGE_MS
}

/// How often each distance between neighbours occurs, the shortest first.
fn distance_counts(times: &[i64]) -> Result<BTreeMap<i64, usize>, InferIntervalError> {
    let mut counts = BTreeMap::new();
    // Neighbouring distances are nearly always equal, so they are counted in runs.
    let (mut run_distance, mut run) = (0, 0);
    for (row, (&earlier, &later)) in (1..).zip(times.iter().zip(times.iter().skip(1))) {
        let distance = later.saturating_sub(earlier);
        if distance <= 0 {
            return Err(InferIntervalError::Order { row, time: Timestamp::clamped(later) });
        }
        if distance == run_distance {
            run += 1;
        } else {
            add_run(&mut counts, run_distance, run);
            (run_distance, run) = (distance, 1);
        }
    }
    add_run(&mut counts, run_distance, run);
    Ok(counts)
}

fn add_run(counts: &mut BTreeMap<i64, usize>, distance: i64, run: usize) {
    if run > 0 {
        *counts.entry(distance).or_default() += run;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HOUR: i64 = 3_600_000;

    fn inferred(times: &[i64]) -> Result<String, InferIntervalError> {
        infer_interval(times).map(|interval| interval.to_string())
    }

    /// Times with the given distances.
    fn spaced(distances: impl IntoIterator<Item = i64>) -> Vec<i64> {
        let mut time = 1_700_000_000_000;
        std::iter::once(time)
            .chain(distances.into_iter().map(|distance| {
                time += distance;
                time
            }))
            .collect()
    }

    #[test]
    fn gaps_and_one_restart_off_the_grid_do_not_hide_the_interval() {
        assert_eq!(inferred(&spaced([HOUR, HOUR, 33 * HOUR, HOUR, 2 * HOUR])), Ok("1h".to_owned()));
        let restart = [HOUR; 150].into_iter().chain([HOUR / 2 * 5]).chain([HOUR; 49]);
        assert_eq!(inferred(&spaced(restart)), Ok("1h".to_owned()));
        assert_eq!(inferred(&spaced([HOUR, HOUR, HOUR * 3 / 2])), Ok("1h".to_owned()));
        assert_eq!(inferred(&spaced([60_000, 300_000])), Ok("1m".to_owned()));
    }

    #[test]
    fn the_shorter_of_two_equally_common_distances_is_taken() {
        assert_eq!(inferred(&spaced([2 * HOUR, HOUR, 2 * HOUR, HOUR])), Ok("1h".to_owned()));
    }

    #[test]
    fn calendar_months_have_no_interval() {
        let days = [31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31];
        let error = infer_interval(&spaced(days.map(|days| days * 24 * HOUR))).unwrap_err();
        assert_eq!(error, InferIntervalError::Months);
        assert!(error.to_string().contains("calendar months"), "{error}");
    }

    #[test]
    fn too_few_unordered_and_too_close_times_are_refused() {
        assert_eq!(inferred(&[5]), Err(InferIntervalError::TooFewBars(1)));
        assert!(matches!(inferred(&[5, 5]), Err(InferIntervalError::Order { row: 1, .. })));
        assert!(matches!(
            inferred(&[0, i64::MAX, i64::MIN]),
            Err(InferIntervalError::Order { row: 2, .. })
        ));
        assert_eq!(inferred(&[0, 10, 20]), Err(InferIntervalError::OutOfRange(10)));
    }
}
