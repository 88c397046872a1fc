//! The files of a new crate.

use std::path::Path;

use super::crate_name::CrateName;
use super::sdk::Sdk;
use ct_host::data::written::{Destination, Existing, WriteError, make_folder, make_new_folder};

/// Paths within the crate, and their templates.
const FILES: [(&str, &str); 3] = [
    ("Cargo.toml", include_str!("template/manifest.toml")),
    ("README.md", include_str!("template/readme.md")),
    (".gitignore", include_str!("template/gitignore")),
];

/// What a strategy sees, and so how it is written.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Form {
    /// Bars of one instrument
    #[default]
    Signals,
    /// Bars of one instrument, and its position and account
    Account,
    /// Bars of all instruments at one time
    Portfolio,
}

impl Form {
    const fn source(self) -> &'static str {
        match self {
            Self::Signals => include_str!("template/signals.rs"),
            Self::Account => include_str!("template/account.rs"),
            Self::Portfolio => include_str!("template/portfolio.rs"),
        }
    }

    const fn summary(self) -> &'static str {
        match self {
            Self::Signals => "Long while the close is above its exponential moving average",
            Self::Account => {
                "Long while the close is above its average, until the position has lost too much"
            }
            Self::Portfolio => "Holds the instrument that has risen most",
        }
    }
}

/// Writes the crate `name` into `folder`, which must not be there yet.
///
/// # Errors
/// [`WriteError`].
pub(super) fn write(
    folder: &Path,
    name: &CrateName,
    form: Form,
    sdk: &Sdk,
) -> Result<(), WriteError> {
    make_new_folder(folder)?;
    make_folder(&folder.join("src"))?;
    let dependency = sdk.dependency(folder);
    FILES.into_iter().chain([("src/lib.rs", form.source())]).try_for_each(|(path, template)| {
        let file = Destination::new(folder.join(path), Existing::Kept);
        let text = template
            .replace("{{name}}", &name.to_string())
            .replace("{{TypeName}}", &name.type_name())
            .replace("{{summary}}", form.summary())
            .replace("{{sdk}}", &dependency);
        file.write(|output| output.write_all(text.as_bytes())).map(drop)
    })
}

#[cfg(test)]
mod tests {
    use std::fs;

    use clap::ValueEnum;
    use ct_host::data::written::WriteProblem;

    use super::*;

    #[test]
    fn every_place_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let name = "my-strategy".parse().unwrap();
        for form in Form::value_variants() {
            let crate_folder = folder.path().join(format!("{form:?}"));
            write(&crate_folder, &name, *form, &Sdk::Published).unwrap();
            for path in ["src/lib.rs", "Cargo.toml", "README.md", ".gitignore"] {
                let text = fs::read_to_string(crate_folder.join(path)).unwrap();
                assert!(!text.contains("{{"), "{path}");
            }
        }
        let crate_folder = folder.path().join("Signals");
        let manifest = fs::read_to_string(crate_folder.join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("ct-sdk = \"{}\"", env!("CARGO_PKG_VERSION"))));
        let again = write(&crate_folder, &name, Form::Signals, &Sdk::Published).unwrap_err();
        assert!(matches!(again.problem, WriteProblem::Exists), "{again}");
    }
}
