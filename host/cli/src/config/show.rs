//! `ct-host config show`.

use std::path::PathBuf;

use serde::Serialize;
use serde_json::Value;

use crate::backtest;
use crate::config_file::ConfigArgs;
use crate::environment::Environment;
use crate::failure::Failure;
use crate::terminal::{Terminal, write_json, write_text};
use ct_host::config::{Origin, Shown, yaml_items, yaml_text};
use ct_host::printable::{printable, printable_json};

#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(flatten)]
    config: ConfigArgs,
    /// What holds when the run of this result is made again
    #[arg(long, value_name = "FILE")]
    from_run: Option<PathBuf>,
    /// Only what differs from the defaults or was said
    #[arg(long)]
    changed: bool,
    /// Write JSON
    #[arg(long)]
    json: bool,
}

/// One value as JSON.
#[derive(Debug, Serialize)]
struct Entry {
    key: String,
    value: Value,
    origin: String,
}

/// Widest text before an origin; longer lines push it to the right.
const WIDTH_MAX: usize = 60;

/// Shows every value with its origin.
///
/// # Errors
/// [`Failure::input`] or [`Failure::inputs`] with everything that is wrong.
pub(super) fn run(
    arguments: &Args,
    environment: &Environment,
    terminal: Terminal,
) -> Result<(), Failure> {
    arguments.config.tell(environment, terminal);
    let from_run = arguments.from_run.as_deref();
    let effective = backtest::effective(&arguments.config, from_run, environment)?;
    let is_wanted = |shown: &Shown<'_>| !arguments.changed || *shown.origin != Origin::Default;
    let shown: Vec<Shown<'_>> = effective.shown().filter(is_wanted).collect();
    if arguments.json {
        return write_json(&shown.into_iter().map(Entry::from).collect::<Vec<_>>());
    }
    write_text(&text(&shown))
}

impl From<Shown<'_>> for Entry {
    fn from(shown: Shown<'_>) -> Self {
        let Shown { keys, value, origin } = shown;
        Self { key: keys.join("."), value, origin: origin.to_string() }
    }
}

/// YAML, with the origin of each value as a comment.
fn text(shown: &[Shown<'_>]) -> String {
    let lines = lines(shown);
    let widths =
        lines.iter().filter(|line| line.origin.is_some()).map(|line| line.text.chars().count());
    let width = widths.filter(|width| *width <= WIDTH_MAX).max().unwrap_or_default();
    lines.iter().map(|line| line.aligned(width)).collect()
}

#[derive(Debug)]
struct Line<'a> {
    text: String,
    /// `None` for the head of a section.
    origin: Option<&'a Origin>,
}

impl Line<'_> {
    fn aligned(&self, width: usize) -> String {
        // What is not seen has the escapes of JSON, which are YAML too.
        let text = printable_json(&self.text);
        match self.origin {
            Some(origin) => {
                let origin = origin.to_string();
                format!("{text:width$}  # {}\n", printable(&origin))
            }
            None => format!("{text}\n"),
        }
    }
}

fn lines<'a>(shown: &'a [Shown<'_>]) -> Vec<Line<'a>> {
    let mut lines = Vec::new();
    let mut above: &[String] = &[];
    for Shown { keys, value, origin } in shown {
        let Some((last, sections)) = keys.split_last() else { continue };
        let same = above.iter().zip(sections).take_while(|(one, other)| one == other).count();
        for (depth, key) in sections.iter().enumerate().skip(same) {
            lines.push(Line { text: format!("{}:", key_text(depth, key)), origin: None });
        }
        let (head, origin) = (key_text(sections.len(), last), Some(*origin));
        match yaml_items(value) {
            Some(items) => {
                lines.push(Line { text: format!("{head}:"), origin });
                let blanks = "  ".repeat(sections.len() + 1);
                let text = items.into_iter().map(|item| format!("{blanks}{item}"));
                lines.extend(text.map(|text| Line { text, origin: None }));
            }
            None => lines.push(Line { text: format!("{head}: {}", yaml_text(value)), origin }),
        }
        above = sections;
    }
    lines
}

fn key_text(depth: usize, key: &str) -> String {
    format!("{}{}", "  ".repeat(depth), yaml_text(&key.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use ct_host::config::{Layer, Resolver};

    #[test]
    fn values_stand_below_their_sections_and_say_where_they_come_from() {
        let file = "risk:\n  instruments:\n    BTC/USDT: { position: { equity_max: 0.5 } }\nstrategy: { parameters: { api_key: x } }\n";
        let layer = Layer::from_yaml(file, "a.yaml").unwrap();
        let effective = Resolver::new().layer(layer).resolve().unwrap();
        let is_said = |shown: &Shown<'_>| *shown.origin != Origin::Default;
        let shown: Vec<_> = effective.shown().filter(is_said).collect();
        let expected = "\
strategy:
  parameters:
    api_key: \"***\"       # a.yaml:4:36
risk:
  instruments:
    BTC/USDT:
      position:
        equity_max: 0.5  # a.yaml:3:41
";
        assert_eq!(text(&shown), expected);
    }
}
