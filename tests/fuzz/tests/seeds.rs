//! The seeds: what is sound is accepted, and what once did harm does none.

use std::fs;
use std::path::{Path, PathBuf};

use ct_fuzz::{Answer, TARGETS};

/// The folder with a folder of seeds for each target.
fn folder() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("seeds")
}

#[test]
fn every_target_takes_its_seeds() {
    for target in TARGETS {
        let mut accepted = 0;
        for entry in fs::read_dir(folder().join(target.name)).unwrap() {
            let seed = entry.unwrap().path();
            let is_sound = seed.file_name().unwrap().to_string_lossy().starts_with("sound");
            let answer = (target.run)(&fs::read(&seed).unwrap());
            // A sound one that is refused is out of date: CONTRIBUTING.md says how it was made.
            assert!(!is_sound || answer == Answer::Accepted, "{} is refused", seed.display());
            accepted += usize::from(answer == Answer::Accepted);
        }
        assert!(accepted > 0, "{}: no seed is accepted", target.name);
    }
}

#[test]
fn every_folder_of_seeds_has_its_target() {
    for entry in fs::read_dir(folder()).unwrap() {
        let name = entry.unwrap().file_name().into_string().unwrap();
        assert!(TARGETS.iter().any(|target| target.name == name), "{name}");
    }
}
