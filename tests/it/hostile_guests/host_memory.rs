//! How much memory the host takes while a guest tries to make it take more.

/// What the process may grow by: some copies of the largest answer and the instances of the tests that run beside. The
/// attacks ask for many times as much.
const GROWTH_BYTES_MAX: u64 = 1 << 30;

/// Asserts that the process does not grow much while `attack` runs. Measured on Linux only.
pub(super) fn assert_bounded<T>(attack: impl FnOnce() -> T) -> T {
    let before = peak_bytes();
    let result = attack();
    if let (Some(before), Some(after)) = (before, peak_bytes()) {
        let growth = after.saturating_sub(before);
        assert!(growth <= GROWTH_BYTES_MAX, "the process grew by {growth} bytes");
    }
    result
}

/// Largest resident memory that the process has had.
#[cfg(target_os = "linux")]
fn peak_bytes() -> Option<u64> {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").parse().unwrap();
    Some(kibibytes << 10)
}

#[cfg(not(target_os = "linux"))]
fn peak_bytes() -> Option<u64> {
    None
}
