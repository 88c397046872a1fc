//! The files of a new crate.

use std::path::Path;

use super::crate_name::CrateName;
use super::sdk::Sdk;
use ct_host::data::written::{Destination, Existing, WriteError, make_folder, make_new_folder};

/// Paths within the crate, and their templates.
const FILES: [(&str, &str); 4] = [
    ("Cargo.toml", include_str!("template/manifest.toml")),
    ("src/lib.rs", include_str!("template/strategy.rs")),
    ("README.md", include_str!("template/readme.md")),
    (".gitignore", include_str!("template/gitignore")),
];

/// Writes the crate `name` into `folder`, which must not be there yet.
///
/// # Errors
/// [`WriteError`].
pub(super) fn write(folder: &Path, name: &CrateName, sdk: &Sdk) -> Result<(), WriteError> {
    make_new_folder(folder)?;
    make_folder(&folder.join("src"))?;
    FILES.into_iter().try_for_each(|(path, template)| {
        let file = Destination::new(folder.join(path), Existing::Kept);
        let text = filled(template, name, sdk);
        file.write(|output| output.write_all(text.as_bytes())).map(drop)
    })
}

fn filled(template: &str, name: &CrateName, sdk: &Sdk) -> String {
    template
        .replace("{{name}}", &name.to_string())
        .replace("{{TypeName}}", &name.type_name())
        .replace("{{sdk}}", &sdk.dependency())
}

#[cfg(test)]
mod tests {
    use std::fs;

    use ct_host::data::written::WriteProblem;

    use super::*;

    #[test]
    fn every_place_is_filled() {
        let folder = tempfile::tempdir().unwrap();
        let crate_folder = folder.path().join("some/my-strategy");
        let name = "my-strategy".parse().unwrap();
        write(&crate_folder, &name, &Sdk::Published).unwrap();
        for (path, _) in FILES {
            let text = fs::read_to_string(crate_folder.join(path)).unwrap();
            assert!(!text.contains("{{"), "{path}");
        }
        let manifest = fs::read_to_string(crate_folder.join("Cargo.toml")).unwrap();
        assert!(manifest.contains(&format!("ct-sdk = \"{}\"", env!("CARGO_PKG_VERSION"))));
        let again = write(&crate_folder, &name, &Sdk::Published).unwrap_err();
        assert!(matches!(again.problem, WriteProblem::Exists), "{again}");
    }
}
