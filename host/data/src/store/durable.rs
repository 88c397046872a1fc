//! Files that are there as a whole or not at all, also after a crash or a power cut.

use std::fs;
use std::io::{self, Read, Write};
use std::path::Path;

use super::StoreError;
use crate::regular_file::open_regular;
use crate::written::{self, Temporary};

/// Puts a file with the bytes of `chunks` at `path`, in place of what was there: written under another name, flushed to
/// the disk, then renamed. The new name itself is durable after [`sync_folder`]. The caller holds the folder's lock.
pub(super) fn write_file(path: &Path, chunks: &[&[u8]]) -> Result<(), StoreError> {
    let written = Temporary::beside(path).and_then(|temporary| {
        let mut file = temporary.file();
        chunks.iter().try_for_each(|chunk| file.write_all(chunk))?;
        temporary.replace(path)
    });
    written.map_err(StoreError::io("write", path))
}

/// Makes the names in `folder` durable: those that were added, replaced or removed.
pub(super) fn sync_folder(folder: &Path) -> Result<(), StoreError> {
    written::sync_folder(folder).map_err(StoreError::io("flush", folder))
}

/// Makes `folder` and the folders above it, and their names durable.
pub(super) fn make_folder(folder: &Path) -> Result<(), StoreError> {
    if folder.is_dir() {
        return Ok(());
    }
    let made: Vec<&Path> = folder.ancestors().take_while(|above| !above.is_dir()).collect();
    fs::create_dir_all(folder).map_err(StoreError::io("make the folder", folder))?;
    for parent in made.iter().filter_map(|made| made.parent()) {
        if !parent.as_os_str().is_empty() {
            sync_folder(parent)?;
        }
    }
    Ok(())
}

/// The whole file at `path`; `None` when there is none.
///
/// # Errors
/// [`StoreError::Damaged`] for a file of more than `bytes_max`, of which no more is read.
pub(super) fn read_file(path: &Path, bytes_max: u64) -> Result<Option<Vec<u8>>, StoreError> {
    let (file, _) = match open_regular(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
        opened => opened.map_err(StoreError::io("open", path))?,
    };
    let mut bytes = Vec::new();
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(StoreError::io("read", path))?;
    if bytes.len() as u64 > bytes_max {
        let reason = format!("it has more than {bytes_max} bytes, which no such file has");
        return Err(StoreError::damaged(path, reason));
    }
    Ok(Some(bytes))
}

/// Names and sizes of the files in `folder`, sorted; empty when there is no such folder.
pub(super) fn files_in(folder: &Path) -> Result<Vec<(String, u64)>, StoreError> {
    let mut files = Vec::new();
    for entry in entries(folder)? {
        let name = entry.file_name().into_string();
        // A file may go while the folder is listed.
        let Ok(found) = entry.metadata() else { continue };
        if let (Ok(name), true) = (name, found.is_file()) {
            files.push((name, found.len()));
        }
    }
    files.sort();
    Ok(files)
}

/// Names of the folders in `folder`, sorted; empty when there is no such folder.
pub(super) fn folders_in(folder: &Path) -> Result<Vec<String>, StoreError> {
    let mut folders = Vec::new();
    for entry in entries(folder)? {
        if let (Ok(name), true) = (entry.file_name().into_string(), entry.path().is_dir()) {
            folders.push(name);
        }
    }
    folders.sort();
    Ok(folders)
}

fn entries(folder: &Path) -> Result<Vec<fs::DirEntry>, StoreError> {
    match fs::read_dir(folder) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Vec::new()),
        listed => listed.and_then(Iterator::collect).map_err(StoreError::io("list", folder)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_is_replaced_as_a_whole_and_leaves_nothing_behind() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.json");
        fs::write(&path, "what was there before, and longer than what follows").unwrap();
        write_file(&path, &[b"one", b"two"]).unwrap();
        assert_eq!(read_file(&path, 6).unwrap().unwrap(), b"onetwo");
        assert_eq!(files_in(folder.path()).unwrap(), [("a.json".to_owned(), 6)]);
    }

    #[test]
    fn files_larger_than_their_limit_and_missing_ones_are_told_apart() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a");
        assert!(read_file(&path, 3).unwrap().is_none());
        fs::write(&path, "1234").unwrap();
        assert!(matches!(read_file(&path, 3), Err(StoreError::Damaged { .. })));
    }

    #[test]
    fn folders_are_made_with_those_above() {
        let base = tempfile::tempdir().unwrap();
        make_folder(&base.path().join("a/b/c")).unwrap();
        make_folder(&base.path().join("a/b/c")).unwrap();
        assert_eq!(folders_in(&base.path().join("a")).unwrap(), ["b"]);
        assert!(folders_in(&base.path().join("x")).unwrap().is_empty());
    }
}
