//! Reads the text of a configuration file, which may be a pipe, a device, or larger than any configuration.

use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::sync::mpsc;
use std::thread;
use std::time::Duration;

use ct_host::config::TEXT_BYTES_MAX;

/// How long what is no file, such as a pipe, may take to be read: nothing can be done about one that nobody writes to.
const PATIENCE: Duration = Duration::from_secs(10);

/// The text in `path`.
///
/// # Errors
/// Why it cannot be read: also because it is too large, or nothing comes.
pub(super) fn read(path: &Path) -> Result<String, String> {
    let metadata = fs::metadata(path).map_err(|error| unreadable(&error))?;
    if metadata.is_file() {
        return limited(path, Some(metadata.len()));
    }
    let (sender, receiver) = mpsc::channel();
    let path: PathBuf = path.to_owned();
    // It waits for ever where nothing comes, and ends with the program.
    thread::spawn(move || sender.send(limited(&path, None)));
    receiver.recv_timeout(PATIENCE).unwrap_or_else(|_| {
        let seconds = PATIENCE.as_secs();
        Err(format!("expected a configuration file, found something that gave no whole text within {seconds} s"))
    })
}

/// The text in `path`, which is `length` bytes long if that is known; no more of it is read than a configuration may have.
fn limited(path: &Path, length: Option<u64>) -> Result<String, String> {
    let mut bytes = Vec::new();
    let bytes_max = TEXT_BYTES_MAX as u64;
    let file = File::open(path).map_err(|error| unreadable(&error))?;
    file.take(bytes_max + 1).read_to_end(&mut bytes).map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > bytes_max {
        let found = length.map_or_else(|| "more".to_owned(), |length| length.to_string());
        return Err(format!(
            "expected a configuration file of at most {bytes_max} bytes, found {found}"
        ));
    }
    let not_utf8 = "stream did not contain valid UTF-8";
    String::from_utf8(bytes)
        .map_err(|_| unreadable(&io::Error::new(io::ErrorKind::InvalidData, not_utf8)))
}

fn unreadable(error: &io::Error) -> String {
    format!(
        "cannot be read: {error}; expected a configuration file as `ct-host config init` writes it"
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_more_is_read_than_a_configuration_may_have() {
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("a.yaml");
        fs::write(&file, "a".repeat(TEXT_BYTES_MAX)).unwrap();
        assert_eq!(read(&file).map(|text| text.len()), Ok(TEXT_BYTES_MAX));
        fs::write(&file, "a".repeat(TEXT_BYTES_MAX + 1)).unwrap();
        assert!(read(&file).unwrap_err().ends_with("at most 1048576 bytes, found 1048577"));
        fs::write(&file, [0xff]).unwrap();
        assert!(
            read(&file)
                .unwrap_err()
                .starts_with("cannot be read: stream did not contain valid UTF-8")
        );
        assert!(read(folder.path()).unwrap_err().starts_with("cannot be read: "));
        assert!(read(&folder.path().join("none")).unwrap_err().starts_with("cannot be read: "));
    }

    #[cfg(unix)]
    #[test]
    fn a_device_without_end_ends() {
        assert!(read(Path::new("/dev/zero")).unwrap_err().ends_with("found more"));
        assert_eq!(read(Path::new("/dev/null")), Ok(String::new()));
    }
}
