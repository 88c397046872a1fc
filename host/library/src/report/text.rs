//! A report as text for terminals.

use super::chart;
use super::document::{Block, Column, Document, Fact, Note, Role, Section, Table, Tone};
use super::grid::Grid;
use super::layout::{Characters, Layout, Styling};
use super::wrap::{width, wrapped};

/// Widest that headings are drawn.
const HEADING_MAX: usize = 96;

/// `document` as text whose lines fit `layout`: details first, the summary and once more the notes last, where a terminal shows
/// them.
pub fn text(document: &Document, layout: Layout) -> String {
    let document = &document.printable().written(&|text| layout.characters.shown(text));
    let mut lines = layout.wrapped(&document.title, 0);
    if let Some(title) = lines.first_mut() {
        *title = layout.styling.bold(title);
    }
    for note in &document.notes {
        lines.push(String::new());
        lines.extend(note_lines(note, layout));
    }
    let (summary, details): (Vec<&Section>, Vec<&Section>) =
        document.sections.iter().partition(|section| section.role == Role::Summary);
    for section in details.into_iter().chain(summary.iter().copied()) {
        lines.extend(section_lines(section, layout));
    }
    if !summary.is_empty() {
        for note in &document.notes {
            lines.push(String::new());
            lines.extend(note_lines(note, layout));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn section_lines(section: &Section, layout: Layout) -> Vec<String> {
    let mut lines = vec![String::new()];
    lines.extend(heading(section, layout));
    for (place, block) in section.blocks.iter().enumerate() {
        if place > 0 {
            lines.push(String::new());
        }
        lines.extend(block_lines(block, layout));
    }
    lines
}

fn heading(section: &Section, layout: Layout) -> Vec<String> {
    let rule = |length: usize| layout.characters.rule().to_string().repeat(length);
    let titles = layout.wrapped(&section.title, 4);
    let lines = titles.iter().map(|title| {
        let length = layout.width.min(HEADING_MAX).saturating_sub(width(title) + 4);
        layout.styling.bold(&format!("{} {title} {}", rule(2), rule(length)))
    });
    lines.collect()
}

fn block_lines(block: &Block, layout: Layout) -> Vec<String> {
    match block {
        Block::Properties(facts) => properties(facts, layout),
        Block::Figures(facts) => figures(facts, layout),
        Block::Table(table) => table_lines(table, layout),
        Block::Chart(curve) => chart::lines(curve, layout.width, layout.characters),
        Block::Note(note) => note_lines(note, layout),
    }
}

fn note_lines(note: &Note, layout: Layout) -> Vec<String> {
    let failure = match layout.characters {
        Characters::Unicode => "✗",
        Characters::Ascii => "x",
    };
    let (mark, colour) = match note.tone {
        Tone::Plain => (" ".to_owned(), None),
        Tone::Warning => (" ! ".to_owned(), Some(Colour::Yellow)),
        Tone::Failure => (format!(" {failure} "), Some(Colour::Red)),
    };
    let indent = " ".repeat(width(&mark));
    let lines = layout.wrapped(&note.text, width(&mark));
    let marked = lines.iter().enumerate().map(|(place, line)| {
        let before = if place == 0 { &mark } else { &indent };
        let line = format!("{before}{line}");
        colour.map_or_else(|| line.clone(), |colour| layout.styling.coloured(colour, &line))
    });
    marked.collect()
}

/// Names with what is said of them beside them, or below them where there is little room.
fn properties(facts: &[Fact], layout: Layout) -> Vec<String> {
    const BESIDE_MIN: usize = 32;
    const BELOW: usize = 4;
    let names = facts.iter().map(|fact| width(&fact.name)).max().unwrap_or_default();
    let beside = names + 3;
    if layout.width < beside + BESIDE_MIN {
        let lines = facts.iter().flat_map(|fact| {
            let indented = |line: String| format!("{}{line}", " ".repeat(BELOW));
            let values = layout.wrapped(&fact.value, BELOW).into_iter().map(indented);
            let name = layout.wrapped(&fact.name, 1).into_iter().map(|line| format!(" {line}"));
            name.chain(values).collect::<Vec<_>>()
        });
        return lines.collect();
    }
    let lines = facts.iter().flat_map(|fact| {
        let values = layout.wrapped(&fact.value, beside).into_iter().enumerate();
        let line = |(place, value): (usize, String)| {
            let name = if place == 0 { fact.name.as_str() } else { "" };
            let blanks = " ".repeat(names.saturating_sub(width(name)));
            format!(" {name}{blanks}  {value}").trim_end().to_owned()
        };
        values.map(line).collect::<Vec<_>>()
    });
    lines.collect()
}

/// Figures in two columns when there are more than a few, read down and then across, where there is room.
fn figures(facts: &[Fact], layout: Layout) -> Vec<String> {
    const ONE_COLUMN_MAX: usize = 3;
    const GAP: &str = "    ";
    let height = if facts.len() > ONE_COLUMN_MAX { facts.len().div_ceil(2) } else { facts.len() };
    let (left, right) = facts.split_at(height.min(facts.len()));
    let cells = |fact: &Fact| [fact.name.clone(), fact.value.clone()];
    let columns = [
        Column::words(""),
        Column::numbers(""),
        Column::words(""),
        Column::words(""),
        Column::numbers(""),
    ];
    let beside = left.iter().enumerate().map(|(place, fact)| {
        let mut row = cells(fact).to_vec();
        if let Some(beside) = right.get(place) {
            row.push(GAP.to_owned());
            row.extend(cells(beside));
        }
        row
    });
    let rule = layout.characters.rule();
    let lines = Grid::new(&columns, &beside.collect::<Vec<_>>()).lines(usize::MAX, rule);
    if lines.iter().all(|line| width(line) <= layout.width) {
        return lines;
    }
    let below: Vec<Vec<String>> = facts.iter().map(|fact| cells(fact).to_vec()).collect();
    let columns = [Column::words(""), Column::numbers("")];
    Grid::new(&columns, &below).lines(layout.width, rule)
}

fn table_lines(table: &Table, layout: Layout) -> Vec<String> {
    let grid = Grid::new(&table.columns, &table.rows);
    let mut shown = grid.lines(layout.width, layout.characters.rule());
    if !table.caption.is_empty() {
        let caption = layout.wrapped(&table.caption, 1);
        shown.splice(0..0, caption.iter().map(|line| format!(" {}", layout.styling.bold(line))));
    }
    shown
}

impl Layout {
    /// `text` in lines that leave room for `indent` columns before each.
    fn wrapped(self, text: &str, indent: usize) -> Vec<String> {
        wrapped(text, self.width.saturating_sub(indent).max(1))
    }
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
    use crate::report::example;

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
        let shown = text(&document, Layout::default());
        let rule = |title: &str| format!("── {title} {}", "─".repeat(76 - title.len()));
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
        assert!(!text(&document, Layout::default()).contains('\x1b'));
        assert!(
            text(&document, Layout { styling: Styling::Ansi, ..Layout::default() })
                .contains("\x1b[1;31m ✗ No.\x1b[0m")
        );
    }

    #[test]
    fn no_line_is_wider_than_there_is_room() {
        let mut result = example::result();
        example::explain(&mut result);
        result.trades = vec![result.trades[0].clone(); 12];
        result.faults.push(example::fault());
        let document = Document::of_result(&result);
        for room in [40, 60, 80, 100, 200] {
            for characters in [Characters::Unicode, Characters::Ascii] {
                let layout = Layout { width: room, characters, ..Layout::default() };
                let shown = text(&document, layout);
                for line in shown.lines() {
                    assert!(width(line) <= room, "{room}: {line:?}");
                    assert!(characters == Characters::Unicode || line.is_ascii(), "{line:?}");
                }
            }
        }
    }

    #[test]
    fn what_is_said_of_a_name_goes_below_it_where_there_is_little_room() {
        let fact = Fact::new("Breakers", "everything is closed for good");
        let sections = vec![Section::detail("Run", vec![Block::Properties(vec![fact])])];
        let document = Document { sections, ..Document::default() };
        let shown = |width| text(&document, Layout { width, ..Layout::default() });
        assert!(shown(60).contains(" Breakers  everything is closed for good\n"));
        assert!(shown(24).ends_with(" Breakers\n    everything is closed\n    for good\n"));
    }
}
