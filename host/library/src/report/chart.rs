//! Curves drawn with braille characters: two by four dots in each.

/// Draws `values` as a curve over `columns` × `rows` characters, the highest value at the top. Every value leaves a dot: a
/// column that stands for many values shows their whole range. NaN leaves none.
pub(super) fn curve(values: &[f64], columns: usize, rows: usize) -> Vec<String> {
    let mut canvas = Canvas::new(columns, rows);
    let Some(range) = Range::of(values) else { return canvas.lines() };
    let dots_across = columns * DOTS_ACROSS;
    let dots_down = rows * DOTS_DOWN;
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
pub(super) fn row_of(value: f64, values: &[f64], rows: usize) -> Option<usize> {
    let range = Range::of(values)?;
    Some(range.dot(value, rows * DOTS_DOWN) / DOTS_DOWN)
}

/// Lowest and highest value that is no NaN.
pub(super) fn extremes(values: &[f64]) -> Option<(f64, f64)> {
    Range::of(values).map(|range| (range.lowest, range.highest))
}

const DOTS_ACROSS: usize = 2;
const DOTS_DOWN: usize = 4;

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
    columns: usize,
    cells: Vec<u8>,
}

impl Canvas {
    fn new(columns: usize, rows: usize) -> Self {
        Self { columns, cells: vec![0; columns * rows] }
    }

    fn set(&mut self, across: usize, down: usize) {
        // Unicode numbers the dots of a cell column by column, but for the lowest two.
        const BITS: [[u8; DOTS_ACROSS]; DOTS_DOWN] = [[0, 3], [1, 4], [2, 5], [6, 7]];
        let place = down / DOTS_DOWN * self.columns + across / DOTS_ACROSS;
        let bit = BITS.get(down % DOTS_DOWN).and_then(|bits| bits.get(across % DOTS_ACROSS));
        if let (Some(cell), Some(bit)) = (self.cells.get_mut(place), bit) {
            *cell |= 1 << bit;
        }
    }

    fn lines(&self) -> Vec<String> {
        const EMPTY: u32 = 0x2800;
        let character = |cell: &u8| char::from_u32(EMPTY + u32::from(*cell)).unwrap_or(' ');
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
        assert_eq!(curve(&rise, 4, 2), ["⠀⠀⡠⠊", "⡠⠊⠀⠀"]);
    }

    #[test]
    fn a_step_is_one_line() {
        assert_eq!(curve(&[0.0, 0.0, 9.0, 9.0], 2, 2), ["⠀⡏", "⣀⠇"]);
    }

    #[test]
    fn many_values_in_one_column_show_their_range() {
        let noise: Vec<f64> = (0..100).map(|row| f64::from(row % 2)).collect();
        assert_eq!(curve(&noise, 1, 2), ["⣿", "⣿"]);
    }

    #[test]
    fn a_constant_is_a_line_in_the_middle_and_nothing_is_nothing() {
        assert_eq!(curve(&[5.0; 4], 2, 1), ["⠤⠤"]);
        assert_eq!(curve(&[], 2, 1), ["⠀⠀"]);
        assert_eq!(curve(&[f64::NAN], 1, 1), ["⠀"]);
        assert_eq!(extremes(&[f64::NAN, 2.0, 1.0]), Some((1.0, 2.0)));
        assert_eq!(row_of(2.0, &[0.0, 8.0], 8), Some(5));
    }
}
