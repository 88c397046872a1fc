//! What the strategy does as long as it behaves.

/// Rows between the two closes that are compared.
const LOOK_BACK_ROWS: usize = 5;

/// Long while the close is above the close five rows before. Decides when that changes.
#[derive(Debug)]
pub(crate) struct Honest {
    closes: [f64; LOOK_BACK_ROWS],
    long: bool,
}

impl Honest {
    pub(crate) const fn new() -> Self {
        Self { closes: [f64::NAN; LOOK_BACK_ROWS], long: false }
    }

    /// Takes in the close of a row and gives the new target, if it changes.
    pub(crate) fn on_close(&mut self, close: f64) -> Option<f64> {
        // A missing bar changes nothing.
        if close.is_nan() {
            return None;
        }
        let [earlier, ..] = self.closes;
        self.closes.rotate_left(1);
        let [.., last] = &mut self.closes;
        *last = close;
        let long = close > earlier;
        if long == self.long {
            return None;
        }
        self.long = long;
        Some(if long { 1.0 } else { 0.0 })
    }
}
