//! `#[derive(Params)]`.

use crate::parameter::Parameter;
use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Field, Fields, Result};

/// The implementations of `Params` and `Default`.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    if !input.generics.params.is_empty() {
        return Err(Error::new_spanned(&input.generics, "parameters are not generic"));
    }
    let parameters = fields(input)?.iter().map(Parameter::of).collect::<Result<Vec<_>>>()?;
    let idents: Vec<_> = parameters.iter().map(|parameter| &parameter.ident).collect();
    let defaults = parameters.iter().map(|parameter| &parameter.attribute.default);
    let described = parameters.iter().map(Parameter::described);
    let read = parameters.iter().map(Parameter::read);
    let checks = parameters.iter().map(Parameter::checks);
    Ok(quote! {
        impl ::core::default::Default for #name {
            fn default() -> Self {
                Self { #(#idents: #defaults,)* }
            }
        }

        impl ::ct_sdk::Params for #name {
            fn parameters() -> ::std::vec::Vec<::ct_sdk::Parameter> {
                ::std::vec![#(#described),*]
            }

            fn from_arguments(
                arguments: &[::ct_sdk::Argument],
            ) -> ::core::result::Result<Self, ::ct_sdk::ArgumentError> {
                let parameters = <Self as ::ct_sdk::Params>::parameters();
                let arguments =
                    ::ct_sdk::expansion::derived::Arguments::checked(&parameters, arguments)?;
                ::core::result::Result::Ok(Self { #(#idents: #read,)* })
            }
        }

        const _: () = { #(#checks)* };
    })
}

fn fields(input: &DeriveInput) -> Result<Vec<Field>> {
    match &input.data {
        Data::Struct(data) => match &data.fields {
            Fields::Named(fields) if !fields.named.is_empty() => {
                Ok(fields.named.iter().cloned().collect())
            }
            Fields::Unnamed(fields) => Err(Error::new_spanned(fields, "parameters need names")),
            _ => Err(Error::new_spanned(&input.ident, "no parameters are written as `()`")),
        },
        _ => Err(Error::new_spanned(&input.ident, "parameters are a struct")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    fn check(input: &DeriveInput, expected: &str) {
        assert_eq!(expand(input).unwrap_err().to_string(), expected);
    }

    #[test]
    fn parameters_are_a_plain_struct() {
        check(
            &parse_quote!(
                enum S {}
            ),
            "parameters are a struct",
        );
        check(
            &parse_quote!(
                struct S(u32);
            ),
            "parameters need names",
        );
        check(
            &parse_quote!(
                struct S {}
            ),
            "no parameters are written as `()`",
        );
        check(
            &parse_quote!(
                struct S<T> {
                    a: T,
                }
            ),
            "parameters are not generic",
        );
    }

    #[test]
    fn a_field_says_its_default_and_nothing_unknown() {
        let missing = "a parameter needs `#[param(default = …)]`";
        check(
            &parse_quote!(
                struct S {
                    a: u32,
                }
            ),
            missing,
        );
        let twice = parse_quote!(
            struct S {
                #[param(default = 1, default = 2)]
                a: u32,
            }
        );
        check(&twice, "given twice");
        let unknown = parse_quote!(
            struct S {
                #[param(default = 1, low = 0)]
                a: u32,
            }
        );
        check(&unknown, "expected `default`, `min`, `max` or `step`");
        let choices = parse_quote!(
            struct S {
                #[param(default = M::A, choices = [A])]
                a: M,
            }
        );
        check(&choices, "the choices are the variants of the field's enum");
        let range = parse_quote!(
            struct S {
                #[param(default = true, min = false)]
                a: bool,
            }
        );
        check(&range, "only integers and numbers have a range");
    }

    #[test]
    fn a_field_has_a_type_of_the_contract() {
        let single = parse_quote!(
            struct S {
                #[param(default = 1.0)]
                a: f32,
            }
        );
        check(&single, "`f32` is not a parameter type: numbers are `f64`");
        let reference = parse_quote!(
            struct S {
                #[param(default = 1)]
                a: &'static u32,
            }
        );
        check(&reference, "expected an integer, `f64`, `bool` or an enum");
    }
}
