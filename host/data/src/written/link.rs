//! Links on the way to a file that is written.

use std::fs::{self, File, Metadata, OpenOptions};
use std::io;
use std::path::Path;

use super::error::WriteProblem;

/// Refuses the way to `folder` when a link on it may be somebody else's choice: one that another user made, and one in the
/// working folder that leads out of it, since whoever wrote the files there may have made it as this user.
///
/// # Errors
/// [`WriteProblem::Link`].
pub(super) fn check_links(folder: &Path) -> Result<(), WriteProblem> {
    // None when it was removed: then nothing lies in it.
    let working = fs::canonicalize(".").ok();
    for part in std::path::absolute(folder)?.ancestors() {
        // What is not there, or may not be looked at, is no link that can be followed.
        let Ok(found) = fs::symlink_metadata(part) else { continue };
        if !found.is_symlink() {
            continue;
        }
        let fault = match fs::canonicalize(part) {
            _ if is_of_others(&found) => "another user made",
            Err(_) => "leads nowhere",
            Ok(target) if leads_out(part, &target, working.as_deref()) => {
                "leads out of the working folder"
            }
            Ok(_) => continue,
        };
        let target = fs::canonicalize(part).or_else(|_| fs::read_link(part))?;
        return Err(WriteProblem::Link { link: part.to_owned(), fault, target });
    }
    Ok(())
}

/// True when the link `part` lies in the folder `working` or below it, and `target` does not.
fn leads_out(part: &Path, target: &Path, working: Option<&Path>) -> bool {
    let Some(working) = working else { return false };
    let place = part.parent().and_then(|folder| fs::canonicalize(folder).ok());
    place.is_some_and(|place| place.starts_with(working)) && !target.starts_with(working)
}

/// True for what belongs neither to this user nor to the superuser, who may do everything anyway.
#[cfg(unix)]
fn is_of_others(found: &Metadata) -> bool {
    use std::os::unix::fs::MetadataExt;
    ![0, rustix::process::geteuid().as_raw()].contains(&found.uid())
}

/// Elsewhere links are not for everybody to make.
#[cfg(not(unix))]
fn is_of_others(_found: &Metadata) -> bool {
    false
}

/// Opens the file `path` as `options` say, if it is itself no link.
pub(crate) fn open_unlinked(options: &mut OpenOptions, path: &Path) -> io::Result<File> {
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::custom_flags(
        options,
        rustix::fs::OFlags::NOFOLLOW.bits().cast_signed(),
    );
    options.open(path)
}
