//! A report before it is text, Markdown or anything else: sections of figures and tables with every number already written.

use ct_core::printable::printable;

/// A report that every form is made from, so that no number is written twice. Its texts may hold anything: the forms show what
/// would steer a terminal, turn the line around or not be seen.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Document {
    /// Heading of the whole.
    pub title: String,
    /// What a reader must know before anything else.
    pub notes: Vec<Note>,
    /// The parts, in reading order.
    pub sections: Vec<Section>,
}

/// A part of a report under its own heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Section {
    /// Heading.
    pub title: String,
    /// Whether it is read first.
    pub role: Role,
    /// What stands under it.
    pub blocks: Vec<Block>,
}

/// Whether a section is read first. A page begins with what is read first; a terminal ends with it, because there the last
/// lines are the ones in sight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Role {
    /// The result in short.
    Summary,
    /// Everything else, and what a summary is about.
    Detail,
}

/// One piece of a section.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Names with texts, one per line.
    Properties(Vec<Fact>),
    /// Names with numbers, side by side where there is room.
    Figures(Vec<Fact>),
    /// Rows and columns.
    Table(Table),
    /// Lines drawn with characters of equal width.
    Chart(Vec<String>),
    /// A remark.
    Note(Note),
}

/// A name and what is to be said under it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fact {
    /// Name for people.
    pub name: String,
    /// Value for people, unit included.
    pub value: String,
}

/// Rows of cells under column headings.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Table {
    /// What the table shows; empty when the section's heading says it.
    pub caption: String,
    /// Columns.
    pub columns: Vec<Column>,
    /// Cells, as many in each row as there are columns.
    pub rows: Vec<Vec<String>>,
}

/// A column of a [`Table`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Column {
    /// Heading.
    pub title: String,
    /// Side on which the cells stand.
    pub align: Align,
}

/// Side on which the cells of a column stand.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Align {
    /// Words.
    Left,
    /// Numbers.
    Right,
}

/// A remark.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Note {
    /// How much it matters.
    pub tone: Tone,
    /// One sentence or more.
    pub text: String,
}

/// How much a remark matters.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tone {
    /// Explains.
    Plain,
    /// Limits what the result means.
    Warning,
    /// Says that something failed.
    Failure,
}

impl Document {
    /// The same with every text [`printable`]: what each form makes of a document begins here, whoever wrote the texts.
    pub(super) fn printable(&self) -> Self {
        Self {
            title: shown(&self.title),
            notes: self.notes.iter().map(Note::printable).collect(),
            sections: self.sections.iter().map(Section::printable).collect(),
        }
    }
}

fn shown(text: &str) -> String {
    printable(text).into_owned()
}

impl Section {
    fn printable(&self) -> Self {
        Self {
            title: shown(&self.title),
            role: self.role,
            blocks: self.blocks.iter().map(Block::printable).collect(),
        }
    }

    /// A section with these blocks, in its place.
    pub fn detail(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { title: title.into(), role: Role::Detail, blocks }
    }

    /// A section with these blocks that is read first.
    pub fn summary(title: impl Into<String>, blocks: Vec<Block>) -> Self {
        Self { title: title.into(), role: Role::Summary, blocks }
    }
}

impl Block {
    fn printable(&self) -> Self {
        let facts = |facts: &[Fact]| facts.iter().map(Fact::printable).collect();
        match self {
            Self::Properties(properties) => Self::Properties(facts(properties)),
            Self::Figures(figures) => Self::Figures(facts(figures)),
            Self::Table(table) => Self::Table(table.printable()),
            Self::Chart(lines) => Self::Chart(lines.iter().map(|line| shown(line)).collect()),
            Self::Note(note) => Self::Note(note.printable()),
        }
    }
}

impl Table {
    fn printable(&self) -> Self {
        let column = |column: &Column| Column { title: shown(&column.title), align: column.align };
        Self {
            caption: shown(&self.caption),
            columns: self.columns.iter().map(column).collect(),
            rows: self
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| shown(cell)).collect())
                .collect(),
        }
    }
}

impl Fact {
    fn printable(&self) -> Self {
        Self { name: shown(&self.name), value: shown(&self.value) }
    }

    /// `name` with `value`.
    pub fn new(name: impl Into<String>, value: impl Into<String>) -> Self {
        Self { name: name.into(), value: value.into() }
    }
}

impl Column {
    /// A column of words.
    pub fn words(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::Left }
    }

    /// A column of numbers.
    pub fn numbers(title: impl Into<String>) -> Self {
        Self { title: title.into(), align: Align::Right }
    }
}

impl Note {
    fn printable(&self) -> Self {
        Self { tone: self.tone, text: shown(&self.text) }
    }

    /// A remark that explains.
    pub fn plain(text: impl Into<String>) -> Self {
        Self { tone: Tone::Plain, text: text.into() }
    }

    /// A remark that limits what the result means.
    pub fn warning(text: impl Into<String>) -> Self {
        Self { tone: Tone::Warning, text: text.into() }
    }

    /// A remark that something failed.
    pub fn failure(text: impl Into<String>) -> Self {
        Self { tone: Tone::Failure, text: text.into() }
    }
}
