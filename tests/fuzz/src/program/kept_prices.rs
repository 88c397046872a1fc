//! Files of a data folder, whose checksums are right: `data list`, `data verify` and `data verify --heal` look at many series
//! at once.

use std::fs;
use std::path::{Path, PathBuf};

use anyhow::Result;

use crate::batch::{Batch, words};
use crate::seed::Seed;
use crate::verdict::Answer;
use ct_fuzz::{segment_file_name, with_checksum};

/// The symbol in the manifests of the seeds; each case has one of its own.
const SYMBOL: &str = "\"A/B\"";

/// What `data verify` says of a series that is as it was written.
const INTACT: &str = "Every checksum is right.";

/// Looks at a data folder with a series for each case, of which the manifest or the segment is not as it was. The seeds are
/// manifests and segments by the names of their files, each sound.
pub(crate) fn series(batch: &mut Batch<'_>) -> Result<()> {
    let data = batch.folder.join("data");
    for case in batch.cases.clone() {
        write_series(batch, &data, case)?;
    }
    let cases = batch.cases.clone().count();
    for command in [&["data", "list"][..], &["data", "verify"], &["data", "verify", "--heal"]] {
        let arguments = words(command.iter().chain(&["--data-dir"]), [&data]);
        match batch.run(&arguments)? {
            Ok(told) if command == ["data", "verify"] => {
                let intact =
                    String::from_utf8_lossy(&told.output).matches(INTACT).count().min(cases);
                batch.tally.add_cases(Answer::Accepted, intact);
                batch.tally.add_cases(Answer::Refused, cases - intact);
            }
            Ok(_) => {}
            Err(reason) => {
                let mut files = Vec::new();
                add_files(&data, &mut files)?;
                batch.keep_fault(batch.cases.start, &files, &reason)?;
            }
        }
    }
    Ok(())
}

/// Writes the series of case `case` into the data folder `data`.
fn write_series(batch: &Batch<'_>, data: &Path, case: u64) -> Result<()> {
    let (changed, bytes) = batch.case(case);
    let sound = |is_wanted: fn(&Seed) -> bool| {
        let seed = batch.seeds.iter().find(|seed| is_wanted(seed));
        seed.map(|seed| seed.bytes.clone()).unwrap_or_default()
    };
    let (manifest, segment) = if is_segment(changed) {
        (sound(|seed| !is_segment(seed)), bytes)
    } else {
        (bytes, sound(is_segment))
    };
    let folder = data.join(format!("test/A{case}-B/1h"));
    fs::create_dir_all(&folder)?;
    fs::write(folder.join("manifest.json"), with_checksum(&named(&manifest, case)))?;
    fs::write(folder.join(segment_file_name(&sound(is_segment))), segment)?;
    Ok(())
}

fn is_segment(seed: &Seed) -> bool {
    Path::new(&seed.name).extension().is_none_or(|extension| extension != "json")
}

/// `manifest` with a symbol of its own.
fn named(manifest: &[u8], case: u64) -> Vec<u8> {
    let Some(place) = manifest.windows(SYMBOL.len()).position(|part| part == SYMBOL.as_bytes())
    else {
        return manifest.to_vec();
    };
    let (before, behind) = manifest.split_at(place);
    let behind = behind.get(SYMBOL.len()..).unwrap_or_default();
    [before, format!("\"A{case}/B\"").as_bytes(), behind].concat()
}

/// Adds all files in `folder` to `files`.
fn add_files(folder: &Path, files: &mut Vec<PathBuf>) -> Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() { add_files(&path, files)? } else { files.push(path) }
    }
    Ok(())
}
