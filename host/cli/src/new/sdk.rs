//! Where a new crate gets the SDK from.

use std::fs;
use std::path::{Component, Path, PathBuf};

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

    /// The right side of `ct-sdk = …` in the manifest of a crate in `folder`, which is there: a path that stays right when both are
    /// moved together, and on the machine of whoever gets both.
    pub(super) fn dependency(&self, folder: &Path) -> String {
        match self {
            // SDK and host are released together, under one version.
            Self::Published => format!("\"{}\"", env!("CARGO_PKG_VERSION")),
            // Debug quotes and escapes as TOML does, for all that occurs in paths.
            Self::Local(path) => {
                let folder = folder.canonicalize().ok();
                let relative = folder.and_then(|folder| relative(&folder, path));
                let path = relative.as_deref().unwrap_or(path);
                format!("{{ path = {:?} }}", path.to_string_lossy())
            }
        }
    }
}

/// The way from `folder` to `target`, both from the root; `None` when they are on different drives.
fn relative(folder: &Path, target: &Path) -> Option<PathBuf> {
    let (from, to) = (folder.components(), target.components());
    let same = from.clone().zip(to.clone()).take_while(|(one, other)| one == other).count();
    let up = from.skip(same).map(|_| Component::ParentDir);
    (same > 0).then(|| up.chain(to.skip(same)).collect())
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
        let missing = Path::new("not there");
        assert_eq!(sdk.dependency(missing), r#"{ path = "C:\\my \"sdk\"" }"#);
    }

    #[test]
    fn a_crate_finds_the_sdk_from_where_it_is() {
        for (folder, target, expected) in [
            ("/a/b/my", "/a/sdk", Some("../../sdk")),
            ("/a/my", "/a/my/sdk", Some("sdk")),
            ("/x/my", "/a/sdk", Some("../../a/sdk")),
        ] {
            let found = relative(Path::new(folder), Path::new(target));
            assert_eq!(found, expected.map(PathBuf::from), "{folder}");
        }
    }
}
