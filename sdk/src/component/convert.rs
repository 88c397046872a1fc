//! The one place where SDK types and the types of the contract meet.

use super::bindings::exports::ct::strategy::guest as wit;
use crate::guest::{Descriptor, Scope, Snapshot};
use crate::{
    Argument, Columns, Config, Decision, Interval, Parameter, ParameterKind, Position, Setup, Value,
};

pub(super) fn descriptor(descriptor: &Descriptor) -> wit::Descriptor {
    wit::Descriptor {
        name: descriptor.identity.name.to_owned(),
        version: descriptor.identity.version.to_owned(),
        summary: descriptor.identity.summary.to_owned(),
        reads: columns(descriptor.reads),
        scope: match descriptor.scope {
            Scope::Instrument => wit::Scope::Instrument,
            Scope::Portfolio => wit::Scope::Portfolio,
        },
        reads_account: descriptor.reads_account,
        parameters: descriptor.parameters.iter().map(parameter).collect(),
    }
}

fn columns(reads: Columns) -> wit::Columns {
    let pairs = [
        (Columns::TIME, wit::Columns::TIME),
        (Columns::OPEN, wit::Columns::OPEN),
        (Columns::HIGH, wit::Columns::HIGH),
        (Columns::LOW, wit::Columns::LOW),
        (Columns::CLOSE, wit::Columns::CLOSE),
        (Columns::VOLUME, wit::Columns::VOLUME),
    ];
    let read = pairs.into_iter().filter(|(column, _)| reads.contains(*column));
    read.fold(wit::Columns::empty(), |columns, (_, column)| columns | column)
}

fn parameter(parameter: &Parameter) -> wit::Parameter {
    let kind = match parameter.kind {
        ParameterKind::Integer { default, min, max, step } => {
            wit::ParameterKind::Integer(wit::IntegerRange { default, min, max, step })
        }
        ParameterKind::Number { default, min, max, step } => {
            wit::ParameterKind::Number(wit::NumberRange { default, min, max, step })
        }
        ParameterKind::Flag { default } => wit::ParameterKind::Flag(default),
        ParameterKind::Choice { default, options } => {
            let options = options.iter().map(|&option| option.to_owned()).collect();
            wit::ParameterKind::Choice(wit::Choices { default: default.to_owned(), options })
        }
    };
    wit::Parameter { name: parameter.name.to_owned(), help: parameter.help.to_owned(), kind }
}

pub(super) fn config(config: wit::Config) -> Result<Config, String> {
    let interval = Interval::from_milliseconds(config.interval_ms)?;
    let arguments = config.arguments.into_iter().map(argument).collect();
    Ok(Config { setup: Setup::new(config.instruments, interval), arguments })
}

fn argument(argument: wit::Argument) -> Argument {
    let value = match argument.value {
        wit::Value::Integer(value) => Value::Integer(value),
        wit::Value::Number(value) => Value::Number(value),
        wit::Value::Flag(value) => Value::Flag(value),
        wit::Value::Choice(value) => Value::Choice(value),
    };
    Argument { name: argument.name, value }
}

pub(super) fn position(position: &wit::Position) -> Position {
    Position {
        quantity: position.quantity,
        average_price: position.average_price,
        working: position.working,
    }
}

pub(super) fn decision(decision: Decision) -> wit::Decision {
    wit::Decision {
        row: decision.row,
        instrument: decision.instrument,
        target: decision.target,
        stop: decision.stop,
        take_profit: decision.take_profit,
        limit: decision.limit.map(|limit| wit::LimitOrder {
            price: limit.price,
            expires_after_rows: limit.expires_after_rows,
        }),
        tag: decision.tag.map(str::to_owned),
    }
}

pub(super) fn state(snapshot: Snapshot) -> wit::State {
    wit::State { version: snapshot.version, bytes: snapshot.bytes }
}

pub(super) fn snapshot(state: wit::State) -> Snapshot {
    Snapshot { version: state.version, bytes: state.bytes }
}
