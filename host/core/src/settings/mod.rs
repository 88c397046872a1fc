//! What a run is told: cash, costs, risk and fills.
//!
//! A setting is declared once, on its field: its meaning is the doc comment, its range and unit are in the JSON Schema that the field's
//! type and attributes give. [`Shape`] is that declaration as a type that checks, templates, flags and documents read. Only
//! what makes no sense *between* settings is a rule of its own ([`Settings::problems`]).

mod account;
mod contradiction;
mod number_range;
mod out_of_range;
mod run_settings;
mod shape;
mod text_form;
mod trust;

pub use account::{AccountSettings, AtEnd};
pub use number_range::NumberRange;
pub use run_settings::{Settings, SettingsError};
pub use shape::{Choice, Form, KIND, Keys, Kind, Presence, Shape, schema_of};
pub use text_form::TextForm;
pub use trust::Trust;
