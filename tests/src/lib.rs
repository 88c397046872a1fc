//! What the integration tests and the benches share: strategies linked natively, scripted strategies, random markets, and
//! the runs that are compared with each other.

pub mod bars;
pub mod cuts;
pub mod exchange_server;
pub mod hostile;
pub mod native;
pub mod plugins;
pub mod quarters;
pub mod random;
pub mod random_rules;
pub mod reactive;
pub mod real_data;
pub mod recorded;
pub mod records;
pub mod remembering;
pub mod run;
pub mod script;
pub mod setup;
pub mod sources;
pub mod trial;
