//! The commands: a script, and the answer to one.

use clap::{CommandFactory, ValueEnum};
use clap_complete::Shell as OtherShell;

use super::line::Line;
use super::value::Known;
use super::word::{Next, Word};
use crate::environment::Environment;
use crate::failure::Failure;
use crate::root::Root;
use crate::terminal::{write_output, write_text};
use ct_host::printable::printable_line;

#[derive(Debug, clap::Args)]
pub(crate) struct Args {
    /// The shell
    #[arg(value_enum)]
    shell: Shell,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Shell {
    /// Version 4 or newer: `source <(ct-host completions bash)` in ~/.bashrc
    Bash,
    /// `source <(ct-host completions zsh)` behind compinit in ~/.zshrc
    Zsh,
    /// `ct-host completions fish > ~/.config/fish/completions/ct-host.fish`
    Fish,
    /// Commands and flags, without values
    Elvish,
    /// Commands and flags, without values
    Powershell,
}

/// The line that a shell wants to go on with.
#[derive(Debug, clap::Args)]
pub(crate) struct LineArgs {
    /// Its words behind the program's name; the last one is what has been typed of the word at the cursor
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    words: Vec<String>,
}

/// Writes the script of a shell.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn run(arguments: &Args) -> Result<(), Failure> {
    match arguments.shell {
        Shell::Bash => write_text(include_str!("script/bash.sh")),
        Shell::Zsh => write_text(include_str!("script/zsh.sh")),
        Shell::Fish => write_text(include_str!("script/fish.fish")),
        Shell::Elvish => write_text(&without_values(OtherShell::Elvish)),
        Shell::Powershell => write_text(&without_values(OtherShell::PowerShell)),
    }
}

fn without_values(shell: OtherShell) -> String {
    // Written to memory first: the generator panics when its output is closed.
    let mut script = Vec::new();
    clap_complete::generate(shell, &mut Root::command(), "ct-host", &mut script);
    String::from_utf8_lossy(&script).into_owned()
}

/// Writes what can stand at the end of a line: `files` or `folders` if the shell has to look for it, else `words` and below it each
/// word, with what it means behind a tab.
///
/// # Errors
/// When standard output cannot be written.
pub(crate) fn answer(arguments: &LineArgs, environment: &Environment) -> Result<(), Failure> {
    let mut root = Root::command();
    root.build();
    let (current, before) = arguments
        .words
        .split_last()
        .map_or(("", &[][..]), |(last, before)| (last.as_str(), before));
    let next = Line::read(&root, before).next(current, &Known::of(environment));
    let lines = match next {
        Next::Files => "files\n".to_owned(),
        Next::Folders => "folders\n".to_owned(),
        Next::Words(words) => {
            let lines: String = words.iter().map(told).collect();
            format!("words\n{lines}")
        }
    };
    write_output(|output| output.write_all(lines.as_bytes()))
}

fn told(word: &Word) -> String {
    format!("{}\t{}\n", printable_line(&word.text), printable_line(&word.meaning))
}
