//! Folders of kept prices that somebody else has made.

use super::{bounded, make_pipe};
use crate::program::folder;

/// What `ct-host data show` says of a series in whose folder `name` is something else.
fn told_of(name: &str, make: impl FnOnce(&std::path::Path)) -> String {
    let folder = folder();
    let row = |row: i64| format!("{},1,2,0.5,1,1\n", 1_700_000_000_000 + row * 3_600_000);
    let rows: String = (0..100).map(row).collect();
    std::fs::write(folder.path().join("a.csv"), rows).unwrap();
    let key = ["--exchange", "own", "--symbol", "A/B", "--interval", "1h"];
    let mut import = bounded(&folder, &["data", "import", "a.csv"]);
    import.args(key).assert().success();
    let series = folder.path().join("data/own/A-B/1h");
    let is_wanted = |path: &std::path::PathBuf| path.to_string_lossy().ends_with(name);
    let files = std::fs::read_dir(series).unwrap().map(|entry| entry.unwrap().path());
    let file = files.into_iter().find(is_wanted).unwrap();
    std::fs::remove_file(&file).unwrap();
    make(&file);
    let mut verify = bounded(&folder, &["data", "verify"]);
    let ended = verify.args(key).env("COLUMNS", "1000").assert().failure();
    let output = ended.get_output();
    String::from_utf8([output.stdout.as_slice(), &output.stderr].concat()).unwrap()
}

#[test]
fn a_pipe_in_place_of_a_kept_file_is_not_waited_for() {
    for name in ["manifest.json", ".bars", "lock"] {
        let told = told_of(name, make_pipe);
        assert!(told.contains("it is a pipe, expected a regular file"), "{name}: {told}");
    }
}

#[test]
fn a_manifest_of_gigabytes_or_of_nothing_but_values_is_damaged() {
    let sparse = |path: &std::path::Path| {
        std::fs::File::create(path).unwrap().set_len(8 << 30).unwrap();
    };
    let told = told_of("manifest.json", sparse);
    assert!(told.contains("more than 67108864 bytes"), "{told}");
    let values = |path: &std::path::Path| {
        let sealed =
            format!("\"format\":1,\n\"content\":{{\"x\":[{}0]}}}}\n", "0,".repeat(30 << 20));
        let checksum = blake3::hash(sealed.as_bytes()).to_hex();
        std::fs::write(path, format!("{{\"checksum\":\"{checksum}\",\n{sealed}")).unwrap();
    };
    let told = told_of("manifest.json", values);
    assert!(told.contains("more than 4194304 values"), "{told}");
}
