//! Numbers as people write them who know their unit: `25%`, `10bps`, `90d`, `10_000`.

use serde_json::Number;

/// How the number `text` is written as value of `key`; `None` if it is no number with a unit or separators.
pub(super) fn rewritten(text: &str, key: &str) -> Option<Number> {
    let plain = text.trim().replace(['_', ',', ' '], "").to_lowercase();
    let counts_bps = key == "bps" || key.ends_with("_bps");
    let units: [(&str, f64); 5] = [
        ("%", if counts_bps { 100.0 } else { 0.01 }),
        ("bps", if counts_bps { 1.0 } else { 1e-4 }),
        ("bp", if counts_bps { 1.0 } else { 1e-4 }),
        ("days", 1.0),
        ("d", 1.0),
    ];
    let with_unit = units.iter().find_map(|(unit, factor)| {
        let number = plain.strip_suffix(unit)?;
        Some((number, *factor)).filter(|_| !unit.starts_with('d') || key == "days")
    });
    let (number, factor) = with_unit.unwrap_or((&plain, 1.0));
    let is_number =
        number.starts_with(|first: char| first.is_ascii_digit() || "+-.".contains(first));
    let value: f64 = number.parse().ok().filter(|_| is_number)?;
    // The product has an error in its last digits, which nobody wrote.
    let value = (value * factor * 1e9).round() / 1e9;
    // As it is written: whole numbers are whole.
    value.to_string().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_with_units_and_separators_are_understood() {
        for (text, key, expected) in [
            ("25%", "equity_max", Some(0.25)),
            ("0.29 %", "loss", Some(0.0029)),
            ("0.1%", "taker_bps", Some(10.0)),
            ("10bps", "taker_bps", Some(10.0)),
            ("10 bps", "bps", Some(10.0)),
            ("10bp", "loss", Some(0.001)),
            ("90d", "days", Some(90.0)),
            ("90 days", "days", Some(90.0)),
            ("90d", "cash", None),
            ("10_000", "cash", Some(10_000.0)),
            ("10,000.5", "cash", Some(10_000.5)),
            ("-5", "cash", Some(-5.0)),
            ("lots", "cash", None),
            ("nan", "cash", None),
            ("", "cash", None),
        ] {
            let number = rewritten(text, key).and_then(|number| number.as_f64());
            assert_eq!(number, expected, "{text} for {key}");
        }
    }
}
