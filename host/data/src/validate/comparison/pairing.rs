//! The bars that two sources have, by time.

use crate::validate::table::Table;

/// The places of bars that both sources have, or only one of them in the time that both cover.
#[derive(Default)]
pub(super) struct Pairing {
    pub(super) common: Vec<[usize; 2]>,
    pub(super) only_left: Vec<usize>,
    pub(super) only_right: Vec<usize>,
}

impl Pairing {
    pub(super) fn of(left: &Table<'_>, right: &Table<'_>) -> Self {
        let (left, right) = (left.rows().time, right.rows().time);
        let mut pairing = Self::default();
        let (Some(first), Some(last)) =
            (left.first().max(right.first()), left.last().min(right.last()))
        else {
            return pairing;
        };
        let both_cover = |time: &(usize, &i64)| (first..=last).contains(&time.1);
        let mut lefts = left.iter().enumerate().filter(both_cover).peekable();
        let mut rights = right.iter().enumerate().filter(both_cover).peekable();
        loop {
            match (lefts.peek(), rights.peek()) {
                (Some((_, left)), Some((_, right))) if left == right => {
                    let places = [lefts.next(), rights.next()];
                    if let [Some((left, _)), Some((right, _))] = places {
                        pairing.common.push([left, right]);
                    }
                }
                (Some((_, left)), Some((_, right))) if right < left => {
                    pairing.only_right.extend(rights.next().map(|(place, _)| place));
                }
                (Some(_), _) => pairing.only_left.extend(lefts.next().map(|(place, _)| place)),
                (None, Some(_)) => {
                    pairing.only_right.extend(rights.next().map(|(place, _)| place));
                }
                (None, None) => return pairing,
            }
        }
    }
}
