//! What a report of a run says: one file per part of it, each making sections from the result.

mod assembly;
mod benchmark;
mod costs;
mod decisions;
mod equity;
mod frictions;
mod identity;
mod messages;
mod overview;
mod protection;
mod risk;
mod sizing;
mod statistics;
mod trades;
mod view;
mod warnings;
