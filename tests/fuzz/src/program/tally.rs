//! What became of the inputs of each kind.

use std::time::Duration;

use crate::child::Ended;
use crate::verdict::Answer;

/// What became of the inputs of one kind.
#[derive(Clone, Debug, Default)]
pub(crate) struct Tally {
    /// Inputs that the program was given.
    pub(crate) cases: u64,
    /// Those that it used.
    pub(crate) accepted: u64,
    /// Those that it refused.
    pub(crate) refused: u64,
    /// Those that did harm.
    pub(crate) faults: u64,
    /// Processes.
    processes: u64,
    /// Their times together.
    time: Duration,
    /// The longest of them.
    time_max: Duration,
    /// Most memory of one.
    memory_bytes_max: u64,
}

/// Heading of [`Tally::line`].
pub(crate) const HEADING: &str =
    "kind                  cases   accepted    refused faults  processes seconds worst ms peak MB";

impl Tally {
    /// Counts a process.
    pub(crate) fn add_process(&mut self, ended: &Ended) {
        self.processes += 1;
        self.time += ended.time;
        self.time_max = self.time_max.max(ended.time);
        self.memory_bytes_max = self.memory_bytes_max.max(ended.memory_bytes);
    }

    /// Counts `cases` inputs with the same answer.
    pub(crate) fn add_cases(&mut self, answer: Answer, cases: usize) {
        let cases = cases as u64;
        self.cases += cases;
        match answer {
            Answer::Accepted => self.accepted += cases,
            Answer::Refused => self.refused += cases,
        }
    }

    /// Counts all of `other`.
    pub(crate) fn add(&mut self, other: &Self) {
        self.cases += other.cases;
        self.accepted += other.accepted;
        self.refused += other.refused;
        self.faults += other.faults;
        self.processes += other.processes;
        self.time += other.time;
        self.time_max = self.time_max.max(other.time_max);
        self.memory_bytes_max = self.memory_bytes_max.max(other.memory_bytes_max);
    }

    /// A line of the table.
    pub(crate) fn line(&self, name: &str) -> String {
        format!(
            "{name:<18} {:>8} {:>10} {:>10} {:>6} {:>10} {:>7} {:>8} {:>7}",
            self.cases,
            self.accepted,
            self.refused,
            self.faults,
            self.processes,
            self.time.as_secs(),
            self.time_max.as_millis(),
            self.memory_bytes_max >> 20,
        )
    }
}
