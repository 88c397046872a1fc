//! Curves drawn with braille characters, two by four dots in each, or in ASCII, two dots one below the other in each.

use super::document::Chart;
use super::layout::Characters;
use super::wrap::width;

/// Widest and highest that a curve is drawn, in characters.
const COLUMNS_MAX: usize = 78;
const ROWS: usize = 10;

/// `chart` in lines of at most `room` columns.
pub(super) fn lines(chart: &Chart, room: usize, characters: Characters) -> Vec<String> {
    let start = row_of(chart.marked, &chart.values, ROWS, characters);
    let label = |row: usize| match row {
        0 => chart.highest.as_str(),
        _ if row == ROWS - 1 => &chart.lowest,
        _ if start == Some(row) => &chart.marked_label,
        _ => "",
    };
    let labels: Vec<&str> = (0..ROWS).map(label).collect();
    let labelled = labels.iter().map(|label| width(label)).max().unwrap_or_default();
    let columns = room.saturating_sub(labelled + 3).min(COLUMNS_MAX);
    let (axis, tick) = match characters {
        Characters::Unicode => ('│', '┤'),
        Characters::Ascii => ('|', '+'),
    };
    let drawn = curve(&chart.values, columns, ROWS, characters);
    let mut lines: Vec<String> = labels
        .iter()
        .zip(drawn)
        .map(|(label, line)| {
            let tick = if label.is_empty() { axis } else { tick };
            format!(" {label:>labelled$} {tick}{line}")
        })
        .collect();
    let gap = columns.saturating_sub(width(&chart.from) + width(&chart.to));
    let indent = " ".repeat(labelled + 3);
    let dates = format!("{indent}{}{}{}", chart.from, " ".repeat(gap), chart.to);
    lines.push(dates.trim_end().to_owned());
    lines
}

/// Draws `values` as a curve over `columns` × `rows` characters, the highest value at the top. Every value leaves a dot: a
/// column that stands for many values shows their whole range. NaN leaves none.
fn curve(values: &[f64], columns: usize, rows: usize, characters: Characters) -> Vec<String> {
    let mut canvas = Canvas::new(columns, rows, characters);
    let Some(range) = Range::of(values) else { return canvas.lines() };
    let dots = Dots::of(characters);
    let dots_across = columns * dots.across;
    let dots_down = rows * dots.down;
    let mut before = None;
    for across in 0..dots_across {
        let first = across * values.len() / dots_across;
        let end = ((across + 1) * values.len() / dots_across).max(first + 1);
        let Some(part) = values.get(first..end).and_then(Range::of) else { continue };
        let (mut top, mut bottom) =
            (range.dot(part.highest, dots_down), range.dot(part.lowest, dots_down));
        // Steep steps stay one line: the dots reach to where the column before ended.
        if let Some((top_before, bottom_before)) = before {
            if top > bottom_before {
                top = bottom_before + 1;
            }
            if bottom < top_before {
                bottom = top_before - 1;
            }
        }
        (top..=bottom).for_each(|down| canvas.set(across, down));
        before = Some((range.dot(part.highest, dots_down), range.dot(part.lowest, dots_down)));
    }
    canvas.lines()
}

/// Row of characters, from the top, in which [`curve`] draws `value`.
fn row_of(value: f64, values: &[f64], rows: usize, characters: Characters) -> Option<usize> {
    let range = Range::of(values)?;
    let down = Dots::of(characters).down;
    Some(range.dot(value, rows * down) / down)
}

/// Lowest and highest value that is no NaN.
pub(super) fn extremes(values: &[f64]) -> Option<(f64, f64)> {
    Range::of(values).map(|range| (range.lowest, range.highest))
}

/// Dots in a character.
#[derive(Clone, Copy)]
struct Dots {
    across: usize,
    down: usize,
}

impl Dots {
    const fn of(characters: Characters) -> Self {
        match characters {
            Characters::Unicode => Self { across: 2, down: 4 },
            Characters::Ascii => Self { across: 1, down: 2 },
        }
    }
}

#[derive(Clone, Copy)]
struct Range {
    lowest: f64,
    highest: f64,
}

impl Range {
    fn of(values: &[f64]) -> Option<Self> {
        let finite = || values.iter().copied().filter(|value| value.is_finite());
        Some(Self { lowest: finite().reduce(f64::min)?, highest: finite().reduce(f64::max)? })
    }

    /// Dot, counted from the top, of `value` when the range is `dots` high.
    fn dot(self, value: f64, dots: usize) -> usize {
        let height = self.highest - self.lowest;
        if height <= 0.0 {
            return dots / 2;
        }
        let share = ((self.highest - value) / height).clamp(0.0, 1.0);
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a share of the dots lies within them"
        )]
        let dot = (share * dots.saturating_sub(1) as f64).round() as usize;
        dot
    }
}

struct Canvas {
    characters: Characters,
    columns: usize,
    cells: Vec<u8>,
}

impl Canvas {
    fn new(columns: usize, rows: usize, characters: Characters) -> Self {
        Self { characters, columns, cells: vec![0; columns * rows] }
    }

    fn set(&mut self, across: usize, down: usize) {
        // Unicode numbers the dots of a cell column by column, but for the lowest two.
        const BITS: [[u8; 2]; 4] = [[0, 3], [1, 4], [2, 5], [6, 7]];
        let dots = Dots::of(self.characters);
        let place = down / dots.down * self.columns + across / dots.across;
        let bit = BITS.get(down % dots.down).and_then(|bits| bits.get(across % dots.across));
        if let (Some(cell), Some(bit)) = (self.cells.get_mut(place), bit) {
            *cell |= 1 << bit;
        }
    }

    fn lines(&self) -> Vec<String> {
        const EMPTY: u32 = 0x2800;
        let character = |cell: &u8| match (self.characters, cell) {
            (Characters::Unicode, _) => char::from_u32(EMPTY + u32::from(*cell)).unwrap_or(' '),
            (Characters::Ascii, 0) => ' ',
            (Characters::Ascii, 1) => '\'',
            (Characters::Ascii, 2) => '.',
            (Characters::Ascii, _) => ':',
        };
        let rows = self.cells.chunks(self.columns.max(1));
        rows.map(|row| row.iter().map(character).collect()).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rise_goes_from_the_lower_left_to_the_upper_right() {
        let rise: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(curve(&rise, 4, 2, Characters::Unicode), ["⠀⠀⡠⠊", "⡠⠊⠀⠀"]);
    }

    #[test]
    fn a_step_is_one_line() {
        assert_eq!(curve(&[0.0, 0.0, 9.0, 9.0], 2, 2, Characters::Unicode), ["⠀⡏", "⣀⠇"]);
    }

    #[test]
    fn many_values_in_one_column_show_their_range() {
        let noise: Vec<f64> = (0..100).map(|row| f64::from(row % 2)).collect();
        assert_eq!(curve(&noise, 1, 2, Characters::Unicode), ["⣿", "⣿"]);
    }

    #[test]
    fn a_constant_is_a_line_in_the_middle_and_nothing_is_nothing() {
        assert_eq!(curve(&[5.0; 4], 2, 1, Characters::Unicode), ["⠤⠤"]);
        assert_eq!(curve(&[], 2, 1, Characters::Unicode), ["⠀⠀"]);
        assert_eq!(curve(&[f64::NAN], 1, 1, Characters::Unicode), ["⠀"]);
        assert_eq!(extremes(&[f64::NAN, 2.0, 1.0]), Some((1.0, 2.0)));
        assert_eq!(row_of(2.0, &[0.0, 8.0], 8, Characters::Unicode), Some(5));
    }

    #[test]
    fn in_ascii_a_curve_has_two_heights_in_a_line() {
        let rise: Vec<f64> = (0..8).map(f64::from).collect();
        assert_eq!(curve(&rise, 8, 2, Characters::Ascii), ["    ..''", "..''    "]);
    }

    #[test]
    fn a_chart_is_as_wide_as_there_is_room() {
        let chart = Chart {
            values: (0..100).map(f64::from).collect(),
            highest: "99.00".to_owned(),
            lowest: "0.00".to_owned(),
            marked: 50.0,
            marked_label: "50.00".to_owned(),
            from: "2024-01-01".to_owned(),
            to: "2024-04-09".to_owned(),
        };
        for (room, drawn) in [(40, 40), (80, 80), (200, COLUMNS_MAX + 8)] {
            for characters in [Characters::Unicode, Characters::Ascii] {
                let lines = lines(&chart, room, characters);
                let widest = lines.iter().map(|line| width(line)).max();
                assert_eq!(widest, Some(drawn), "{lines:#?}");
            }
        }
    }
}
