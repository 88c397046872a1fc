//! One field of a struct with `#[derive(Params)]`.

use crate::attribute::{Attribute, Range};
use proc_macro2::TokenStream;
use quote::{ToTokens, quote, quote_spanned};
use syn::ext::IdentExt;
use syn::spanned::Spanned;
use syn::{Error, Expr, ExprLit, Field, Ident, Lit, Meta, Result, Type};

/// Integer types whose every value fits the 64 signed bits of the contract.
const INTEGERS: [&str; 7] = ["i8", "i16", "i32", "i64", "u8", "u16", "u32"];

/// Types that a reader of the table in the docs may try, and what to use instead.
const REFUSED: [(&str, &str); 10] = [
    ("f32", "numbers are `f64`"),
    ("u64", "the largest integers are `i64` and `u32`"),
    ("u128", "the largest integers are `i64` and `u32`"),
    ("usize", "the largest integers are `i64` and `u32`"),
    ("i128", "the largest integers are `i64` and `u32`"),
    ("isize", "the largest integers are `i64` and `u32`"),
    ("String", "a choice is an enum with `#[derive(Choice)]`"),
    ("str", "a choice is an enum with `#[derive(Choice)]`"),
    ("char", "a choice is an enum with `#[derive(Choice)]`"),
    ("Option", "a parameter always has a value: its default"),
];

/// One parameter.
pub(crate) struct Parameter {
    pub(crate) ident: Ident,
    name: String,
    help: String,
    ty: Type,
    kind: Kind,
    pub(crate) attribute: Attribute,
}

enum Kind {
    Integer,
    Number,
    Flag,
    Choice,
}

impl Parameter {
    pub(crate) fn of(field: &Field) -> Result<Self> {
        let Some(ident) = field.ident.clone() else {
            return Err(Error::new_spanned(field, "parameters need names"));
        };
        let kind = Kind::of(&field.ty)?;
        let attribute = Attribute::of(field)?;
        if matches!(kind, Kind::Flag | Kind::Choice) {
            attribute.range.check_absent()?;
        }
        let name = ident.unraw().to_string();
        Ok(Self { ident, name, help: help(field), ty: field.ty.clone(), kind, attribute })
    }

    /// An expression of the SDK's `Parameter`.
    pub(crate) fn described(&self) -> TokenStream {
        let Self { name, help, ty, kind, attribute, .. } = self;
        let Attribute { default, range: Range { step, .. } } = attribute;
        let (min, max) = self.ends();
        let kind = match kind {
            Kind::Integer => {
                let step = step.as_ref().map_or_else(|| quote!(1), ToTokens::to_token_stream);
                quote!(::ct_sdk::expansion::derived::integer_kind::<#ty>(#default, #min, #max, #step))
            }
            Kind::Number => {
                let none = || quote!(::core::option::Option::None);
                let some = |step| quote!(::core::option::Option::Some(#step));
                let step = step.as_ref().map_or_else(none, some);
                quote!(::ct_sdk::expansion::derived::number_kind(#default, #min, #max, #step))
            }
            Kind::Flag => quote!(::ct_sdk::ParameterKind::Flag { default: #default }),
            Kind::Choice => quote!(::ct_sdk::expansion::derived::choice_kind::<#ty>(&#default)),
        };
        quote!(::ct_sdk::Parameter { name: #name, help: #help, kind: #kind })
    }

    /// An expression that takes the field out of `arguments`.
    pub(crate) fn read(&self) -> TokenStream {
        let name = &self.name;
        match self.kind {
            Kind::Integer => quote!(arguments.integer(#name)?),
            Kind::Number => quote!(arguments.number(#name)?),
            Kind::Flag => quote!(arguments.flag(#name)?),
            Kind::Choice => quote!(arguments.choice(#name)?),
        }
    }

    /// Assertions that fail to compile where the attribute contradicts itself.
    pub(crate) fn checks(&self) -> TokenStream {
        if matches!(self.kind, Kind::Flag | Kind::Choice) {
            return TokenStream::new();
        }
        let Self { ty, name, attribute, .. } = self;
        let default = &attribute.default;
        let (min, max) = self.ends();
        let outside = format!("the default of `{name}` is outside its range");
        let range_check = quote_spanned! { default.span() =>
            const _: () = {
                let (default, min, max): (#ty, #ty, #ty) = (#default, #min, #max);
                ::core::assert!(min <= default && default <= max, #outside);
            };
        };
        let step_check = attribute.range.step.as_ref().map(|step| self.step_check(step));
        quote!(#range_check #step_check)
    }

    fn step_check(&self, step: &Expr) -> TokenStream {
        let message = format!("the step of `{}` is not above zero", self.name);
        let (ty, zero) = match self.kind {
            Kind::Number => (quote!(f64), quote!(0.0)),
            _ => (quote!(i64), quote!(0)),
        };
        quote_spanned! { step.span() =>
            const _: () = {
                let step: #ty = #step;
                ::core::assert!(step > #zero, #message);
            };
        }
    }

    /// Both ends of the range; those of the type where the attribute names none.
    fn ends(&self) -> (TokenStream, TokenStream) {
        let ty = &self.ty;
        let Range { min, max, .. } = &self.attribute.range;
        let min = min.as_ref().map_or_else(|| quote!(<#ty>::MIN), ToTokens::to_token_stream);
        let max = max.as_ref().map_or_else(|| quote!(<#ty>::MAX), ToTokens::to_token_stream);
        (min, max)
    }
}

impl Kind {
    fn of(ty: &Type) -> Result<Self> {
        let Type::Path(path) = ty else {
            return Err(Error::new_spanned(ty, "expected an integer, `f64`, `bool` or an enum"));
        };
        let Some(last) = path.path.segments.last() else {
            return Err(Error::new_spanned(ty, "expected an integer, `f64`, `bool` or an enum"));
        };
        let name = last.ident.to_string();
        if let Some((_, instead)) = REFUSED.iter().find(|(refused, _)| *refused == name) {
            return Err(Error::new_spanned(
                ty,
                format!("`{name}` is not a parameter type: {instead}"),
            ));
        }
        Ok(match name.as_str() {
            "f64" => Self::Number,
            "bool" => Self::Flag,
            integer if INTEGERS.contains(&integer) => Self::Integer,
            _ => Self::Choice,
        })
    }
}

/// The doc comment of a field as one paragraph.
fn help(field: &Field) -> String {
    let lines = field.attrs.iter().filter_map(|attribute| match &attribute.meta {
        Meta::NameValue(meta) if meta.path.is_ident("doc") => match &meta.value {
            Expr::Lit(ExprLit { lit: Lit::Str(text), .. }) => Some(text.value().trim().to_owned()),
            _ => None,
        },
        _ => None,
    });
    lines.filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

#[cfg(test)]
mod tests {
    use super::*;
    use syn::parse_quote;

    #[test]
    fn help_is_the_doc_comment_in_one_paragraph() {
        let field: Field = parse_quote! {
            /// Length of the average,
            /// in bars.
            length: u32
        };
        assert_eq!(help(&field), "Length of the average, in bars.");
    }
}
