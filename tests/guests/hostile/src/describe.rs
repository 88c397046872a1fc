//! Answers to `describe`.

use std::cell::Cell;

use crate::bindings::exports::ct::strategy::guest::{
    Choices, Columns, Descriptor, IntegerRange, NumberRange, Parameter, ParameterKind, Scope,
};
use crate::mode;

thread_local! {
    /// How often this instance was asked.
    static ASKED: Cell<u32> = const { Cell::new(0) };
}

pub(crate) fn answer() -> Descriptor {
    let mut answer = Descriptor {
        name: "hostile".to_owned(),
        version: "1.0.0".to_owned(),
        summary: "Misbehaves".to_owned(),
        reads: Columns::CLOSE,
        scope: Scope::Instrument,
        reads_account: mode::reads_account(),
        parameters: vec![parameter("row", integer(0, 0, i64::MAX, 1))],
    };
    spoil_texts(&mut answer);
    spoil_parameters(&mut answer.parameters);
    answer
}

fn spoil_texts(answer: &mut Descriptor) {
    match mode::name() {
        "name-empty" => answer.name = String::new(),
        // A name that runs a command where it is not quoted, or leaves its folder.
        "name-of-a-path" => answer.name = "../../etc/passwd".into(),
        // A name that clears the screen of a terminal.
        "name-with-escapes" => answer.name = "\x1b[2Jhostile".into(),
        "name-giant" => answer.name = "x".repeat(1 << 20),
        // More than a call may hand over.
        "name-beyond-the-call" => answer.name = "x".repeat(24 << 20),
        "version-giant" => answer.version = "1".repeat(1 << 20),
        "summary-giant" => answer.summary = "x".repeat(1 << 20),
        "summary-with-escapes" => answer.summary = "\x1b]0;owned\x07".into(),
        // Another answer each time that one instance is asked.
        "fickle" => {
            let asked = ASKED.replace(ASKED.get() + 1);
            answer.summary = format!("asked {asked} times before");
        }
        _ => {}
    }
}

fn spoil_parameters(parameters: &mut Vec<Parameter>) {
    let kind = match mode::name() {
        "thousand-parameters" => {
            parameters.extend(
                (0..1_000).map(|place| parameter(&format!("p{place}"), integer(0, 0, 1, 1))),
            );
            return;
        }
        "parameter-twice" => {
            parameters.extend_from_within(..);
            return;
        }
        "help-giant" => {
            for parameter in parameters {
                parameter.help = "x".repeat(1 << 20);
            }
            return;
        }
        "parameter-name-with-escapes" => {
            parameters.push(parameter("\x1b[2J", ParameterKind::Flag(false)));
            return;
        }
        "default-out-of-range" => integer(7, 1, 5, 1),
        "range-upside-down" => integer(3, 5, 1, 1),
        "default-nan" => number(f64::NAN, 0.0, 1.0, 0.1),
        "default-infinite" => number(f64::INFINITY, 0.0, f64::INFINITY, 0.1),
        "range-nan" => number(0.5, f64::NAN, f64::NAN, 0.1),
        // A search over this range never comes to its end.
        "step-zero" => integer(1, 0, 5, 0),
        "step-negative" => integer(1, 0, 5, -1),
        "step-nan" => number(0.5, 0.0, 1.0, f64::NAN),
        "no-options" => choice("", Vec::new()),
        "default-is-no-option" => choice("c", vec!["a".to_owned(), "b".to_owned()]),
        "thousand-options" => choice("a0", (0..1_000).map(|place| format!("a{place}")).collect()),
        "option-with-escapes" => choice("\x07", vec!["\x07".to_owned()]),
        _ => return,
    };
    parameters.push(parameter("spoilt", kind));
}

fn parameter(name: &str, kind: ParameterKind) -> Parameter {
    Parameter { name: name.to_owned(), help: "Where it begins.".to_owned(), kind }
}

const fn integer(default: i64, min: i64, max: i64, step: i64) -> ParameterKind {
    ParameterKind::Integer(IntegerRange { default, min, max, step })
}

const fn number(default: f64, min: f64, max: f64, step: f64) -> ParameterKind {
    ParameterKind::Number(NumberRange { default, min, max, step })
}

fn choice(default: &str, options: Vec<String>) -> ParameterKind {
    ParameterKind::Choice(Choices { default: default.to_owned(), options })
}
