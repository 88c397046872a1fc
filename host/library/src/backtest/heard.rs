//! When a strategy said what it logged: the times of the bars that it had been given.

use std::sync::Arc;

use ct_core::market::Panel;
use ct_core::units::Timestamp;
use ct_plugin::{Instance, LogLine, LogListener};

/// Who hears a log, with the open times of all rows.
#[derive(Debug)]
struct Timed {
    listener: Arc<dyn LogListener>,
    times: Arc<[i64]>,
}

impl LogListener for Timed {
    fn hear(&self, symbols: &[String], line: &LogLine) {
        let mut line = line.clone();
        tell_times(&mut line, &self.times);
        self.listener.hear(symbols, &line);
    }
}

/// Lets `listener` hear what `instances` log on the rows of `panel`.
pub(super) fn listen(instances: &mut [Instance], listener: &Arc<dyn LogListener>, panel: &Panel) {
    let times: Arc<[i64]> = panel.times().into();
    for instance in instances {
        let (listener, times) = (Arc::clone(listener), Arc::clone(&times));
        instance.listen(Arc::new(Timed { listener, times }));
    }
}

/// Says in `line` at which of `times`, those of all rows, its rows open.
pub(super) fn tell_times(line: &mut LogLine, times: &[i64]) {
    let time = |row: usize| times.get(row).copied().map(Timestamp::clamped);
    line.time = line.row.and_then(|row| time(usize::try_from(row).ok()?));
    if let Some(rows) = &mut line.rows {
        rows.times = time(rows.first).zip(time(rows.last)).map(<[Timestamp; 2]>::from);
    }
}
