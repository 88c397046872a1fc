//! Between the contract's types and the host's. Nothing else does this.

use std::num::NonZeroU32;

use super::bindings::exports::ct::strategy::guest;
use super::{Arguments, Descriptor, Parameter, ParameterKind, Value, limits};
use ct_core::engine::{AccountView, Columns, Scope, Window};
use ct_core::order::{Action, Decision, Entry, Exposure, Levels};
use ct_core::units::Price;

pub(super) fn descriptor(wit: guest::Descriptor) -> Descriptor {
    Descriptor {
        name: wit.name,
        version: wit.version,
        summary: wit.summary,
        columns: columns(wit.reads),
        scope: match wit.scope {
            guest::Scope::Instrument => Scope::Instrument,
            guest::Scope::Portfolio => Scope::Portfolio,
        },
        reads_account: wit.reads_account,
        parameters: wit.parameters.into_iter().map(parameter).collect(),
    }
}

fn columns(wit: guest::Columns) -> Columns {
    [
        (guest::Columns::TIME, Columns::TIME),
        (guest::Columns::OPEN, Columns::OPEN),
        (guest::Columns::HIGH, Columns::HIGH),
        (guest::Columns::LOW, Columns::LOW),
        (guest::Columns::CLOSE, Columns::CLOSE),
        (guest::Columns::VOLUME, Columns::VOLUME),
    ]
    .into_iter()
    .filter(|(wanted, _)| wit.contains(*wanted))
    .fold(Columns::NONE, |columns, (_, column)| columns.and(column))
}

fn parameter(wit: guest::Parameter) -> Parameter {
    let kind = match wit.kind {
        guest::ParameterKind::Integer(guest::IntegerRange { default, min, max, step }) => {
            ParameterKind::Integer { default, min, max, step }
        }
        guest::ParameterKind::Number(guest::NumberRange { default, min, max, step }) => {
            ParameterKind::Number { default, min, max, step }
        }
        guest::ParameterKind::Flag(default) => ParameterKind::Flag { default },
        guest::ParameterKind::Choice(guest::Choices { default, options }) => {
            ParameterKind::Choice { default, options }
        }
    };
    Parameter { name: wit.name, help: wit.help, kind }
}

pub(super) fn arguments(arguments: &Arguments) -> Vec<guest::Argument<'_>> {
    let argument = |(name, value)| {
        let value = match value {
            &Value::Integer(value) => guest::Value::Integer(value),
            &Value::Number(value) => guest::Value::Number(value),
            &Value::Flag(value) => guest::Value::Flag(value),
            Value::Choice(value) => guest::Value::Choice(value),
        };
        guest::Argument { name, value }
    };
    arguments.iter().map(argument).collect()
}

pub(super) fn window<'a>(window: &Window<'a>) -> guest::Window<'a> {
    guest::Window {
        first_row: window.first_row as u64,
        // The engine cuts windows of at most `u32::MAX` rows: a panel has no more.
        rows: u32::try_from(window.rows).unwrap_or(u32::MAX),
        times: window.times,
        open: window.open,
        high: window.high,
        low: window.low,
        close: window.close,
        volume: window.volume,
    }
}

pub(super) fn positions(account: &AccountView) -> Vec<guest::Position> {
    let position = |position: &ct_core::engine::PositionView| guest::Position {
        quantity: position.quantity,
        average_price: position.average_price,
        working: position.working,
    };
    account.positions.iter().map(position).collect()
}

/// The decision, or what is wrong with it.
pub(super) fn decision(wit: guest::Decision, first_row: usize) -> Result<Decision, String> {
    let row = first_row.saturating_add(wit.row as usize);
    let at = |detail: String| format!("row {row}: {detail}");
    let levels = Levels {
        stop: wit.stop.map(|price| self::price("stop", price)).transpose().map_err(at)?,
        take_profit: wit
            .take_profit
            .map(|price| self::price("take-profit", price))
            .transpose()
            .map_err(at)?,
    };
    let entry = match wit.limit {
        Some(limit) => Entry::Limit {
            price: price("limit", limit.price).map_err(at)?,
            expires_after_rows: NonZeroU32::new(limit.expires_after_rows),
        },
        None => Entry::Market,
    };
    let action = match wit.target {
        Some(share) => {
            let target = Exposure::new(share)
                .ok_or_else(|| at(format!("a target of {share}: expected -1 to 1")))?;
            Action::Move { target, entry }
        }
        None if entry != Entry::Market => {
            return Err(at("a limit order without a target".to_owned()));
        }
        None => Action::Keep,
    };
    let tag = wit.tag.map(|tag| limits::plain(&tag, limits::TAG_BYTES_MAX).into());
    Ok(Decision { row, instrument: wit.instrument as usize, action, levels, tag })
}

fn price(name: &str, value: f64) -> Result<Price, String> {
    let price = Price::from_f64(value).ok().filter(|price| *price > Price::ZERO);
    price.ok_or_else(|| format!("a {name} of {value}: expected a price above 0"))
}
