//! How much of a bar's volume one order may take.

use serde::{Deserialize, Serialize};

use crate::units::{Quantity, Rate, Rounding, UnitsError};

/// A cap on each fill as a share of the bar's volume; what is left over is carried to the next bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Participation {
    /// Largest share of a bar's volume.
    pub rate: Rate,
}

impl Participation {
    /// The largest quantity that may be filled in a bar with this volume.
    ///
    /// # Errors
    /// [`UnitsError`] when the volume is no quantity.
    pub fn quantity_max(&self, volume: f64) -> Result<Quantity, UnitsError> {
        self.rate.of(Quantity::from_f64(volume.max(0.0))?, Rounding::Down)
    }
}
