//! A result as JSON, written and read again. `docs/result-schema.md` describes the fields.

use std::io::{self, BufWriter, Write};

use serde::Deserialize;

use super::census;
use crate::backtest::{RunResult, SCHEMA_VERSION};

/// What is gathered before it is written.
const BUFFER_BYTES: usize = 256 << 10;

/// Why JSON is no result.
#[derive(Debug, thiserror::Error)]
pub enum ReadResultError {
    /// No JSON, or JSON of something else.
    #[error(
        "this is no saved result ({0}): expected the JSON that `ct-host backtest --json` writes"
    )]
    Unreadable(serde_json::Error),
    /// More than any result has.
    #[error(
        "this is no saved result: it has {found} {what}, a result of this host has {limit} at most"
    )]
    TooLarge {
        /// Of what there is too much.
        what: String,
        /// How much there is.
        found: u64,
        /// How much there may be.
        limit: u64,
    },
    /// A layout of another version of the host.
    #[error(
        "the result has the layout version {found}, this host reads version {SCHEMA_VERSION}: \
         read it with the host that wrote it"
    )]
    Version {
        /// The version found.
        found: u32,
    },
}

/// Writes `result` as indented JSON with a line feed at its end. The same result gives the same bytes.
///
/// # Errors
/// What `output` says.
pub fn write_json(result: &RunResult, output: &mut dyn Write) -> io::Result<()> {
    // The serializer writes a few bytes at a time: they are gathered here, not behind the pointer.
    let mut output = BufWriter::with_capacity(BUFFER_BYTES, output);
    serde_json::to_writer_pretty(&mut output, result)?;
    output.write_all(b"\n")?;
    output.flush()
}

/// Reads what [`write_json`] wrote, or what claims to be such: whatever `bytes` hold, they are counted first, and take a few
/// times their own memory.
///
/// # Errors
/// [`ReadResultError`].
pub fn read_json(bytes: &[u8]) -> Result<RunResult, ReadResultError> {
    /// Read first: fields of another version would only give a confusing message.
    #[derive(Deserialize)]
    struct Versioned {
        schema_version: u32,
    }
    census::check(bytes)?;
    let Versioned { schema_version } =
        serde_json::from_slice(bytes).map_err(ReadResultError::Unreadable)?;
    if schema_version != SCHEMA_VERSION {
        return Err(ReadResultError::Version { found: schema_version });
    }
    serde_json::from_slice(bytes).map_err(ReadResultError::Unreadable)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::example;
    use ct_core::risk::BreakerEventKind;

    #[test]
    fn a_result_is_read_as_it_was_written() {
        let mut result = example::result();
        example::explain(&mut result);
        result.breakers.push(example::drawdown(30, BreakerEventKind::Tripped));
        result.request = serde_json::json!({"strategy": {"name": "sma-crossover"}});
        let mut bytes = Vec::new();
        write_json(&result, &mut bytes).unwrap();
        assert!(bytes.ends_with(b"}\n"));
        assert_eq!(read_json(&bytes).unwrap(), result);
    }

    #[test]
    fn what_is_no_result_is_told() {
        let message = |text: &str| read_json(text.as_bytes()).unwrap_err().to_string();
        assert!(message("timestamp,open\n").contains("expected the JSON that"));
        assert!(message("{}").contains("missing field `schema_version`"));
        assert!(message(r#"{"schema_version": 99}"#).contains("layout version 99"));
    }
}
