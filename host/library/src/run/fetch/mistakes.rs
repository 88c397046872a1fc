//! Exchanges that a configuration names, but that are none.

use std::sync::Arc;

use super::access;
use crate::config::Config;
use crate::run::{Folders, RunError, are_kept};
use ct_data::exchange::Exchanges;

/// Each exchange of `config` that is none, with the path of its key. Nothing is asked of any exchange.
///
/// # Errors
/// [`RunError::Input`] when there is no folder for prices, [`RunError::Run`] when requests cannot be made at all.
pub fn exchange_mistakes(
    config: &Config,
    folders: &Folders,
) -> Result<Vec<(String, RunError)>, RunError> {
    let mut found = Vec::new();
    let is_any_named = are_kept(&config.data)
        || !config.access.fallback.is_empty()
        || access::moved(&config.access).next().is_some();
    if !is_any_named {
        return Ok(found);
    }
    let store = folders.store(&config.access)?;
    let settings = access::exchange_settings(&config.access, &store);
    let exchanges = Exchanges::new(settings, Arc::new(|_| {})).map_err(RunError::run)?;
    let mut look = |path: String, exchange: &str| {
        if let Err(error) = exchanges.source(exchange) {
            found.push((path, RunError::input(error)));
        }
    };
    let named = &config.data.exchange;
    // An import may call its source by any name.
    let is_of_import =
        || store.keys().is_ok_and(|keys| keys.iter().any(|key| key.exchange == *named));
    if are_kept(&config.data) && !is_of_import() {
        look("data.exchange".to_owned(), named);
    }
    for exchange in &config.access.fallback {
        look("access.fallback".to_owned(), exchange);
    }
    for exchange in access::moved(&config.access) {
        look(format!("access.base_urls.{exchange}"), exchange);
    }
    Ok(found)
}
