//! Rows and columns in characters of equal width, never wider than there is room.

use super::document::{Align, Column};
use super::wrap::{width, wrapped};

/// Blanks between two columns.
const GAP: usize = 2;

/// Narrowest that a column of words is made.
const WORDS_MIN: usize = 10;

/// Columns with a heading each, or none of them with any.
#[derive(Debug)]
pub(super) struct Grid<'a> {
    columns: &'a [Column],
    rows: &'a [Vec<String>],
    /// Of each column.
    widths: Vec<usize>,
}

impl<'a> Grid<'a> {
    /// The cells `rows` below `columns`, each column as wide as its cells.
    pub(super) fn new(columns: &'a [Column], rows: &'a [Vec<String>]) -> Self {
        let widths = (0..columns.len()).map(|place| {
            let cells = rows.iter().filter_map(|row| row.get(place)).map(|cell| width(cell));
            cells.max().unwrap_or_default()
        });
        Self { columns, rows, widths: widths.collect() }
    }

    /// The lines below a rule, each at most `room` columns wide. A grid that is wider gets headings of several lines, then words of
    /// several lines; and where that is not enough, its columns follow in parts, each behind the first column again.
    pub(super) fn lines(mut self, room: usize, rule: char) -> Vec<String> {
        let titles: Vec<usize> = self.columns.iter().map(|column| width(&column.title)).collect();
        self.widen_to(&titles);
        if self.width() > room {
            self.widths = Self::new(self.columns, self.rows).widths;
            let words = self.columns.iter().map(|column| longest_word(&column.title));
            self.widen_to(&words.collect::<Vec<usize>>());
            self.spend(room, &titles);
        }
        self.narrow_words(room);
        for width in &mut self.widths {
            *width = (*width).min(room.saturating_sub(1).max(1));
        }
        let mut lines = Vec::new();
        for places in self.parts(room) {
            if !lines.is_empty() {
                lines.push(String::new());
            }
            lines.extend(self.part(&places, room, rule));
        }
        lines
    }

    fn widen_to(&mut self, least: &[usize]) {
        for (width, least) in self.widths.iter_mut().zip(least) {
            *width = (*width).max(*least);
        }
    }

    /// Gives what is left of the room to headings that were made narrower.
    fn spend(&mut self, room: usize, titles: &[usize]) {
        let mut left = room.saturating_sub(self.width());
        for (width, title) in self.widths.iter_mut().zip(titles) {
            let more = title.saturating_sub(*width).min(left);
            *width += more;
            left -= more;
        }
    }

    /// With a blank before the first column.
    fn width(&self) -> usize {
        let gaps = GAP * self.widths.len().saturating_sub(1);
        1 + self.widths.iter().sum::<usize>() + gaps
    }

    fn narrow_words(&mut self, room: usize) {
        let excess = self.width().saturating_sub(room);
        let is_words = |place: usize| {
            self.columns.get(place).is_some_and(|column| column.align == Align::Left)
        };
        let places = (0..self.widths.len()).filter(|place| is_words(*place));
        let Some(widest) = places.max_by_key(|place| self.widths.get(*place)) else { return };
        if let Some(width) = self.widths.get_mut(widest)
            && *width > WORDS_MIN
        {
            *width = width.saturating_sub(excess).max(WORDS_MIN);
        }
    }

    /// The columns that stand side by side.
    fn parts(&self, room: usize) -> Vec<Vec<usize>> {
        let first = 1 + self.widths.first().copied().unwrap_or_default();
        let mut parts = vec![vec![0]];
        let mut taken = first;
        for (place, width) in self.widths.iter().enumerate().skip(1) {
            let is_full = parts.last().is_some_and(|part| part.len() > 1);
            if is_full && taken + GAP + width > room {
                parts.push(vec![0]);
                taken = first;
            }
            taken += GAP + width;
            if let Some(part) = parts.last_mut() {
                part.push(place);
            }
        }
        parts
    }

    fn part(&self, places: &[usize], room: usize, rule: char) -> Vec<String> {
        let titles: Vec<&str> = self.columns.iter().map(|column| column.title.as_str()).collect();
        let mut lines = Vec::new();
        if titles.iter().any(|title| !title.is_empty()) {
            lines.extend(self.row(places, &titles, Side::Bottom));
            let widths = places.iter().filter_map(|place| self.widths.get(*place));
            let length = 2 + widths.sum::<usize>() + GAP * places.len().saturating_sub(1);
            lines.push(std::iter::repeat_n(rule, length.min(room)).collect());
        }
        for row in self.rows {
            let cells: Vec<&str> = row.iter().map(String::as_str).collect();
            lines.extend(self.row(places, &cells, Side::Top));
        }
        lines
    }

    /// One row, in as many lines as its highest cell has.
    fn row(&self, places: &[usize], cells: &[&str], side: Side) -> Vec<String> {
        let cell = |place: &usize| {
            let width = self.widths.get(*place).copied().unwrap_or_default();
            wrapped(cells.get(*place).copied().unwrap_or_default(), width)
        };
        let cells: Vec<Vec<String>> = places.iter().map(cell).collect();
        let height = cells.iter().map(Vec::len).max().unwrap_or_default();
        let line = |at: usize| {
            let shown = places.iter().zip(&cells).map(|(place, lines)| {
                let skipped = match side {
                    Side::Top => 0,
                    Side::Bottom => height - lines.len(),
                };
                let text = at.checked_sub(skipped).and_then(|at| lines.get(at));
                self.padded(*place, text.map_or("", String::as_str))
            });
            let line = shown.collect::<Vec<String>>().join(&" ".repeat(GAP));
            format!(" {line}").trim_end().to_owned()
        };
        (0..height).map(line).collect()
    }

    fn padded(&self, place: usize, text: &str) -> String {
        let wanted = self.widths.get(place).copied().unwrap_or_default();
        let blanks = " ".repeat(wanted.saturating_sub(width(text)));
        match self.columns.get(place).map(|column| column.align) {
            Some(Align::Right) => format!("{blanks}{text}"),
            _ => format!("{text}{blanks}"),
        }
    }
}

/// Where a cell with fewer lines than its row stands.
#[derive(Clone, Copy)]
enum Side {
    Top,
    Bottom,
}

fn longest_word(title: &str) -> usize {
    title.split_whitespace().map(width).max().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(columns: &[Column], rows: &[&[&str]], room: usize) -> String {
        let cells = |row: &&[&str]| row.iter().map(|cell| (*cell).to_owned()).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(cells).collect();
        let lines = Grid::new(columns, &rows).lines(room, '-');
        assert!(lines.iter().all(|line| width(line) <= room), "{lines:#?}");
        lines.join("\n")
    }

    #[test]
    fn what_fits_is_as_wide_as_its_cells() {
        let columns = [Column::words("Name"), Column::numbers("Number")];
        let expected =
            " Name       Number\n-------------------\n x            1.00\n long name  -20.00";
        assert_eq!(shown(&columns, &[&["x", "1.00"], &["long name", "-20.00"]], 40), expected);
    }

    #[test]
    fn headings_give_way_first_then_words() {
        let columns = [Column::words("What it is"), Column::numbers("Average return")];
        let rows: &[&[&str]] = &[&["one", "1.0"], &["two", "-2.0"]];
        insta::assert_snapshot!(shown(&columns, rows, 17), @r"
         What it  Average
         is        return
        -----------------
         one          1.0
         two         -2.0
        ");
        let rows: &[&[&str]] = &[&["a strategy that holds what has risen", "1.0"]];
        insta::assert_snapshot!(shown(&columns, rows, 36), @r"
                                     Average
         What it is                   return
        ------------------------------------
         a strategy that holds what      1.0
         has risen
        ");
    }

    #[test]
    fn numbers_are_never_parted() {
        let columns = ["Entry", "Price", "Profit", "Return"].map(Column::numbers);
        let rows: &[&[&str]] = &[&["2024-01-01", "47,455.29", "+805.16", "+13.01 %"]];
        insta::assert_snapshot!(shown(&columns, rows, 34), @r"
              Entry      Price   Profit
        --------------------------------
         2024-01-01  47,455.29  +805.16

              Entry    Return
        ----------------------
         2024-01-01  +13.01 %
        ");
    }
}
