//! Brings kept prices up to date. Without the feature `exchanges` nothing can be asked: `not_built` says so.
//!
//! `wanted` says what is wanted, `fetcher` asks for it at the places that `access` names, `kept_as` what the answers are kept
//! as, `outcome` says whether it came, and
//! `rules` is what is known of how symbols are traded. `mistakes` finds exchanges that are none.

#[cfg(feature = "exchanges")]
mod access;
#[cfg(feature = "exchanges")]
mod fetcher;
mod kept_as;
#[cfg(feature = "exchanges")]
mod mistakes;
#[cfg(not(feature = "exchanges"))]
mod not_built;
mod outcome;
mod rules;
mod wanted;

#[cfg(feature = "exchanges")]
use self::access::is_foreign;
#[cfg(feature = "exchanges")]
pub(super) use self::fetcher::is_exchange;
#[cfg(feature = "exchanges")]
pub use self::{fetcher::Fetcher, mistakes::exchange_mistakes};
pub(super) use kept_as::how_to_take;
pub use kept_as::{kept_as, kept_elsewhere};
#[cfg(not(feature = "exchanges"))]
pub(super) use not_built::is_exchange;
#[cfg(not(feature = "exchanges"))]
use not_built::is_foreign;
#[cfg(not(feature = "exchanges"))]
pub use not_built::{Fetcher, exchange_mistakes};
pub use outcome::check_fetch;
pub(super) use rules::KnownRules;
pub use wanted::Wanted;
