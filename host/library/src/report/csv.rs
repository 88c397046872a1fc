//! The lists of a result as CSV, with the names and values that they have in JSON; what a spreadsheet would take for a formula
//! has an apostrophe before it.

use std::borrow::Cow;
use std::io::{self, Write};

use serde::Serialize;
use serde_json::Value;

use super::tags::Tags;
use crate::backtest::{Curve, RunResult};
use ct_core::order::Trade;
use ct_core::units::Timestamp;
use ct_plugin::LogLine;

/// A list of a result that can be written as CSV.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum CsvTable {
    /// Every fill.
    Fills,
    /// Every round trip.
    Trades,
    /// Equity at the end of each UTC day.
    DailyEquity,
    /// The account at the close of every bar, where the run kept it.
    Equity,
    /// Every point that the strategy plotted and the result keeps; with times where the run kept those of its bars.
    Plots,
    /// Every line that the strategy logged and the result keeps.
    Log,
}

impl CsvTable {
    /// Writes the list of `result`, a header first, as RFC 4180 says but with line feeds.
    ///
    /// # Errors
    /// What `output` says.
    pub fn write(self, result: &RunResult, output: &mut dyn Write) -> io::Result<()> {
        match self {
            Self::Fills => write_rows(&FILL_COLUMNS, &result.fills, output),
            Self::Trades => write_rows(&TRADE_COLUMNS, &trade_rows(result), output),
            Self::DailyEquity => write_rows(&DAY_COLUMNS, &result.daily_equity, output),
            Self::Equity => write_equity(result.curve.as_ref(), output),
            Self::Plots => write_plots(result, output),
            Self::Log => write_rows(&LOG_COLUMNS, &log_rows(result), output),
        }
    }
}

const FILL_COLUMNS: [&str; 14] = [
    "time",
    "symbol",
    "side",
    "price",
    "reference_price",
    "quantity",
    "fee",
    "fee_quantity",
    "spread",
    "slippage",
    "impact",
    "reason",
    "decision",
    "tag",
];

const TRADE_COLUMNS: [&str; 17] = [
    "symbol",
    "direction",
    "entry_time",
    "exit_time",
    "bars_held",
    "quantity",
    "entry_price",
    "exit_price",
    "gross_pnl",
    "net_pnl",
    "fees",
    "carry",
    "return",
    "mae",
    "mfe",
    "exit_reason",
    "entry_tag",
];

const DAY_COLUMNS: [&str; 2] = ["date", "equity"];

const LOG_COLUMNS: [&str; 6] = ["time", "time_last", "row", "symbol", "level", "text"];

const EQUITY_COLUMNS: [&str; 5] = ["time", "close_time", "equity", "drawdown", "benchmark"];

const PLOT_COLUMNS: [&str; 5] = ["time", "row", "symbol", "name", "value"];

/// A round trip with the tag of its entry, which JSON has with the fill.
#[derive(Serialize)]
struct TradeRow<'a> {
    #[serde(flatten)]
    trade: &'a Trade,
    entry_tag: Option<&'a str>,
}

fn trade_rows(result: &RunResult) -> Vec<TradeRow<'_>> {
    let tags = Tags::of(result);
    let row = |trade| TradeRow { trade, entry_tag: tags.of_entry(trade) };
    result.trades.iter().map(row).collect()
}

/// A line for each bar: written as it is, because there may be millions of them.
fn write_equity(curve: Option<&Curve>, output: &mut dyn Write) -> io::Result<()> {
    writeln!(output, "{}", EQUITY_COLUMNS.join(","))?;
    for bar in curve.map(|curve| curve.bars.as_slice()).unwrap_or_default() {
        write!(output, "{},{}", bar.time, bar.close_time)?;
        for number in [Some(bar.equity), bar.drawdown, bar.benchmark] {
            write!(
                output,
                ",{}",
                number.map(Value::from).map_or_else(String::new, |value| cell(Some(&value)))
            )?;
        }
        writeln!(output)?;
    }
    Ok(())
}

/// The points of all instances, series by series.
fn write_plots(result: &RunResult, output: &mut dyn Write) -> io::Result<()> {
    writeln!(output, "{}", PLOT_COLUMNS.join(","))?;
    for (instance, said) in result.diagnostics.iter().enumerate() {
        let symbol = quoted(&neutral(symbol_of(result, instance)));
        for series in &said.plots {
            let name = quoted(&neutral(&series.name));
            for &(row, value) in &series.points {
                let time = result.curve.as_ref().and_then(|curve| curve.time(row));
                let time = time.map_or_else(String::new, |time| time.to_string());
                writeln!(output, "{time},{row},{symbol},{name},{}", cell(Some(&value.into())))?;
            }
        }
    }
    Ok(())
}

/// The symbol that an instance looks after; nothing for one that looks after several.
fn symbol_of(result: &RunResult, instance: usize) -> &str {
    let symbols = &result.data.symbols;
    let has_own = result.diagnostics.len() == symbols.len();
    symbols.get(instance).filter(|_| has_own).map_or("", String::as_str)
}

/// A line of a strategy's log.
#[derive(Serialize)]
struct LogRow<'a> {
    time: Option<Timestamp>,
    time_last: Option<Timestamp>,
    /// Empty for an instance that looks after several.
    symbol: &'a str,
    #[serde(flatten)]
    line: &'a LogLine,
}

/// The lines of all instances, each in the order in which they were logged.
fn log_rows(result: &RunResult) -> Vec<LogRow<'_>> {
    let instances = result.diagnostics.iter().enumerate();
    let rows = instances.flat_map(|(instance, said)| {
        let symbol = symbol_of(result, instance);
        said.log.iter().map(move |line| {
            let [time, time_last] = line.times().map_or([None; 2], |times| times.map(Some));
            LogRow { time, time_last, symbol, line }
        })
    });
    rows.collect()
}

fn write_rows<T: Serialize>(
    columns: &[&str],
    records: &[T],
    output: &mut dyn Write,
) -> io::Result<()> {
    writeln!(output, "{}", columns.join(","))?;
    for record in records {
        let record = serde_json::to_value(record)?;
        let cells: Vec<String> = columns.iter().map(|column| cell(record.get(column))).collect();
        writeln!(output, "{}", cells.join(","))?;
    }
    Ok(())
}

fn cell(value: Option<&Value>) -> String {
    match value {
        None | Some(Value::Null) => String::new(),
        Some(Value::String(text)) => quoted(&neutral(text)),
        Some(other) => other.to_string(),
    }
}

/// `text` as a spreadsheet shows it: what it would compute, or does not show the beginning of, has an apostrophe before it, as
/// OWASP advises against formula injection. Numbers are no texts: `-1.5` stays a number.
fn neutral(text: &str) -> Cow<'_, str> {
    /// Of a formula, in full width too, which some spreadsheets read alike.
    const BEGINNINGS: [char; 8] = ['=', '+', '-', '@', '＝', '＋', '－', '＠'];
    if text.starts_with(char::is_control) || text.trim_start().starts_with(BEGINNINGS) {
        format!("'{text}").into()
    } else {
        text.into()
    }
}

fn quoted(text: &str) -> String {
    if text.contains([',', '"', '\n', '\r']) {
        format!("\"{}\"", text.replace('"', "\"\""))
    } else {
        text.to_owned()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::backtest::BarEquity;
    use crate::report::example;
    use ct_plugin::{Diagnostics, PlotSeries};

    fn written(table: CsvTable) -> String {
        let mut bytes = Vec::new();
        table.write(&example::result(), &mut bytes).unwrap();
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn fills_are_written_with_quoted_tags() {
        let text = written(CsvTable::Fills);
        let lines: Vec<&str> = text.lines().collect();
        assert_eq!(lines.len(), 1 + example::result().fills.len());
        assert_eq!(
            lines[1],
            "2024-01-01T05:00:00Z,BTC/USDT,buy,100.05,100.0,99.0,9.90495,0.0,0.0,4.95,0.0,entry,0,\
             \"golden \"\"cross\"\", hourly\""
        );
        assert!(lines[2].ends_with(",exit,1,"), "no tag is an empty cell: {}", lines[2]);
    }

    #[test]
    fn plots_have_the_times_of_their_rows() {
        let mut result = example::result();
        let series = |name: &str, points| PlotSeries { name: name.to_owned(), points };
        let plots =
            vec![series("=fast", vec![(0, 1.5), (2, -3.0)]), series("slow", vec![(9, 2.0)])];
        result.diagnostics = vec![Diagnostics { plots, ..Diagnostics::default() }];
        let bar = |time| BarEquity {
            time,
            close_time: time,
            equity: 1.0,
            drawdown: None,
            benchmark: None,
        };
        let curve = Curve {
            warm_up: vec![example::hour(0), example::hour(1)],
            bars: vec![bar(example::hour(5))],
        };
        result.curve = Some(curve);
        let mut bytes = Vec::new();
        CsvTable::Plots.write(&result, &mut bytes).unwrap();
        let expected = "time,row,symbol,name,value\n\
                        2024-01-01T00:00:00Z,0,BTC/USDT,'=fast,1.5\n\
                        2024-01-01T05:00:00Z,2,BTC/USDT,'=fast,-3.0\n\
                        ,9,BTC/USDT,slow,2.0\n";
        assert_eq!(String::from_utf8(bytes).unwrap(), expected);
    }

    #[test]
    fn no_text_is_a_formula_and_numbers_are_numbers() {
        for (text, written) in [
            ("=cmd|' /C calc'!A0", "'=cmd|' /C calc'!A0"),
            ("=HYPERLINK(\"http://x\",\"y\")", "\"'=HYPERLINK(\"\"http://x\"\",\"\"y\"\")\""),
            ("+1", "'+1"),
            ("-2+3", "'-2+3"),
            ("@SUM(A1)", "'@SUM(A1)"),
            ("\t=1", "'\t=1"),
            ("\r=1", "\"'\r=1\""),
            ("＝1", "'＝1"),
            (" =1", "' =1"),
            ("\0=1", "'\0=1"),
            ("a=b", "a=b"),
            ("", ""),
        ] {
            assert_eq!(cell(Some(&text.into())), written);
        }
        assert_eq!(cell(Some(&Value::from(-1.5))), "-1.5");
        assert_eq!(cell(Some(&Value::from(-3))), "-3");
    }

    #[test]
    fn no_field_of_json_is_left_out() {
        let result = example::result();
        let names =
            |value: Value| -> Vec<String> { value.as_object().unwrap().keys().cloned().collect() };
        assert_eq!(names(serde_json::to_value(&result.fills[0]).unwrap()), FILL_COLUMNS);
        let (tag, of_json) = TRADE_COLUMNS.split_last().unwrap();
        assert_eq!(names(serde_json::to_value(&result.trades[0]).unwrap()), of_json);
        assert_eq!(*tag, "entry_tag");
        assert_eq!(names(serde_json::to_value(&result.daily_equity[0]).unwrap()), DAY_COLUMNS);
    }
}
