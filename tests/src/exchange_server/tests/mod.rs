//! Tests of the server itself, over its port.

mod archive;
mod bounds;
mod client;
mod faults;
mod format;
mod markets;
mod recorded;
