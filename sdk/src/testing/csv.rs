//! Price files in their plain form. The host reads many more and can write this one.

use super::csv_time;
use crate::{Candle, Interval};

/// Names of the columns; the time has three.
const TIMES: [&str; 3] = ["time", "timestamp", "date"];
const VALUES: [&str; 5] = ["open", "high", "low", "close", "volume"];

/// What to do about a file that is not in the plain form.
const ADVICE: &str = "tests read the plain form only: import the file with `ct-host data import` and write it with \
     `ct-host data export`, or repair it with `ct-host validate-data FILE --repair-to FILE`";

/// The candles of a file and the length of their bars, the shortest distance of two.
///
/// # Errors
/// With the line, what was expected and found, and what to do.
pub(super) fn candles(text: &str) -> Result<(Interval, Vec<Candle>), String> {
    read(text).map_err(|(line, error)| format!("line {line}: {error}; {ADVICE}"))
}

/// An error and the line that it is in.
type AtLine = (usize, String);

fn read(text: &str) -> Result<(Interval, Vec<Candle>), AtLine> {
    let text = text.trim_start_matches('\u{feff}').trim_end();
    let header = text.lines().next().unwrap_or_default();
    let order = order(header).map_err(|error| (1, error))?;
    let mut candles: Vec<Candle> = Vec::new();
    for (line, row) in (2..).zip(text.lines().skip(1)) {
        let candle = candle(row, &order).map_err(|error| (line, error))?;
        if candles.last().is_some_and(|last| last.time >= candle.time) {
            return Err((line, "expected a time after that of the line before".to_owned()));
        }
        candles.push(candle);
    }
    let steps =
        || candles.iter().zip(candles.iter().skip(1)).map(|(one, next)| next.time - one.time);
    let shortest = steps().min();
    let interval = shortest.and_then(|shortest| Interval::from_milliseconds(shortest).ok());
    let Some(interval) = interval else {
        return Err((candles.len() + 1, "expected two bars or more".to_owned()));
    };
    match steps().position(|step| step % interval.milliseconds() != 0) {
        Some(index) => {
            let length = interval.milliseconds();
            Err((
                index + 3,
                format!("expected a whole number of bars of {length} ms since the line before"),
            ))
        }
        None => Ok((interval, candles)),
    }
}

/// For the time and each value the number of its column.
fn order(header: &str) -> Result<[usize; 6], String> {
    let names: Vec<String> = header.split(',').map(|name| name.trim().to_lowercase()).collect();
    let known = |name: &String| TIMES.contains(&name.as_str()) || VALUES.contains(&name.as_str());
    if names.len() != 6 || !names.iter().all(known) {
        return Err(format!("expected the columns time, {}, found `{header}`", VALUES.join(", ")));
    }
    let place = |wanted: &[&str]| {
        let found = names.iter().position(|name| wanted.contains(&name.as_str()));
        found.ok_or_else(|| format!("expected a column {}, found `{header}`", wanted.join(" or ")))
    };
    let [open, high, low, close, volume] = VALUES.map(|name| place(&[name]));
    Ok([place(&TIMES)?, open?, high?, low?, close?, volume?])
}

fn candle(row: &str, order: &[usize; 6]) -> Result<Candle, String> {
    let cells: Vec<&str> = row.split(',').map(str::trim).collect();
    if cells.len() != order.len() {
        return Err(format!("expected 6 values, found {}", cells.len()));
    }
    let [time, open, high, low, close, volume] =
        order.map(|place| cells.get(place).copied().unwrap_or_default());
    let candle = Candle {
        time: csv_time::milliseconds(time)?,
        open: number(open)?,
        high: number(high)?,
        low: number(low)?,
        close: number(close)?,
        volume: number(volume)?,
    };
    let Candle { open, high, low, close, volume, .. } = candle;
    if low <= 0.0 || low > open.min(close) || high < open.max(close) || volume < 0.0 {
        return Err(format!(
            "expected 0 < low <= open, close <= high and no negative volume, found `{row}`"
        ));
    }
    Ok(candle)
}

fn number(cell: &str) -> Result<f64, String> {
    let number = cell.parse().ok().filter(|number: &f64| number.is_finite());
    number.ok_or_else(|| format!("expected a number, found `{cell}`"))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HEADER: &str = "time,open,high,low,close,volume\n";

    #[test]
    fn reads_columns_in_any_order() {
        let text = "\u{feff}Date,Close,Low,High,Open,Volume\r\n2024-01-01,2,1,4,3,5\r\n2024-01-02,2,1,4,3,0\r\n2024-01-04,2,1,4,3,0\r\n";
        let (interval, candles) = candles(text).unwrap();
        let first = Candle {
            time: 1_704_067_200_000,
            open: 3.0,
            high: 4.0,
            low: 1.0,
            close: 2.0,
            volume: 5.0,
        };
        assert_eq!((interval, candles.len(), candles[0]), (Interval::DAY, 3, first));
    }

    #[test]
    fn refuses_everything_else_with_its_line() {
        let good = "1704067200,1,1,1,1,1\n1704070800,1,1,1,1,1\n";
        let cases = [
            ("time;open\n".to_owned(), "line 1: expected the columns time, open, high"),
            ("time,date,open,high,low,close\n".to_owned(), "line 1: expected a column volume"),
            (HEADER.to_owned(), "line 1: expected two bars or more"),
            (format!("{HEADER}{good}1704074400,1,1,1,1"), "line 4: expected 6 values, found 5"),
            (format!("{HEADER}{good}1704070800,1,1,1,1,1"), "line 4: expected a time after"),
            (
                format!("{HEADER}{good}1704076200,1,1,1,1,1"),
                "line 4: expected a whole number of bars of 3600000 ms",
            ),
            (
                format!("{HEADER}{good}1704074400,1,NaN,1,1,1"),
                "line 4: expected a number, found `NaN`",
            ),
            (format!("{HEADER}{good}1704074400,1,0.5,1,1,1"), "line 4: expected 0 < low <= open"),
        ];
        for (text, expected) in cases {
            let error = candles(&text).unwrap_err();
            assert!(error.starts_with(expected) && error.ends_with(ADVICE), "{error}");
        }
    }
}
