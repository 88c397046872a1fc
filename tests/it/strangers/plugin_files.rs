//! Plugin files that are made to harm before they run.
