//! A price channel: what Donchian and Keltner give.

use serde::{Deserialize, Serialize};

/// Three lines around the price, in the unit of the prices.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct Channel {
    /// Upper line.
    pub upper: f64,
    /// Half way between the two others.
    pub middle: f64,
    /// Lower line.
    pub lower: f64,
}
