//! Files, folders, answers and results of strangers, given to the built program: it refuses with a reason, within bounds of
//! time and memory, and harms nothing.

mod answers;
mod configuration;
mod plugin_files;
mod price_files;
mod results;
mod written_files;
