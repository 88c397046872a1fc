//! One process of the program, with limits on what it takes.

use std::collections::BTreeMap;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io;
use std::os::unix::process::ExitStatusExt;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use anyhow::{Context, Result};
use rustix::process::{Pid, Resource, Rlimit, Signal, kill_process, setrlimit};
use wait4::Wait4;

/// Address space of each process, in bytes: that of one sandboxed memory, which wasmtime reserves as a whole, and room.
const ADDRESS_BYTES_MAX: u64 = 6 << 30;

/// Time of each process. The largest batch takes a second on an idle machine.
const TIME_MAX: Duration = Duration::from_mins(1);

/// Output that is looked at, in bytes, of each stream. A process that writes more is at fault.
pub(crate) const OUTPUT_BYTES_MAX: u64 = 8 << 20;

/// How a process ended.
#[derive(Clone, Debug)]
pub(crate) struct Ended {
    pub(crate) status: ExitStatus,
    pub(crate) output: Vec<u8>,
    pub(crate) errors: Vec<u8>,
    pub(crate) time: Duration,
    /// Most memory that it held, in bytes, or that a child of it did.
    pub(crate) memory_bytes: u64,
    /// It was ended from outside.
    pub(crate) is_late: bool,
}

/// The program, and its processes that run.
#[derive(Debug)]
pub(crate) struct Program {
    file: PathBuf,
    running: Mutex<BTreeMap<u32, Instant>>,
}

impl Program {
    /// The program in `file`. From now on, no process that this one starts takes more address space than it may.
    ///
    /// # Errors
    ///
    /// The limit cannot be set.
    pub(crate) fn new(file: PathBuf) -> Result<Self> {
        let limit = Rlimit { current: Some(ADDRESS_BYTES_MAX), maximum: Some(ADDRESS_BYTES_MAX) };
        setrlimit(Resource::As, limit).context("cannot limit the memory of the program")?;
        Ok(Self { file, running: Mutex::default() })
    }

    /// Runs the program with `arguments` in `folder`, where its own folders are too.
    ///
    /// # Errors
    ///
    /// It does not start.
    pub(crate) fn run(&self, folder: &Path, arguments: &[OsString]) -> Result<Ended> {
        let started = || format!("cannot start {}", self.file.display());
        let (output, errors) = (folder.join("output"), folder.join("errors"));
        let mut command = Command::new(&self.file);
        command.args(arguments).current_dir(folder).env_clear();
        for name in ["HOME", "CT_HOST_CACHE_DIR", "CT_HOST_DATA_DIR"] {
            command.env(name, folder.join("home"));
        }
        command.stdin(Stdio::null());
        command.stdout(File::create(&output)?).stderr(File::create(&errors)?);
        let start = now();
        let child = command.spawn().with_context(started)?;
        let id = child.id();
        self.running().insert(id, start);
        let ended = child.wait4();
        let is_late = self.running().remove(&id).is_none();
        let used = ended.with_context(started)?;
        Ok(Ended {
            status: ExitStatus::from_raw(used.status.into_raw()),
            output: read(&output)?,
            errors: read(&errors)?,
            time: start.elapsed(),
            memory_bytes: used.rusage.maxrss,
            is_late,
        })
    }

    /// Ends the processes that have run too long.
    pub(crate) fn end_late_ones(&self) {
        self.running().retain(|id, start| {
            let is_late = start.elapsed() > TIME_MAX;
            if is_late && let Some(id) = i32::try_from(*id).ok().and_then(Pid::from_raw) {
                // It may have ended by itself meanwhile.
                let _ = kill_process(id, Signal::KILL);
            }
            !is_late
        });
    }

    fn running(&self) -> std::sync::MutexGuard<'_, BTreeMap<u32, Instant>> {
        self.running.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[expect(clippy::disallowed_methods, reason = "the time that a process takes is what is measured")]
pub(crate) fn now() -> Instant {
    Instant::now()
}

/// The file `path`, or as much of it as is looked at.
fn read(path: &Path) -> io::Result<Vec<u8>> {
    let bytes = fs::metadata(path)?.len();
    if bytes > OUTPUT_BYTES_MAX {
        return Ok(vec![b'.'; usize::try_from(OUTPUT_BYTES_MAX).unwrap_or(usize::MAX) + 1]);
    }
    fs::read(path)
}
