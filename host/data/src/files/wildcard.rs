//! Names with `*` and `?`, for whoever quotes them from the shell or writes them into a configuration.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::FileProblem;
use super::price_files::PRICE_FILES_MAX;

/// Whether `path` has a `*` or a `?`.
pub(super) fn has_wildcard(path: &Path) -> bool {
    path.to_string_lossy().contains(['*', '?'])
}

/// The files and folders that `pattern` means, in the order of their names. As in a shell, neither sign means a `/`, and
/// hidden files are only meant by a name that begins with a dot.
///
/// # Errors
/// [`FileProblem::Matches`] for none, or more than can be read.
pub(super) fn matches(pattern: &Path) -> Result<Vec<PathBuf>, FileProblem> {
    let mut found = vec![PathBuf::new()];
    for part in pattern.components() {
        let part = Path::new(part.as_os_str());
        if has_wildcard(part) {
            let wanted: Vec<char> = part.to_string_lossy().chars().collect();
            found = found.iter().flat_map(|folder| children(folder, &wanted)).collect();
        } else {
            for path in &mut found {
                path.push(part);
            }
        }
        if found.len() > PRICE_FILES_MAX {
            return Err(FileProblem::Matches(format!("more than {PRICE_FILES_MAX} files")));
        }
    }
    found.retain(|path| path.exists());
    if found.is_empty() {
        return Err(FileProblem::Matches("no file".to_owned()));
    }
    found.sort();
    Ok(found)
}

/// What of `folder` has a name as `wanted`. What cannot be looked into has nothing of it.
fn children(folder: &Path, wanted: &[char]) -> Vec<PathBuf> {
    let place = if folder.as_os_str().is_empty() { Path::new(".") } else { folder };
    let names = fs::read_dir(place).into_iter().flatten().flatten().map(|entry| entry.file_name());
    let is_meant = |name: &std::ffi::OsString| {
        let name: Vec<char> = name.to_string_lossy().chars().collect();
        (name.first() != Some(&'.') || wanted.first() == Some(&'.')) && fits(&name, wanted)
    };
    // One more than is read shows that there are too many.
    names.filter(is_meant).take(PRICE_FILES_MAX + 1).map(|name| folder.join(name)).collect()
}

/// Whether `name` is as `wanted`, in a time of at most the product of their lengths: where a letter does not fit, only the last
/// `*` takes one more.
fn fits(name: &[char], wanted: &[char]) -> bool {
    let (mut at, mut next) = (0, 0);
    let mut star: Option<(usize, usize)> = None;
    while at < name.len() {
        match wanted.get(next) {
            Some('*') => {
                star = Some((at, next));
                next += 1;
            }
            Some(letter) if *letter == '?' || Some(letter) == name.get(at) => {
                at += 1;
                next += 1;
            }
            _ => {
                let Some((taken, place)) = star else { return false };
                (at, next) = (taken + 1, place + 1);
                star = Some((taken + 1, place));
            }
        }
    }
    wanted.iter().skip(next).all(|letter| *letter == '*')
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_fit_as_in_a_shell() {
        for (name, wanted, expected) in [
            ("BTCUSDT-1m-2024-01.csv", "BTCUSDT-1m-2024-*.csv", true),
            ("BTCUSDT-1m-2024-01.csv", "*-2024-??.csv", true),
            ("BTCUSDT-1m-2024-01.csv", "*-2024-?.csv", false),
            ("BTCUSDT-1m-2024-01.csv.gz", "*.csv", false),
            ("aaab", "*a*ab", true),
            ("abc", "abc*", true),
            ("abc", "", false),
            ("比特币.csv", "??币.csv", true),
        ] {
            let [name, pattern] = [name, wanted].map(|text| text.chars().collect::<Vec<_>>());
            assert_eq!(fits(&name, &pattern), expected, "{wanted}");
        }
    }

    #[test]
    fn matches_are_in_order_and_without_hidden_files() {
        let folder = tempfile::tempdir().unwrap();
        for name in ["b/1.csv", "a/2.csv", "a/1.csv", "a/.1.csv", "c.csv"] {
            let path = folder.path().join(name);
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, "").unwrap();
        }
        let found = |pattern: &str| matches(&folder.path().join(pattern));
        let paths = |names: &[&str]| -> Vec<PathBuf> {
            names.iter().map(|name| folder.path().join(name)).collect()
        };
        assert_eq!(found("*/*.csv").unwrap(), paths(&["a/1.csv", "a/2.csv", "b/1.csv"]));
        assert_eq!(found("?/2.csv").unwrap(), paths(&["a/2.csv"]));
        assert_eq!(found("a/.*").unwrap(), paths(&["a/.1.csv"]));
        let error = found("*.parquet").unwrap_err().to_string();
        assert!(error.starts_with("no file is called so"), "{error}");
    }
}
