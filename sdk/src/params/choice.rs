//! Parameters that are one of several names.

/// A parameter type with a fixed set of names; use `#[derive(Choice)]` on an enum without fields.
///
/// The names are those of the variants in lower case, with a dash between words.
///
/// ```
/// use ct_sdk::prelude::*;
///
/// #[derive(Choice, Clone, Copy, Debug, PartialEq)]
/// enum Average {
///     Simple,
///     WilderSmoothed,
/// }
///
/// #[derive(Params)]
/// struct Settings {
///     /// Kind of average.
///     #[param(default = Average::Simple)]
///     average: Average,
/// }
///
/// assert_eq!(Average::OPTIONS, ["simple", "wilder-smoothed"]);
/// assert_eq!(Settings::default().average, Average::Simple);
/// ```
#[diagnostic::on_unimplemented(
    message = "`{Self}` is not a parameter type",
    note = "parameters are integers up to 64 bits, `f64`, `bool`, or an enum with `#[derive(Choice)]`"
)]
pub trait Choice: Sized {
    /// All names, in the order of the variants.
    const OPTIONS: &'static [&'static str];

    /// Name of this value.
    fn name(&self) -> &'static str;

    /// Value of this name, if there is one.
    fn from_name(name: &str) -> Option<Self>;
}
