//! What a text is shown on: how wide it is, and which characters and colours it has.

/// Whether headings and warnings are coloured.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Styling {
    /// Characters only, for files and pipes.
    #[default]
    Plain,
    /// With ANSI escape sequences, for terminals.
    Ansi,
}

/// Which characters can be shown.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Characters {
    /// All of them: rules, curves in braille, signs.
    #[default]
    Unicode,
    /// Those of ASCII: for the locale `C`, old terminals and plain logs.
    Ascii,
}

/// What a text is shown on.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Layout {
    /// Colours.
    pub styling: Styling,
    /// Characters.
    pub characters: Characters,
    /// Columns that a line may have.
    pub width: usize,
}

impl Default for Layout {
    /// What fits everywhere: 80 columns without colours.
    fn default() -> Self {
        Self { styling: Styling::Plain, characters: Characters::Unicode, width: 80 }
    }
}

impl Characters {
    /// What lines are drawn with.
    pub(super) const fn rule(self) -> char {
        match self {
            Self::Unicode => '─',
            Self::Ascii => '-',
        }
    }

    /// `text` in these characters: signs of ours become what is written for them, others an escape such as `\u{e9}`.
    pub fn shown(self, text: &str) -> String {
        match self {
            Self::Ascii if !text.is_ascii() => text.chars().map(in_ascii).collect(),
            _ => text.to_owned(),
        }
    }
}

fn in_ascii(character: char) -> String {
    match character {
        '—' | '–' => "-".to_owned(),
        '→' => "->".to_owned(),
        '…' => "...".to_owned(),
        '²' => "^2".to_owned(),
        '√' => "sqrt ".to_owned(),
        '×' => "x".to_owned(),
        '·' => "*".to_owned(),
        'Σ' => "sum of ".to_owned(),
        _ if character.is_ascii() => character.to_string(),
        _ => character.escape_unicode().to_string(),
    }
}
