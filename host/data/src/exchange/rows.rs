//! Reads the rows of an answer, and accepts nothing that is not a number.

use ct_dialects::Value;

use super::answer_limits::ELEMENTS_MAX;
use super::dialect::Dialect;
use super::excerpt::excerpt;
use super::profile::Profile;
use crate::source::PageRequest;
use ct_core::market::RawColumns;

/// Rows in one answer of an exchange that was not checked, at most.
const UNCHECKED_ROWS_MAX: i64 = 1000;
/// How much of a row is shown in an error.
const SHOWN_CHARACTERS: usize = 80;

/// A row: its time in milliseconds, then open, high, low, close and volume.
type Row = (i64, [f64; 5]);

const COLUMNS: [&str; 5] = ["open", "high", "low", "close", "volume"];

/// The rows of `json`, by time; those of the same time stay in the order they came.
///
/// # Errors
/// What is wrong with the answer, and where.
pub(super) fn read_rows(
    dialect: &mut Dialect,
    profile: &Profile,
    page: &PageRequest,
    timeframe: &str,
    json: &serde_json::Value,
) -> Result<RawColumns, String> {
    let mut rows = match profile.rows_at {
        Some(path) => read_at(dialect, &page.symbol, json, path)?,
        None => read_by_ccxt(dialect, page, timeframe, json)?,
    };
    rows.sort_by_key(|(time, _)| *time);
    Ok(columns(&rows))
}

/// Reads each element of the list at `path`.
fn read_at(
    dialect: &Dialect,
    symbol: &str,
    json: &serde_json::Value,
    path: &[&str],
) -> Result<Vec<Row>, String> {
    let list = list_at(json, path).ok_or_else(|| {
        let place = if path.is_empty() {
            "a list".to_owned()
        } else {
            format!("a list in '{}'", path.join("."))
        };
        format!("expected {place}, found {}", excerpt(&json.to_string(), SHOWN_CHARACTERS))
    })?;
    check_count(list.len())?;
    let market = dialect.state().markets.as_map().and_then(|markets| markets.get(symbol)).cloned();
    let market = market.unwrap_or(Value::Null);
    let read = |(index, raw): (usize, &serde_json::Value)| {
        let shown = || {
            format!(
                "row {} of {}: {}",
                index + 1,
                list.len(),
                excerpt(&raw.to_string(), SHOWN_CHARACTERS)
            )
        };
        let value = dialect
            .read_row(Value::from_json(raw), market.clone())
            .map_err(|error| format!("{} cannot be read: {}", shown(), error.message))?;
        row(&value).map_err(|problem| format!("{} {problem}", shown()))
    };
    list.iter().enumerate().map(read).collect()
}

/// The list at the end of `path`; `*` is the only list among the values of an object.
fn list_at<'a>(json: &'a serde_json::Value, path: &[&str]) -> Option<&'a Vec<serde_json::Value>> {
    let mut place = json;
    for name in path {
        place = match *name {
            "*" => {
                let mut lists = place.as_object()?.values().filter(|value| value.is_array());
                lists.next().filter(|_| lists.next().is_none())?
            }
            name => place.get(name)?,
        };
    }
    place.as_array()
}

/// Lets ccxt find the rows. As it takes a missing list for an empty one and cuts long ones, there must be a list in the
/// answer that has as many elements as it found rows.
fn read_by_ccxt(
    dialect: &mut Dialect,
    page: &PageRequest,
    timeframe: &str,
    json: &serde_json::Value,
) -> Result<Vec<Row>, String> {
    // ccxt leaves out what opened before the start it is given, and what is beyond the number.
    let arguments = vec![
        Value::from(page.symbol.as_str()),
        Value::from(timeframe),
        Value::Int(0),
        Value::Int(UNCHECKED_ROWS_MAX),
    ];
    dialect.state_mut().mock_response = Value::from_json(json);
    let found = dialect.call("fetch_ohlcv", arguments).map_err(|error| error.message)?;
    let list = found.as_array().map_or(&[][..], Vec::as_slice);
    check_count(list.len())?;
    if !has_list_of(json, list.len()) {
        let shown = excerpt(&json.to_string(), SHOWN_CHARACTERS);
        return Err(format!("found {} rows, but no list of as many: {shown}", list.len()));
    }
    let read = |(index, value): (usize, &Value)| {
        row(value).map_err(|problem| format!("row {} of {} {problem}", index + 1, list.len()))
    };
    list.iter().enumerate().map(read).collect()
}

/// Whether a list of `count` elements is in `json`, not deeper than answers are nested.
fn has_list_of(json: &serde_json::Value, count: usize) -> bool {
    const DEPTH_MAX: u32 = 4;
    fn search(json: &serde_json::Value, count: usize, depth: u32) -> bool {
        match json {
            serde_json::Value::Array(list) => list.len() == count,
            serde_json::Value::Object(members) if depth > 0 => {
                members.values().any(|member| search(member, count, depth - 1))
            }
            _ => false,
        }
    }
    search(json, count, DEPTH_MAX)
}

fn check_count(rows: usize) -> Result<(), String> {
    if rows > ELEMENTS_MAX {
        return Err(format!("{rows} rows: expected {ELEMENTS_MAX} at most"));
    }
    Ok(())
}

fn row(value: &Value) -> Result<Row, String> {
    let Some([time, values @ ..]) = value.as_array().map(Vec::as_slice) else {
        return Err("is no row".to_owned());
    };
    let time = time.as_i64().ok_or("has no time")?;
    let mut numbers = [0.0; 5];
    for (index, (number, column)) in numbers.iter_mut().zip(COLUMNS).enumerate() {
        let found = values.get(index).and_then(Value::as_f64).filter(|found| found.is_finite());
        *number = found.ok_or_else(|| format!("has no number for {column}"))?;
    }
    Ok((time, numbers))
}

fn columns(rows: &[Row]) -> RawColumns {
    let column = |pick: fn(&[f64; 5]) -> f64| rows.iter().map(|(_, row)| pick(row)).collect();
    RawColumns {
        time: rows.iter().map(|(time, _)| *time).collect(),
        open: column(|[open, ..]| *open),
        high: column(|[_, high, ..]| *high),
        low: column(|[_, _, low, ..]| *low),
        close: column(|[.., close, _]| *close),
        volume: column(|[.., volume]| *volume),
    }
}
