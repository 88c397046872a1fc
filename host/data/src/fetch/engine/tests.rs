//! Whole fetches from sources with bad habits into a real store.

mod desk;
mod extent;
mod faults;
mod properties;
