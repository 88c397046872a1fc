//! The three header lines of pandas and yfinance: what each column is, of which instrument, and how the times are called.
//!
//! ```text
//! Price,Close,High,Low,Open,Volume
//! Ticker,BTC-USD,BTC-USD,BTC-USD,BTC-USD,BTC-USD
//! Date,,,,,
//! ```

use crate::files::columns::Name;
use crate::files::error::{FileProblem, shown};
use crate::files::options::ReadOptions;
use crate::files::remark::Remark;
use crate::same_symbol::is_same_symbol;

/// What stands before the names of the columns.
const KINDS: [&str; 2] = ["price", "attributes"];
/// What stands before the instruments.
const INSTRUMENTS: [&str; 4] = ["ticker", "tickers", "symbol", "symbols"];

/// The names of the columns of one instrument.
pub(super) struct WideHeader {
    /// The columns of other instruments are called nothing.
    pub(super) names: Vec<Name>,
    pub(super) instrument: String,
    pub(super) remarks: Vec<Remark>,
}

impl WideHeader {
    /// Whether a file with the names `first` and the line `second` below them begins so.
    pub(super) fn begins(first: &[Name], second: &[&[u8]]) -> bool {
        let second = second.first().map(|cell| plain(cell)).unwrap_or_default();
        let first = first.first().map(|name| name.plain.as_str()).unwrap_or_default();
        let is_pair = |one: &str, other: &str| KINDS.contains(&one) && INSTRUMENTS.contains(&other);
        is_pair(first, &second) || is_pair(&second, first)
    }

    /// The columns of the instrument that `options` name, or of the only one.
    pub(super) fn of(
        first: Vec<Name>,
        second: &[&[u8]],
        third: &[&[u8]],
        options: &ReadOptions,
    ) -> Result<Self, FileProblem> {
        let second: Vec<Name> = second.iter().map(|cell| name(cell)).collect();
        let kinds_first = first.first().is_some_and(|name| KINDS.contains(&name.plain.as_str()));
        let (kinds, instruments) = if kinds_first { (first, second) } else { (second, first) };
        let title = instruments.first().map(|name| name.written.clone()).unwrap_or_default();
        let mut found: Vec<(&str, usize)> = Vec::new();
        for instrument in instruments.iter().skip(1).map(|name| name.written.as_str()) {
            match found.iter_mut().find(|(known, _)| *known == instrument) {
                Some((_, columns)) => *columns += 1,
                None => found.push((instrument, 1)),
            }
        }
        let instrument = taken(&found, &title, options)?;
        let time = third.first().map(|cell| name(cell));
        let names = kinds.into_iter().zip(&instruments).enumerate();
        let names = names.map(|(cell, (kind, of))| match (cell, &time) {
            (0, Some(time)) => Name::new(time.written.clone()),
            _ if of.written == instrument => kind,
            _ => Name::new(format!("{} of {}", kind.written, of.written)),
        });
        let names = names.collect();
        let other = options.symbol.as_ref().filter(|symbol| !is_same_symbol(symbol, &instrument));
        let remark =
            other.filter(|_| options.instrument.is_none()).map(|asked| Remark::OtherInstrument {
                column: title.clone(),
                found: instrument.clone(),
                asked: asked.clone(),
            });
        Ok(Self { names, instrument, remarks: Vec::from_iter(remark) })
    }
}

/// The instrument to take of those that were `found`, with the number of columns of each, in the line called `title`.
fn taken(
    found: &[(&str, usize)],
    title: &str,
    options: &ReadOptions,
) -> Result<String, FileProblem> {
    const SHOWN_MAX: usize = 10;
    let wanted = options.instrument.as_ref().or(options.symbol.as_ref());
    let alike =
        found.iter().find(|(name, _)| wanted.is_some_and(|wanted| is_same_symbol(name, wanted)));
    if let Some((name, _)) = alike {
        return Ok((*name).to_owned());
    }
    let listed: Vec<String> = found
        .iter()
        .take(SHOWN_MAX)
        .map(|(name, columns)| format!("{} ({columns} columns)", shown(name)))
        .collect();
    let listed = listed.join(", ");
    let columns = shown(title);
    match (&options.instrument, found) {
        (None, [(only, _)]) => Ok((*only).to_owned()),
        (Some(wanted), _) => {
            Err(FileProblem::OtherInstruments { wanted: shown(wanted), columns, found: listed })
        }
        (None, _) => Err(FileProblem::Instruments { count: found.len(), columns, found: listed }),
    }
}

fn name(cell: &[u8]) -> Name {
    Name::new(String::from_utf8_lossy(cell).into_owned())
}

fn plain(cell: &[u8]) -> String {
    name(cell).plain
}
