//! Tests of measurements and of clusters.

mod cluster;
mod edge;
mod measure;
mod panel;
