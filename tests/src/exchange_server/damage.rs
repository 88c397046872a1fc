//! How faults change a page and an answer.

use serde_json::{Value, json};

use super::book::Keep;
use super::fault::{AnswerFault, RowFault, ValueFault};
use super::protocol::{Order, Page, Protocol};
use super::reply::Reply;
use crate::bars::SplitMix64;

/// Puts the bars of `page` in the order of the exchange, with `faults`.
pub(super) fn ordered(page: &mut Page<'_>, faults: &[RowFault]) {
    for &fault in faults {
        change(page, fault);
    }
    let rows = &mut page.rows;
    if page.order == Order::Descending {
        rows.reverse();
    }
    for &fault in faults {
        match fault {
            RowFault::AtMost(count) => rows.truncate(count),
            RowFault::Reversed => rows.reverse(),
            RowFault::Shuffled(seed) => {
                let mut random = SplitMix64(seed);
                for end in (1..rows.len()).rev() {
                    rows.swap(end, random.below(end + 1));
                }
            }
            RowFault::Empty
            | RowFault::Overlapping(_)
            | RowFault::Repeated
            | RowFault::Conflicting => {}
        }
    }
}

/// Faults in what the rows are rather than in their order.
fn change(page: &mut Page<'_>, fault: RowFault) {
    let middle = page.rows.len() / 2;
    match fault {
        RowFault::Empty => page.rows.clear(),
        RowFault::Overlapping(count) => {
            let ends = page.rows.first().zip(page.rows.last());
            if let Some((first_ms, last_ms)) = ends.map(|(a, b)| (a.time_ms, b.time_ms)) {
                let mut rows = page.view.select((0, first_ms - 1), Keep::Newest(count));
                rows.append(&mut page.rows);
                rows.extend(page.view.select((last_ms + 1, i64::MAX), Keep::Oldest(count)));
                page.rows = rows;
            }
        }
        RowFault::Repeated => {
            page.rows = page.rows.iter().flat_map(|&row| [row, row]).collect();
        }
        RowFault::Conflicting => {
            if let Some(row) = page.rows.get(middle).copied() {
                page.rows.insert(middle + 1, row.revised());
            }
        }
        RowFault::AtMost(_) | RowFault::Reversed | RowFault::Shuffled(_) => {}
    }
}

/// The rows as JSON, with `faults`.
pub(super) fn written(mut rows: Vec<Value>, faults: &[ValueFault]) -> Value {
    let middle = rows.len() / 2;
    for fault in faults {
        let Some(row) = rows.get_mut(middle) else { continue };
        match fault {
            ValueFault::Null => set(row, 2, Value::Null),
            ValueFault::Word => set(row, 2, Value::from("n/a")),
            ValueFault::WordForTime => set(row, 0, Value::from("yesterday")),
            ValueFault::MissingColumns => match row {
                Value::Array(cells) => cells.truncate(3),
                Value::Object(fields) => fields.retain(|name, _| name != "close"),
                _ => {}
            },
            ValueFault::ObjectForRows => return json!({ "rows": rows.len() }),
        }
    }
    Value::Array(rows)
}

/// Sets the `place`-th value of a row, whether it is a list or an object.
fn set(row: &mut Value, place: usize, value: Value) {
    let cell = match row {
        Value::Array(cells) => cells.get_mut(place),
        Value::Object(fields) => fields.values_mut().nth(place),
        _ => None,
    };
    if let Some(cell) = cell {
        *cell = value;
    }
}

/// `reply` with `fault`. An archive, which has no `protocol`, says too many requests as storage servers do.
pub(super) fn answered(
    reply: Reply,
    fault: AnswerFault,
    protocol: Option<&dyn Protocol>,
    now_ms: i64,
) -> Reply {
    let slow_down = || Reply::html(503, "Slow Down");
    let retry = |reply: Reply, retry_after_s: Option<u32>| match retry_after_s {
        Some(seconds) => reply.with("retry-after", &seconds),
        None => reply,
    };
    match fault {
        AnswerFault::TooMany { retry_after_s } => {
            let told = protocol.map_or_else(slow_down, |protocol| protocol.too_many(now_ms));
            retry(told, retry_after_s)
        }
        AnswerFault::TooManyInBody => {
            protocol.map_or_else(slow_down, |protocol| protocol.too_many_in_body(now_ms))
        }
        AnswerFault::Banned { retry_after_s } => {
            let told = protocol.map_or_else(slow_down, |protocol| protocol.banned(now_ms));
            retry(told, retry_after_s)
        }
        AnswerFault::Html(status) => Reply::html(status, "Something went wrong"),
        AnswerFault::HalfBody => {
            let mut reply = reply;
            reply.body.truncate(reply.body.len() / 2);
            reply
        }
        AnswerFault::FlippedBit => {
            let mut reply = reply;
            let middle = reply.body.len() / 2;
            if let Some(byte) = reply.body.get_mut(middle) {
                *byte ^= 1;
            }
            reply
        }
        AnswerFault::Allowance(left_percent) => {
            let headers = protocol.map(|protocol| protocol.allowance(left_percent, now_ms));
            let mut reply = reply;
            for (name, value) in headers.unwrap_or_default() {
                reply.headers.retain(|(held, _)| *held != name);
                reply.headers.push((name, value));
            }
            reply
        }
        AnswerFault::ClockOff(offset_ms) => reply.with("date", &http_date(now_ms + offset_ms)),
    }
}

/// A time as the `Date` header has it.
pub(super) fn http_date(time_ms: i64) -> String {
    let time = jiff::Timestamp::from_millisecond(time_ms).unwrap_or_default();
    let printer = jiff::fmt::rfc2822::DateTimePrinter::new();
    printer.timestamp_to_rfc9110_string(&time).unwrap_or_default()
}
