//! A report as Markdown.

use super::document::{Align, Block, Column, Document, Fact, Note, Section, Table, Tone};

/// `document` as GitHub-flavoured Markdown.
pub fn markdown(document: &Document) -> String {
    let mut text = format!("# {}\n", escaped(&document.title));
    for note in &document.notes {
        text.push_str(&format!("\n{}", note_text(note)));
    }
    for section in &document.sections {
        text.push_str(&section_text(section));
    }
    text
}

fn section_text(section: &Section) -> String {
    let mut text = format!("\n## {}\n", escaped(&section.title));
    for block in &section.blocks {
        text.push('\n');
        text.push_str(&match block {
            Block::Properties(facts) => facts_text(facts, Align::Left),
            Block::Figures(facts) => facts_text(facts, Align::Right),
            Block::Table(table) => table_text(table),
            Block::Chart(lines) => format!("```text\n{}\n```\n", lines.join("\n")),
            Block::Note(note) => note_text(note),
        });
    }
    text
}

fn note_text(note: &Note) -> String {
    let text = escaped(&note.text);
    match note.tone {
        Tone::Plain => format!("{text}\n"),
        Tone::Warning => format!("> **Warning:** {text}\n"),
        Tone::Failure => format!("> **Failure:** {text}\n"),
    }
}

fn facts_text(facts: &[Fact], align: Align) -> String {
    let columns = [Column::words(""), Column { title: String::new(), align }];
    let rows: Vec<_> =
        facts.iter().map(|fact| vec![fact.name.clone(), fact.value.clone()]).collect();
    grid(&columns, &rows)
}

fn table_text(table: &Table) -> String {
    let caption = match table.caption.as_str() {
        "" => String::new(),
        caption => format!("**{}**\n\n", escaped(caption)),
    };
    format!("{caption}{}", grid(&table.columns, &table.rows))
}

fn grid(columns: &[Column], rows: &[Vec<String>]) -> String {
    let line = |cells: &mut dyn Iterator<Item = String>| {
        format!("| {} |\n", cells.collect::<Vec<_>>().join(" | "))
    };
    let ruler = |column: &Column| match column.align {
        Align::Left => ":--".to_owned(),
        Align::Right => "--:".to_owned(),
    };
    let mut text = line(&mut columns.iter().map(|column| escaped(&column.title)));
    text.push_str(&line(&mut columns.iter().map(ruler)));
    for row in rows {
        text.push_str(&line(&mut row.iter().map(|cell| escaped(cell))));
    }
    text
}

/// `text` with a backslash before whatever Markdown or a table would take for markup.
fn escaped(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for character in text.chars() {
        if matches!(character, '\\' | '|' | '*' | '_' | '`' | '<' | '[' | ']' | '#') {
            escaped.push('\\');
        }
        escaped.push(character);
    }
    escaped
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_report_reads_like_this() {
        let document = Document {
            title: "one on two".to_owned(),
            notes: vec![Note::warning("Mind this.")],
            sections: vec![Section::new(
                "First",
                vec![
                    Block::Figures(vec![Fact::new("a_b", "1|2")]),
                    Block::Table(Table {
                        caption: "What it is".to_owned(),
                        columns: vec![Column::words("Name"), Column::numbers("Number")],
                        rows: vec![vec!["x".to_owned(), "1.00".to_owned()]],
                    }),
                    Block::Chart(vec!["⠤⠤".to_owned()]),
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

```text
⠤⠤
```
";
        assert_eq!(markdown(&document), expected);
    }
}
