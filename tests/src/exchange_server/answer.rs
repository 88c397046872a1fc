//! From a request to an answer: what was asked for, and what goes wrong with it.

use super::book::{Book, Keep, Window};
use super::fault::{DeliveryFault, Misbehaviour, RowFault, ValueFault};
use super::protocol::{Endpoint, Page, Protocol};
use super::reply::Reply;
use super::request::Request;
use super::schedule::Schedule;
use super::{Exchange, archive, damage};

/// Whose words a server speaks.
#[derive(Clone, Copy, Debug)]
pub(super) enum Voice {
    Exchange(Exchange),
    /// Binance's archive of bulk files.
    Archive,
}

/// An answer and how it is brought.
#[derive(Debug)]
pub(super) struct Answer {
    pub(super) reply: Reply,
    pub(super) delivery: Option<DeliveryFault>,
    pub(super) endpoint: Endpoint,
    pub(super) rows: usize,
}

impl Voice {
    /// The answer to `request`.
    pub(super) fn answer(self, request: &Request, book: &Book, schedule: &mut Schedule) -> Answer {
        let protocol = self.protocol();
        let endpoint = protocol.map_or(Endpoint::Candles, |speaks| speaks.endpoint(&request.path));
        let page = protocol
            .filter(|_| endpoint == Endpoint::Candles)
            .map(|speaks| (speaks, speaks.candles(request, book)));
        let window = match &page {
            Some((_, Ok(page))) => Some(covered(page)),
            Some((_, Err(_))) => None,
            None => archive::window(&request.path),
        };
        let struck = schedule.next(endpoint, &request.path, window);
        let (reply, rows) = match (page, protocol) {
            (Some((speaks, Ok(page))), _) => written(speaks, page, &struck),
            (Some((_, Err(refusal))), _) => (refusal, 0),
            (None, Some(speaks)) if endpoint == Endpoint::Markets => {
                (speaks.markets(request, book), 0)
            }
            (None, Some(_)) => (Reply::html(404, "Not Found"), 0),
            (None, None) => archive::file(&request.path, book),
        };
        let reply = finished(reply, &struck, protocol, book.now_ms);
        let delivery = struck.iter().find_map(|what| match what {
            Misbehaviour::Delivery(fault) => Some(*fault),
            _ => None,
        });
        Answer { reply, delivery, endpoint, rows }
    }

    fn protocol(self) -> Option<&'static dyn Protocol> {
        match self {
            Self::Exchange(exchange) => Some(exchange.protocol()),
            Self::Archive => None,
        }
    }
}

/// Faults of the whole answer, and the headers that every answer has.
fn finished(
    reply: Reply,
    struck: &[Misbehaviour],
    protocol: Option<&dyn Protocol>,
    now_ms: i64,
) -> Reply {
    let mut reply = reply;
    for what in struck {
        if let Misbehaviour::Answer(fault) = *what {
            reply = damage::answered(reply, fault, protocol, now_ms);
        }
    }
    let mut usual = protocol.map(|speaks| speaks.allowance(99, now_ms)).unwrap_or_default();
    usual.push(("date", damage::http_date(now_ms)));
    for (name, value) in usual {
        if !reply.headers.iter().any(|(held, _)| *held == name) {
            reply.headers.push((name, value));
        }
    }
    reply
}

/// The times that a page covers: what was asked for, but no further than its rows where it was cut by a limit.
fn covered(page: &Page<'_>) -> Window {
    let (from_ms, to_ms) = page.asked;
    let ends = page.rows.first().zip(page.rows.last());
    ends.map_or(page.asked, |(first, last)| {
        let beyond = |window| !page.view.select(window, Keep::Oldest(1)).is_empty();
        let cut_before = beyond((from_ms, first.time_ms - 1));
        let cut_after = beyond((last.time_ms + 1, to_ms));
        let from_ms = if cut_before { first.time_ms } else { from_ms };
        let to_ms = if cut_after { last.time_ms } else { to_ms };
        (from_ms, to_ms)
    })
}

/// A page as the exchange writes it, with its faults, and how many rows it has.
fn written(protocol: &dyn Protocol, mut page: Page<'_>, struck: &[Misbehaviour]) -> (Reply, usize) {
    let of_rows: Vec<RowFault> = struck
        .iter()
        .filter_map(|what| if let Misbehaviour::Rows(fault) = what { Some(*fault) } else { None })
        .collect();
    let of_values: Vec<ValueFault> = struck
        .iter()
        .filter_map(|what| if let Misbehaviour::Values(fault) = what { Some(*fault) } else { None })
        .collect();
    damage::ordered(&mut page, &of_rows);
    let rows = page.rows.iter().map(|candle| protocol.row(candle, &page)).collect();
    let body = protocol.body(damage::written(rows, &of_values), &page);
    (Reply::json(200, &body), page.rows.len())
}
