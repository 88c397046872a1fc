//! Fetches that are killed, stopped or run side by side, and files that are damaged: what is kept is always true, and the
//! next fetch completes to the same prices.

mod foreign_bytes;
mod market;

mod ctrl_c;
mod damage;
mod foreign_archive;
mod foreign_data_folder;
mod foreign_price_files;
mod kills;
mod processes;
mod write_errors;
