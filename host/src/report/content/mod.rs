//! What a report of a run says: one file per part of it, each making sections from the result.

mod assembly;
mod costs;
mod equity;
mod identity;
mod incidents;
mod overview;
mod statistics;
mod trades;
mod view;
mod warnings;
