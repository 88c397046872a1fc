//! What the integration tests and the benches share: strategies linked natively, scripted strategies, random markets, and
//! the runs that are compared with each other.

pub mod bars;
pub mod native;
pub mod plugins;
pub mod run;
pub mod script;
