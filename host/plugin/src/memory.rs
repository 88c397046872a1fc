//! The memory that instances hold, each by itself and all together.

use std::fmt;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use super::limits;

/// Memory for all instances of a runtime.
#[derive(Clone, Debug)]
pub(super) struct SharedMemory {
    held: Arc<AtomicUsize>,
    bytes_max: usize,
}

/// What one instance holds of it, given back when the instance goes.
#[derive(Debug)]
pub(super) struct HeldMemory {
    shared: SharedMemory,
    bytes: usize,
}

/// Memory that an instance asked for and did not get.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum DeniedMemory {
    /// More than one may have.
    OfOne { bytes: usize },
    /// More than is left for all.
    OfAll { bytes: usize, bytes_max: usize },
}

impl SharedMemory {
    pub(super) fn new(bytes_max: usize) -> Self {
        Self { held: Arc::default(), bytes_max }
    }

    pub(super) fn none_held(&self) -> HeldMemory {
        HeldMemory { shared: self.clone(), bytes: 0 }
    }
}

impl HeldMemory {
    /// Lets the instance hold `bytes` in all, if there is so much.
    pub(super) fn grow_to(&mut self, bytes: usize) -> Result<(), DeniedMemory> {
        if bytes > limits::MEMORY_BYTES_MAX {
            return Err(DeniedMemory::OfOne { bytes });
        }
        let more = bytes.saturating_sub(self.bytes);
        let bytes_max = self.shared.bytes_max;
        let grown = |held: usize| held.checked_add(more).filter(|held| *held <= bytes_max);
        // Only the sum counts, no order with other memory.
        match self.shared.held.fetch_update(Ordering::Relaxed, Ordering::Relaxed, grown) {
            Ok(_) => {
                self.bytes += more;
                Ok(())
            }
            Err(_) => Err(DeniedMemory::OfAll { bytes, bytes_max }),
        }
    }
}

impl Drop for HeldMemory {
    fn drop(&mut self) {
        let before = self.shared.held.fetch_sub(self.bytes, Ordering::Relaxed);
        assert!(before >= self.bytes, "{} bytes given back of {before}", self.bytes);
    }
}

impl fmt::Display for DeniedMemory {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OfOne { bytes } => write!(
                formatter,
                "it asked for {bytes} bytes of memory: the limit is {}",
                limits::MEMORY_BYTES_MAX
            ),
            Self::OfAll { bytes, bytes_max } => write!(
                formatter,
                "it asked for {bytes} bytes of memory: all instances together would hold more than the {bytes_max} of \
                 plugins.memory_bytes_max"
            ),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_together_hold_no_more_than_there_is() {
        let shared = SharedMemory::new(100);
        let (mut one, mut other) = (shared.none_held(), shared.none_held());
        assert_eq!(one.grow_to(60), Ok(()));
        assert_eq!(other.grow_to(40), Ok(()));
        assert_eq!(one.grow_to(61), Err(DeniedMemory::OfAll { bytes: 61, bytes_max: 100 }));
        drop(other);
        assert_eq!(one.grow_to(100), Ok(()));
        assert_eq!(one.grow_to(50), Ok(()), "what is held stays held");
        assert_eq!(shared.held.load(Ordering::Relaxed), 100);
        drop(one);
        assert_eq!(shared.held.load(Ordering::Relaxed), 0);
        let bytes = limits::MEMORY_BYTES_MAX + 1;
        let mut large = SharedMemory::new(usize::MAX).none_held();
        assert_eq!(large.grow_to(bytes), Err(DeniedMemory::OfOne { bytes }));
    }
}
