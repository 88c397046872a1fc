//! How much a file with a result holds, counted before anything is made of it.

use super::json::ReadResultError;

/// Bytes of a file with a result. A million fills with their round trips take 700 MB.
pub(crate) const RESULT_BYTES_MAX: u64 = 1 << 30;

/// Keys and values of a result: a million fills with their round trips have 45 million. Each takes up to 32 bytes of memory.
const VALUES_MAX: u64 = 50_000_000;

/// Keys and values of each part that does not grow with what was traded or said.
const PART_VALUES_MAX: u64 = 1_000_000;

/// Keys and values of `data`: a thousand repairs, as many as are listed, of each of 400 instruments.
const DATA_VALUES_MAX: u64 = 10_000_000;

/// Bytes of one text: paths and messages, the longest that a result holds, have some 4 kB.
const TEXT_BYTES_MAX: u64 = 64 << 10;

/// Keys and values of a part by its name. A record takes up to ten times as much memory as a value, so that only those have the
/// room of the whole that are long by their nature.
fn part_values_max(part: &[u8]) -> u64 {
    match part {
        b"fills" | b"trades" | b"breakers" | b"explained" | b"diagnostics" => VALUES_MAX,
        b"data" => DATA_VALUES_MAX,
        _ => PART_VALUES_MAX,
    }
}

/// What was counted.
#[derive(Debug, Default)]
struct Census<'a> {
    /// How deep the bytes are nested here.
    depth: usize,
    /// Keys and values up to here.
    values: u64,
    /// The part of the result that is counted, as it is spelt.
    part: &'a [u8],
    /// Keys and values before the part.
    values_before: u64,
    /// The text that ended last.
    text: &'a [u8],
}

/// Counts what is in the JSON `bytes`. Of what is no JSON it may count anything.
///
/// # Errors
/// [`ReadResultError::TooLarge`].
pub(super) fn check(bytes: &[u8]) -> Result<(), ReadResultError> {
    within("bytes", bytes.len() as u64, RESULT_BYTES_MAX)?;
    let mut census = Census::default();
    let mut rest = bytes;
    while let Some((&byte, after)) = rest.split_first() {
        rest = after;
        match byte {
            b'"' => {
                (census.text, rest) = text(after);
                within("bytes in one text", census.text.len() as u64, TEXT_BYTES_MAX)?;
            }
            b'[' | b'{' => {
                census.depth = census.depth.saturating_add(1);
                census.values = census.values.saturating_add(1);
            }
            b']' | b'}' => census.depth = census.depth.saturating_sub(1),
            b':' if census.depth == 1 => {
                census.check_part()?;
                census.values = census.values.saturating_add(1);
                (census.part, census.values_before) = (census.text, census.values);
            }
            b',' | b':' => census.values = census.values.saturating_add(1),
            _ => {}
        }
    }
    census.check_part()?;
    within("keys and values", census.values, VALUES_MAX)
}

impl Census<'_> {
    /// Whether the part that ends here holds too much.
    fn check_part(&self) -> Result<(), ReadResultError> {
        let values = self.values.saturating_sub(self.values_before);
        let part = String::from_utf8_lossy(self.part);
        within(&format!("keys and values in '{part}'"), values, part_values_max(self.part))
    }
}

fn within(what: &str, found: u64, limit: u64) -> Result<(), ReadResultError> {
    if found <= limit {
        return Ok(());
    }
    Err(ReadResultError::TooLarge { what: what.to_owned(), found, limit })
}

/// The text that begins `bytes`, and what follows its quotation mark.
fn text(bytes: &[u8]) -> (&[u8], &[u8]) {
    let mut is_escaped = false;
    let end = bytes.iter().position(|&byte| {
        let ends = byte == b'"' && !is_escaped;
        is_escaped = byte == b'\\' && !is_escaped;
        ends
    });
    let (text, rest) = bytes.split_at(end.unwrap_or(bytes.len()));
    (text, rest.get(1..).unwrap_or_default())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn refusal(text: &str) -> Option<String> {
        check(text.as_bytes()).err().map(|error| error.to_string())
    }

    #[test]
    fn what_is_usual_is_let_through() {
        for text in ["", "no json", r#"{"a": [1, {"b": "\"]]"}], "fills": []}"#, "]]]]", "\"\\"] {
            assert_eq!(refusal(text), None, "{text}");
        }
        let fills = format!(r#"{{"fills": [{}0]}}"#, "0,".repeat(2_000_000));
        assert_eq!(refusal(&fills), None);
    }

    #[test]
    fn too_much_is_told_with_its_number() {
        let part = format!(r#"{{"fills": [], "parameters": [{}0], "b": 1}}"#, "0,".repeat(1 << 20));
        let expected = "this is no saved result: it has 1048578 keys and values in 'parameters', \
                        a result of this host has 1000000 at most";
        assert_eq!(refusal(&part).as_deref(), Some(expected));
        let long = format!(r#"{{"a": "{}"}}"#, "x".repeat(70_000));
        assert!(refusal(&long).unwrap().contains("70000 bytes in one text"));
        let fills = format!(r#"{{"fills": [{}0]}}"#, "0,".repeat(50_000_001));
        assert!(refusal(&fills).unwrap().contains("50000002 keys and values in 'fills', a result"));
    }
}
