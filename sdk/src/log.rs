//! One line of text to the operator.
//!
//! Nothing logged can change a decision. The host caps the lines and drops what exceeds the cap.
//!
//! ```
//! use ct_sdk::log;
//!
//! log::warn(&format!("volume fell to {} of its average", 0.1));
//! ```

use crate::diagnostics::{self, Level};

/// For the author of the strategy.
pub fn debug(text: &str) {
    diagnostics::log(Level::Debug, text);
}

/// Normal events.
pub fn info(text: &str) {
    diagnostics::log(Level::Info, text);
}

/// Something unexpected that the strategy can live with.
pub fn warn(text: &str) {
    diagnostics::log(Level::Warn, text);
}

/// Something that makes the strategy's decisions doubtful.
pub fn error(text: &str) {
    diagnostics::log(Level::Error, text);
}
