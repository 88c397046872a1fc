//! Configuration files to begin with: every key with its description and its value.

pub(in crate::config) mod example;
mod starter;
mod writer;

pub use starter::{Template, template};
