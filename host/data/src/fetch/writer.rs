//! Writes what arrived to the store, on a thread of its own, while more is asked for.

use tokio::sync::{mpsc, oneshot};
use tokio::task::{JoinError, JoinHandle};

use super::plan::all_time;
use crate::store::{Added, Addition, HistoryRecord, SeriesEditor, Store, StoreError};
use crate::{SeriesKey, TimeRange};

/// Pages that may wait for the disk: a slow disk then slows the requests down instead of filling the memory.
const PAGES_WAITING_MAX: usize = 4;

/// The series that is written to. It is locked until [`close`](Self::close), or until this is dropped.
#[derive(Debug)]
pub(super) struct Writer {
    messages: mpsc::Sender<Message>,
    thread: JoinHandle<Result<Written, StoreError>>,
}

/// What was written, and what there is now.
#[derive(Clone, Debug, Default)]
pub(super) struct Written {
    pub(super) added: Added,
    pub(super) rows_held: u64,
    pub(super) version: Option<String>,
}

/// The writer has stopped, for a reason that [`Writer::close`] gives.
#[derive(Clone, Copy, Debug)]
pub(super) struct WriterStopped;

#[derive(Debug)]
enum Message {
    Add(Addition),
    Note(HistoryRecord),
}

impl Writer {
    /// Locks the series, and tells what is missing of all time. `waiting` is called if another process has it locked.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn open(
        store: &Store,
        key: &SeriesKey,
        waiting: impl FnOnce() + Send,
    ) -> Result<(Self, Vec<TimeRange>), StoreError> {
        let (is_waiting, waits) = oneshot::channel();
        let (store, key) = (Store::new(store.folder()), key.clone());
        let opening = tokio::task::spawn_blocking(move || {
            let mut is_waiting = Some(is_waiting);
            store.edit(&key, &mut || {
                // Whoever asked for the series may be gone.
                let _told = is_waiting.take().map(|is_waiting| is_waiting.send(()));
            })
        });
        if waits.await.is_ok() {
            waiting();
        }
        let editor = joined(opening.await)?;
        let missing = editor.series().asked().missing(all_time());
        let (messages, received) = mpsc::channel(PAGES_WAITING_MAX);
        let thread = tokio::task::spawn_blocking(move || write(editor, received));
        Ok((Self { messages, thread }, missing))
    }

    /// Hands a page over. It is kept when [`close`](Self::close) has returned.
    ///
    /// # Errors
    /// [`WriterStopped`] when an earlier one could not be kept.
    pub(super) async fn add(&self, addition: Addition) -> Result<(), WriterStopped> {
        self.messages.send(Message::Add(addition)).await.map_err(|_| WriterStopped)
    }

    /// Records something that belongs to no page.
    ///
    /// # Errors
    /// [`WriterStopped`] when a page could not be kept.
    pub(super) async fn note(&self, record: HistoryRecord) -> Result<(), WriterStopped> {
        self.messages.send(Message::Note(record)).await.map_err(|_| WriterStopped)
    }

    /// Waits until everything handed over is kept, and unlocks the series.
    ///
    /// # Errors
    /// What the store says.
    pub(super) async fn close(self) -> Result<Written, StoreError> {
        drop(self.messages);
        joined(self.thread.await)
    }
}

fn write(
    mut editor: SeriesEditor,
    mut messages: mpsc::Receiver<Message>,
) -> Result<Written, StoreError> {
    let mut written = Written::default();
    while let Some(message) = messages.blocking_recv() {
        match message {
            Message::Add(mut addition) => {
                // A source that is asked for the same bars again may have the same to say.
                addition.notes.retain(|note| !editor.series().history().contains(note));
                let added = editor.add(addition)?;
                let sum = &mut written.added;
                sum.rows_added += added.rows_added;
                sum.rows_equal += added.rows_equal;
                sum.rows_revised += added.rows_revised;
                sum.rows_withdrawn += added.rows_withdrawn;
            }
            Message::Note(record) if editor.series().history().contains(&record) => {}
            Message::Note(record) => editor.note(record),
        }
    }
    let series = editor.finish()?;
    written.rows_held = series.rows();
    written.version = (series.rows() > 0).then(|| series.version().to_owned());
    Ok(written)
}

/// The result of a thread; a panic in it goes on here.
fn joined<T>(result: Result<T, JoinError>) -> T {
    result.unwrap_or_else(|error| std::panic::resume_unwind(error.into_panic()))
}
