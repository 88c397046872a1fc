//! Files that this program writes: each is whole or not there, none takes the place of another that was to stay, and none
//! ends up where a link of somebody else leads.
//!
//! Nothing else in the product makes a file; `tests/it/one_writer.rs` holds that. A [`Destination`] is a file that somebody
//! asked for: `place` looks at what is there, `link` at the way to it. What it writes is a `Temporary` first, as is all that
//! the store keeps.

mod destination;
mod error;
mod folder;
mod link;
mod place;
mod temporary;

pub use destination::{Destination, Existing};
pub use error::{WriteError, WriteProblem};
pub(crate) use folder::sync_folder;
pub use folder::{make_folder, make_new_folder};
pub(crate) use link::open_unlinked;
pub(crate) use temporary::{TEMPORARY_SUFFIX, Temporary};
