//! One writer at a time in a folder.

use std::fs::{File, TryLockError};
use std::path::Path;

use super::StoreError;
use crate::regular_file::check_regular;
use crate::written::{Temporary, open_unlinked};

/// Name of the file that is locked. It stays when the lock is given back: a lock on a removed file would keep out nobody.
pub(super) const LOCK_FILE: &str = "lock";

/// The right to change a folder, until it is dropped or the process ends, however it ends.
#[derive(Debug)]
pub(super) struct Lock {
    _file: File,
}

impl Lock {
    /// Waits for the lock of `folder`, which is there, and removes what dead writers left in it; calls `waiting` first if
    /// somebody else has it.
    pub(super) fn wait_for(folder: &Path, waiting: &mut dyn FnMut()) -> Result<Self, StoreError> {
        let file = open(folder)?;
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => {
                waiting();
                file.lock().map_err(StoreError::io("lock", folder))?;
            }
            Err(TryLockError::Error(error)) => return Err(StoreError::io("lock", folder)(error)),
        }
        Temporary::remove_dead(folder);
        Ok(Self { _file: file })
    }

    /// The lock of `folder`; `None` if somebody else has it.
    pub(super) fn try_take(folder: &Path) -> Result<Option<Self>, StoreError> {
        let file = open(folder)?;
        match file.try_lock() {
            Ok(()) => Ok(Some(Self { _file: file })),
            Err(TryLockError::WouldBlock) => Ok(None),
            Err(TryLockError::Error(error)) => Err(StoreError::io("lock", folder)(error)),
        }
    }
}

fn open(folder: &Path) -> Result<File, StoreError> {
    let path = folder.join(LOCK_FILE);
    let mut options = File::options();
    options.write(true).create(true).truncate(false);
    let opened = check_regular(&path).and_then(|()| open_unlinked(&mut options, &path));
    opened.map_err(StoreError::io("open", &path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn who_waits_for_it_removes_what_dead_writers_left() {
        let folder = tempfile::tempdir().unwrap();
        for name in [".aB3dE9.tmp", "x.bars.tmp", "x.bars"] {
            std::fs::write(folder.path().join(name), "").unwrap();
        }
        let files = || std::fs::read_dir(folder.path()).unwrap().count();
        drop(Lock::try_take(folder.path()).unwrap());
        assert_eq!(files(), 4);
        drop(Lock::wait_for(folder.path(), &mut || panic!("nobody else is here")).unwrap());
        assert_eq!(files(), 2);
    }

    #[cfg(unix)]
    #[test]
    fn a_link_is_no_lock() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        std::os::unix::fs::symlink(&victim, folder.path().join(LOCK_FILE)).unwrap();
        let refused = Lock::try_take(folder.path()).unwrap_err().to_string();
        assert!(refused.contains("cannot open") && refused.contains(LOCK_FILE), "{refused}");
        assert!(!victim.exists());
    }

    #[test]
    fn two_cannot_have_it_and_the_second_is_told_that_it_waits() {
        let folder = tempfile::tempdir().unwrap();
        let held = Lock::wait_for(folder.path(), &mut || panic!("nobody else is here")).unwrap();
        assert!(Lock::try_take(folder.path()).unwrap().is_none());
        let (told, is_waiting) = std::sync::mpsc::channel();
        std::thread::scope(|scope| {
            let second = scope
                .spawn(|| Lock::wait_for(folder.path(), &mut || told.send(()).unwrap()).is_ok());
            is_waiting.recv().unwrap();
            drop(held);
            assert!(second.join().unwrap());
        });
        assert!(Lock::try_take(folder.path()).unwrap().is_some());
    }
}
