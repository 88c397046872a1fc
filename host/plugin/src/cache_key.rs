//! The key with which compiled plugins are sealed.

use std::io::{self, Read, Write};
use std::path::Path;
use std::{fmt, fs};

use super::private;

/// Bytes of a key.
const BYTES: usize = blake3::KEY_LEN;

/// A secret of one user. Compiled code runs unchecked, so that a file of it is believed only with a seal of this key: a folder
/// that came from elsewhere has none.
#[derive(Clone, PartialEq, Eq)]
pub struct CacheKey([u8; BYTES]);

impl CacheKey {
    /// The key of these bytes, which nobody else may know.
    pub const fn new(bytes: [u8; BYTES]) -> Self {
        Self(bytes)
    }

    /// The key in `file`, which is made at first use and whenever it is no private file with a key.
    ///
    /// # Errors
    /// When it can neither be read nor written.
    pub fn kept_in(file: &Path) -> io::Result<Self> {
        if let Some(found) = read(file) {
            return Ok(found);
        }
        let folder = file.parent().unwrap_or(Path::new("."));
        private::make_folder(folder)?;
        let mut bytes = [0; BYTES];
        getrandom::fill(&mut bytes).map_err(io::Error::other)?;
        let mut made = tempfile::NamedTempFile::new_in(folder)?;
        made.write_all(&bytes)?;
        let Err(refused) = made.persist_noclobber(file) else { return Ok(Self(bytes)) };
        // Another process was first, or what is there is no key.
        if let Some(found) = read(file) {
            return Ok(found);
        }
        refused.file.persist(file).map_err(|error| error.error)?;
        Ok(Self(bytes))
    }

    /// What nobody without the key can tell of `parts`.
    pub(super) fn seal(&self, parts: &[&[u8]]) -> blake3::Hash {
        let mut hasher = blake3::Hasher::new_keyed(&self.0);
        for part in parts {
            // With its length, so that no two lists of parts are one.
            hasher.update(&(part.len() as u64).to_le_bytes()).update(part);
        }
        hasher.finalize()
    }
}

impl fmt::Debug for CacheKey {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("CacheKey(..)")
    }
}

/// The key in `file`, if it is a file that only its user can read and write.
fn read(file: &Path) -> Option<CacheKey> {
    if !private::is_secret(file) {
        return None;
    }
    let mut bytes = Vec::new();
    fs::File::open(file).ok()?.take(BYTES as u64 + 1).read_to_end(&mut bytes).ok()?;
    bytes.try_into().ok().map(CacheKey)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_made_once() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("own/cache.key");
        let key = CacheKey::kept_in(&file).unwrap();
        assert_eq!(CacheKey::kept_in(&file).unwrap(), key);
        assert_ne!(key, CacheKey::new([0; BYTES]));
        assert_ne!(key.seal(&[b"ab", b"c"]), key.seal(&[b"a", b"bc"]));
        assert_eq!(format!("{key:?}"), "CacheKey(..)");
    }

    #[cfg(unix)]
    #[test]
    fn a_key_that_others_know_or_gave_is_replaced() {
        use std::os::unix::fs::{PermissionsExt, symlink};
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("cache.key");
        let first = CacheKey::kept_in(&file).unwrap();
        fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
        let second = CacheKey::kept_in(&file).unwrap();
        assert_ne!(first, second);
        fs::write(&file, "short").unwrap();
        let third = CacheKey::kept_in(&file).unwrap();
        assert_ne!(second, third);
        let foreign = folder.path().join("foreign");
        fs::rename(&file, &foreign).unwrap();
        symlink(&foreign, &file).unwrap();
        let fourth = CacheKey::kept_in(&file).unwrap();
        assert_ne!(third, fourth);
        assert_eq!(CacheKey::kept_in(&file).unwrap(), fourth);
        assert_eq!(fs::read(&foreign).unwrap(), third.0, "the other file is left alone");
    }
}
