//! The files of a new crate.

use std::path::Path;
use std::{fs, io};

use super::crate_name::CrateName;
use super::sdk::Sdk;

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
/// What the system says; [`io::ErrorKind::AlreadyExists`] when there is something at `folder`.
pub(super) fn write(folder: &Path, name: &CrateName, sdk: &Sdk) -> io::Result<()> {
    if let Some(parent) = folder.parent() {
        fs::create_dir_all(parent)?;
    }
    fs::create_dir(folder)?;
    fs::create_dir(folder.join("src"))?;
    FILES
        .into_iter()
        .try_for_each(|(path, template)| fs::write(folder.join(path), filled(template, name, sdk)))
}

fn filled(template: &str, name: &CrateName, sdk: &Sdk) -> String {
    template
        .replace("{{name}}", &name.to_string())
        .replace("{{TypeName}}", &name.type_name())
        .replace("{{sdk}}", &sdk.dependency())
}

#[cfg(test)]
mod tests {
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
        assert_eq!(again.kind(), io::ErrorKind::AlreadyExists);
    }
}
