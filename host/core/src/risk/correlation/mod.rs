//! How instruments move together, and which positions count as one.

mod cluster;
mod comovement;
mod estimator;
mod limit;
mod returns;

#[cfg(test)]
mod tests;

pub(crate) use cluster::cluster_of;
pub use comovement::Comovement;
pub use estimator::Estimator;
pub use limit::CorrelationLimit;
