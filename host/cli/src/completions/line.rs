//! A command line that is being typed: where its cursor is, and what can stand there.

use clap::builder::ValueHint;
use clap::{Arg, Command};

use super::value::Known;
use super::word::{Next, Word};

/// The words before the cursor, as clap would read them.
#[derive(Clone, Copy, Debug)]
pub(super) struct Line<'a> {
    command: &'a Command,
    /// The flag whose values come now, with how many it already has.
    flag: Option<(&'a Arg, usize)>,
    /// How many values without a flag have been given.
    positionals: usize,
}

/// The command that `words`, which come behind the name of the program `root`, are for.
pub(crate) fn command_at<'a>(root: &'a Command, words: &[String]) -> &'a Command {
    Line::read(root, words).command
}

impl<'a> Line<'a> {
    /// Reads `words`, which come behind the name of the program `root`.
    pub(super) fn read(root: &'a Command, words: &[String]) -> Self {
        let start = Self { command: root, flag: None, positionals: 0 };
        words.iter().fold(start, |line, word| line.after(word))
    }

    fn after(self, word: &str) -> Self {
        if let Some((flag, given)) = self.flag
            && (given == 0 || !word.starts_with('-'))
        {
            let is_last = given + 1 >= values_max(flag);
            return Self { flag: (!is_last).then_some((flag, given + 1)), ..self };
        }
        if word.starts_with('-') {
            return Self { flag: self.flag_of(word).map(|flag| (flag, 0)), ..self };
        }
        match self.command.find_subcommand(word) {
            Some(command) => Self { command, flag: None, positionals: 0 },
            None => Self { positionals: self.positionals + 1, flag: None, ..self },
        }
    }

    /// The flag `word`, if its values are words of their own.
    fn flag_of(self, word: &str) -> Option<&'a Arg> {
        let is_it = |argument: &&Arg| match word.strip_prefix("--") {
            Some(long) => argument.get_long() == Some(long),
            None => argument.get_short().is_some_and(|short| word == format!("-{short}")),
        };
        self.command.get_opts().find(is_it)
    }

    /// What can stand where `current` is being typed.
    pub(super) fn next(self, current: &str, known: &Known<'_>) -> Next {
        if let Some((flag, given)) = self.flag
            && (given == 0 || !current.starts_with('-'))
        {
            return self.values(flag, "", current, known);
        }
        if let Some((name, value)) = current.split_once('=')
            && let Some(flag) = self.flag_of(name)
        {
            return self.values(flag, &format!("{name}="), value, known);
        }
        if current.starts_with('-') {
            return beginning_with(current, self.flags());
        }
        match self.positional() {
            Some(argument) => self.values(argument, "", current, known),
            None if self.command.has_subcommands() => beginning_with(current, self.commands()),
            None => beginning_with(current, self.flags()),
        }
    }

    fn positional(self) -> Option<&'a Arg> {
        let all: Vec<&Arg> = self.command.get_positionals().collect();
        let repeated = all.last().copied().filter(|last| values_max(last) > 1);
        all.get(self.positionals).copied().or(repeated)
    }

    /// The values of `argument` that begin with `value`, as words that begin with `prefix`.
    fn values(self, argument: &Arg, prefix: &str, value: &str, known: &Known<'_>) -> Next {
        match argument.get_value_hint() {
            ValueHint::AnyPath if is_folder(argument) => return Next::Folders,
            ValueHint::AnyPath => return Next::Files,
            _ => {}
        }
        // Of values that a sign parts, the last one is being typed.
        let before = argument.get_value_delimiter().and_then(|sign| value.rfind(sign));
        let before = before.and_then(|end| value.get(..=end)).unwrap_or_default();
        let Some(words) = known.values(self.command, argument) else { return Next::Files };
        let prefixed = |word: Word| Word { text: format!("{prefix}{before}{}", word.text), ..word };
        beginning_with(&format!("{prefix}{value}"), words.into_iter().map(prefixed).collect())
    }

    fn flags(self) -> Vec<Word> {
        let shown = self.command.get_arguments().filter(|argument| !argument.is_hide_set());
        let word = |argument: &Arg| {
            let meaning = argument.get_help().map(ToString::to_string).unwrap_or_default();
            Some(Word::new(format!("--{}", argument.get_long()?), &meaning))
        };
        shown.filter_map(word).collect()
    }

    fn commands(self) -> Vec<Word> {
        let shown = self.command.get_subcommands().filter(|command| !command.is_hide_set());
        let word = |command: &Command| {
            let meaning = command.get_about().map(ToString::to_string).unwrap_or_default();
            Word::new(command.get_name(), &meaning)
        };
        shown.map(word).collect()
    }
}

fn values_max(argument: &Arg) -> usize {
    argument.get_num_args().map_or(1, |count| count.max_values())
}

fn is_folder(argument: &Arg) -> bool {
    argument.get_value_names().is_some_and(|names| names.iter().all(|name| name == "DIR"))
}

fn beginning_with(start: &str, mut words: Vec<Word>) -> Next {
    words.retain(|word| word.text.starts_with(start));
    Next::Words(words)
}

#[cfg(test)]
mod tests {
    use clap::CommandFactory;

    use super::*;
    use crate::root::Root;

    /// What can stand at the end of `line`, the cursor being behind its last word or the blank after it.
    fn next(line: &str) -> Next {
        let mut root = Root::command();
        root.build();
        let mut words: Vec<String> = line.split(' ').map(str::to_owned).collect();
        let current = words.pop().unwrap();
        Line::read(&root, &words).next(&current, &Known::of_nothing_kept())
    }

    #[test]
    fn words_are_what_the_command_takes_there() {
        for (line, expected) in [
            ("back", "backtest"),
            ("data sn", "snapshot"),
            ("backtest --strat", "--strategy"),
            ("backtest --strategy sma", "sma-crossover"),
            ("backtest --strategy=sma", "--strategy=sma-crossover"),
            ("backtest --cash 5 --strategy sma", "sma-crossover"),
            ("backtest --days -3 --strategy sma", "sma-crossover"),
            ("backtest --fee-preset kraken-s", "kraken-spot"),
            ("backtest --symbol BTC/USDT ETH/USDT --exch", "--exchange"),
            ("backtest --exchange krak", "kraken"),
            ("backtest --fill next-c", "next-close"),
            ("backtest --log-level deb", "debug"),
            ("data --data-dir d li", "list"),
            ("fees kraken-s", "kraken-spot"),
            ("strategies show boll", "bollinger-breakout"),
            ("backtest --fallback krak", "kraken"),
            ("report run --form", "--format"),
            ("report run -f mark", "markdown"),
            ("config init -t conser", "conservative"),
            ("completions fi", "fish"),
            ("help fet", "fetch"),
        ] {
            let Next::Words(words) = next(line) else { panic!("{line}") };
            let texts: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
            assert!(texts.contains(&expected), "{line}: {texts:?}");
        }
    }

    #[test]
    fn files_and_folders_are_left_to_the_shell() {
        for line in [
            "backtest --data ",
            "backtest --data a.csv b",
            "backtest --config my",
            "backtest --plugin=",
            "report ",
            "validate-data a.csv ",
            "config init ",
        ] {
            assert_eq!(next(line), Next::Files, "{line}");
        }
        for line in ["backtest --out ", "data --data-dir ", "build "] {
            assert_eq!(next(line), Next::Folders, "{line}");
        }
    }

    #[test]
    fn nothing_is_offered_where_anything_may_stand() {
        for line in ["backtest --cash ", "backtest --from 2024", "backtest --param f", "nothing x"]
        {
            let Next::Words(words) = next(line) else { panic!("{line}") };
            assert_eq!(words, [], "{line}");
        }
    }

    #[test]
    fn what_is_not_for_users_is_not_offered() {
        let Next::Words(words) = next("") else { panic!() };
        assert!(words.iter().any(|word| word.text == "backtest" && !word.meaning.is_empty()));
        assert!(
            !words.iter().any(|word| word.text.starts_with("comp") && word.text != "completions")
        );
    }
}
