//! Whether the program took an input as it must.

use std::os::unix::process::ExitStatusExt;

use crate::child::{Ended, OUTPUT_BYTES_MAX};

/// What the program said to an input.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Answer {
    /// It used it.
    Accepted,
    /// It said what is wrong with it.
    Refused,
}

/// Exit codes of a program that came to its end: done, and the findings of `validate-data`.
const DONE: [i32; 3] = [0, 3, 4];

/// Exit codes of a program that refused what it was given, or failed on the way and said so.
const REFUSED: [i32; 2] = [1, 2];

/// Words on standard error that only a program says that ended against its will.
const ENDED_BADLY: [&str; 4] =
    ["panicked at", "has overflowed its stack", "memory allocation of", "internal error"];

/// Marks that turn the direction of what is shown, or show nothing: a text with them is not what it looks like.
const INVISIBLE: [std::ops::RangeInclusive<char>; 5] = [
    '\u{200b}'..='\u{200f}',
    '\u{202a}'..='\u{202e}',
    '\u{2060}'..='\u{2064}',
    '\u{2066}'..='\u{2069}',
    '\u{feff}'..='\u{feff}',
];

/// What `ended` says, or what is wrong with it.
///
/// # Errors
///
/// The program did not end by itself, ended badly, said nothing of why it refused, or wrote what could steer a terminal.
pub(crate) fn judge(ended: &Ended) -> Result<Answer, String> {
    if ended.is_late {
        return Err(format!("it did not end within {} s", ended.time.as_secs()));
    }
    if let Some(signal) = ended.status.signal() {
        return Err(format!("it was ended by signal {signal}"));
    }
    let streams = [("output", &ended.output), ("errors", &ended.errors)];
    for (name, bytes) in streams {
        check_shown(bytes).map_err(|fault| format!("its {name} have {fault}"))?;
    }
    let errors = String::from_utf8_lossy(&ended.errors);
    if let Some(words) = ENDED_BADLY.iter().find(|words| errors.contains(**words)) {
        return Err(format!("it says '{words}'"));
    }
    match ended.status.code() {
        Some(code) if DONE.contains(&code) => Ok(Answer::Accepted),
        Some(code) if REFUSED.contains(&code) && !errors.trim().is_empty() => Ok(Answer::Refused),
        Some(code) if REFUSED.contains(&code) => Err(format!("code {code} without a reason")),
        code => Err(format!("it ended with {code:?}")),
    }
}

/// # Errors
///
/// What is in `bytes` that must not be shown.
fn check_shown(bytes: &[u8]) -> Result<(), String> {
    if bytes.len() as u64 > OUTPUT_BYTES_MAX {
        return Err(format!("more than {OUTPUT_BYTES_MAX} bytes"));
    }
    let text = std::str::from_utf8(bytes).map_err(|error| format!("no text: {error}"))?;
    let steers = |character: &char| {
        (character.is_control() && *character != '\n')
            || INVISIBLE.iter().any(|marks| marks.contains(character))
    };
    text.chars().find(steers).map_or(Ok(()), |found| Err(format!("a raw {found:?}")))
}

#[cfg(test)]
mod tests {
    use std::process::ExitStatus;
    use std::time::Duration;

    use super::*;

    fn ended(code: i32, errors: &str) -> Ended {
        Ended {
            status: ExitStatus::from_raw(code << 8),
            output: b"\xc3\xa9\n".to_vec(),
            errors: errors.into(),
            time: Duration::ZERO,
            memory_bytes: 0,
            is_late: false,
        }
    }

    #[test]
    fn what_ends_by_itself_with_a_reason_is_no_fault() {
        assert_eq!(judge(&ended(0, "")), Ok(Answer::Accepted));
        assert_eq!(judge(&ended(4, "")), Ok(Answer::Accepted));
        assert_eq!(judge(&ended(2, "ct-host: no")), Ok(Answer::Refused));
    }

    #[test]
    fn every_other_end_is_one() {
        assert!(judge(&ended(2, "\n")).is_err());
        assert!(judge(&ended(101, "no")).is_err());
        assert!(judge(&ended(2, "thread 'main' panicked at a.rs")).is_err());
        for shown in ["\u{1b}[2J", "a\rb", "\u{9b}m", "\u{202e}txt", "\u{200b}"] {
            assert!(judge(&ended(2, shown)).is_err(), "{shown:?}");
        }
        assert!(judge(&Ended { is_late: true, ..ended(0, "") }).is_err());
        assert!(judge(&Ended { status: ExitStatus::from_raw(6), ..ended(0, "") }).is_err());
        assert!(judge(&Ended { output: vec![0xff], ..ended(0, "") }).is_err());
    }
}
