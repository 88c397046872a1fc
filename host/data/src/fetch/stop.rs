//! The wish to stop.

use std::sync::Arc;

use tokio::sync::watch;

/// A wish to stop that many tasks hear of. Clones share it; once set it stays set.
#[derive(Clone, Debug)]
pub struct Stop(Arc<watch::Sender<bool>>);

impl Default for Stop {
    fn default() -> Self {
        Self::new()
    }
}

impl Stop {
    /// A wish that nobody has yet.
    pub fn new() -> Self {
        Self(Arc::new(watch::Sender::new(false)))
    }

    /// Asks everyone to stop. May be called from any thread.
    pub fn set(&self) {
        self.0.send_replace(true);
    }

    /// Whether someone asked to stop.
    pub fn is_set(&self) -> bool {
        *self.0.borrow()
    }

    /// Waits until someone asks to stop; forever if nobody does.
    pub async fn wait(&self) {
        let mut wish = self.0.subscribe();
        // It cannot fail: `self` keeps the sender alive.
        drop(wish.wait_for(|is_set| *is_set).await);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn those_who_wait_and_those_who_come_later_hear_of_it() {
        let stop = Stop::new();
        let other = stop.clone();
        assert!(!stop.is_set());
        tokio::join!(stop.wait(), async { other.set() });
        assert!(stop.is_set());
        stop.wait().await;
    }
}
