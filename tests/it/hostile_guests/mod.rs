//! Guests that mean harm: each meets its specific error, the host lives, and what it runs beside them is not touched.

mod answers;
mod crashes;
mod loops;
mod trial;
