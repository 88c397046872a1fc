//! What is written about a run.

use std::path::PathBuf;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// What is written about a run.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(default, deny_unknown_fields)]
pub struct ReportConfig {
    /// Folder for the result and its report in every form.
    #[schemars(extend("x-inside-only" = "results are written there"))]
    pub folder: Option<PathBuf>,
    /// No report, no progress and no notices.
    pub quiet: bool,
    /// Tell the way of every decision: what was asked, granted, cut and filled.
    pub explain: bool,
}
