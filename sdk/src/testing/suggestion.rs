//! What a misspelt name was probably meant to be.

/// More edits than this make another name.
const EDITS_MAX: usize = 2;

/// The candidate that is nearest to `given`, the first of several: at most two letters are to be
/// put in, left out or changed, and fewer than it has.
pub(super) fn suggestion<'a>(given: &str, candidates: &[&'a str]) -> Option<&'a str> {
    let near = candidates.iter().filter_map(|candidate| {
        let edits = edits(given, candidate);
        (edits <= EDITS_MAX && edits < candidate.chars().count()).then_some((edits, *candidate))
    });
    near.min_by_key(|(edits, _)| *edits).map(|(_, candidate)| candidate)
}

/// Levenshtein's distance.
fn edits(one: &str, other: &str) -> usize {
    // Distances of what was read of `one` to each beginning of `other`, the empty one left out.
    let mut row: Vec<usize> = (1..=other.chars().count()).collect();
    for (index, letter) in one.chars().enumerate() {
        let (mut diagonal, mut left) = (index, index + 1);
        for (above, expected) in row.iter_mut().zip(other.chars()) {
            let changed = diagonal + usize::from(letter != expected);
            diagonal = *above;
            left = changed.min(diagonal + 1).min(left + 1);
            *above = left;
        }
    }
    row.last().copied().unwrap_or_else(|| one.chars().count())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_within_two_edits_are_near() {
        let names = ["fast", "slow", "n"];
        let cases = [
            ("fst", Some("fast")),
            ("fsat", Some("fast")),
            ("slwo", Some("slow")),
            ("lo", Some("slow")),
            ("m", None),
            ("", None),
            ("threshold", None),
        ];
        for (given, expected) in cases {
            assert_eq!(suggestion(given, &names), expected, "{given}");
        }
    }

    #[test]
    fn counts_edits() {
        // The textbook examples.
        for (one, other, expected) in
            [("kitten", "sitting", 3), ("flaw", "lawn", 2), ("", "ab", 2), ("ab", "", 2)]
        {
            assert_eq!(edits(one, other), expected, "{one} {other}");
        }
    }
}
