//! What becomes of files of all kinds in the place that is written to.

use std::fs;

use super::*;

fn names(folder: &Path) -> Vec<String> {
    let name = |entry: io::Result<fs::DirEntry>| entry.unwrap().file_name().into_string().unwrap();
    fs::read_dir(folder).unwrap().map(name).collect()
}

fn write(path: &Path, existing: Existing, text: &str) -> Result<u64, WriteError> {
    let file = Destination::new(path, existing);
    file.check()?;
    file.write(|output| output.write_all(text.as_bytes()))
}

fn refusal(path: &Path, existing: Existing) -> String {
    let refused = write(path, existing, "new").unwrap_err().to_string();
    assert!(refused.starts_with(path.to_str().unwrap()), "{refused}");
    refused
}

#[test]
fn a_file_that_was_not_finished_leaves_the_old_one() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("result.json");
    assert_eq!(write(&path, Existing::Replaced, "old").unwrap(), 3);
    let failed = Destination::new(&path, Existing::Replaced).write(|output| {
        output.write_all(b"half")?;
        Err(io::Error::other("disk full"))
    });
    assert!(failed.unwrap_err().to_string().contains("disk full"));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert_eq!(write(&path, Existing::Replaced, "newer").unwrap(), 5);
    assert_eq!(fs::read(&path).unwrap(), b"newer");
    assert_eq!(names(folder.path()), ["result.json"]);
}

#[test]
fn what_is_to_stay_stays() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    write(&path, Existing::Kept, "old").unwrap();
    assert!(refusal(&path, Existing::Kept).ends_with("is there and is not written over"));
    assert_eq!(fs::read(&path).unwrap(), b"old");
    assert!(refusal(folder.path(), Existing::Replaced).contains("is a folder"));
    let nowhere = folder.path().join("none/file");
    assert!(refusal(&nowhere, Existing::Replaced).contains("cannot be written"));
    assert_eq!(names(folder.path()), ["a"]);
}

#[test]
fn a_file_that_appears_during_the_work_stays_and_so_does_the_work() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("a");
    let file = Destination::new(&path, Existing::Kept);
    file.check().unwrap();
    fs::write(&path, "theirs").unwrap();
    let error = file.write(|output| output.write_all(b"mine")).unwrap_err();
    let WriteProblem::Appeared { kept } = &error.problem else { panic!("{error}") };
    assert!(error.to_string().contains(kept.to_str().unwrap()), "{error}");
    assert_eq!(fs::read(kept).unwrap(), b"mine");
    assert_eq!(fs::read(&path).unwrap(), b"theirs");
}

#[cfg(unix)]
mod on_unix {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};
    use std::os::unix::net::UnixListener;
    use std::process::Command;

    use super::*;

    #[test]
    fn a_link_is_not_followed() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        for (leads_to, content) in [(&victim, Some("theirs")), (&folder.path().join("none"), None)]
        {
            if let Some(content) = content {
                fs::write(leads_to, content).unwrap();
            }
            let link = folder.path().join("link");
            symlink(leads_to, &link).unwrap();
            assert!(refusal(&link, Existing::Kept).contains("is there"));
            write(&link, Existing::Replaced, "mine").unwrap();
            assert!(fs::symlink_metadata(&link).unwrap().is_file());
            assert_eq!(fs::read_to_string(leads_to).ok().as_deref(), content);
            fs::remove_file(&link).unwrap();
        }
    }

    #[test]
    fn a_link_that_leads_nowhere_is_no_folder() {
        let folder = tempfile::tempdir().unwrap();
        let link = folder.path().join("link");
        symlink(folder.path().join("none"), &link).unwrap();
        let refused = refusal(&link.join("a"), Existing::Replaced);
        assert!(refused.contains("link, which leads nowhere"), "{refused}");
        assert_eq!(names(folder.path()), ["link"]);
        // One that leads to a folder is followed, outside of the working folder.
        fs::create_dir(folder.path().join("none")).unwrap();
        write(&link.join("a"), Existing::Kept, "1").unwrap();
        assert_eq!(names(&folder.path().join("none")), ["a"]);
    }

    #[test]
    fn pipes_are_written_to_and_sockets_are_refused() {
        let folder = tempfile::tempdir().unwrap();
        let pipe = folder.path().join("pipe");
        assert!(Command::new("mkfifo").arg(&pipe).status().unwrap().success());
        let reader = std::thread::spawn({
            let pipe = pipe.clone();
            move || fs::read_to_string(pipe).unwrap()
        });
        assert_eq!(write(&pipe, Existing::Kept, "through").unwrap(), 7);
        assert_eq!(reader.join().unwrap(), "through");
        let socket = folder.path().join("socket");
        let _listener = UnixListener::bind(&socket).unwrap();
        assert!(refusal(&socket, Existing::Replaced).contains("is a socket"));
        assert_eq!(names(folder.path()).len(), 2);
    }

    #[test]
    fn a_file_has_the_rights_that_the_umask_leaves() {
        let folder = tempfile::tempdir().unwrap();
        let (own, usual) = (folder.path().join("own"), folder.path().join("usual"));
        write(&own, Existing::Kept, "1").unwrap();
        fs::write(&usual, "1").unwrap();
        let mode = |path: &Path| fs::metadata(path).unwrap().permissions().mode();
        assert_eq!(mode(&own), mode(&usual));
        assert_eq!(fs::metadata(&own).unwrap().nlink(), 1);
    }
}
