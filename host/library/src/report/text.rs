//! A report as text for terminals.

use comfy_table::{CellAlignment, LineStyle, Table as Grid, TableStyle};

use super::document::{Align, Block, Document, Fact, Note, Role, Section, Table, Tone};

/// Whether headings and warnings are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Styling {
    /// Characters only, for files and pipes.
    #[default]
    Plain,
    /// With ANSI escape sequences, for terminals.
    Ansi,
}

/// Width of headings and of figures that stand side by side, in characters.
const WIDTH: usize = 96;

/// `document` as text, about 100 characters wide: details first, the summary and once more the notes last, where a
/// terminal shows them.
pub fn text(document: &Document, styling: Styling) -> String {
    let document = &document.printable();
    let mut lines = vec![styling.bold(&document.title)];
    for note in &document.notes {
        lines.extend([String::new(), note_line(note, styling)]);
    }
    let (summary, details): (Vec<&Section>, Vec<&Section>) =
        document.sections.iter().partition(|section| section.role == Role::Summary);
    for section in details.into_iter().chain(summary.iter().copied()) {
        lines.extend(section_lines(section, styling));
    }
    if !summary.is_empty() {
        for note in &document.notes {
            lines.extend([String::new(), note_line(note, styling)]);
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn section_lines(section: &Section, styling: Styling) -> Vec<String> {
    let mut lines = vec![String::new(), heading(section, styling)];
    for (place, block) in section.blocks.iter().enumerate() {
        if place > 0 {
            lines.push(String::new());
        }
        lines.extend(block_lines(block, styling));
    }
    lines
}

fn heading(section: &Section, styling: Styling) -> String {
    let rule = "─".repeat(WIDTH.saturating_sub(section.title.chars().count() + 4));
    styling.bold(&format!("── {} {rule}", section.title))
}

fn block_lines(block: &Block, styling: Styling) -> Vec<String> {
    match block {
        Block::Properties(facts) => properties(facts),
        Block::Figures(facts) => figures(facts),
        Block::Table(table) => table_lines(table, styling),
        Block::Chart(lines) => lines.clone(),
        Block::Note(note) => vec![note_line(note, styling)],
    }
}

fn note_line(note: &Note, styling: Styling) -> String {
    match note.tone {
        Tone::Plain => format!(" {}", note.text),
        Tone::Warning => styling.coloured(Colour::Yellow, &format!(" ! {}", note.text)),
        Tone::Failure => styling.coloured(Colour::Red, &format!(" ✗ {}", note.text)),
    }
}

fn properties(facts: &[Fact]) -> Vec<String> {
    let mut grid = grid();
    for fact in facts {
        grid.add_row([&fact.name, &fact.value]);
    }
    lines(&grid)
}

/// Figures in two columns when there are more than a few, read down and then across.
fn figures(facts: &[Fact]) -> Vec<String> {
    const ONE_COLUMN_MAX: usize = 3;
    const GAP: &str = "    ";
    let height = if facts.len() > ONE_COLUMN_MAX { facts.len().div_ceil(2) } else { facts.len() };
    let (left, right) = facts.split_at(height.min(facts.len()));
    let mut grid = grid();
    for (place, fact) in left.iter().enumerate() {
        let mut row = vec![fact.name.as_str(), fact.value.as_str()];
        if let Some(beside) = right.get(place) {
            row.extend([GAP, beside.name.as_str(), beside.value.as_str()]);
        }
        grid.add_row(row);
    }
    for value in [1, 4] {
        if let Some(column) = grid.column_mut(value) {
            column.set_cell_alignment(CellAlignment::Right);
        }
    }
    lines(&grid)
}

fn table_lines(table: &Table, styling: Styling) -> Vec<String> {
    let mut grid = grid();
    grid.load_style(TableStyle::new().header_separator(LineStyle::none().fill('─')));
    grid.set_header(table.columns.iter().map(|column| column.title.as_str()));
    for row in &table.rows {
        grid.add_row(row);
    }
    for (place, column) in table.columns.iter().enumerate() {
        if let (Align::Right, Some(cells)) = (column.align, grid.column_mut(place)) {
            cells.set_cell_alignment(CellAlignment::Right);
        }
    }
    let mut shown = lines(&grid);
    if !table.caption.is_empty() {
        shown.insert(0, format!(" {}", styling.bold(&table.caption)));
    }
    shown
}

fn grid() -> Grid {
    let mut grid = Grid::new();
    grid.load_style(comfy_table::presets::NOTHING);
    grid
}

fn lines(grid: &Grid) -> Vec<String> {
    grid.lines().map(|line| line.trim_end().to_owned()).collect()
}

#[derive(Clone, Copy)]
enum Colour {
    Red,
    Yellow,
}

impl Styling {
    fn bold(self, text: &str) -> String {
        self.escaped("1", text)
    }

    fn coloured(self, colour: Colour, text: &str) -> String {
        match colour {
            Colour::Red => self.escaped("1;31", text),
            Colour::Yellow => self.escaped("1;33", text),
        }
    }

    fn escaped(self, code: &str, text: &str) -> String {
        match self {
            Self::Plain => text.to_owned(),
            Self::Ansi => format!("\x1b[{code}m{text}\x1b[0m"),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::Column;

    #[test]
    fn a_report_reads_like_this() {
        let figures = |names: &[&str]| {
            let fact = |(place, name): (usize, &&str)| Fact::new(*name, format!("{place}.00"));
            Block::Figures(names.iter().enumerate().map(fact).collect())
        };
        let document = Document {
            title: "one on two".to_owned(),
            notes: vec![Note::warning("Mind this.")],
            sections: vec![
                Section::summary("First", vec![figures(&["a", "bb", "ccc", "d"])]),
                Section::detail(
                    "Second",
                    vec![
                        Block::Table(Table {
                            caption: "What it is".to_owned(),
                            columns: vec![Column::words("Name"), Column::numbers("Number")],
                            rows: vec![
                                vec!["x".to_owned(), "1.00".to_owned()],
                                vec!["long name".to_owned(), "-20.00".to_owned()],
                            ],
                        }),
                        Block::Note(Note::plain("That is all.")),
                    ],
                ),
            ],
        };
        let shown = text(&document, Styling::Plain);
        let rule = |title: &str| format!("── {title} {}", "─".repeat(92 - title.len()));
        let expected = [
            "one on two",
            "",
            " ! Mind this.",
            "",
            &rule("Second"),
            " What it is",
            " Name       Number",
            "───────────────────",
            " x            1.00",
            " long name  -20.00",
            "",
            " That is all.",
            "",
            &rule("First"),
            " a   0.00        ccc  2.00",
            " bb  1.00        d    3.00",
            "",
            " ! Mind this.",
            "",
        ];
        assert_eq!(shown, expected.join("\n"));
    }

    #[test]
    fn only_a_terminal_gets_escape_sequences() {
        let document = Document { notes: vec![Note::failure("No.")], ..Document::default() };
        assert!(!text(&document, Styling::Plain).contains('\x1b'));
        assert!(text(&document, Styling::Ansi).contains("\x1b[1;31m ✗ No.\x1b[0m"));
    }
}
