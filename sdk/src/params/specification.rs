//! What a parameter is: name, help, type, default and range.

use super::{Argument, ArgumentError};

/// One parameter of a strategy, as the host and its user see it.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Parameter {
    /// Name of the field.
    pub name: &'static str,
    /// Doc comment of the field.
    pub help: &'static str,
    /// Type, default and range.
    pub kind: ParameterKind,
}

/// Type, default and range of a parameter. Ranges include both ends.
#[derive(Debug, Clone, Copy, PartialEq)]
pub enum ParameterKind {
    /// A whole number.
    Integer {
        /// Value when the user names none.
        default: i64,
        /// Smallest value.
        min: i64,
        /// Largest value.
        max: i64,
        /// Distance of two values worth trying in a search.
        step: i64,
    },
    /// A finite number.
    Number {
        /// Value when the user names none.
        default: f64,
        /// Smallest value.
        min: f64,
        /// Largest value.
        max: f64,
        /// Distance of two values worth trying in a search.
        step: f64,
    },
    /// Yes or no.
    Flag {
        /// Value when the user names none.
        default: bool,
    },
    /// One of several names.
    Choice {
        /// Name when the user names none.
        default: &'static str,
        /// All names.
        options: &'static [&'static str],
    },
}

/// The parameters of a strategy; use `#[derive(Params)]`.
///
/// Every field needs `#[param(default = …)]` and may have a doc comment, which becomes the help.
///
/// | field type | parameter | attributes |
/// |---|---|---|
/// | `i8` … `i64`, `u8` … `u32` | integer | `default`, `min`, `max`, `step` |
/// | `f64` | number | `default`, `min`, `max`, `step` |
/// | `bool` | flag | `default` |
/// | enum with [`#[derive(Choice)]`](super::Choice) | choice | `default` |
///
/// Without `min` and `max` the range is that of the type. `step` is a hint for searches; it is 1 for
/// integers and a hundredth of the range for numbers where it is left out. A default outside its
/// range does not compile. The derive also implements [`Default`].
///
/// ```
/// use ct_sdk::prelude::*;
///
/// #[derive(Params)]
/// struct Settings {
///     /// Length of the average, in bars.
///     #[param(default = 20, min = 1, max = 500)]
///     length: u32,
///     /// Also hold short positions.
///     #[param(default = false)]
///     short: bool,
/// }
///
/// assert_eq!(Settings::default().length, 20);
/// assert_eq!(Settings::parameters()[0].help, "Length of the average, in bars.");
/// ```
///
/// ```compile_fail
/// use ct_sdk::prelude::*;
///
/// #[derive(Params)]
/// struct Settings {
///     #[param(default = 0, min = 1)] // The default is outside the range.
///     length: u32,
/// }
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` does not describe parameters",
    note = "put `#[derive(Params)]` on the struct, or use `()` for a strategy without parameters"
)]
pub trait Params: Default {
    /// What each field is, in the order of the fields.
    fn parameters() -> Vec<Parameter>;

    /// Fills the fields.
    ///
    /// # Errors
    /// When an argument is missing, unknown, of the wrong type or outside its range.
    fn from_arguments(arguments: &[Argument]) -> Result<Self, ArgumentError>;
}

/// No parameters.
impl Params for () {
    fn parameters() -> Vec<Parameter> {
        Vec::new()
    }

    fn from_arguments(arguments: &[Argument]) -> Result<Self, ArgumentError> {
        super::argument::Arguments::checked(&[], arguments).map(|_| ())
    }
}
