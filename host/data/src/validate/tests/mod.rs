//! The checks on made-up and on real bars.

mod bars;
mod comparison;
mod defects;
mod planted;
mod policy;
mod real_files;
mod repairs;
