//! All kinds of inputs, one after the other, two processes at a time.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::sync::{Mutex, PoisonError};
use std::thread;
use std::time::{Duration, Instant};

use anyhow::{Context, Result, anyhow, ensure};
use tempfile::TempDir;

use crate::batch::Batch;
use crate::child::{Program, now};
use crate::kind::{KINDS, Kind};
use crate::say;
use crate::seed::Seed;
use crate::tally::{HEADING, Tally};
use ct_fuzz::{Loopback, folder_in_memory};

/// Processes at a time: the cores of the smallest machine that this runs on.
const WORKERS: usize = 2;

/// How often processes that run too long are looked for.
const LATE_EVERY: Duration = Duration::from_millis(200);

/// How often progress is told.
const TOLD_EVERY: Duration = Duration::from_secs(20);

/// What all batches share.
#[derive(Debug)]
pub(crate) struct Run {
    program: Program,
    folder: TempDir,
    seed: u64,
    faults: PathBuf,
}

/// The inputs of one kind, and how far they are.
#[derive(Debug)]
struct Work<'a> {
    run: &'a Run,
    kind: &'a Kind,
    seeds: Vec<Seed>,
    cases: u64,
    /// The number of the first case that no batch has yet.
    next: AtomicU64,
    /// What became of the others, and when that was told last.
    tally: Mutex<(Tally, Instant)>,
}

impl Run {
    /// A run of `program` with inputs that are the same for the same `seed`. Those that do harm go to the folder `faults`.
    ///
    /// # Errors
    ///
    /// The program's memory cannot be limited, or there is no folder for inputs.
    pub(crate) fn new(program: PathBuf, seed: u64, faults: PathBuf) -> Result<Self> {
        Ok(Self { program: Program::new(program)?, folder: folder_in_memory()?, seed, faults })
    }

    /// Gives `cases` inputs to the program and tells a line for each kind.
    ///
    /// # Errors
    ///
    /// The program does not start, or an input did harm.
    pub(crate) fn all(&self, cases: u64) -> Result<()> {
        let is_done = AtomicBool::new(false);
        let tallies = thread::scope(|scope| {
            scope.spawn(|| {
                while !is_done.load(Ordering::Relaxed) {
                    self.program.end_late_ones();
                    thread::sleep(LATE_EVERY);
                }
            });
            let tallies: Result<Vec<Tally>> =
                KINDS.iter().map(|kind| self.kind(kind, kind.cases(cases))).collect();
            is_done.store(true, Ordering::Relaxed);
            tallies
        })?;
        let mut total = Tally::default();
        say(HEADING);
        for (kind, tally) in KINDS.iter().zip(&tallies) {
            say(&tally.line(kind.name));
            total.add(tally);
        }
        say(&total.line("all"));
        let faults = self.faults.display();
        ensure!(total.faults == 0, "{} input(s) did harm: they are in {faults}", total.faults);
        Ok(())
    }

    /// Gives `cases` inputs of `kind` to the program.
    fn kind(&self, kind: &Kind, cases: u64) -> Result<Tally> {
        let (next, tally) = (AtomicU64::new(0), Mutex::new((Tally::default(), now())));
        let work = Work { run: self, kind, seeds: kind.seeds()?, cases, next, tally };
        thread::scope(|scope| {
            let work = &work;
            let workers: Vec<_> =
                (0..WORKERS).map(|worker| scope.spawn(move || work.go_on(worker))).collect();
            let ended = |_| Err(anyhow!("a worker ended before its time"));
            workers.into_iter().try_for_each(|worker| worker.join().unwrap_or_else(ended))
        })?;
        let (tally, _) = work.tally.into_inner().unwrap_or_else(PoisonError::into_inner);
        say(&tally.line(kind.name));
        Ok(tally)
    }
}

impl Work<'_> {
    /// Gives one batch after the other to the program until all cases have been.
    fn go_on(&self, worker: usize) -> Result<()> {
        let server = Loopback::start()?;
        let folder = self.run.folder.path().join(worker.to_string());
        loop {
            let start = self.next.fetch_add(self.kind.batch, Ordering::Relaxed);
            if start >= self.cases {
                return Ok(());
            }
            make_anew(&folder)?;
            let mut batch = Batch {
                kind: self.kind.name,
                cases: start..(start + self.kind.batch).min(self.cases),
                seeds: &self.seeds,
                mutation: self.kind.mutation(),
                seed: self.run.seed,
                program: &self.run.program,
                folder: &folder,
                server: &server,
                faults: &self.run.faults,
                tally: Tally::default(),
            };
            (self.kind.give)(&mut batch)?;
            self.add(&batch.tally);
        }
    }

    /// Counts a batch, and tells now and then how far the kind is.
    fn add(&self, batch: &Tally) {
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.0.add(batch);
        if tally.1.elapsed() >= TOLD_EVERY {
            tally.1 = now();
            say(&tally.0.line(self.kind.name));
        }
    }
}

/// Makes `folder` an empty one, with a home for the program.
fn make_anew(folder: &Path) -> Result<()> {
    let located = || format!("cannot make {} anew", folder.display());
    if folder.exists() {
        fs::remove_dir_all(folder).with_context(located)?;
    }
    fs::create_dir_all(folder.join("home")).with_context(located)
}
