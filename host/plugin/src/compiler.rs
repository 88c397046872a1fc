//! Who reads and compiles plugin files: this process, or a child of it that may run out of memory, time or stack.

use std::ffi::OsString;
use std::io::Read;
use std::path::PathBuf;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;

use wasmtime::Engine;

use super::compiled::Compiled;
use super::worker::{self, Answer};
use super::{LoadError, Metering, built_ins, limits};

/// Who reads and compiles plugin files that are neither built in nor in the cache.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Compiler {
    /// This process. Sizes and depths of a file are checked before it is parsed; a file that finds a fault in the parsers or
    /// the compiler still ends the process. For files of one's own.
    #[default]
    InProcess,
    /// A child process with limits on memory, time and output, for files of strangers.
    InChild {
        /// A program that calls [`serve_compiler`](super::serve_compiler), such as this very one.
        program: PathBuf,
        /// What it is started with.
        arguments: Vec<OsString>,
    },
}

impl Compiler {
    /// Checks and compiles a plugin file.
    pub(super) fn compile(
        &self,
        engine: &Engine,
        metering: Metering,
        bytes: &[u8],
    ) -> Result<Compiled, LoadError> {
        let is_built_in = built_ins().iter().any(|built_in| built_in.bytes == bytes);
        match self {
            Self::InChild { program, arguments } if !is_built_in => {
                let mut command = Command::new(program);
                command.args(arguments);
                compile_in_child(command, metering, bytes)
            }
            _ => Compiled::of_file(engine, bytes),
        }
    }
}

fn compile_in_child(
    mut command: Command,
    metering: Metering,
    bytes: &[u8],
) -> Result<Compiled, LoadError> {
    let failed = |error: std::io::Error| {
        LoadError::Compile(format!("the process that compiles plugins does not start: {error}"))
    };
    let started = command
        .env_clear()
        // As many threads as pay; each takes of the memory that the child has.
        .env("RAYON_NUM_THREADS", "4")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn();
    let mut child = Killed(started.map_err(failed)?);
    if let Some(mut input) = child.0.stdin.take() {
        // A child that has ended reads no more; what it ended with tells why.
        let _ = worker::send(&mut input, metering, bytes);
    }
    let answer = child.answer()?;
    match Answer::from_bytes(&answer) {
        Some(Answer::Compiled(compiled)) => Ok(compiled),
        Some(Answer::Refused(reason)) => Err(LoadError::Refused(reason)),
        None => Err(LoadError::Compile(ended(child.0.wait().ok()))),
    }
}

/// A child that does not outlive its use.
struct Killed(Child);

impl Killed {
    /// Everything that the child writes in the time that it has.
    fn answer(&mut self) -> Result<Vec<u8>, LoadError> {
        let (sender, receiver) = mpsc::channel();
        let output = self.0.stdout.take();
        thread::spawn(move || {
            let mut answer = Vec::new();
            let read = output
                .map(|output| output.take(limits::COMPILED_BYTES_MAX).read_to_end(&mut answer));
            // Nobody waits any more when the time is over.
            let _ = sender.send(read.is_some_and(|read| read.is_ok()).then_some(answer));
        });
        match receiver.recv_timeout(limits::COMPILE_TIME_MAX) {
            Ok(answer) => Ok(answer.unwrap_or_default()),
            Err(RecvTimeoutError::Disconnected) => Ok(Vec::new()),
            Err(RecvTimeoutError::Timeout) => Err(LoadError::Compile(format!(
                "it took more than {} s: expected a strategy of usual size, which takes less than one",
                limits::COMPILE_TIME_MAX.as_secs()
            ))),
        }
    }
}

impl Drop for Killed {
    fn drop(&mut self) {
        // It may have ended already.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// Why a child gave no answer.
fn ended(status: Option<ExitStatus>) -> String {
    let how = status.map_or_else(|| "it was lost".to_owned(), |status| status.to_string());
    format!(
        "the process that read the file ended ({how}): expected a file that takes at most {} MiB of memory, {} s and the usual \
         stack to read",
        limits::COMPILE_MEMORY_BYTES_MAX >> 20,
        limits::COMPILE_TIME_MAX.as_secs()
    )
}
