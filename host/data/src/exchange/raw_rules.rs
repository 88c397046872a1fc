//! What an exchange itself wrote about the rules of a symbol, where ccxt passes over what it cannot read.
//!
//! A tick of `"NaN"`, `"1e400"`, `[1]` or `{}` is none to ccxt, and none means that there is no such rule. So the exchange's
//! own words are looked through for members that name a step or a least quantity and hold no number.

use serde_json::Value;

use super::excerpt::excerpt;

/// How much of a value is shown in an error.
const SHOWN_CHARACTERS: usize = 40;

/// What a member is about, by its name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum About {
    /// Steps of prices or quantities, or how many decimals they have.
    Steps,
    /// The least quantity or worth of an order.
    Least,
}

/// The first member of `words` about `about` that is no number, as `'<name>' is <value>`; `None` when there is none. Without
/// a value a rule is left out, which is no fault: null and the empty text.
pub(super) fn unreadable(words: &Value, about: About) -> Option<String> {
    match words {
        Value::Array(elements) => elements.iter().find_map(|element| unreadable(element, about)),
        Value::Object(members) => members.iter().find_map(|(name, value)| {
            if is_about(name, about) && !is_number_or_nothing(value) {
                let shown = excerpt(&value.to_string(), SHOWN_CHARACTERS);
                return Some(format!("'{name}' is {shown}"));
            }
            unreadable(value, about)
        }),
        _ => None,
    }
}

fn is_about(name: &str, about: About) -> bool {
    let mut name = name.to_ascii_lowercase();
    name.retain(|letter| letter != '_');
    let ends: &[&str] = match about {
        About::Steps => &[
            "ticksize",
            "ticksz",
            "stepsize",
            "lotsz",
            "qtystep",
            "increment",
            "precision",
            "decimals",
        ],
        About::Least => &[
            "minqty",
            "minnotional",
            "minsz",
            "minsize",
            "minorderqty",
            "minorderamt",
            "ordermin",
            "costmin",
            "minbaseamount",
            "minquoteamount",
            "minfunds",
            "minimumordervalue",
            "minimumorderamount",
        ],
    };
    ends.iter().any(|end| name.ends_with(end))
}

fn is_number_or_nothing(value: &Value) -> bool {
    match value {
        Value::Null | Value::Number(_) => true,
        Value::String(text) => text.is_empty() || text.parse::<f64>().is_ok_and(f64::is_finite),
        Value::Bool(_) | Value::Array(_) | Value::Object(_) => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn numbers_and_what_is_left_out_are_no_fault() {
        let words = json!({
            "tickSz": "", "lotSz": "0.1", "stepSize": 1, "base_increment": null, "minSz": "1e-8",
            "lotSizeFilter": {"basePrecision": "0.0001", "minOrderQty": "0"},
            "filters": [{"filterType": "LOT_SIZE", "minQty": 0.5}], "applyMinToMarket": true
        });
        for about in [About::Steps, About::Least] {
            assert_eq!(unreadable(&words, about), None);
        }
    }

    #[test]
    fn what_is_no_number_is_found_wherever_it_is() {
        for (words, about, expected) in [
            (json!([{"a": {"tickSize": "NaN"}}]), About::Steps, "'tickSize' is \"NaN\""),
            (json!({"lotSz": "1e400"}), About::Steps, "'lotSz' is \"1e400\""),
            (json!({"pair_decimals": [1]}), About::Steps, "'pair_decimals' is [1]"),
            (json!({"priceIncrement": {}}), About::Steps, "'priceIncrement' is {}"),
            (json!({"min_base_amount": true}), About::Least, "'min_base_amount' is true"),
            (json!({"minNotional": "-inf"}), About::Least, "'minNotional' is \"-inf\""),
        ] {
            assert_eq!(unreadable(&words, about).as_deref(), Some(expected));
        }
    }
}
