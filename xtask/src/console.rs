//! What the commands say to the person who runs them.

/// Writes one line about progress.
///
/// It goes to standard error, where cargo writes its own progress, so that the two stay in order.
#[expect(clippy::print_stderr, reason = "a command line tool reports its progress here only")]
pub(crate) fn say(line: &str) {
    eprintln!("xtask: {line}");
}
