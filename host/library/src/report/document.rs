//! A report before it is text, Markdown or anything else: sections of figures and tables with every number already written.

use ct_core::printable::printable;

/// A report that every form is made from, so that no number is written twice. Its texts may hold anything: the forms show what
/// would steer a terminal, turn the line around or not be seen.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Document {
    /// Heading of the whole.
    pub title: String,
    /// What a reader must know before anything else.
    pub notes: Vec<Note>,
    /// The parts, in reading order.
    pub sections: Vec<Section>,
}

/// A part of a report under its own heading.
#[derive(Clone, Debug, PartialEq)]
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
#[derive(Clone, Debug, PartialEq)]
pub enum Block {
    /// Names with texts, one per line.
    Properties(Vec<Fact>),
    /// Names with numbers, side by side where there is room.
    Figures(Vec<Fact>),
    /// Rows and columns.
    Table(Table),
    /// A curve, drawn with characters of equal width.
    Chart(Chart),
    /// A remark.
    Note(Note),
}

/// A curve over time, with what stands at its axes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Chart {
    /// Values, the earliest first; NaN where there is none.
    pub values: Vec<f64>,
    /// The highest value, written.
    pub highest: String,
    /// The lowest value, written.
    pub lowest: String,
    /// A value whose height is marked.
    pub marked: f64,
    /// The same, written.
    pub marked_label: String,
    /// What the first value stands at.
    pub from: String,
    /// What the last value stands at.
    pub to: String,
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
        self.written(&|text| printable(text).into_owned())
    }

    /// The same with every text as `write` writes it.
    pub(super) fn written(&self, write: Write<'_>) -> Self {
        Self {
            title: write(&self.title),
            notes: self.notes.iter().map(|note| note.written(write)).collect(),
            sections: self.sections.iter().map(|section| section.written(write)).collect(),
        }
    }
}

/// How a text is written.
type Write<'a> = &'a dyn Fn(&str) -> String;

impl Section {
    fn written(&self, write: Write<'_>) -> Self {
        Self {
            title: write(&self.title),
            role: self.role,
            blocks: self.blocks.iter().map(|block| block.written(write)).collect(),
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
    fn written(&self, write: Write<'_>) -> Self {
        let facts = |facts: &[Fact]| facts.iter().map(|fact| fact.written(write)).collect();
        match self {
            Self::Properties(properties) => Self::Properties(facts(properties)),
            Self::Figures(figures) => Self::Figures(facts(figures)),
            Self::Table(table) => Self::Table(table.written(write)),
            Self::Chart(chart) => Self::Chart(chart.written(write)),
            Self::Note(note) => Self::Note(note.written(write)),
        }
    }
}

impl Chart {
    fn written(&self, write: Write<'_>) -> Self {
        Self {
            values: self.values.clone(),
            highest: write(&self.highest),
            lowest: write(&self.lowest),
            marked: self.marked,
            marked_label: write(&self.marked_label),
            from: write(&self.from),
            to: write(&self.to),
        }
    }
}

impl Table {
    fn written(&self, write: Write<'_>) -> Self {
        let column = |column: &Column| Column { title: write(&column.title), align: column.align };
        Self {
            caption: write(&self.caption),
            columns: self.columns.iter().map(column).collect(),
            rows: self
                .rows
                .iter()
                .map(|row| row.iter().map(|cell| write(cell)).collect())
                .collect(),
        }
    }
}

impl Fact {
    fn written(&self, write: Write<'_>) -> Self {
        Self { name: write(&self.name), value: write(&self.value) }
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
    fn written(&self, write: Write<'_>) -> Self {
        Self { tone: self.tone, text: write(&self.text) }
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
