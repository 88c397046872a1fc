//! Configuration files, variables and flags that are made to harm.

mod bombs;
mod secrets;
mod stage;
mod trust;
