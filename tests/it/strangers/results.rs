//! Result files that claim what did not happen, or steer whatever shows them.
