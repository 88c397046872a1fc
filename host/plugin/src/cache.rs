//! Compiled plugins, kept in a private folder.

use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

use wasmtime::Engine;
use wasmtime::component::Component;

/// First bytes of a cache file; the number is the layout's version.
const MAGIC: &[u8; 8] = b"ct-aot\0\x01";
/// Bytes of the checksum behind the magic.
const CHECKSUM_BYTES: usize = blake3::OUT_LEN;

/// A folder of compiled plugins, named by the plugin's hash and by everything that decides how wasmtime compiles. Only
/// files that this user wrote into a folder that nobody else can write to are loaded: compiled code runs unchecked.
#[derive(Debug)]
pub(super) struct CompileCache {
    folder: PathBuf,
    /// The user whose files are loaded.
    owner: u32,
}

impl CompileCache {
    /// The cache in `folder`, which is made if it is not there; `None` when it cannot be private.
    pub(super) fn open(folder: &Path) -> Option<Self> {
        make_private(folder).ok()?;
        let owner = own_uid(folder)?;
        is_private(folder, owner).then(|| Self { folder: folder.to_owned(), owner })
    }

    /// The compiled form of the component with `hash`, if it is there and intact.
    pub(super) fn get(&self, engine: &Engine, hash: &str) -> Option<Component> {
        let path = self.path(engine, hash);
        if !is_private(&path, self.owner) {
            return None;
        }
        let bytes = fs::read(&path).ok()?;
        let (checksum, code) = bytes.strip_prefix(MAGIC)?.split_at_checked(CHECKSUM_BYTES)?;
        if checksum_of(&path, code).as_bytes() != checksum {
            return None;
        }
        load_compiled(engine, code)
    }

    /// Keeps `component`. The cache only saves time: what cannot be written is compiled again.
    pub(super) fn put(&self, engine: &Engine, hash: &str, component: &Component) {
        let Ok(code) = component.serialize() else { return };
        let path = self.path(engine, hash);
        let temporary = path.with_extension(format!("{}.tmp", std::process::id()));
        let checksum = checksum_of(&path, &code);
        let written =
            write_private(&temporary, checksum, &code).and_then(|()| fs::rename(&temporary, &path));
        if written.is_err() {
            let _ = fs::remove_file(&temporary);
        }
    }

    fn path(&self, engine: &Engine, hash: &str) -> PathBuf {
        let mut key = CompatibilityKey::default();
        std::hash::Hash::hash(&engine.precompile_compatibility_hash(), &mut key);
        let short: String = hash.chars().take(32).collect();
        self.folder.join(format!("{short}-{}.cwasm", &key.0.finalize().to_hex()[..16]))
    }
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

#[expect(unsafe_code, reason = "the one place where compiled code is loaded")]
fn load_compiled(engine: &Engine, code: &[u8]) -> Option<Component> {
    // SAFETY: `Component::deserialize` trusts its bytes. They come from a file of this user in a folder that only this user
    // can write to, their checksum matches, and their name binds them to this plugin, wasmtime version and configuration.
    unsafe { Component::deserialize(engine, code) }.ok()
}

/// Binds compiled code to the name of its file: a good file under another name is as bad as a damaged one.
fn checksum_of(path: &Path, code: &[u8]) -> blake3::Hash {
    let name = path.file_name().unwrap_or_default();
    blake3::Hasher::new().update(name.as_encoded_bytes()).update(code).finalize()
}

fn write_private(path: &Path, checksum: blake3::Hash, code: &[u8]) -> std::io::Result<()> {
    let mut options = fs::OpenOptions::new();
    options.write(true).create(true).truncate(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    let mut file = options.open(path)?;
    file.write_all(MAGIC)?;
    file.write_all(checksum.as_bytes())?;
    file.write_all(code)
}

#[cfg(unix)]
fn make_private(folder: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::DirBuilderExt;
    fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)
}

#[cfg(not(unix))]
fn make_private(folder: &Path) -> std::io::Result<()> {
    fs::create_dir_all(folder)
}

/// This user, as the system knows the owner of a file that was just made in `folder`.
#[cfg(unix)]
fn own_uid(folder: &Path) -> Option<u32> {
    use std::os::unix::fs::MetadataExt;
    let probe = folder.join(format!("owner-{}.tmp", std::process::id()));
    let uid = fs::File::create(&probe).and_then(|file| file.metadata()).map(|made| made.uid());
    // A file that stays behind is empty and never loaded.
    let _ = fs::remove_file(probe);
    uid.ok()
}

/// Elsewhere nobody can tell whose file it is, so that nothing is kept.
#[cfg(not(unix))]
fn own_uid(_folder: &Path) -> Option<u32> {
    None
}

/// True when `path` belongs to `owner` and nobody else may write to it.
#[cfg(unix)]
fn is_private(path: &Path, owner: u32) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|found| found.uid() == owner && found.mode() & 0o022 == 0)
}

#[cfg(not(unix))]
fn is_private(_path: &Path, _owner: u32) -> bool {
    false
}
