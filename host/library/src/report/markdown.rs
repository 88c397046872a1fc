//! A report as Markdown.

use super::chart;
use super::document::{Align, Block, Column, Document, Fact, Note, Table, Tone};
use super::layout::Characters;

/// `document` as GitHub-flavoured Markdown.
pub fn markdown(document: &Document) -> String {
    let document = &document.printable();
    let mut lines = vec![format!("# {}", escaped(&document.title))];
    for note in &document.notes {
        lines.extend([String::new(), note_line(note)]);
    }
    for section in &document.sections {
        lines.extend([String::new(), format!("## {}", escaped(&section.title))]);
        for block in &section.blocks {
            lines.push(String::new());
            lines.extend(block_lines(block));
        }
    }
    lines.push(String::new());
    lines.join("\n")
}

fn block_lines(block: &Block) -> Vec<String> {
    match block {
        Block::Properties(facts) => facts_lines(facts, Align::Left),
        Block::Figures(facts) => facts_lines(facts, Align::Right),
        Block::Table(table) => table_lines(table),
        Block::Chart(curve) => {
            let drawn = chart::lines(curve, usize::MAX, Characters::Unicode);
            let fence = fence(&drawn);
            let begin = std::iter::once(format!("{fence}text"));
            begin.chain(drawn).chain([fence]).collect()
        }
        Block::Note(note) => vec![note_line(note)],
    }
}

/// More backticks than stand together anywhere in `lines`, three at least: no line can end the block.
fn fence(lines: &[String]) -> String {
    const LENGTH_MIN: usize = 3;
    let runs = lines.iter().flat_map(|line| line.split(|character| character != '`'));
    let longest = runs.map(str::len).max().unwrap_or_default();
    "`".repeat(LENGTH_MIN.max(longest.saturating_add(1)))
}

fn note_line(note: &Note) -> String {
    let text = escaped(&note.text);
    match note.tone {
        Tone::Plain => text,
        Tone::Warning => format!("> **Warning:** {text}"),
        Tone::Failure => format!("> **Failure:** {text}"),
    }
}

fn facts_lines(facts: &[Fact], align: Align) -> Vec<String> {
    let columns = [Column::words(""), Column { title: String::new(), align }];
    let rows: Vec<_> =
        facts.iter().map(|fact| vec![fact.name.clone(), fact.value.clone()]).collect();
    grid(&columns, &rows)
}

fn table_lines(table: &Table) -> Vec<String> {
    let mut lines = grid(&table.columns, &table.rows);
    if !table.caption.is_empty() {
        lines.splice(0..0, [format!("**{}**", escaped(&table.caption)), String::new()]);
    }
    lines
}

fn grid(columns: &[Column], rows: &[Vec<String>]) -> Vec<String> {
    let titles: Vec<String> = columns.iter().map(|column| escaped(&column.title)).collect();
    let ruler = |column: &Column| match column.align {
        Align::Left => ":--",
        Align::Right => "--:",
    };
    let rulers: Vec<&str> = columns.iter().map(ruler).collect();
    let mut lines = vec![row_line(&titles.join(" | ")), row_line(&rulers.join(" | "))];
    for row in rows {
        let cells: Vec<String> = row.iter().map(|cell| escaped(cell.trim())).collect();
        lines.push(row_line(&cells.join(" | ")));
    }
    lines
}

fn row_line(cells: &str) -> String {
    format!("| {cells} |")
}

/// `text` with a backslash before whatever Markdown or a table would take for markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(
            character,
            '\\' | '|' | '*' | '_' | '`' | '<' | '[' | ']' | '#' | '&' | '~' | '$'
        ) {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::{Chart, Section};

    #[test]
    fn a_report_reads_like_this() {
        let document = Document {
            title: "one on two".to_owned(),
            notes: vec![Note::warning("Mind this.")],
            sections: vec![Section::detail(
                "First",
                vec![
                    Block::Figures(vec![Fact::new("a_b", "1|2")]),
                    Block::Table(Table {
                        caption: "What it is".to_owned(),
                        columns: vec![Column::words("Name"), Column::numbers("Number")],
                        rows: vec![vec!["x".to_owned(), "1.00".to_owned()]],
                    }),
                ],
            )],
        };
        let expected = "\
# one on two

> **Warning:** Mind this.

## First

|  |  |
| :-- | --: |
| a\\_b | 1\\|2 |

**What it is**

| Name | Number |
| :-- | --: |
| x | 1.00 |
";
        assert_eq!(markdown(&document), expected);
    }

    #[test]
    fn markup_in_names_is_text() {
        let document = Document {
            title: "<script>alert(1)</script>".to_owned(),
            notes: vec![Note::warning("[x](javascript:y)\n# `z` &lt;")],
            sections: vec![Section::detail(
                "a\u{202e}b",
                vec![Block::Properties(vec![Fact::new("A|B\n| C", "~~$x$~~")])],
            )],
        };
        let expected = r"# \<script>alert(1)\</script>

> **Warning:** \[x\](javascript:y)\\n\# \`z\` \&lt;

## a\\u{202e}b

|  |  |
| :-- | :-- |
| A\|B\\n\| C | \~\~\$x\$\~\~ |
";
        assert_eq!(markdown(&document), expected);
        let chart = Chart { values: vec![1.0; 2], from: "```".to_owned(), ..Chart::default() };
        let sections = vec![Section::detail("Curve", vec![Block::Chart(chart)])];
        let shown = markdown(&Document { sections, ..Document::default() });
        assert!(shown.contains("\n````text\n") && shown.ends_with("```\n````\n"), "{shown}");
    }
}
