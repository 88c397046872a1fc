//! Guests that do not come back from a call.
