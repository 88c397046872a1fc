//! `#[ct_sdk::state]`.

use proc_macro2::TokenStream;
use quote::{ToTokens, quote};
use syn::{DeriveInput, Error, Result};

/// The item with serde's derives and the marker of a savable state.
pub(crate) fn expand(arguments: &TokenStream, item: &DeriveInput) -> Result<TokenStream> {
    if !arguments.is_empty() {
        return Err(Error::new_spanned(arguments, "`#[ct_sdk::state]` takes no arguments"));
    }
    if let syn::Data::Union(_) = item.data {
        return Err(Error::new_spanned(&item.ident, "state is a struct or an enum"));
    }
    let name = &item.ident;
    let (impl_generics, type_generics, where_clause) = item.generics.split_for_impl();
    let where_clause = where_clause.map(ToTokens::to_token_stream).unwrap_or_default();
    Ok(quote! {
        #[derive(
            ::ct_sdk::expansion::serde::Serialize,
            ::ct_sdk::expansion::serde::Deserialize,
        )]
        #[serde(crate = "::ct_sdk::expansion::serde")]
        #item

        impl #impl_generics ::ct_sdk::State for #name #type_generics #where_clause {}
    })
}
