//! Where a command writes: its result to standard output, everything else to standard error.

use std::ffi::OsString;
use std::io::{self, BufWriter, IsTerminal, Write};
use std::path::Path;
use std::sync::Arc;

use clap::error::{ContextKind, ContextValue};
use serde::Serialize;
use terminal_size::{Width, terminal_size};

use super::clock::MachineClock;
use super::failure::Failure;
use super::fetch_bars::FetchBars;
use super::logging::StrategyLog;
use super::progress::Progress;
use ct_host::plugin::LogListener;
use ct_host::printable::{printable, printable_json, printable_line, printable_lines};
use ct_host::report::{Characters, Document, Layout, Styling, text, wrapped};
use ct_host::run::{FetchProgress, Observer, Ports, Task, TaskProgress};

/// Most errors that are told one by one: nobody reads more of them at once.
const ERRORS_MAX: usize = 100;

/// Longest error or notice, in characters: the longest list of names has a third of it.
const CHARACTERS_MAX: usize = 4_000;

/// Whether colours are wanted where they can be shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Colours {
    Wanted,
    Unwanted,
}

/// What the user has said of the screen.
#[derive(Clone, Copy, Debug)]
pub(super) struct Screen {
    pub(super) colours: Colours,
    pub(super) characters: Characters,
    /// Columns of a line, where the user names them.
    pub(super) columns: Option<usize>,
}

/// Fewest columns that are believed.
const COLUMNS_MIN: usize = 20;

impl Screen {
    /// Columns of a line on `stream`: as the user says, else as the terminal, else what fits everywhere.
    pub(super) fn width(self, stream: &impl IsTerminal) -> usize {
        let measured = || terminal_size().filter(|_| stream.is_terminal());
        let measured = || measured().map(|(Width(columns), _)| usize::from(columns));
        let columns = self.columns.or_else(measured);
        columns.unwrap_or_else(|| Layout::default().width).max(COLUMNS_MIN)
    }
}

/// What lines of a message that has several begin with, in columns.
const INDENT: usize = "error: ".len();

/// How much is said beside the result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verbosity {
    /// Progress, notices and errors.
    Normal,
    /// Errors.
    Quiet,
}

/// The two streams of a command.
#[derive(Clone, Copy, Debug)]
pub(super) struct Terminal {
    screen: Screen,
    verbosity: Verbosity,
}

impl Terminal {
    pub(super) const fn new(screen: Screen) -> Self {
        Self { screen, verbosity: Verbosity::Normal }
    }

    /// The same streams, saying as much as `verbosity` wants.
    pub(super) const fn with(self, verbosity: Verbosity) -> Self {
        Self { verbosity, ..self }
    }

    pub(super) const fn verbosity(self) -> Verbosity {
        self.verbosity
    }

    /// Writes `document` as text.
    ///
    /// # Errors
    /// As [`write_text`].
    pub(super) fn document(self, document: &Document) -> Result<(), Failure> {
        let coloured = self.screen.colours == Colours::Wanted && io::stdout().is_terminal();
        let layout = Layout {
            styling: if coloured { Styling::Ansi } else { Styling::Plain },
            characters: self.screen.characters,
            width: self.screen.width(&io::stdout()),
        };
        let text = text(document, layout);
        write_output(|output| output.write_all(text.as_bytes()))
    }

    /// Says what the user should know.
    pub(super) fn notice(self, notice: &str) {
        if self.verbosity == Verbosity::Normal {
            self.say("note: ", &excerpt(notice));
        }
    }

    /// What the library needs of this program, with nothing kept but where the configuration says so.
    pub(super) fn ports(&self) -> Ports<'_> {
        Ports { observer: self, ..Ports::silent(&MachineClock) }
    }

    /// Says why the command failed.
    pub(super) fn failure(self, failure: &Failure) {
        let coloured = self.screen.colours == Colours::Wanted && io::stderr().is_terminal();
        let begin = if coloured { "\x1b[1;31merror:\x1b[0m " } else { "error: " };
        let error = |message: &str| self.say(begin, message);
        let messages = failure.messages();
        for message in messages.iter().take(ERRORS_MAX) {
            error(&excerpt(message));
        }
        if let Some(more) = messages.len().checked_sub(ERRORS_MAX).filter(|more| *more > 0) {
            error(&format!("and {more} more, which are not told"));
        }
    }
}

impl Terminal {
    /// Says `message` behind `begin`: on a terminal in lines that fit it, and else on one line, for programs that look for it.
    /// Nothing can be done, or said, when standard error is closed.
    fn say(self, begin: &str, message: &str) {
        let message = self.screen.characters.shown(message);
        let mut stream = io::stderr().lock();
        if !stream.is_terminal() {
            let _ = writeln!(stream, "{begin}{message}");
            return;
        }
        let width = self.screen.width(&stream).saturating_sub(INDENT);
        let lines = wrapped(&message, width).join(&format!("\n{}", " ".repeat(INDENT)));
        let _ = writeln!(stream, "{begin}{lines}");
    }
}

impl Observer for Terminal {
    fn notice(&self, text: &str) {
        Self::notice(*self, text);
    }

    fn begin(&self, task: Task<'_>) -> Box<dyn TaskProgress> {
        Box::new(Progress::of(*self, task))
    }

    fn log_listener(&self) -> Option<Arc<dyn LogListener>> {
        StrategyLog::wanted()
    }

    fn begin_fetch(&self) -> Arc<dyn FetchProgress> {
        Arc::new(FetchBars::new(*self))
    }
}

/// True when a file called `path` is standard output. To open it by its name would write over what this process has written.
pub(super) fn is_standard_output(path: &Path) -> bool {
    ["-", "/dev/stdout", "/dev/fd/1", "/proc/self/fd/1"].iter().any(|name| path == Path::new(name))
}

/// Writes `text`, which may quote texts of others, to standard output.
///
/// # Errors
/// [`Failure::OutputClosed`] when nobody reads it any more, or [`Failure::run`].
pub(super) fn write_text(text: &str) -> Result<(), Failure> {
    write_output(|output| output.write_all(printable_lines(text).as_bytes()))
}

/// Writes `value` to standard output as indented JSON with a line feed at its end.
///
/// # Errors
/// As [`write_text`].
pub(super) fn write_json(value: &impl Serialize) -> Result<(), Failure> {
    write_json_with(|output| {
        serde_json::to_writer_pretty(&mut *output, value)?;
        writeln!(output)
    })
}

/// Writes the JSON that `write` writes to standard output: byte for byte, but on a terminal with escapes for what would steer it.
///
/// # Errors
/// As [`write_text`].
pub(super) fn write_json_with(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    if !io::stdout().is_terminal() {
        return write_output(write);
    }
    let mut bytes = Vec::new();
    write(&mut bytes).map_err(|error| Failure::output(&error))?;
    let json = String::from_utf8_lossy(&bytes);
    write_output(|output| output.write_all(printable_json(&json).as_bytes()))
}

/// Writes what `write` writes to standard output, whatever it is.
///
/// # Errors
/// As [`write_text`].
pub(super) fn write_output(
    write: impl FnOnce(&mut dyn Write) -> io::Result<()>,
) -> Result<(), Failure> {
    let mut output = BufWriter::new(io::stdout().lock());
    write(&mut output).and_then(|()| output.flush()).map_err(|error| Failure::output(&error))
}

/// Says why the command line `arguments` was not understood: in colours, as long as all of it can be seen. Nothing is to be done
/// when even that fails; help and version are written like any other answer.
pub(super) fn usage_error(mut error: clap::Error, arguments: &[OsString]) {
    let is_seen = |text: &str| printable(text) == text;
    if arguments.iter().all(|argument| is_seen(&argument.to_string_lossy())) {
        let _ = error.print();
        return;
    }
    let quoted: Vec<(ContextKind, String)> = error
        .context()
        .filter_map(|(kind, value)| match value {
            ContextValue::String(text) => Some((kind, text.clone())),
            _ => None,
        })
        .collect();
    for (kind, text) in quoted {
        error.insert(kind, ContextValue::String(printable(&text).into_owned()));
    }
    usage_text(&error.render().to_string());
}

/// Says `text`, why a command line was not understood, without colours. Nothing is to be done when even that fails.
pub(super) fn usage_text(text: &str) {
    let _ = io::stderr().lock().write_all(printable_lines(text).as_bytes());
}

/// `text` on one line, without what steers a terminal, and not longer than anybody reads.
fn excerpt(text: &str) -> String {
    match text.char_indices().nth(CHARACTERS_MAX) {
        Some((end, _)) => format!("{}…", printable_line(text.get(..end).unwrap_or_default())),
        None => printable_line(text),
    }
}
