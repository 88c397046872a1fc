//! Some inputs of one kind, and what their way into the program needs.

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};

use anyhow::{Context, Result};

use crate::child::Program;
use crate::mutation::Mutation;
use crate::random::Random;
use crate::say;
use crate::seed::Seed;
use crate::tally::Tally;
use crate::verdict::{Answer, judge};
use ct_fuzz::Loopback;

/// Some inputs of one kind.
#[derive(Debug)]
pub(crate) struct Batch<'a> {
    /// Name of the kind.
    pub(crate) kind: &'static str,
    /// The numbers of its cases.
    pub(crate) cases: std::ops::Range<u64>,
    /// What they are made of, and how.
    pub(crate) seeds: &'a [Seed],
    pub(crate) mutation: Mutation,
    /// The seed of the run.
    pub(crate) seed: u64,
    /// The program that gets them.
    pub(crate) program: &'a Program,
    /// A folder that no other batch uses at the same time.
    pub(crate) folder: &'a Path,
    /// A server that no other batch uses at the same time.
    pub(crate) server: &'a Loopback,
    /// Where inputs go that do harm.
    pub(crate) faults: &'a Path,
    /// What became of them.
    pub(crate) tally: Tally,
}

impl Batch<'_> {
    /// The seed of case `case`, and what was made of it.
    pub(crate) fn case(&self, case: u64) -> (&Seed, Vec<u8>) {
        let mut random = Random::of_case(self.seed, case);
        let seed = random.one_of(self.seeds);
        (seed, (self.mutation)(seed, self.seeds, &mut random))
    }

    /// Writes case `case` to a file whose name ends as that of its seed, and begins with the case's number.
    ///
    /// # Errors
    ///
    /// The disk is full.
    pub(crate) fn write_case(&self, case: u64) -> Result<PathBuf> {
        let (seed, bytes) = self.case(case);
        let path = self.folder.join(format!("c{case}-{}", seed.name));
        fs::write(&path, bytes).with_context(|| format!("cannot write {}", path.display()))?;
        Ok(path)
    }

    /// Runs the program with `arguments`, and gives its answer and what it wrote. The inner error says what is wrong with it.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn run(&mut self, arguments: &[OsString]) -> Result<Result<Told, String>> {
        let ended = self.program.run(self.folder, arguments)?;
        self.tally.add_process(&ended);
        Ok(judge(&ended).map(|answer| Told { answer, output: ended.output, errors: ended.errors }))
    }

    /// Keeps the files of a case that did harm, and says so.
    ///
    /// # Errors
    ///
    /// They cannot be kept.
    pub(crate) fn keep_fault(&mut self, case: u64, files: &[PathBuf], reason: &str) -> Result<()> {
        self.tally.faults += 1;
        let folder = self.faults.join(format!("{}-{case}", self.kind));
        let located = || format!("cannot keep what did harm in {}", folder.display());
        fs::create_dir_all(&folder).with_context(located)?;
        let told = [self.folder.join("output"), self.folder.join("errors")];
        for file in files.iter().chain(&told) {
            let name = file.strip_prefix(self.folder).unwrap_or(file);
            let name = name.to_string_lossy().replace('/', "+");
            fs::copy(file, folder.join(name)).with_context(located)?;
        }
        fs::write(folder.join("reason"), reason).with_context(located)?;
        say(&format!("{}: case {case}: {reason}: {}", self.kind, folder.display()));
        Ok(())
    }
}

/// What the program wrote.
#[derive(Clone, Debug)]
pub(crate) struct Told {
    pub(crate) answer: Answer,
    pub(crate) output: Vec<u8>,
    pub(crate) errors: Vec<u8>,
}

/// A command line of words and paths.
pub(crate) fn words<'a, W: Into<OsString>>(
    words: impl IntoIterator<Item = W>,
    paths: impl IntoIterator<Item = &'a PathBuf>,
) -> Vec<OsString> {
    let paths = paths.into_iter().map(|path| path.clone().into_os_string());
    words.into_iter().map(Into::into).chain(paths).collect()
}
