//! Work on blocks of rows, on all cores; the answers stand in the order of the rows, whatever the number of threads.

use std::ops::Range;

use rayon::prelude::*;

/// Rows of a block: large beside the cost of handing it to a thread, and several for each core even of a year of minutes.
const BLOCK_ROWS: usize = 1 << 14;

/// What `scan` makes of each block of `rows` rows.
pub(super) fn by_block<T: Send>(rows: usize, scan: impl Fn(Range<usize>) -> T + Sync) -> Vec<T> {
    let blocks = rows.div_ceil(BLOCK_ROWS);
    let block = |number: usize| number * BLOCK_ROWS..rows.min((number + 1) * BLOCK_ROWS);
    (0..blocks).into_par_iter().map(|number| scan(block(number))).collect()
}

/// Puts runs of rows together that end where the next one starts.
pub(super) fn joined(runs: impl IntoIterator<Item = Range<usize>>) -> Vec<Range<usize>> {
    let mut joined: Vec<Range<usize>> = Vec::new();
    for run in runs {
        match joined.last_mut() {
            Some(last) if last.end == run.start => last.end = run.end,
            _ => joined.push(run),
        }
    }
    joined
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_cover_all_rows_once() {
        for rows in [0, 1, BLOCK_ROWS, BLOCK_ROWS + 1, 5 * BLOCK_ROWS - 1] {
            let blocks = by_block(rows, |block| block);
            assert_eq!(joined(blocks.clone()).first().cloned().unwrap_or(0..0), 0..rows);
            assert!(blocks.iter().all(|block| !block.is_empty()));
        }
    }

    #[test]
    fn runs_are_joined_where_they_meet() {
        assert_eq!(joined([0..2, 2..3, 4..5, 5..9]), [0..3, 4..9]);
    }
}
