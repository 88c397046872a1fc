//! Fills and costs against tables worked out by hand.
