//! Runs: what leads from a configuration to a result.

mod clock;
mod error;
mod folders;
mod observer;
mod ports;

pub use clock::Clock;
pub use error::RunError;
pub use folders::Folders;
pub use observer::{FetchProgress, Observer, Silent, Task, TaskProgress};
pub use ports::Ports;
