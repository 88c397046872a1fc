//! Tests of the aggregation of bars.
