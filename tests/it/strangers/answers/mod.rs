//! Wrong and huge answers of exchanges, and prices that come from another address than the exchange's.

mod bombs;
mod clocks;
mod origins;
mod rules;
mod stranger;
mod times;
