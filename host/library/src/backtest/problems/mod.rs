//! Settings that make no sense, each with its place in the configuration.

mod account;
mod breakers;
mod costs;
mod exposure;
mod fills;
mod found;
mod risk;
mod sizing;

pub(super) use found::Problems;
