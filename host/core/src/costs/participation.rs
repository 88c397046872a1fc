//! How much of a bar's volume the fills in it may take.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::units::{Quantity, Rate, Rounding, UnitsError};

/// A cap on all fills of an instrument in a bar, as a share of its volume; what is left over is carried to the next bar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Participation {
    /// Largest share of a bar's volume.
    #[schemars(extend("exclusiveMinimum" = 0, "maximum" = 1))]
    pub rate: Rate,
}

impl Participation {
    /// The largest quantity that may be filled in a bar with this volume.
    ///
    /// # Errors
    /// [`UnitsError`] when the volume is no quantity.
    pub(crate) fn quantity_max(&self, volume: f64) -> Result<Quantity, UnitsError> {
        self.rate.of(Quantity::from_f64(volume.max(0.0))?, Rounding::Down)
    }
}

/// `quantity ÷ volume` without its sign: 1 when the volume is zero, unknown or smaller than the quantity.
pub(super) fn share_of_volume(quantity: Quantity, volume: f64) -> f64 {
    let share = quantity.abs().to_f64() / volume;
    if share.is_finite() { share.min(1.0) } else { 1.0 }
}
