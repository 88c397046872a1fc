//! A result that was only read says so in every view; one that was run here does not.

use std::fs;

use super::{report, result, said};
use crate::program::folder;

const CLAIM: &str = "As the file says; not run again: ";

#[test]
fn a_result_that_was_not_run_here_says_so() {
    let folder = folder();
    result(&folder);
    let saved = |name: &str| fs::read_to_string(folder.path().join("run").join(name)).unwrap();
    for (form, name) in [("text", "report.txt"), ("markdown", "report.md")] {
        let shown = String::from_utf8(report(&folder, "run", form).stdout).unwrap();
        let claim = shown.find(CLAIM).unwrap();
        assert!(claim < shown.find("SYNTHETIC DATA").unwrap(), "{form}: it is read first");
        assert!(!saved(name).contains(CLAIM), "{form}: the run itself claims nothing");
    }
    let exact = report(&folder, "run", "json");
    assert_eq!(String::from_utf8(exact.stdout.clone()).unwrap(), saved("result.json"));
    assert!(said(&exact, "json").starts_with(&format!("note: {CLAIM}")));
}
