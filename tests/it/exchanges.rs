//! Every exchange through `ct-host fetch`: what is kept is what the exchange holds, row for row.
