//! Files inside of zip files, as archives hand them out. The file `b.csv` in `a.zip` is called `a.zip/b.csv`, as in a folder.

use std::fs::File;
use std::io::{self, BufReader, Read, Seek};
use std::path::{Path, PathBuf};

use zip::ZipArchive;
use zip::result::ZipError;

/// Files that a zip file of prices holds at most: eighty years of months. Its list is read again for each of them.
const ENTRIES_MAX: usize = 1_000;

/// A zip file, and the file in it that is meant.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Member {
    pub(crate) zip: PathBuf,
    /// With `/` between folders.
    name: String,
}

/// Whether the name of `path` is that of a zip file.
pub(crate) fn is_zip(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending.eq_ignore_ascii_case("zip"))
}

impl Member {
    /// The file in a zip file that `path` means; `None` where it leads through none.
    pub(crate) fn of(path: &Path) -> Option<Self> {
        let zip = path.ancestors().skip(1).find(|above| is_zip(above) && above.is_file())?;
        let inside = path.strip_prefix(zip).ok()?.components();
        let parts: Vec<_> = inside.map(|part| part.as_os_str().to_string_lossy()).collect();
        Some(Self { zip: zip.to_owned(), name: parts.join("/") })
    }

    /// What it unpacks to, in a file without a name that goes away by itself, and its length in bytes.
    ///
    /// # Errors
    /// What is wrong with the zip file, as the rest of a sentence about it; or what `allow` says of the number of bytes, which
    /// is asked before any are unpacked.
    pub(crate) fn unpacked<E: From<String>>(
        &self,
        zip: File,
        allow: impl FnOnce(u64) -> Result<(), E>,
    ) -> Result<(File, u64), E> {
        let mut archive = opened(zip)?;
        let name = &self.name;
        let place = self.place(&mut archive)?;
        let mut packed = archive.by_index(place).map_err(|error| not_readable(&error))?;
        let bytes = packed.size();
        allow(bytes)?;
        let damaged = |error: io::Error| {
            format!("'{}' cannot be unpacked ({error}): get the file again", name.escape_debug())
        };
        let mut file = tempfile::tempfile().map_err(|error| {
            format!("there is no room to unpack it in the folder for temporary files ({error})")
        })?;
        // The size in the list may be a lie; one byte more shows it.
        let mut limited = packed.by_ref().take(bytes.saturating_add(1));
        let found = io::copy(&mut limited, &mut file).map_err(damaged)?;
        if found != bytes {
            let lie = format!("it has another length than the {bytes} bytes that are said of it");
            return Err(damaged(io::Error::other(lie)).into());
        }
        file.rewind().map_err(damaged)?;
        Ok((file, bytes))
    }

    /// Its place in the list of `archive`, which may spell the name in another way: `./b.csv`.
    fn place(&self, archive: &mut ZipArchive<BufReader<File>>) -> Result<usize, String> {
        for place in 0..archive.len() {
            let entry = archive.by_index_raw(place).map_err(|error| not_readable(&error))?;
            if entry.enclosed_name().is_some_and(|name| name == Path::new(&self.name)) {
                return Ok(place);
            }
        }
        Err(format!("there is no '{}' in it", self.name.escape_debug()))
    }
}

/// Whether a file is hidden, or what macOS adds to every file that it packs.
fn is_hidden(name: &Path) -> bool {
    name.iter().any(|part| part == "__MACOSX" || part.to_string_lossy().starts_with('.'))
}

/// Where the files in the zip file `path` are, folders and hidden files left out: `path` with what the zip file calls them.
///
/// # Errors
/// What is wrong with it, as the rest of a sentence about it.
pub(crate) fn members(path: &Path, zip: File) -> Result<Vec<PathBuf>, String> {
    let mut archive = opened(zip)?;
    let mut paths = Vec::new();
    for place in 0..archive.len() {
        let entry = archive.by_index_raw(place).map_err(|error| not_readable(&error))?;
        if entry.is_dir() {
            continue;
        }
        // A name such as `/etc/passwd` or `../b.csv` would lead to another file.
        let name = entry.enclosed_name().ok_or_else(|| {
            let name = String::from_utf8_lossy(entry.name_raw());
            format!(
                "it holds '{}', a name that leads out of it: unpack it yourself",
                name.escape_debug()
            )
        })?;
        if !is_hidden(&name) {
            paths.push(path.join(name));
        }
    }
    Ok(paths)
}

fn opened(zip: File) -> Result<ZipArchive<BufReader<File>>, String> {
    let archive = ZipArchive::new(BufReader::new(zip)).map_err(|error| not_readable(&error))?;
    if archive.len() > ENTRIES_MAX {
        let found = archive.len();
        return Err(format!(
            "it holds {found} files: expected at most {ENTRIES_MAX}; unpack it yourself"
        ));
    }
    Ok(archive)
}

fn not_readable(error: &ZipError) -> String {
    format!("it is no zip file that can be read ({error}): get it again, or unpack it yourself")
}

#[cfg(test)]
mod tests {
    use std::fs;
    use std::io::Write;

    use super::*;
    use zip::ZipWriter;
    use zip::write::SimpleFileOptions;

    fn written(names: &[&str]) -> (tempfile::TempDir, PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.zip");
        let mut zip = ZipWriter::new(File::create(&path).unwrap());
        for name in names {
            zip.start_file(*name, SimpleFileOptions::default()).unwrap();
            zip.write_all(format!("text of {name}").as_bytes()).unwrap();
        }
        zip.finish().unwrap();
        (folder, path)
    }

    fn unpacked(path: &Path) -> Result<String, String> {
        let member = Member::of(path).unwrap();
        let (mut file, _) =
            member.unpacked::<String>(File::open(&member.zip).unwrap(), |_| Ok(()))?;
        let mut text = String::new();
        file.read_to_string(&mut text).unwrap();
        Ok(text)
    }

    #[test]
    fn files_are_found_under_the_names_that_the_zip_file_tells() {
        let (_folder, path) = written(&["a.csv", "months/b.csv"]);
        let found = members(&path, File::open(&path).unwrap()).unwrap();
        assert_eq!(found, [path.join("a.csv"), path.join("months/b.csv")]);
        assert_eq!(unpacked(&found[1]), Ok("text of months/b.csv".to_owned()));
        assert_eq!(unpacked(&path.join("c.csv")), Err("there is no 'c.csv' in it".to_owned()));
        assert_eq!(Member::of(&path), None);
        assert_eq!(Member::of(&path.with_extension("csv").join("a.csv")), None);
    }

    #[test]
    fn what_macos_adds_is_left_out_and_names_may_be_spelled_in_another_way() {
        let (_folder, path) = written(&["./a.csv", "__MACOSX/._a.csv", "months/.DS_Store"]);
        let found = members(&path, File::open(&path).unwrap()).unwrap();
        assert_eq!(found, [path.join("a.csv")]);
        assert!(unpacked(&found[0]).unwrap().ends_with("a.csv"));
    }

    #[test]
    fn a_zip_file_that_leads_elsewhere_or_lies_is_refused() {
        let (_folder, path) = written(&["../b.csv"]);
        let error = members(&path, File::open(&path).unwrap()).unwrap_err();
        assert!(error.starts_with("it holds '../b.csv', a name that leads out of it"), "{error}");
        let (_folder, path) = written(&["a.csv"]);
        // Eight bytes of text by the list, and 13 in truth.
        let mut content = fs::read(&path).unwrap();
        let list = content.windows(4).position(|bytes| bytes == b"PK\x01\x02").unwrap();
        content[list + 24] = 8;
        fs::write(&path, &content).unwrap();
        let error = unpacked(&path.join("a.csv")).unwrap_err();
        assert!(error.starts_with("'a.csv' cannot be unpacked"), "{error}");
        fs::write(&path, "no zip file").unwrap();
        let error = members(&path, File::open(&path).unwrap()).unwrap_err();
        assert!(error.starts_with("it is no zip file that can be read"), "{error}");
    }
}
