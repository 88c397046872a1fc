//! Bars and trading rules from exchanges.
//!
//! ccxt knows how each exchange is asked and what its answers mean; that is all it is used for. The requests themselves
//! are made here, because how long to wait, when to try again and what is a broken answer must be certain. Nothing here
//! reads a clock: the time comes from the exchanges' own `Date` header or from the caller.
//!
//! Read the parts in this order: `dialect` wraps ccxt; `profile` and
//! `profiles` say what is known of each exchange; `request` and `rows` turn windows into requests and answers into rows,
//! `failure` names what went wrong; `line` makes requests at the pace that `pace` and `headroom` allow; `answer_limits` and
//! `answer_json` say what an answer may hold before ccxt sees it, `reader` reads it within a deadline, `page_times` looks
//! whether its bars are those that were asked for; `venue` asks one exchange for pages and markets; `listings`, `market_list`, `symbol`, `rules`, `raw_rules` and `rules_file` are about its
//! symbols;
//! `exchange_source` and `exchanges` are what the outside sees.

mod answer_json;
mod answer_limits;
mod base_url;
mod dialect;
mod event;
mod excerpt;
mod exchange_source;
mod exchanges;
mod failure;
mod headroom;
mod http_time;
mod line;
mod listings;
mod market_list;
mod pace;
mod page_times;
mod profile;
mod profiles;
mod raw_rules;
mod reader;
mod request;
mod rows;
mod rules;
mod rules_file;
mod settings;
mod symbol;
#[cfg(test)]
mod tests;
mod venue;

pub use event::{EventSink, SourceEvent};
pub use exchange_source::ExchangeSource;
pub use exchanges::Exchanges;
pub use rules::InstrumentRules;
pub use settings::ExchangeSettings;
