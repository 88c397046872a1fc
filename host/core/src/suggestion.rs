//! What a mistyped word was probably meant to be.

/// Longest word that is looked at, in characters: comparing takes time and memory by the product of two lengths.
const LENGTH_MAX: usize = 100;

/// Most candidates that are looked at: more than any list that people choose from has.
const CANDIDATES_MAX: usize = 2_000;

/// The candidate that `given` was probably meant to be: the one with the fewest letters added, left out, changed or swapped, as
/// long as most of the word is right, or it is right as far as it goes. Nothing is suggested for what is too long for a word.
pub fn suggestion<'a>(given: &str, candidates: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    const BEGINNING_MIN: usize = 4;
    let is_word = |text: &str| text.chars().nth(LENGTH_MAX).is_none();
    if !is_word(given) {
        return None;
    }
    let plain = |text: &str| text.to_lowercase().replace('-', "_");
    let word = plain(given);
    let length = word.chars().count();
    let words = candidates.take(CANDIDATES_MAX).filter(|candidate| is_word(candidate));
    let near = words.filter_map(|candidate| {
        let other = plain(candidate);
        let edits = strsim::damerau_levenshtein(&word, &other);
        let edits_max = (length.max(other.chars().count()) / 3).max(1);
        let likeness = strsim::jaro_winkler(&word, &other);
        let beginning: String = other.chars().take(length).collect();
        let begins = length >= BEGINNING_MIN && strsim::damerau_levenshtein(&word, &beginning) <= 1;
        (edits <= edits_max || begins).then_some((edits, likeness, candidate))
    });
    let best = near.min_by(|one, other| one.0.cmp(&other.0).then(other.1.total_cmp(&one.1)));
    best.map(|(_, _, candidate)| candidate)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_word_is_meant() {
        let keys = ["from", "to", "taker_bps", "maker_bps", "tiers", "window_rows"];
        for (word, meant) in [
            ("taker_bp", Some("taker_bps")),
            ("makre_bps", Some("maker_bps")),
            ("Taker-Bps", Some("taker_bps")),
            ("form", Some("from")),
            ("o", Some("to")),
            ("windowrows", Some("window_rows")),
            ("cash", None),
            ("window", Some("window_rows")),
            ("", None),
            (&"from".repeat(26), None),
        ] {
            assert_eq!(suggestion(word, keys.into_iter()), meant, "{word}");
        }
    }
}
