//! Breakers: scenarios a trader can read, numbers of pandas, a model that looks at every row by itself.

mod model;
mod pandas;
mod property;
mod rearming;
mod scenario;
mod trip;
