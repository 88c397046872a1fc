//! Nobody can foretell the names under which files are written, and what dead writers left goes.

use std::fs;
use std::os::unix::fs::symlink;
use std::path::PathBuf;
use std::process::{Command, Output};

use super::*;
use crate::program::{folder, program};

/// Runs `ct-host` with `line`; before it, as the same process, links to `victim` are put where a writer of `file` would
/// write if it made a name of the file's own and the number of the process.
fn run_with_links(folder: &TempDir, file: &str, line: &str) -> Output {
    let script = format!(
        "for name in .{file}.$$.tmp {file}.$$.tmp .{file}.tmp {file}.tmp; do ln -s victim $name; done; exec \"$0\" {line}"
    );
    let mut shell = Command::new("sh");
    shell.args(["-c", &script]).arg(program()).current_dir(folder);
    shell.env("CT_HOST_CACHE_DIR", folder.path().join("cache"));
    shell.output().unwrap()
}

#[test]
fn a_link_under_the_number_of_the_process_is_not_written_through() {
    for (file, line) in [
        ("r.json", "backtest --json r.json"),
        ("c.yaml", "config init c.yaml"),
        ("report.md", "backtest --out ."),
    ] {
        for content in [Some("theirs"), None] {
            let folder = folder();
            let victim = folder.path().join("victim");
            if let Some(content) = content {
                fs::write(&victim, content).unwrap();
            }
            let ended = run_with_links(&folder, file, line);
            assert!(ended.status.success(), "{line}: {}", String::from_utf8_lossy(&ended.stderr));
            assert_eq!(fs::read_to_string(&victim).ok().as_deref(), content, "{line}");
            assert!(fs::symlink_metadata(folder.path().join(file)).unwrap().is_file(), "{line}");
        }
    }
}

/// Every file of the data folder, below it.
fn files_below(base: &Path, folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files_below(base, &path));
        } else {
            found.push(path.strip_prefix(base).unwrap().to_owned());
        }
    }
    found
}

#[test]
fn a_link_in_the_data_folder_is_not_written_through() {
    let known = ground();
    let names = files_below(known.path(), &known.path().join("data"));
    assert!(names.len() > 3, "{names:?}");
    let folder = folder();
    let victim = folder.path().join("victim");
    fs::write(&victim, "theirs").unwrap();
    fs::write(folder.path().join("a.csv"), prices()).unwrap();
    for name in &names {
        let link = folder.path().join(format!("{}.tmp", name.display()));
        fs::create_dir_all(link.parent().unwrap()).unwrap();
        symlink(&victim, link).unwrap();
    }
    import(&folder).assert().success();
    assert_eq!(fs::read_to_string(&victim).unwrap(), "theirs");
    for name in &names {
        let kept = fs::symlink_metadata(folder.path().join(name)).unwrap();
        assert!(kept.is_file(), "{}", name.display());
    }
}

#[test]
fn a_lock_that_is_a_link_is_refused() {
    let ground = ground();
    let names = files_below(ground.path(), &ground.path().join("data"));
    let lock = names.iter().find(|name| name.ends_with("1h/lock")).unwrap();
    let lock = ground.path().join(lock);
    fs::remove_file(&lock).unwrap();
    let nothing = ground.path().join("nothing");
    symlink(&nothing, &lock).unwrap();
    let told = import(&ground).assert().code(1).get_output().stderr.clone();
    assert!(String::from_utf8(told).unwrap().contains("lock"));
    assert!(!nothing.exists());
}

#[test]
fn what_dead_writers_left_goes_with_the_next_write() {
    let ground = ground();
    let names = files_below(ground.path(), &ground.path().join("data"));
    let segment = names.iter().find(|name| name.extension().is_some_and(|end| end == "bars"));
    let series = ground.path().join(segment.unwrap().parent().unwrap());
    for name in [".aB3dE9.tmp", "manifest.json.tmp"] {
        fs::write(series.join(name), "half").unwrap();
    }
    assert_eq!(temporaries(ground.path()).len(), 2);
    import(&ground).assert().success();
    assert!(temporaries(ground.path()).is_empty());
}
