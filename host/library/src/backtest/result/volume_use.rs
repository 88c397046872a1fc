//! How much of the traded volume a run took for itself.

use serde::{Deserialize, Serialize};

/// Fills beside the volume of their bars. What is a large part of a bar's volume would have moved the market.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct VolumeUse {
    /// Largest share of a bar's volume that one fill took; `None` without a fill in a bar with volume.
    pub share_max: Option<f64>,
    /// Fills of more than a tenth of their bar's volume, those in bars without any included.
    pub fills_above_tenth: u64,
}
