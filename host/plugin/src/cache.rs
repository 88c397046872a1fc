//! Compiled plugins, kept in a private folder.

use std::ffi::OsStr;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::{Duration, SystemTime};

use wasmtime::Engine;

use super::compiled::Compiled;
use super::{CacheKey, private};

/// First bytes of a cache file; the number is the layout's version.
const MAGIC: &[u8; 8] = b"ct-aot\0\x02";
/// Bytes of the seal behind the magic.
const SEAL_BYTES: usize = blake3::OUT_LEN;
/// Name of a cache file behind the dot.
const EXTENSION: &str = "cwasm";
/// Name behind the dot of a file that is being written.
const TEMPORARY: &str = "tmp";

/// Files that are kept; the oldest go. A session tries some dozens of plugins, and each takes a fraction of a second to compile.
const FILES_MAX: usize = 500;
/// Bytes that are kept; the oldest files go. A Rust strategy takes some 200 kB.
const BYTES_MAX: u64 = 512 << 20;
/// A file that was being written for so long belongs to a process that is no more.
const ABANDONED_AFTER: Duration = Duration::from_hours(1);

/// A folder of compiled plugins, named by the plugin's hash and by everything that decides how wasmtime compiles.
///
/// Compiled code runs unchecked. So a file is loaded only when it bears a seal made with the user's key over its name, the
/// plugin's hash and the code: whoever can put files into the folder, or names another folder, cannot make one. As a second
/// wall the folder and the file have to be this user's, and nobody else's to write.
#[derive(Debug)]
pub(super) struct CompileCache {
    folder: PathBuf,
    key: CacheKey,
}

impl CompileCache {
    /// The cache in `folder`, which is made if it is not there; `None` when it cannot be private.
    pub(super) fn open(folder: &Path, key: CacheKey) -> Option<Self> {
        private::make_folder(folder).ok()?;
        private::is_own_folder(folder).then(|| Self { folder: folder.to_owned(), key })
    }

    /// The compiled form of the plugin with `hash`, if it is there and intact.
    pub(super) fn get(&self, engine: &Engine, hash: &str) -> Option<Compiled> {
        let path = self.path(engine, hash);
        if !private::is_own_file(&path) {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let (seal, compiled) = bytes.strip_prefix(MAGIC)?.split_at_checked(SEAL_BYTES)?;
        // Hashes compare in constant time.
        if self.seal(&path, hash, compiled) != <[u8; SEAL_BYTES]>::try_from(seal).ok()? {
            return None;
        }
        Compiled::from_bytes(compiled).filter(|compiled| compiled.artifact.hash() == hash)
    }

    /// Keeps `compiled`. The cache only saves time: what cannot be written is compiled again.
    pub(super) fn put(&self, engine: &Engine, compiled: &Compiled) {
        let hash = compiled.artifact.hash();
        let path = self.path(engine, hash);
        let Some(bytes) = compiled.to_bytes() else { return };
        let written = self.write(&path, self.seal(&path, hash, &bytes), &bytes);
        // What cannot be pruned is pruned by the next.
        let _ = written.and_then(|()| self.prune(&path));
    }

    fn path(&self, engine: &Engine, hash: &str) -> PathBuf {
        let mut key = CompatibilityKey::default();
        std::hash::Hash::hash(&engine.precompile_compatibility_hash(), &mut key);
        let short: String = hash.chars().take(32).collect();
        self.folder.join(format!("{short}-{}.{EXTENSION}", &key.0.finalize().to_hex()[..16]))
    }

    fn seal(&self, path: &Path, hash: &str, compiled: &[u8]) -> blake3::Hash {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        self.key.seal(&[MAGIC, name, hash.as_bytes(), compiled])
    }

    fn write(&self, path: &Path, seal: blake3::Hash, compiled: &[u8]) -> io::Result<()> {
        let suffix = format!(".{TEMPORARY}");
        let mut file = tempfile::Builder::new().suffix(&suffix).tempfile_in(&self.folder)?;
        file.write_all(MAGIC)?;
        file.write_all(seal.as_bytes())?;
        file.write_all(compiled)?;
        file.persist(path).map_err(|error| error.error)?;
        Ok(())
    }

    /// Removes the oldest files past what is kept, and what dead writers left. Ages are counted from `newest`, so that no clock
    /// is asked.
    fn prune(&self, newest: &Path) -> io::Result<()> {
        let now = fs::metadata(newest)?.modified()?;
        let mut kept = Vec::new();
        for entry in fs::read_dir(&self.folder)?.flatten() {
            let (path, metadata) = (entry.path(), entry.metadata()?);
            let written = metadata.modified()?;
            match path.extension().and_then(OsStr::to_str) {
                Some(EXTENSION) => kept.push((written, metadata.len(), path)),
                Some(TEMPORARY) if is_abandoned(written, now) => fs::remove_file(path)?,
                _ => {}
            }
        }
        kept.sort_by(|left, right| right.cmp(left));
        let mut bytes = 0_u64;
        for (place, (_, length, path)) in kept.into_iter().enumerate() {
            bytes = bytes.saturating_add(length);
            if (place >= FILES_MAX || bytes > BYTES_MAX) && path != newest {
                fs::remove_file(path)?;
            }
        }
        Ok(())
    }
}

fn is_abandoned(written: SystemTime, now: SystemTime) -> bool {
    now.duration_since(written).is_ok_and(|age| age > ABANDONED_AFTER)
}

/// Collects what wasmtime says about compatibility; its own hasher is not stable between runs.
#[derive(Default)]
struct CompatibilityKey(blake3::Hasher);

impl std::hash::Hasher for CompatibilityKey {
    fn write(&mut self, bytes: &[u8]) {
        self.0.update(bytes);
    }

    fn finish(&self) -> u64 {
        0
    }
}
