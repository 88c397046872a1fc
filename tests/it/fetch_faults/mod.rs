//! Everything that can go wrong between an exchange and the data folder. Nothing may be lost, doubled or silently wrong: once a
//! fault is gone the kept bars equal the truth row for row, and while it lasts nothing wrong is kept and the user is told.

mod clocks;
mod connections;
mod damaged_answers;
mod missing_rows;
mod open_bars;
mod other_exchanges;
mod quick_fetch;
mod refusals;
mod revisions;
mod stage;
mod unordered_pages;
mod without_date;
mod wrong_requests;
