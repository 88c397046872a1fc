//! Ctrl-C: the first one ends the run at the next chance, the second one at once.

use super::failure::Failure;
use ct_host::data::fetch::Stop;

/// Takes Ctrl-C over from the system, which would end the program in the middle of whatever it does. What comes back is set
/// when the user wants to stop.
///
/// # Errors
/// [`Failure::run`] when the system does not allow it.
pub(super) fn install() -> Result<Stop, Failure> {
    const EXIT_CODE: i32 = 130;
    let stop = Stop::new();
    let pressed = stop.clone();
    ctrlc::set_handler(move || {
        if pressed.is_set() {
            std::process::exit(EXIT_CODE);
        }
        pressed.set();
    })
    .map_err(Failure::run)?;
    Ok(stop)
}
