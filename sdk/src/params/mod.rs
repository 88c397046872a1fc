//! Parameters of a strategy: declared as a plain struct, shown to the host with types and ranges,
//! and filled from the host's arguments.

mod argument;
mod choice;
mod field;
mod specification;

pub use argument::{Argument, ArgumentError, Value};
pub use choice::Choice;
pub use specification::{Parameter, ParameterKind, Params};

#[doc(hidden)]
pub mod derived {
    //! What the expansion of `#[derive(Params)]` calls.
    pub use super::argument::Arguments;
    pub use super::field::{choice_kind, integer_kind, number_kind};
}

#[cfg(test)]
mod tests;
