//! `#[derive(Choice)]`.

use proc_macro2::TokenStream;
use quote::quote;
use syn::{Data, DeriveInput, Error, Fields, Result};

/// The names of an enum's variants, both ways.
pub(crate) fn expand(input: &DeriveInput) -> Result<TokenStream> {
    let name = &input.ident;
    let Data::Enum(data) = &input.data else {
        return Err(Error::new_spanned(name, "a choice is an enum"));
    };
    if data.variants.is_empty() {
        return Err(Error::new_spanned(name, "a choice has at least one variant"));
    }
    for variant in &data.variants {
        if !matches!(variant.fields, Fields::Unit) {
            let message = "a variant of a choice has no fields";
            return Err(Error::new_spanned(&variant.fields, message));
        }
    }
    let variants: Vec<_> = data.variants.iter().map(|variant| &variant.ident).collect();
    let names: Vec<_> = variants.iter().map(|variant| dashed(&variant.to_string())).collect();
    let (impl_generics, type_generics, where_clause) = input.generics.split_for_impl();
    Ok(quote! {
        impl #impl_generics ::ct_sdk::Choice for #name #type_generics #where_clause {
            const OPTIONS: &'static [&'static str] = &[#(#names),*];

            fn name(&self) -> &'static str {
                match self {
                    #(Self::#variants => #names,)*
                }
            }

            fn from_name(name: &str) -> ::core::option::Option<Self> {
                match name {
                    #(#names => ::core::option::Option::Some(Self::#variants),)*
                    _ => ::core::option::Option::None,
                }
            }
        }
    })
}

/// `MeanReversion` as `mean-reversion`.
fn dashed(name: &str) -> String {
    let mut dashed = String::new();
    for letter in name.trim_start_matches("r#").chars() {
        if letter.is_uppercase() && !dashed.is_empty() {
            dashed.push('-');
        }
        dashed.extend(letter.to_lowercase());
    }
    dashed
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn names_are_dashed() {
        for (variant, name) in [("Close", "close"), ("MeanReversion", "mean-reversion"), ("A", "a")]
        {
            assert_eq!(dashed(variant), name);
        }
    }

    #[test]
    fn refuses_what_has_no_fixed_set_of_names() {
        let cases: [(DeriveInput, &str); 3] = [
            (
                parse_quote!(
                    struct Mode;
                ),
                "a choice is an enum",
            ),
            (
                parse_quote!(
                    enum Mode {}
                ),
                "a choice has at least one variant",
            ),
            (
                parse_quote!(
                    enum Mode {
                        Fixed(u32),
                    }
                ),
                "a variant of a choice has no fields",
            ),
        ];
        for (input, expected) in cases {
            assert_eq!(expand(&input).unwrap_err().to_string(), expected);
        }
    }
}
