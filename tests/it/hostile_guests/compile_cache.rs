//! The folder of compiled plugins: a damaged file is compiled again, and a folder that others can write to is not used.

use std::fs;
use std::path::{Path, PathBuf};
use std::time::Duration;

use ct_host::engine::Outcome;
use ct_host::plugin::{CacheKey, CacheSettings, Plugin, Runtime, RuntimeSettings};
use ct_tests::bars::SplitMix64;
use ct_tests::hostile::{self, Access};
use ct_tests::run::exact;
use tempfile::TempDir;

use super::core_module::CoreModule;
use super::stage::{self, alone};

fn runtime(folder: &Path) -> Runtime {
    keyed(folder, 1)
}

/// A runtime of the user with this key.
fn keyed(folder: &Path, key: u8) -> Runtime {
    let cache = CacheSettings { folder: folder.to_owned(), key: CacheKey::new([key; 32]) };
    Runtime::new(&RuntimeSettings { cache: Some(cache), ..RuntimeSettings::default() }).unwrap()
}

/// The files in the folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut files: Vec<PathBuf> =
        fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    files
}

fn run(plugin: &Plugin) -> String {
    let outcome: Outcome = stage::run(plugin, &alone(), 64).unwrap();
    exact(&outcome)
}

fn honest() -> Vec<u8> {
    hostile::component("", Access::Signals)
}

#[test]
fn a_damaged_file_is_compiled_again() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("cache");
    let (runtime, bytes) = (runtime(&folder), honest());
    let expected = run(&runtime.load(&bytes).unwrap());
    let [file] = &files(&folder)[..] else { panic!("one file: {:?}", files(&folder)) };
    let sound = fs::read(file).unwrap();
    assert_eq!(run(&runtime.load(&bytes).unwrap()), expected, "from the cache");
    assert_eq!(fs::read(file).unwrap(), sound, "a sound file is not written again");
    let mut random = SplitMix64(6);
    let mut damaged: Vec<Vec<u8>> = (0..20)
        .map(|_| {
            let mut bytes = sound.clone();
            let place = random.below(bytes.len());
            bytes[place] ^= 1 << random.below(8);
            bytes
        })
        .collect();
    damaged.extend([0, 7, 8, 39, 40, 41, sound.len() - 1].map(|length| sound[..length].to_vec()));
    for damaged in damaged {
        fs::write(file, &damaged).unwrap();
        assert_eq!(run(&runtime.load(&bytes).unwrap()), expected);
        assert_eq!(fs::read(file).unwrap(), sound, "the damaged file is replaced");
    }
    assert_eq!(files(&folder).len(), 1, "nothing else is left behind");
}

#[test]
fn a_file_under_another_plugins_name_is_not_taken() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("cache");
    let runtime = runtime(&folder);
    let other = CoreModule::HONEST.component();
    runtime.load(&other).unwrap();
    let [others] = &files(&folder)[..] else { panic!("one file: {:?}", files(&folder)) };
    let plugin = runtime.load(&honest()).unwrap();
    let both = files(&folder);
    let file = both.iter().find(|file| *file != others).unwrap();
    fs::copy(others, file).unwrap();
    assert_eq!(runtime.load(&honest()).unwrap().descriptor(), plugin.descriptor());
}

#[test]
fn a_file_that_another_user_sealed_is_not_taken() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("cache");
    let (bytes, expected) = (honest(), expected());
    let mut before = Vec::new();
    for key in [1, 2, 1] {
        assert_eq!(run(&keyed(&folder, key).load(&bytes).unwrap()), expected);
        let [file] = &files(&folder)[..] else { panic!("one file: {:?}", files(&folder)) };
        let after = fs::read(file).unwrap();
        assert_ne!(after, before, "key {key}: compiled and sealed anew");
        before = after;
    }
}

#[test]
fn the_oldest_files_go_and_what_dead_writers_left() {
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("cache");
    let runtime = runtime(&folder);
    let hour = Duration::from_hours(1);
    let now = fs::metadata(&folder).unwrap().modified().unwrap();
    let aged = |name: &str, age: Duration| {
        let file = fs::File::create(folder.join(name)).unwrap();
        file.set_modified(now - age).unwrap();
        folder.join(name)
    };
    let old: Vec<PathBuf> = (0..600).map(|age| aged(&format!("{age}.cwasm"), hour * age)).collect();
    let abandoned = aged(".half.tmp", hour * 2);
    let writing = aged(".other.tmp", hour / 2);
    let foreign = aged("notes.txt", hour * 9_999);
    runtime.load(&honest()).unwrap();
    let compiled =
        files(&folder).iter().filter(|file| file.extension() == Some("cwasm".as_ref())).count();
    assert_eq!(compiled, 500);
    assert!(old[498].exists() && !old[499].exists(), "the newest stay");
    assert!(!abandoned.exists() && writing.exists() && foreign.exists());
    assert_eq!(run(&runtime.load(&honest()).unwrap()), expected());
}

#[cfg(unix)]
#[test]
fn a_folder_that_others_can_write_to_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    for mode in [0o770, 0o702, 0o777, 0o1777] {
        let folder = TempDir::new().unwrap();
        fs::set_permissions(folder.path(), fs::Permissions::from_mode(mode)).unwrap();
        assert_eq!(run(&runtime(folder.path()).load(&honest()).unwrap()), expected());
        assert!(files(folder.path()).is_empty(), "mode {mode:o}");
    }
}

#[cfg(unix)]
#[test]
fn a_file_that_others_can_write_to_is_not_used() {
    use std::os::unix::fs::PermissionsExt;
    let folder = TempDir::new().unwrap();
    let folder = folder.path().join("cache");
    let runtime = runtime(&folder);
    runtime.load(&honest()).unwrap();
    let [file] = &files(&folder)[..] else { panic!("one file: {:?}", files(&folder)) };
    fs::set_permissions(file, fs::Permissions::from_mode(0o666)).unwrap();
    assert_eq!(run(&runtime.load(&honest()).unwrap()), expected());
    let mode = fs::metadata(file).unwrap().permissions().mode();
    assert_eq!(mode & 0o777, 0o600, "the file is replaced by a private one");
}

#[cfg(unix)]
#[test]
fn a_path_that_is_no_folder_is_no_error() {
    let folder = TempDir::new().unwrap();
    let (dangling, file) = (folder.path().join("dangling"), folder.path().join("file"));
    std::os::unix::fs::symlink(folder.path().join("nowhere"), &dangling).unwrap();
    fs::write(&file, b"").unwrap();
    for path in [dangling, file.clone(), file.join("below"), PathBuf::from("/proc/none")] {
        assert_eq!(run(&runtime(&path).load(&honest()).unwrap()), expected(), "{path:?}");
    }
    assert_eq!(files(folder.path()).len(), 2);
}

fn expected() -> String {
    run(stage::honest(Access::Signals))
}
