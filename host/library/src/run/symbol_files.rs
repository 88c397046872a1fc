//! Which files are of which symbol.

use std::path::Path;

use super::RunError;
use super::price_file::file_name;
use ct_data::is_same_symbol;

/// A file, and what it tells of its symbol.
#[derive(Clone, Copy, Debug)]
pub(super) struct ToldFile<'a> {
    /// Which of the user's paths stands for it.
    pub(super) place: usize,
    pub(super) path: &'a Path,
    /// The symbol, if its label or its name tells one.
    pub(super) symbol: Option<&'a str>,
}

/// The files of each series.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Chosen {
    /// Symbols with the places of their files; without one where nothing tells it.
    pub(super) series: Vec<(Option<String>, Vec<usize>)>,
    /// What is said of files that are of other symbols than the user wants.
    pub(super) left_out: Option<String>,
}

/// The series that `files` are, which the user named with so many `paths`. `symbols` name them: one for each path, or else
/// those to take among the symbols that the files tell.
///
/// # Errors
/// [`RunError::Input`] when that says not of every symbol which files are its own.
pub(super) fn series_of(
    files: &[ToldFile<'_>],
    paths: usize,
    symbols: &[String],
) -> Result<Chosen, RunError> {
    let all: Vec<(usize, &ToldFile<'_>)> = files.iter().enumerate().collect();
    let mut series: Vec<(Option<String>, Vec<usize>)> = Vec::new();
    if symbols.is_empty() {
        for (place, file) in all {
            let is_its = |(symbol, _): &&mut (Option<String>, Vec<usize>)| {
                let both = symbol.as_deref().zip(file.symbol);
                both.is_some_and(|(symbol, told)| is_same_symbol(symbol, told))
            };
            match series.iter_mut().find(is_its) {
                Some((_, places)) => places.push(place),
                None => series.push((file.symbol.map(str::to_owned), vec![place])),
            }
        }
        return Ok(Chosen { series, left_out: None });
    }
    for (path, symbol) in symbols.iter().enumerate() {
        let places = if symbols.len() == paths {
            let of_path: Vec<_> =
                all.iter().copied().filter(|(_, file)| file.place == path).collect();
            of_symbol(symbol, &of_path)?
        } else if symbols.len() == 1 {
            of_symbol(symbol, &all)?
        } else {
            told_as(symbol, &all)?
        };
        let is_known = |(known, _): &&mut (Option<String>, Vec<usize>)| {
            known.as_ref().is_some_and(|known| is_same_symbol(known, symbol))
        };
        match series.iter_mut().find(is_known) {
            Some((_, known)) => {
                known.extend(places);
                known.sort_unstable();
                known.dedup();
            }
            None => series.push((Some(symbol.clone()), places)),
        }
    }
    let is_taken = |place: &usize| series.iter().any(|(_, places)| places.contains(place));
    let left: Vec<&ToldFile<'_>> =
        all.iter().filter(|(place, _)| !is_taken(place)).map(|(_, file)| *file).collect();
    Ok(Chosen { left_out: left_out(&left), series })
}

/// Those of `files` that are meant by the name `symbol`: all, unless they tell several symbols themselves.
fn of_symbol(symbol: &str, files: &[(usize, &ToldFile<'_>)]) -> Result<Vec<usize>, RunError> {
    let mut told = files.iter().filter_map(|(_, file)| file.symbol);
    let first = told.next();
    let are_several = told.any(|other| first.is_some_and(|first| !is_same_symbol(first, other)));
    if are_several {
        return told_as(symbol, files);
    }
    Ok(files.iter().map(|(place, _)| *place).collect())
}

/// Those of `files` that tell that they are of `symbol`.
fn told_as(symbol: &str, files: &[(usize, &ToldFile<'_>)]) -> Result<Vec<usize>, RunError> {
    let is_told =
        |file: &ToldFile<'_>| file.symbol.is_some_and(|told| is_same_symbol(told, symbol));
    let found: Vec<usize> =
        files.iter().filter(|(_, file)| is_told(file)).map(|(place, _)| *place).collect();
    if !found.is_empty() {
        return Ok(found);
    }
    Err(RunError::input(format!(
        "none of the price files is of {symbol}: {}; name what they tell, or a symbol for each file (--symbol; data.symbols in \
         a configuration)",
        listed(files.iter().map(|(_, file)| *file))
    )))
}

/// What `files` tell, each symbol once.
fn listed<'a>(files: impl Iterator<Item = &'a ToldFile<'a>>) -> String {
    const SHOWN_MAX: usize = 10;
    let mut told: Vec<String> = files
        .map(|file| match file.symbol {
            Some(symbol) => format!("{} is of {symbol}", file_name(file.path)),
            None => format!("{} tells no symbol", file_name(file.path)),
        })
        .collect();
    let count = told.len();
    told.truncate(SHOWN_MAX);
    if count > SHOWN_MAX {
        told.push(format!("and {} more", count - SHOWN_MAX));
    }
    told.join(", ")
}

fn left_out(files: &[&ToldFile<'_>]) -> Option<String> {
    let told = listed(files.iter().copied());
    (!files.is_empty()).then(|| format!("price files of other symbols are left out: {told}"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::path::PathBuf;

    /// Files of two paths: the first stands for the first three.
    const FILES: [(usize, &str, Option<&str>); 4] = [
        (0, "BTCUSDT-1.csv", Some("BTC/USDT")),
        (0, "BTCUSDT-2.csv", Some("BTC/USDT")),
        (0, "ETHUSDT-1.csv", Some("ETH/USDT")),
        (1, "a.csv", None),
    ];

    fn chosen(files: &[(usize, &str, Option<&str>)], symbols: &[&str]) -> Result<String, String> {
        let paths: Vec<PathBuf> = files.iter().map(|(_, path, _)| path.into()).collect();
        let told: Vec<ToldFile<'_>> = files
            .iter()
            .zip(&paths)
            .map(|(&(place, _, symbol), path)| ToldFile { place, path, symbol })
            .collect();
        let count = files.iter().map(|(place, ..)| place + 1).max().unwrap();
        let symbols: Vec<String> = symbols.iter().map(|&symbol| symbol.to_owned()).collect();
        let chosen = series_of(&told, count, &symbols).map_err(|error| error.to_string())?;
        let series = chosen.series.into_iter().map(|(symbol, places)| {
            format!("{} {places:?}", symbol.unwrap_or_else(|| "-".to_owned()))
        });
        let left_out = chosen.left_out.map(|text| format!("; {text}")).unwrap_or_default();
        Ok(series.collect::<Vec<_>>().join(" ") + &left_out)
    }

    #[test]
    fn files_of_one_symbol_are_one_series() {
        let left_out = "; price files of other symbols are left out: ETHUSDT-1.csv is of ETH/USDT";
        for (files, symbols, expected) in [
            (&FILES[..], &[][..], "BTC/USDT [0, 1] ETH/USDT [2] - [3]".to_owned()),
            // One for each path: of the first, what tells that it is of it.
            (&FILES, &["BTCUSDT", "A"], format!("BTCUSDT [0, 1] A [3]{left_out}")),
            (&FILES, &["BTC/USDT", "BTC/USDT"], format!("BTC/USDT [0, 1, 3]{left_out}")),
            // One path: those to take, in the order in which they are named.
            (&FILES[..3], &["ETH/USDT", "BTC/USDT"], "ETH/USDT [2] BTC/USDT [0, 1]".to_owned()),
            (&FILES[..3], &["btcusdt"], format!("btcusdt [0, 1]{left_out}")),
            // Files of one symbol may be called otherwise.
            (&FILES[..2], &["XBT/USD"], "XBT/USD [0, 1]".to_owned()),
            (&[FILES[3], FILES[3]], &["AAPL"], "AAPL [0, 1]".to_owned()),
            (&[FILES[3], FILES[3]], &[], "- [0] - [1]".to_owned()),
        ] {
            assert_eq!(chosen(files, symbols), Ok(expected), "{symbols:?}");
        }
    }

    #[test]
    fn symbols_that_no_file_tells_are_refused() {
        for (files, symbols) in
            [(&FILES[..3], &["LTC/USDT"][..]), (&FILES[..3], &["BTC/USDT", "LTC/USDT"])]
        {
            let error = chosen(files, symbols).unwrap_err();
            let expected = "none of the price files is of LTC/USDT: BTCUSDT-1.csv is of BTC/USDT, BTCUSDT-2.csv";
            assert!(error.starts_with(expected), "{error}");
        }
    }
}
