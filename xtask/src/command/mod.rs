//! One file for each command.

pub(crate) mod setup;

pub(crate) mod plugins;

pub(crate) mod test;

pub(crate) mod check;

pub(crate) mod coverage;

pub(crate) mod bench;

pub(crate) mod fuzz;
