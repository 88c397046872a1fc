//! Which price files a name stands for: a file, those in a folder or in a zip file, or those that a name with `*` means.

use std::fs;
use std::path::{Path, PathBuf};

use super::error::{FileError, FileProblem};
use super::file_format::FileFormat;
use super::wildcard::{has_wildcard, matches};
use crate::regular_file::open_regular;
use crate::zipped::{Member, is_zip, members};

/// Price files that are read together at most: eight hundred years of months.
pub const PRICE_FILES_MAX: usize = 10_000;

/// The price files that a name stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PriceFiles {
    /// Where they are, in the order of their names; a file `b.csv` in `a.zip` is at `a.zip/b.csv`.
    pub paths: Vec<PathBuf>,
    /// What else is there, hidden files left out: its name is not that of a price file.
    pub others: Vec<PathBuf>,
}

/// Whether `path` may stand for several files, as far as the name tells.
pub fn may_be_several(path: &Path) -> bool {
    has_wildcard(path) || FileFormat::of_name(path).is_err()
}

/// The price files that `path` stands for: itself, those in it if it is a folder (without those in folders within) or a zip
/// file, or those that it means with `*` and `?`. Nothing is read but names.
///
/// # Errors
/// [`FileError`] where there are none, or a folder or a zip file cannot be looked into.
///
/// ```no_run
/// use ct_data::files::price_files;
/// let months = price_files("BTCUSDT-1m-2024-*.zip".as_ref())?;
/// println!("{} files", months.paths.len());
/// # Ok::<(), ct_data::files::FileError>(())
/// ```
pub fn price_files(path: &Path) -> Result<PriceFiles, FileError> {
    if !path.exists() && has_wildcard(path) {
        let mut all = PriceFiles::default();
        for found in matches(path).map_err(|problem| problem.of(path))? {
            all.add_among_others(found)?;
        }
        return all.or_none(path);
    }
    let mut all = PriceFiles::default();
    all.add(path)?;
    Ok(all)
}

impl PriceFiles {
    /// Whether all of them are where they are said to be.
    pub fn are_there(&self) -> bool {
        self.paths.iter().all(|path| path.exists() || Member::of(path).is_some())
    }

    /// Adds what `path` stands for, which the user names.
    fn add(&mut self, path: &Path) -> Result<(), FileError> {
        let problem = |problem: FileProblem| problem.of(path);
        // A folder that is called like a file is not what its user thinks: reading it says so.
        let is_folder = path.is_dir() && FileFormat::of_name(path).is_err();
        let inside = if is_folder {
            children(path).map_err(|error| problem(FileProblem::Io(error)))?
        } else if is_zip(path) && path.exists() {
            let (zip, _) = open_regular(path).map_err(|error| problem(FileProblem::Io(error)))?;
            members(path, zip).map_err(|fault| problem(FileProblem::Zip(fault)))?
        } else {
            self.paths.push(path.to_owned());
            return Ok(());
        };
        let mut found = Self::default();
        for one in inside {
            // Folders within are left for the user to name, and so are zip files within zip files.
            if one.is_dir() || !is_folder {
                found.add_by_name(one);
            } else {
                found.add_among_others(one)?;
            }
        }
        let found = found.or_none(path)?;
        self.paths.extend(found.paths);
        self.others.extend(found.others);
        Ok(())
    }

    /// Adds what `path` stands for, if it is of the right kind; nobody has named it alone.
    fn add_among_others(&mut self, path: PathBuf) -> Result<(), FileError> {
        if path.is_dir() || is_zip(&path) {
            return self.add(&path);
        }
        self.add_by_name(path);
        Ok(())
    }

    fn add_by_name(&mut self, path: PathBuf) {
        let all = if FileFormat::of_name(&path).is_ok() && !path.is_dir() {
            &mut self.paths
        } else {
            &mut self.others
        };
        all.push(path);
    }

    /// # Errors
    /// [`FileProblem::NoPriceFiles`] of `path` when there are none.
    fn or_none(self, path: &Path) -> Result<Self, FileError> {
        const SHOWN_MAX: usize = 5;
        if !self.paths.is_empty() {
            return Ok(self);
        }
        let name = |other: &PathBuf| {
            let name = other.file_name().unwrap_or_default().to_string_lossy().into_owned();
            super::error::shown(&if other.is_dir() { name + "/" } else { name })
        };
        let mut shown: Vec<String> = self.others.iter().take(SHOWN_MAX).map(name).collect();
        match self.others.len() {
            0 => shown.push("nothing".to_owned()),
            count if count > SHOWN_MAX => shown.push(format!("{} more", count - SHOWN_MAX)),
            _ => {}
        }
        Err(FileProblem::NoPriceFiles(shown.join(", ")).of(path))
    }
}

/// What is in `folder`, hidden files left out, in the order of the names.
fn children(folder: &Path) -> std::io::Result<Vec<PathBuf>> {
    let mut paths = Vec::new();
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if !entry.file_name().to_string_lossy().starts_with('.') {
            paths.push(entry.path());
        }
    }
    paths.sort();
    Ok(paths)
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs::File;
    use std::io::Write;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn zip(path: &Path, names: &[&str]) {
        let mut zip = ZipWriter::new(File::create(path).unwrap());
        for name in names {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(b"text").unwrap();
        }
        zip.finish().unwrap();
    }

    /// Names relative to `folder`.
    fn names(folder: &Path, paths: &[PathBuf]) -> Vec<String> {
        let name = |path: &PathBuf| path.strip_prefix(folder).unwrap().display().to_string();
        paths.iter().map(name).collect()
    }

    #[test]
    fn folders_zip_files_and_stars_stand_for_the_price_files_in_them() {
        let folder = tempfile::tempdir().unwrap();
        let folder = folder.path();
        for name in ["b.csv", "a.parquet", "a.CHECKSUM", ".hidden.csv"] {
            fs::write(folder.join(name), "").unwrap();
        }
        fs::create_dir(folder.join("more")).unwrap();
        zip(&folder.join("c.zip"), &["c.csv", "LICENSE", "d.zip"]);
        for (path, paths, others) in [
            ("b.csv", &["b.csv"][..], &[][..]),
            ("gone.csv", &["gone.csv"], &[]),
            ("c.zip", &["c.zip/c.csv"], &["c.zip/LICENSE", "c.zip/d.zip"]),
            ("?.csv", &["b.csv"], &[]),
            ("a.*", &["a.parquet"], &["a.CHECKSUM"]),
            (
                "",
                &["a.parquet", "b.csv", "c.zip/c.csv"],
                &["a.CHECKSUM", "c.zip/LICENSE", "c.zip/d.zip", "more"],
            ),
        ] {
            let found = price_files(&folder.join(path)).unwrap();
            assert_eq!(names(folder, &found.paths), paths, "{path}");
            assert_eq!(names(folder, &found.others), others, "{path}");
        }
        fs::create_dir(folder.join("more/inside")).unwrap();
        for (path, expected) in [
            ("more", "no price file in it, but 'inside/'"),
            ("x*.csv", "no file is called so"),
            ("a.C*", "no price file in it, but 'a.CHECKSUM'"),
        ] {
            let error = price_files(&folder.join(path)).unwrap_err().to_string();
            assert!(error.contains(expected), "{error}");
        }
    }
}
