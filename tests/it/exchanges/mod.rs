//! Every exchange through `ct-host fetch`: what is kept is what the exchange holds, row for row, and no request is wasted.

mod archive;
mod customer;
mod histories;
mod listing;
mod page_ends;
mod page_form;
mod rules;
mod several_series;
mod updates;
