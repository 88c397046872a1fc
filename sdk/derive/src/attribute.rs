//! `#[param(…)]` of a field.

use syn::meta::ParseNestedMeta;
use syn::{Error, Expr, Field, Result};

/// What the attribute says.
pub(crate) struct Attribute {
    pub(crate) default: Expr,
    pub(crate) range: Range,
}

/// The optional part, for integers and numbers.
#[derive(Default)]
pub(crate) struct Range {
    pub(crate) min: Option<Expr>,
    pub(crate) max: Option<Expr>,
    pub(crate) step: Option<Expr>,
}

impl Attribute {
    /// Reads the one `#[param(…)]` of a field.
    pub(crate) fn of(field: &Field) -> Result<Self> {
        let mut default = None;
        let mut range = Range::default();
        for attribute in field.attrs.iter().filter(|attribute| attribute.path().is_ident("param")) {
            attribute.parse_nested_meta(|meta| {
                let slot = if meta.path.is_ident("default") {
                    &mut default
                } else if meta.path.is_ident("min") {
                    &mut range.min
                } else if meta.path.is_ident("max") {
                    &mut range.max
                } else if meta.path.is_ident("step") {
                    &mut range.step
                } else if meta.path.is_ident("choices") {
                    return Err(meta.error("the choices are the variants of the field's enum"));
                } else {
                    return Err(meta.error("expected `default`, `min`, `max` or `step`"));
                };
                fill(slot, &meta)
            })?;
        }
        let missing = || Error::new_spanned(field, "a parameter needs `#[param(default = …)]`");
        Ok(Self { default: default.ok_or_else(missing)?, range })
    }
}

impl Range {
    /// Refuses what is meant for integers and numbers only.
    pub(crate) fn check_absent(&self) -> Result<()> {
        match self.min.as_ref().or(self.max.as_ref()).or(self.step.as_ref()) {
            Some(found) => Err(Error::new_spanned(found, "only integers and numbers have a range")),
            None => Ok(()),
        }
    }
}

fn fill(slot: &mut Option<Expr>, meta: &ParseNestedMeta<'_>) -> Result<()> {
    if slot.is_some() {
        return Err(meta.error("given twice"));
    }
    *slot = Some(meta.value()?.parse()?);
    Ok(())
}
