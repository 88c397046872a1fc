//! What flags and commands of other tools are called here.
//!
//! freqtrade, LEAN, vectorbt, backtesting.py and NautilusTrader have them; whoever comes from there types them first.

use super::completions::command_at;
use clap::builder::StyledStr;
use clap::error::{ContextKind, ContextValue, ErrorKind};
use clap::{Command, CommandFactory};
use std::ffi::OsString;

use super::root::Root;
use ct_host::suggestion::suggestion;

/// Flags of other tools, and those that they are here.
const FLAGS: [(&[&str], &str); 17] = [
    (&["--timerange", "--period"], "--from and --to"),
    (&["--start", "--start-date", "--fromdate", "--begin", "--since"], "--from"),
    (&["--end", "--end-date", "--todate", "--until"], "--to"),
    (&["--timeframe", "--timeframes", "--granularity", "--bar-size", "--freq", "-i"], "--interval"),
    (&["--timeframe-detail"], "--detail-interval"),
    (&["--pair", "--pairs", "--ticker", "--tickers", "--symbols", "-p"], "--symbol"),
    (&["-s", "--algorithm", "--strategy-class"], "--strategy, or --plugin with a file"),
    (&["--strategy-path", "--strategy-file"], "--plugin"),
    (&["--strategy-list"], "--strategy, one in each run"),
    (&["--commission", "--fee", "--fees"], "--fee-bps, in basis points"),
    (&["--slippage"], "--slippage-bps, in basis points"),
    (
        &[
            "--starting-cash",
            "--starting-balance",
            "--initial-capital",
            "--initial-cash",
            "--init-cash",
            "--capital",
            "--balance",
            "--dry-run-wallet",
        ],
        "--cash",
    ),
    (&["--stake-amount", "--size", "--quantity"], "--units or --fraction"),
    (&["--datadir", "--data-folder", "-d"], "--data-dir"),
    (&["--export", "--export-filename", "--export-directory", "--output", "-o"], "--out"),
    (&["--verbose", "--logfile", "-v"], "--log-level"),
    (&["--breakdown"], "--sections periods"),
];

/// Flags of other tools that are none here, and what there is in their place.
const NO_FLAGS: [(&[&str], &str); 5] = [
    (
        &[
            "--stop-loss",
            "--stoploss",
            "--take-profit",
            "--trailing-stop",
            "--sl",
            "--tp",
            "--sl-stop",
            "--tp-stop",
            "--minimal-roi",
        ],
        "stops and take-profits are said by the strategy: give it a parameter, such as --param stop=0.02",
    ),
    (
        &[
            "--hyperopt",
            "--hyperopt-loss",
            "--epochs",
            "--spaces",
            "--optimize",
            "--maximize",
            "-e",
        ],
        "ct-host searches for no parameters: run once for each --param",
    ),
    (&["--plot", "--chart"], "ct-host draws no pages: --out writes tables for that"),
    (&["--eps", "--enable-position-stacking"], "a strategy has one position in each instrument"),
    (&["--enable-protections"], "breakers and limits of risk hold in every run: --max-drawdown"),
];

/// Commands of other tools, and those that they are here.
const COMMANDS: [(&[&str], &str); 8] = [
    (&["download-data", "download", "ingest", "fetch-data"], "fetch"),
    (&["backtesting", "run", "test"], "backtest"),
    (&["list-strategies"], "strategies"),
    (&["list-data", "list", "catalog"], "data"),
    (&["backtesting-show", "backtesting-analysis", "show-trades", "show"], "report"),
    (&["new-strategy", "new-config", "create-project", "project-create", "create"], "new"),
    (&["show-config", "create-userdir", "init", "settings"], "config"),
    (&["convert-data", "convert-trade-data"], "data"),
];

/// Commands of other tools that are none here.
const NO_COMMANDS: [(&[&str], &str); 3] = [
    (
        &["optimize", "hyperopt", "edge", "hyperopt-list", "hyperopt-show"],
        "ct-host searches for no parameters: run backtest once for each --param",
    ),
    (&["trade", "live", "paper", "webserver"], "ct-host does not trade, neither live nor on paper"),
    (
        &["plot-dataframe", "plot-profit", "research"],
        "ct-host draws no pages: backtest --out writes tables for that",
    ),
];

/// What to write in place of an unknown flag or command of the line `arguments`, in place of what clap thinks: the word that other
/// tools have for something that is called otherwise here, or the one that is near. What is neither is left without advice.
pub(super) fn advise(error: &mut clap::Error, arguments: &[OsString]) {
    let (kind, word) = match error.kind() {
        ErrorKind::UnknownArgument => (ContextKind::InvalidArg, ContextKind::SuggestedArg),
        ErrorKind::InvalidSubcommand => {
            (ContextKind::InvalidSubcommand, ContextKind::SuggestedSubcommand)
        }
        _ => return,
    };
    let Some(ContextValue::String(found)) = error.get(kind).cloned() else { return };
    let mut root = Root::command();
    root.build();
    let words: Vec<String> =
        arguments.iter().skip(1).map(|word| word.to_string_lossy().into()).collect();
    let command = command_at(&root, &words);
    let advice = match kind {
        ContextKind::InvalidArg => of_flag(&found, command),
        _ => of_command(&found, command),
    };
    // Clap's own advice, and the usage that it makes of it, call far words similar.
    let _ = error.remove(word);
    let _ = error.remove(ContextKind::TrailingArg);
    let _ = error.remove(ContextKind::Suggested);
    let usage = ContextValue::StyledStr(command.clone().render_usage());
    let _ = error.insert(ContextKind::Usage, usage);
    if let Some(advice) = advice {
        let advice = ContextValue::StyledStrs(vec![StyledStr::from(advice)]);
        let _ = error.insert(ContextKind::Suggested, advice);
    }
}

fn of_flag(found: &str, command: &Command) -> Option<String> {
    let flags: Vec<String> = command
        .get_arguments()
        .filter(|argument| !argument.is_hide_set())
        .filter_map(|argument| argument.get_long())
        .map(|long| format!("--{long}"))
        .collect();
    let has = |own: &str| named(own, "--").all(|flag| flags.iter().any(|known| known == flag));
    let own = listed(&FLAGS, found).filter(|own| has(own));
    let near =
        || suggestion(found, flags.iter().map(String::as_str)).filter(|_| found.starts_with("--"));
    own.map(|own| format!("what is '{found}' elsewhere is {own} here"))
        .or_else(|| listed(&NO_FLAGS, found).map(str::to_owned))
        .or_else(|| near().map(|flag| format!("did you mean '{flag}'?")))
}

fn of_command(found: &str, command: &Command) -> Option<String> {
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set());
    let commands: Vec<&str> = shown.map(Command::get_name).collect();
    let own = listed(&COMMANDS, found).filter(|own| commands.contains(own));
    own.map(|own| format!("what is '{found}' elsewhere is '{own}' here"))
        .or_else(|| listed(&NO_COMMANDS, found).map(str::to_owned))
        .or_else(|| {
            let near = suggestion(found, commands.iter().copied());
            near.map(|name| format!("did you mean '{name}'?"))
        })
}

fn listed(table: &[(&[&str], &'static str)], found: &str) -> Option<&'static str> {
    let found = found.split(['=', ' ']).next().unwrap_or(found).to_lowercase().replace('_', "-");
    table.iter().find(|(words, _)| words.contains(&found.as_str())).map(|(_, own)| *own)
}

/// The words of `text` that begin with `start`.
fn named<'a>(text: &'a str, start: &'a str) -> impl Iterator<Item = &'a str> {
    text.split([' ', ',']).filter(move |word| word.starts_with(start))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn told(line: &[&str]) -> String {
        let arguments: Vec<OsString> =
            std::iter::once(&"ct-host").chain(line).map(OsString::from).collect();
        let mut error = Root::command().try_get_matches_from(&arguments).unwrap_err();
        advise(&mut error, &arguments);
        error.render().to_string()
    }

    #[test]
    fn every_word_that_is_advised_is_there() {
        let mut root = Root::command();
        root.build();
        let backtest = root.find_subcommand("backtest").unwrap();
        let flags = FLAGS
            .iter()
            .chain(&NO_FLAGS)
            .map(|(_, own)| own)
            .chain(NO_COMMANDS.iter().map(|(_, own)| own));
        for flag in flags.flat_map(|own| named(own, "--")) {
            let is_there =
                backtest.get_arguments().any(|known| known.get_long() == flag.strip_prefix("--"));
            assert!(is_there, "{flag}");
        }
        for (words, own) in COMMANDS {
            assert!(root.find_subcommand(own).is_some(), "{own}");
            assert!(words.iter().all(|word| root.find_subcommand(word).is_none()), "{words:?}");
        }
        for word in FLAGS.iter().chain(&NO_FLAGS).flat_map(|(words, _)| *words) {
            let is_own = backtest
                .get_opts()
                .any(|known| known.get_long() == word.strip_prefix("--") && word.starts_with("--"));
            assert!(!is_own, "{word} is a flag of our own");
        }
    }

    #[test]
    fn words_of_other_tools_are_understood() {
        for (line, expected) in [
            (&["backtest", "--timerange", "20240101-"][..], "is --from and --to here"),
            (&["backtest", "--timeframe", "1h"], "is --interval here"),
            (&["fetch", "--timeframes=1h"], "is --interval here"),
            (&["backtest", "-s", "x"], "is --strategy, or --plugin"),
            (&["backtest", "-p", "BTC/USDT"], "is --symbol here"),
            (&["backtest", "--commission", "0.1"], "is --fee-bps, in basis points here"),
            (&["backtest", "--starting-cash", "1"], "is --cash here"),
            (&["backtest", "--strategy-list", "a"], "is --strategy, one in each run here"),
            (&["backtest", "--stop-loss", "0.1"], "said by the strategy"),
            (&["backtest", "--hyperopt", "x"], "searches for no parameters"),
            (&["download-data"], "is 'fetch' here"),
            (&["optimize"], "searches for no parameters"),
            (&["hyperopt"], "searches for no parameters"),
            (&["trade"], "does not trade"),
            (&["backtest", "--slipage-bps", "1"], "did you mean '--slippage-bps'?"),
            (&["backtst"], "did you mean 'backtest'?"),
        ] {
            let told = told(line);
            assert!(told.contains(expected), "{line:?}: {told}");
            assert_eq!(told.matches("tip:").count(), 1, "{line:?}: {told}");
        }
    }

    #[test]
    fn what_is_like_nothing_gets_no_advice() {
        for line in [
            &["backtest", "--frobnicate"][..],
            &["frobnicate"],
            &["backtest", "-z"],
            &["fees", "--timeframe", "1h"],
        ] {
            assert!(!told(line).contains("tip:"), "{line:?}: {}", told(line));
        }
    }
}
