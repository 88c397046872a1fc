//! What the benches compare ct-host with, and the data they run on.

pub mod native_loop;
pub mod setting;

/// That of the command `ct-host`.
#[global_allocator]
static ALLOCATOR: mimalloc::MiMalloc = mimalloc::MiMalloc;
