//! Opens files that may be anything: only regular ones are read, and pipes that the user names.
//!
//! A pipe without a writer is waited for without end, a device may never end or do something when it is opened.

use std::fs::{self, File, FileType, Metadata};
use std::io::{self, Read};
use std::path::Path;

/// Opens the regular file `path`, or the one that it links to, and gives its length in bytes.
///
/// # Errors
/// What the system says; [`io::ErrorKind::IsADirectory`] and [`io::ErrorKind::InvalidInput`] for what is no regular file,
/// which is not opened.
pub(crate) fn open_regular(path: &Path) -> io::Result<(File, u64)> {
    check(&fs::metadata(path)?)?;
    let file = File::open(path)?;
    // Something else may have taken its name meanwhile.
    let metadata = file.metadata()?;
    check(&metadata)?;
    Ok((file, metadata.len()))
}

/// Reads the regular file `path`, or the one that it links to, of at most `bytes_max` bytes.
///
/// # Errors
/// What the system says; [`io::ErrorKind::InvalidInput`] for what is no regular file, and [`io::ErrorKind::FileTooLarge`].
pub fn read_regular(path: &Path, bytes_max: u64) -> io::Result<Vec<u8>> {
    let (file, length) = open_regular(path)?;
    let mut bytes = Vec::new();
    if length <= bytes_max {
        // It may have grown meanwhile: one byte more shows it.
        file.take(bytes_max + 1).read_to_end(&mut bytes)?;
    }
    let found = length.max(bytes.len() as u64);
    if found > bytes_max {
        let text = format!("it has {found} bytes, expected at most {bytes_max}");
        return Err(io::Error::new(io::ErrorKind::FileTooLarge, text));
    }
    Ok(bytes)
}

/// As [`open_regular`], or the pipe `path`, whose length nobody knows. For a file that the user names; a writer is waited for.
///
/// # Errors
/// As [`open_regular`].
pub(crate) fn open_regular_or_pipe(path: &Path) -> io::Result<(File, Option<u64>)> {
    if is_pipe(&fs::metadata(path)?) {
        let file = File::open(path)?;
        if is_pipe(&file.metadata()?) {
            return Ok((file, None));
        }
    }
    let (file, bytes) = open_regular(path)?;
    Ok((file, Some(bytes)))
}

/// Whether `path` is a pipe: what it gives is given once.
pub(crate) fn is_stream(path: &Path) -> bool {
    fs::metadata(path).is_ok_and(|found| is_pipe(&found))
}

/// Looks whether `path`, if there is anything, is a regular file, before it is opened in another way.
///
/// # Errors
/// As [`open_regular`].
pub(crate) fn check_regular(path: &Path) -> io::Result<()> {
    match fs::metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        found => check(&found?),
    }
}

fn check(metadata: &Metadata) -> io::Result<()> {
    if metadata.is_file() {
        return Ok(());
    }
    if metadata.is_dir() {
        return Err(io::ErrorKind::IsADirectory.into());
    }
    let found = kind(metadata.file_type());
    Err(io::Error::new(
        io::ErrorKind::InvalidInput,
        format!("it is {found}, expected a regular file"),
    ))
}

#[cfg(unix)]
fn is_pipe(metadata: &Metadata) -> bool {
    std::os::unix::fs::FileTypeExt::is_fifo(&metadata.file_type())
}

#[cfg(not(unix))]
fn is_pipe(_metadata: &Metadata) -> bool {
    false
}

#[cfg(unix)]
fn kind(file_type: FileType) -> &'static str {
    use std::os::unix::fs::FileTypeExt;

    if file_type.is_fifo() {
        "a pipe"
    } else if file_type.is_socket() {
        "a socket"
    } else {
        "a device"
    }
}

#[cfg(not(unix))]
fn kind(_file_type: FileType) -> &'static str {
    "a device"
}

#[cfg(unix)]
#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_regular_files_are_opened() {
        let folder = tempfile::tempdir().unwrap();
        let (file, link) = (folder.path().join("a"), folder.path().join("b"));
        fs::write(&file, "text").unwrap();
        std::os::unix::fs::symlink(&file, &link).unwrap();
        assert_eq!(open_regular(&link).unwrap().1, 4);
        let socket = folder.path().join("socket");
        let _listener = std::os::unix::net::UnixListener::bind(&socket).unwrap();
        for (path, expected) in [
            (Path::new("/dev/zero"), "it is a device, expected a regular file"),
            (&socket, "it is a socket, expected a regular file"),
            (folder.path(), "is a directory"),
            (Path::new("no/such/file"), "No such file"),
        ] {
            let error = open_regular(path).unwrap_err().to_string();
            assert!(error.contains(expected), "{}: {error}", path.display());
        }
    }
}
