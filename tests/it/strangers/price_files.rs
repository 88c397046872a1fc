//! Price files that unpack or parse into far more than they weigh.
