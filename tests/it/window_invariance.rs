//! Any way of cutting rows into windows gives the same bytes.
