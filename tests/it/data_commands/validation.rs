//! `validate-data`: exit codes, repairs, and comparisons with other sources.

use std::fs;

use predicates::prelude::*;
use serde_json::Value;

use super::{import, import_as, write_hours};
use crate::program::{ct_host, folder};

#[test]
fn the_exit_code_says_how_bad_prices_are() {
    let folder = folder();
    write_hours(&folder.path().join("gaps.csv"));
    let text = fs::read_to_string(folder.path().join("gaps.csv")).unwrap();
    let clean: String = text.split_inclusive('\n').take(6).collect();
    fs::write(folder.path().join("clean.csv"), &clean).unwrap();
    fs::write(folder.path().join("bad.csv"), clean + "1704092400000,1,2,3,4,5\n").unwrap();
    fs::write(folder.path().join("no.csv"), "what is this\n").unwrap();
    for (file, code) in [("clean.csv", 0), ("gaps.csv", 3), ("bad.csv", 4), ("no.csv", 2)] {
        ct_host(&folder).args(["validate-data", file]).assert().code(code);
        ct_host(&folder).args(["validate-data", file, "--quiet"]).assert().code(code);
    }
    ct_host(&folder).args(["validate-data", "absent.csv"]).assert().code(2);
    ct_host(&folder).args(["validate-data"]).assert().code(2);

    let assert = ct_host(&folder).args(["validate-data", "gaps.csv", "--json"]).assert().code(3);
    let report: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    let finding = &report[0]["findings"][0];
    assert_eq!((&finding["kind"], &finding["rows"]), (&"gap".into(), &2.into()));
    assert_eq!(
        (&finding["severity"], &finding["time"]),
        (&"warning".into(), &"2024-01-01T05:00:00Z".into())
    );
    assert_eq!(finding["row"]["line"], 7);

    let repair = ["validate-data", "bad.csv", "--repair-to", "good.parquet"];
    ct_host(&folder).args(repair).assert().code(4);
    ct_host(&folder).args(["validate-data", "good.parquet"]).assert().code(0);
    ct_host(&folder).args(repair).assert().code(2).stderr(predicate::str::contains("already"));
}

#[test]
fn every_file_that_is_none_is_told() {
    let folder = folder();
    write_hours(&folder.path().join("gaps.csv"));
    fs::write(folder.path().join("no.csv"), "what is this\n").unwrap();
    let files = ["absent.csv", "gaps.csv", "no.csv"];
    let told = ct_host(&folder).arg("validate-data").args(files).assert().code(2).stdout("");
    let told = String::from_utf8(told.get_output().stderr.clone()).unwrap();
    let named: Vec<bool> = files.iter().map(|file| told.contains(file)).collect();
    assert_eq!(named, [true, false, true], "{told}");
}

#[test]
fn a_repaired_file_is_clean_and_has_every_sound_row() {
    let folder = folder();
    let row =
        |hour: i64, values: &str| format!("{},{values}", 1_704_067_200_000 + hour * 3_600_000);
    let sound =
        |hour: i64| row(hour, &format!("100,101.5,99.5,100.{},{}", 1 + hour % 9, 10 + hour));
    // Newest first, with a bar twice, one in two versions, one off the grid, and two that are none.
    let mut rows: Vec<String> = (0..40).rev().map(sound).collect();
    rows.insert(3, sound(37));
    rows.insert(10, row(30, "100,101.5,99.5,100.75,1"));
    rows.insert(
        12,
        format!("{},100,101.5,99.5,100.25,2", 1_704_067_200_000_i64 + 28 * 3_600_000 + 60_000),
    );
    rows.insert(0, row(40, "100,NaN,99.5,100,2"));
    rows.push(row(-1, "100,101.5,99.5,100,-2"));
    let header = "timestamp_ms,open,high,low,close,volume".to_owned();
    let text = |rows: &mut dyn Iterator<Item = String>| {
        std::iter::once(header.clone()).chain(rows).collect::<Vec<_>>().join("\n") + "\n"
    };
    fs::write(folder.path().join("bad.csv"), text(&mut rows.into_iter())).unwrap();
    fs::write(folder.path().join("good.csv"), text(&mut (0..40).map(sound))).unwrap();
    let repair =
        ["validate-data", "bad.csv", "--repair-to", "repaired.csv", "--json", "--interval", "1h"];
    let assert = ct_host(&folder).args(repair).assert().code(4);
    let report: Value = serde_json::from_slice(&assert.get_output().stdout).unwrap();
    for kind in [
        "descending",
        "duplicate",
        "conflicting_duplicate",
        "off_grid",
        "not_finite",
        "negative_volume",
    ] {
        assert_eq!(report[0]["counts"][kind]["findings"], 1, "{kind}: {}", report[0]["counts"]);
    }
    ct_host(&folder).args(["validate-data", "repaired.csv"]).assert().code(0);
    let read = |name: &str| fs::read_to_string(folder.path().join(name)).unwrap();
    assert_eq!(read("repaired.csv"), read("good.csv"));
}

#[test]
fn a_last_bar_that_was_open_at_the_download_is_named() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    for (downloaded, expected) in [("2024-01-01T09:30", 1), ("2024-01-01T10:00", 0)] {
        let mut command = ct_host(&folder);
        command.args(["validate-data", "a.csv", "--downloaded", downloaded, "--json"]);
        let found = command.assert().code(3);
        let found: Value = serde_json::from_slice(&found.get_output().stdout).unwrap();
        let findings = found[0]["findings"].as_array().unwrap();
        let open: Vec<&Value> =
            findings.iter().filter(|finding| finding["kind"] == "unfinished_last_bar").collect();
        assert_eq!(open.len(), expected, "{downloaded}");
        assert!(open.iter().all(|finding| finding["time"] == "2024-01-01T09:00:00Z"));
    }
}

#[test]
fn prices_are_compared_with_a_file_or_another_exchange() {
    let folder = folder();
    write_hours(&folder.path().join("a.csv"));
    let text = fs::read_to_string(folder.path().join("a.csv")).unwrap();
    // Another close, within the bar.
    let other = text.replace(",103,104.5,102.5,104,", ",103,104.5,102.5,102.5,");
    assert_ne!(other, text);
    fs::write(folder.path().join("b.csv"), other).unwrap();
    import(&folder, "a.csv", &[]);
    for (exchange, symbol, file) in
        [("mine", "B/USD", "a.csv"), ("other", "A/USD", "b.csv"), ("other", "B/USD", "a.csv")]
    {
        import_as(&folder, [exchange, symbol], file, &[]);
    }
    let against = |flags: &[&str]| -> Value {
        let found = ct_host(&folder).args(["validate-data", "--json"]).args(flags).assert().code(3);
        serde_json::from_slice(&found.get_output().stdout).unwrap()
    };
    let kept = ["--symbol", "A/USD", "--exchange", "mine", "--against", "other"];
    for flags in [&["a.csv", "--against", "b.csv"] as &[&str], &kept] {
        let found = against(flags);
        let compared = &found[0]["against"];
        assert_eq!((&compared["common"], &compared["equal"]), (&8.into(), &7.into()), "{flags:?}");
        let finding = &compared["findings"][0];
        assert_eq!(finding["kind"], "source_disagreement");
        assert_eq!(finding["time"], "2024-01-01T03:00:00Z");
    }
    // Each of several symbols is compared with its own.
    let both = ["--symbol", "B/USD", "A/USD", "--exchange", "mine", "--against", "other"];
    let found = against(&both);
    let equal = |place: usize| (&found[place]["name"], &found[place]["against"]["equal"]);
    assert_eq!(equal(0), (&"mine A/USD 1h".into(), &7.into()));
    assert_eq!(equal(1), (&"mine B/USD 1h".into(), &8.into()));
    // Bars of another length are no answer.
    let longer = ["data", "export", "c.csv", "--exchange", "mine", "--symbol", "A/USD"];
    ct_host(&folder).args(longer).args(["--resample", "4h"]).assert().success();
    import_as(&folder, ["short", "A/USD"], "c.csv", &[]);
    let mut command = ct_host(&folder);
    command.args(["validate-data", "--exchange", "mine", "--symbol", "A/USD"]);
    command.args(["--against", "short"]);
    command.assert().code(3).stderr(predicate::str::contains("nothing of the kind to compare"));
    for (flags, expected) in [
        (["--symbol", "A/USD", "--against", "nobody"], "no nobody A/USD is kept"),
        (["a.csv", "--quiet", "--against", "nobody"], "there is no such file"),
    ] {
        let refused = ct_host(&folder).arg("validate-data").args(flags).assert().code(2);
        refused.stderr(predicate::str::contains(expected));
    }
}
