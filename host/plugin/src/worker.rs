//! The child process that reads and compiles plugin files: a metering and a file in, an answer out, and no more than that.

use std::io::{self, Read, Write};

use super::compiled::Compiled;
use super::{LoadError, Metering, limits, runtime};

/// First byte of an answer with compiled code.
const COMPILED: u8 = 1;
/// First byte of an answer with a reason.
const REFUSED: u8 = 2;
/// First byte of a question, for each way of metering.
const METERINGS: [(u8, Metering); 2] = [(1, Metering::Deadline), (2, Metering::Fuel)];

/// What the child says of a file.
#[derive(Debug)]
pub(super) enum Answer {
    Compiled(Compiled),
    Refused(String),
}

impl Answer {
    pub(super) fn from_bytes(bytes: &[u8]) -> Option<Self> {
        match bytes.split_first()? {
            (&COMPILED, compiled) => Compiled::from_bytes(compiled).map(Self::Compiled),
            (&REFUSED, reason) => {
                let reason = String::from_utf8_lossy(reason);
                Some(Self::Refused(limits::plain(&reason, limits::MESSAGE_BYTES_MAX)))
            }
            _ => None,
        }
    }
}

/// Asks a child for `file`.
pub(super) fn send(output: &mut impl Write, metering: Metering, file: &[u8]) -> io::Result<()> {
    let known = METERINGS.iter().find(|(_, known)| *known == metering);
    let byte = known.map_or(0, |(byte, _)| *byte);
    output.write_all(&[byte])?;
    output.write_all(file)
}

/// Reads a plugin file from `input`, checks and compiles it under limits on memory and time, and writes the answer to `output`.
///
/// This is what a program does that [`Compiler::InChild`](super::Compiler::InChild) starts; it should do nothing else, since
/// the limits are those of the whole process.
///
/// # Errors
/// When the question is none, or input or output fail.
pub fn serve_compiler(input: impl Read, mut output: impl Write) -> io::Result<()> {
    limit_this_process()?;
    let mut question = Vec::new();
    let bytes_max = limits::FILE_BYTES_MAX as u64 + 2;
    input.take(bytes_max).read_to_end(&mut question)?;
    let (metering, file) = question
        .split_first()
        .and_then(|(byte, file)| {
            let (_, metering) = METERINGS.iter().find(|(known, _)| known == byte)?;
            Some((*metering, file))
        })
        .ok_or_else(|| io::Error::new(io::ErrorKind::InvalidInput, "no question of a host"))?;
    match compile(metering, file) {
        Ok(answer) => {
            output.write_all(&[COMPILED])?;
            output.write_all(&answer)?;
        }
        Err(reason) => {
            output.write_all(&[REFUSED])?;
            output.write_all(limits::cut(&reason, limits::MESSAGE_BYTES_MAX).as_bytes())?;
        }
    }
    output.flush()
}

fn compile(metering: Metering, file: &[u8]) -> Result<Vec<u8>, String> {
    let text = |error: LoadError| error.to_string();
    let engine = runtime::compiling_engine(metering).map_err(|error| error.to_string())?;
    let compiled = Compiled::of_file(&engine, file).map_err(text)?;
    compiled.to_bytes().ok_or_else(|| "the names of the file are too long".to_owned())
}

/// Gives this process no more memory and time than a plugin may take, no files to write and no picture of its memory.
#[cfg(unix)]
fn limit_this_process() -> io::Result<()> {
    use rustix::process::{Resource, Rlimit, setrlimit};
    let seconds = 2 * limits::COMPILE_TIME_MAX.as_secs();
    for (resource, most) in [
        (Resource::Core, 0),
        (Resource::Fsize, 0),
        (Resource::Cpu, seconds),
        #[cfg(target_os = "linux")]
        (Resource::As, limits::COMPILE_MEMORY_BYTES_MAX),
    ] {
        setrlimit(resource, Rlimit { current: Some(most), maximum: Some(most) })?;
    }
    Ok(())
}

/// Elsewhere only the time is limited, by the parent.
#[cfg(not(unix))]
fn limit_this_process() -> io::Result<()> {
    Ok(())
}
