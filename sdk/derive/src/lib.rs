//! Derive macros of `ct-sdk`, documented where that crate re-exports them.

mod attribute;
mod choice;
mod parameter;
mod params;
mod state;

use proc_macro::TokenStream;
use syn::parse_macro_input;

/// Makes a struct the parameters of a strategy.
///
/// Every field needs `#[param(default = …)]`; integers and numbers may add `min`, `max` and `step`.
/// Doc comments of the fields become their help.
#[proc_macro_derive(Params, attributes(param))]
pub fn derive_params(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input);
    params::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes an enum without fields a parameter type with a name for each variant.
///
/// The names are those of the variants in lower case, with a dash between words.
#[proc_macro_derive(Choice)]
pub fn derive_choice(input: TokenStream) -> TokenStream {
    let input = parse_macro_input!(input);
    choice::expand(&input).unwrap_or_else(|error| error.to_compile_error()).into()
}

/// Makes a struct or enum savable, so that it survives a restart and a hot swap.
///
/// Put it on the strategy, and on the types of its fields that are your own. It adds serde's
/// `Serialize` and `Deserialize`, so serde's field attributes work as well.
#[proc_macro_attribute]
pub fn state(arguments: TokenStream, item: TokenStream) -> TokenStream {
    let item = parse_macro_input!(item);
    state::expand(&arguments.into(), &item).unwrap_or_else(|error| error.to_compile_error()).into()
}
