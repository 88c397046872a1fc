//! Where a new crate gets the SDK from.

use std::fs;
use std::path::{Path, PathBuf};

/// The source of the dependency on `ct-sdk`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sdk {
    /// The published version that belongs to this host.
    Published,
    /// A folder on this machine.
    Local(PathBuf),
}

/// A folder without the SDK.
#[derive(Debug, thiserror::Error)]
#[error("{} holds no ct-sdk: expected the folder of the crate ct-sdk, or a checkout with it in sdk/", .0.display())]
pub(super) struct NoSdk(PathBuf);

impl Sdk {
    /// The SDK in `folder`, or in `folder/sdk`.
    ///
    /// # Errors
    /// [`NoSdk`].
    pub(super) fn local(folder: &Path) -> Result<Self, NoSdk> {
        let candidates = [folder.to_owned(), folder.join("sdk")];
        let found = candidates.iter().find(|candidate| is_sdk(candidate));
        let found = found.and_then(|found| found.canonicalize().ok());
        found.map(Self::Local).ok_or_else(|| NoSdk(folder.to_owned()))
    }

    /// The SDK of the checkout that this program was built from, if it is still there; else the published one.
    pub(super) fn nearest() -> Self {
        let checkout = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        Self::local(&checkout).unwrap_or(Self::Published)
    }

    /// The right side of `ct-sdk = …` in a manifest.
    pub(super) fn dependency(&self) -> String {
        match self {
            // SDK and host are released together, under one version.
            Self::Published => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
            // Debug quotes and escapes as TOML does, for all that occurs in paths.
            Self::Local(path) => format!("{{ path = {:?} }}", path.to_string_lossy()),
        }
    }
}

fn is_sdk(folder: &Path) -> bool {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    manifest.lines().any(|line| line.replace(' ', "") == "name=\"ct-sdk\"")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_sdk_of_this_checkout_is_found_from_both_folders() {
        let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
        let Sdk::Local(path) = Sdk::local(&root).unwrap() else { panic!("local") };
        assert!(path.ends_with("sdk") && path.is_absolute());
        assert_eq!(Sdk::local(&root.join("sdk")).unwrap(), Sdk::Local(path));
        let error = Sdk::local(&root.join("host")).unwrap_err();
        assert!(error.to_string().contains("holds no ct-sdk"));
    }

    #[test]
    fn paths_are_quoted_for_the_manifest() {
        let sdk = Sdk::Local(PathBuf::from(r#"C:\my "sdk""#));
        assert_eq!(sdk.dependency(), r#"{ path = "C:\\my \"sdk\"" }"#);
    }
}
