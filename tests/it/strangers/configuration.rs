//! Configuration files, variables and flags that are made to harm.
