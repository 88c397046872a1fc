//! Guests that mean harm: each meets its specific error, the host lives, and what it runs beside them is not touched.

mod answers;
mod compile_bombs;
mod compile_cache;
mod core_module;
mod crashes;
mod damaged_files;
mod descriptors;
mod features;
mod floods;
mod foreign_files;
mod host_memory;
mod in_the_program;
mod loops;
mod raw_answers;
mod stage;
