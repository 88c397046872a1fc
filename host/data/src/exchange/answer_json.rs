//! Reads the JSON of an answer, and looks at every value before anybody else sees it.

use std::fmt;

use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use serde_json::{Map, Number, Value};

use super::answer_limits::{
    AnswerLimits, DEPTH_MAX, ELEMENTS_MAX, EXPONENT_MAX, NUMBER_LETTERS_MAX, PRECISION_MAX,
    TEXT_BYTES_MAX,
};
use super::excerpt::excerpt;

/// How much of a value is shown in an error.
const SHOWN_CHARACTERS: usize = 40;

/// Why there is no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum NoAnswer {
    /// It is not JSON.
    NoJson,
    /// It is JSON that holds too much, or what cannot be: what, and at which line and column.
    Refused(String),
}

/// The value that `text` holds.
///
/// # Errors
/// [`NoAnswer`]. Reading ends at the first value that exceeds a limit, so that what comes after it costs nothing.
pub(super) fn read_json(text: &str, limits: AnswerLimits) -> Result<Value, NoAnswer> {
    let mut json = serde_json::Deserializer::from_str(text);
    let mut left = limits.values_max;
    let place = Place { left: &mut left, limits, name: "", depth: 0 };
    let read = place.deserialize(&mut json).and_then(|value| json.end().map(|()| value));
    read.map_err(|error| {
        let what = error.to_string();
        // serde_json takes a number beyond an `f64` for a mistake of syntax.
        if error.is_data() || what.starts_with("number out of range") {
            NoAnswer::Refused(what)
        } else {
            NoAnswer::NoJson
        }
    })
}

/// The place of one value.
struct Place<'a> {
    /// How many more values there may be.
    left: &'a mut usize,
    limits: AnswerLimits,
    /// Name of the innermost member that it belongs to.
    name: &'a str,
    /// Lists and objects around it.
    depth: usize,
}

impl Place<'_> {
    fn count<E: Error>(&mut self) -> Result<(), E> {
        *self.left = self.left.checked_sub(1).ok_or_else(|| {
            E::custom(format!("more than {} values: no such answer has", self.limits.values_max))
        })?;
        Ok(())
    }

    /// The place of a value within this one.
    fn inner<'b, E: Error>(&'b mut self, name: &'b str) -> Result<Place<'b>, E> {
        if self.depth >= DEPTH_MAX {
            let what = format!("lists or objects nested deeper than {DEPTH_MAX}: none need be");
            return Err(E::custom(what));
        }
        let depth = self.depth + 1;
        Ok(Place { left: self.left, limits: self.limits, name, depth })
    }

    fn check_text<E: Error>(&self, text: &str) -> Result<(), E> {
        if text.len() > TEXT_BYTES_MAX {
            let (shown, bytes) = (excerpt(text, SHOWN_CHARACTERS), text.len());
            let what = format!("a text of {bytes} bytes: expected at most {TEXT_BYTES_MAX}");
            return Err(E::custom(format!("{}{what}; it begins '{shown}'", self.named())));
        }
        // An identifier of hexadecimal digits may look like a number with an exponent.
        let fault = number_fault(text).filter(|_| !is_identifier(self.name));
        fault.map_or(Ok(()), |fault| {
            let shown = excerpt(text, SHOWN_CHARACTERS);
            Err(E::custom(format!("{}'{shown}', {fault}", self.named())))
        })
    }

    /// Looks at a number that may be a count of digits.
    fn check_digits<E: Error>(&self, number: Option<i128>) -> Result<(), E> {
        let limit = i128::from(PRECISION_MAX);
        match number {
            Some(number) if !(-limit..=limit).contains(&number) && counts_digits(self.name) => {
                let what = format!("{number}: expected {PRECISION_MAX} digits at most");
                Err(E::custom(format!("{}{what}", self.named())))
            }
            _ => Ok(()),
        }
    }

    fn named(&self) -> String {
        if self.name.is_empty() {
            return String::new();
        }
        format!("'{}' is ", excerpt(self.name, SHOWN_CHARACTERS))
    }
}

/// What is wrong with a text that is a number; `None` for any other text.
fn number_fault(text: &str) -> Option<String> {
    let is_part = |byte: u8| byte.is_ascii_digit() || matches!(byte, b'+' | b'-' | b'.' | b'_');
    let (digits, exponent) = match text.split_once(['e', 'E']) {
        Some((digits, exponent)) => (digits, Some(exponent)),
        None => (text, None),
    };
    let is_number = digits.bytes().all(is_part) && digits.bytes().any(|byte| byte.is_ascii_digit());
    let is_exponent =
        |text: &str| text.bytes().all(is_part) && text.bytes().any(|byte| byte.is_ascii_digit());
    if !is_number || !exponent.is_none_or(is_exponent) {
        return None;
    }
    let letters = text.len();
    if letters > NUMBER_LETTERS_MAX {
        return Some(format!(
            "a number of {letters} letters: expected {NUMBER_LETTERS_MAX} at most"
        ));
    }
    let is_far = |exponent: i64| !(-EXPONENT_MAX..=EXPONENT_MAX).contains(&exponent);
    let is_absurd = exponent.is_some_and(|text| text.parse().map_or(true, is_far));
    is_absurd.then(|| format!("a number whose exponent is beyond {EXPONENT_MAX}"))
}

/// Whether a member of this name holds the name of something, which nobody reads as a number.
fn is_identifier(name: &str) -> bool {
    let name = name.to_ascii_lowercase();
    ["id", "symbol", "name", "address", "hash"].iter().any(|end| name.ends_with(end))
}

/// Whether a member of this name says how many digits a number has.
fn counts_digits(name: &str) -> bool {
    // `pricescale` is how TradingView's charts, and exchanges with them, call the inverse of a tick; ccxt does not read it.
    if name == "pricescale" {
        return false;
    }
    let name = name.to_ascii_lowercase();
    ["prec", "scale", "digits", "decimal", "accuracy", "_round"]
        .iter()
        .any(|part| name.contains(part))
}

impl<'de> DeserializeSeed<'de> for Place<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(mut self, deserializer: D) -> Result<Value, D::Error> {
        self.count()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Place<'_> {
    type Value = Value;

    fn expecting(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("a value")
    }

    fn visit_unit<E: Error>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_bool<E: Error>(self, value: bool) -> Result<Value, E> {
        Ok(Value::Bool(value))
    }

    fn visit_i64<E: Error>(self, value: i64) -> Result<Value, E> {
        self.check_digits(Some(i128::from(value)))?;
        Ok(Value::from(value))
    }

    fn visit_u64<E: Error>(self, value: u64) -> Result<Value, E> {
        self.check_digits(Some(i128::from(value)))?;
        Ok(Value::from(value))
    }

    fn visit_f64<E: Error>(self, value: f64) -> Result<Value, E> {
        #[expect(clippy::cast_possible_truncation, reason = "it only has to be as large")]
        self.check_digits(Some(value as i128))?;
        Ok(Number::from_f64(value).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E: Error>(self, text: &str) -> Result<Value, E> {
        self.check_text(text)?;
        self.check_digits(text.trim().parse().ok())?;
        Ok(Value::from(text))
    }

    fn visit_seq<A: SeqAccess<'de>>(mut self, mut list: A) -> Result<Value, A::Error> {
        let mut elements = Vec::new();
        let name = self.name;
        while let Some(element) = list.next_element_seed(self.inner(name)?)? {
            check_room(elements.len(), "elements of one list")?;
            elements.push(element);
        }
        Ok(Value::Array(elements))
    }

    fn visit_map<A: MapAccess<'de>>(mut self, mut object: A) -> Result<Value, A::Error> {
        let mut members = Map::new();
        while let Some(name) = object.next_key::<String>()? {
            self.count()?;
            self.check_text(&name)?;
            check_room(members.len(), "members of one object")?;
            let value = object.next_value_seed(self.inner(&name)?)?;
            members.insert(name, value);
        }
        Ok(Value::Object(members))
    }
}

fn check_room<E: Error>(held: usize, what: &str) -> Result<(), E> {
    if held >= ELEMENTS_MAX {
        return Err(E::custom(format!("more than {ELEMENTS_MAX} {what}: no such answer has")));
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn refusal(text: &str) -> String {
        match read_json(text, AnswerLimits::PAGE) {
            Err(NoAnswer::Refused(what)) => what,
            other => panic!("{}: {other:?}", excerpt(text, 80)),
        }
    }

    #[test]
    fn an_answer_comes_out_as_it_was_written() {
        let sound = json!({
            "symbols": [{"tickSize": "0.00000001", "baseAssetPrecision": 8, "precision": "1000"}],
            "ids": ["12345678901234567890", "48e15-a", "1e-9", "2024-01-01", ""],
            "marketId": "123e4567", "contractAddress": "9e8123",
            "pricescale": 100_000_000, "time": 1_706_745_600_000_i64, "big": u64::MAX,
            "real": -0.125, "flags": [true, null, {}, []]
        });
        assert_eq!(read_json(&sound.to_string(), AnswerLimits::PAGE), Ok(sound));
    }

    #[test]
    fn what_is_no_json_is_told_from_what_is_refused() {
        for text in ["", "<html>", "[1", "{\"a\":}", "[1]]", "\u{feff}[]"] {
            assert_eq!(read_json(text, AnswerLimits::PAGE), Err(NoAnswer::NoJson), "{text}");
        }
        assert_eq!(refusal("[0.5, 1e400]"), "number out of range at line 1 column 11");
    }

    #[test]
    fn every_limit_is_told_with_what_was_found_and_where() {
        let deep = "[".repeat(40) + &"]".repeat(40);
        let (list, digits) = (format!("[{}0]", "0,".repeat(ELEMENTS_MAX)), "9".repeat(101));
        for (text, expected) in [
            (deep.as_str(), "nested deeper than 32: none need be at line 1 column 33"),
            (&list, "more than 20000 elements of one list: no such answer has at line 1"),
            (&format!("{{\"lot\":\"{digits}\"}}"), "'lot' is '999"),
            (&format!("[\"{digits}\"]"), "a number of 101 letters: expected 100 at most"),
            (r#"{"tickSize":"1e401"}"#, "'tickSize' is '1e401', a number whose exponent is beyond"),
            (r#"["-1.5E-99999999999999999999"]"#, "a number whose exponent is beyond 400"),
            (&format!("[\"{}\"]", "a".repeat(65_537)), "a text of 65537 bytes: expected at most"),
            (
                r#"{"a":[{"baseAssetPrecision":1000000}]}"#,
                "'baseAssetPrecision' is 1000000: expected 1000 digits at most at line 1 column",
            ),
            (r#"{"quantityScale":" -100000000 "}"#, "'quantityScale' is -100000000"),
            (r#"{"pair_decimals":[1e9]}"#, "'pair_decimals' is 1000000000"),
            (r#"{"price_digits":18446744073709551615}"#, "is 18446744073709551615: expected"),
        ] {
            let found = refusal(text);
            assert!(found.contains(expected), "{found}");
        }
    }

    #[test]
    fn many_small_values_are_counted_wherever_they_are() {
        let limits = AnswerLimits { bytes_max: 1_000, values_max: 9 };
        assert!(read_json("[[1,2],[3],{\"a\":4}]", limits).is_ok());
        let error = read_json("[[1,2],[3],{\"a\":4},5]", limits);
        let what = "more than 9 values: no such answer has at line 1 column 19".to_owned();
        assert_eq!(error, Err(NoAnswer::Refused(what)));
    }
}
