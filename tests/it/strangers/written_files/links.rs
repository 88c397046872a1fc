//! Links on the way to a file: those of a project do not lead out of it, and those of other users nowhere.

use std::fs::{self, Permissions};
use std::os::unix::fs::{MetadataExt, PermissionsExt, lchown, symlink};
use std::os::unix::process::CommandExt;
use std::process::Command;

use super::*;
use crate::program::{folder, program};

/// The commands that write a file or folder, each below `way`.
fn lines(way: &str) -> Vec<Vec<String>> {
    [
        &["backtest", "--data", "a.csv", "--json", "WAY/result.json"][..],
        &["backtest", "--data", "a.csv", "--out", "WAY"],
        &["backtest", "--data", "a.csv", "--out", "WAY/run"],
        &["config", "init", "WAY/c.yaml"],
        &["data", "export", "WAY/b.csv", "--symbol", "A/USD"],
        &["validate-data", "a.csv", "--repair-to", "WAY/b.csv"],
        &["new", "WAY/my-strategy"],
    ]
    .iter()
    .map(|line| line.iter().map(|part| part.replace("WAY", way)).collect())
    .collect()
}

#[test]
fn a_link_of_the_project_does_not_lead_out_of_it() {
    let ground = ground();
    let elsewhere = folder();
    symlink(elsewhere.path(), ground.path().join("out")).unwrap();
    symlink("out", ground.path().join("twice")).unwrap();
    fs::create_dir(ground.path().join("in")).unwrap();
    symlink("../out", ground.path().join("in/out")).unwrap();
    let absolute = ground.path().join("out").display().to_string();
    for way in ["out", "twice", "in/out", "in/../out", "./out", &absolute] {
        for line in lines(way) {
            for force in [&[][..], &["--force"]] {
                let force = if line[0] == "new" { &[] } else { force };
                let told = refusal(ct_host(&ground).args(&line).args(force));
                let target = elsewhere.path().canonicalize().unwrap();
                assert!(told.contains("leads out of the working folder"), "{line:?}: {told}");
                assert!(told.contains(target.to_str().unwrap()), "{line:?}: {told}");
            }
        }
    }
    assert_eq!(fs::read_dir(elsewhere.path()).unwrap().count(), 0);
}

#[test]
fn links_that_stay_inside_and_folders_that_are_named_are_used() {
    let ground = ground();
    let elsewhere = folder();
    fs::create_dir(ground.path().join("runs")).unwrap();
    symlink("runs", ground.path().join("inside")).unwrap();
    // The user's own, where no project is.
    symlink(elsewhere.path(), elsewhere.path().with_extension("link")).unwrap();
    let own = elsewhere.path().with_extension("link");
    for (way, found) in
        [("inside", ground.path().join("runs")), (own.to_str().unwrap(), elsewhere.path().into())]
    {
        ct_host(&ground).args(["config", "init", &format!("{way}/c.yaml")]).assert().success();
        assert!(found.join("c.yaml").exists(), "{way}");
    }
    fs::remove_file(own).unwrap();
}

/// Needs a superuser to make links for others.
#[test]
fn a_link_of_another_user_is_not_followed() {
    const NOBODY: u32 = 65_534;
    const OTHER: u32 = 12_345;
    let ground = ground();
    if fs::metadata(&ground).unwrap().uid() != 0 {
        return;
    }
    let (shared, own) = (folder(), folder());
    fs::set_permissions(&shared, Permissions::from_mode(0o777)).unwrap();
    for path in [ground.path(), own.path()] {
        fs::set_permissions(path, Permissions::from_mode(0o755)).unwrap();
    }
    lchown(own.path(), Some(NOBODY), Some(NOBODY)).unwrap();
    let copy = ground.path().join("ct-host");
    fs::copy(program(), &copy).unwrap();
    let link = shared.path().join("out");
    symlink(own.path(), &link).unwrap();
    for (owner, code, files) in [(OTHER, 2, 0), (NOBODY, 0, 1)] {
        lchown(&link, Some(owner), Some(owner)).unwrap();
        let mut command = Command::new(&copy);
        command.current_dir("/").uid(NOBODY).gid(NOBODY).env_clear();
        command.args(["config", "init"]).arg(link.join("c.yaml"));
        let output = command.output().unwrap();
        let told = String::from_utf8(output.stderr).unwrap();
        assert_eq!(output.status.code(), Some(code), "{told}");
        assert_eq!(told.contains("another user made"), code == 2, "{told}");
        assert_eq!(fs::read_dir(own.path()).unwrap().count(), files);
    }
}
