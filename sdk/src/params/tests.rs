//! Tests of parameters and their arguments.

use crate::{Argument, Choice, Params, Value};

#[derive(Choice, Clone, Copy, Debug, PartialEq)]
enum Source {
    Close,
    TypicalPrice,
}

#[derive(Params, Debug, PartialEq)]
struct Settings {
    #[param(default = 20, min = 1, max = 100)]
    length: u8,
    #[param(default = 2.0, min = 0.5, max = 4.0, step = 0.5)]
    width: f64,
    #[param(default = false)]
    short: bool,
    #[param(default = Source::Close)]
    source: Source,
}

fn arguments(changes: &[(&str, Value)]) -> Vec<Argument> {
    let argument = |parameter: &crate::Parameter| {
        let change = changes.iter().find(|(name, _)| *name == parameter.name);
        let value = change.map_or_else(|| Value::from(&parameter.kind), |(_, v)| v.clone());
        Argument { name: parameter.name.to_owned(), value }
    };
    Settings::parameters().iter().map(argument).collect()
}

#[test]
fn defaults_and_given_values_arrive_in_their_fields() {
    assert_eq!(Settings::from_arguments(&arguments(&[])), Ok(Settings::default()));
    let changes = [
        ("length", Value::from(100)),
        ("width", Value::from(0.5)),
        ("short", Value::from(true)),
        ("source", Value::from("typical-price")),
    ];
    let expected = Settings { length: 100, width: 0.5, short: true, source: Source::TypicalPrice };
    assert_eq!(Settings::from_arguments(&arguments(&changes)), Ok(expected));
}

#[test]
fn says_what_was_expected_and_found() {
    let cases = [
        (
            "length",
            Value::from(101),
            "`length` must be an integer from 1 to 100, found the integer 101",
        ),
        ("length", Value::from(2.0), "`length` must be an integer from 1 to 100, found a number"),
        (
            "width",
            Value::from(f64::NAN),
            "`width` must be a number within its range, found a number",
        ),
        ("short", Value::from(1), "`short` must be a flag, found the integer 1"),
        (
            "source",
            Value::from("open"),
            "`source` must be one of close, typical-price, found the choice `open`",
        ),
    ];
    for (name, value, expected) in cases {
        let error = Settings::from_arguments(&arguments(&[(name, value)])).unwrap_err();
        assert_eq!(error.to_string(), expected);
    }
}

#[test]
fn every_parameter_is_given_exactly_once() {
    let mut given = arguments(&[]);
    let first = given[0].clone();
    given.push(first);
    let error = Settings::from_arguments(&given).unwrap_err();
    assert_eq!(error.to_string(), "`length` is given twice");

    let error = Settings::from_arguments(&arguments(&[])[1..]).unwrap_err();
    assert_eq!(error.to_string(), "`length` is missing");

    given = arguments(&[]);
    given[0].name = "size".to_owned();
    let error = Settings::from_arguments(&given).unwrap_err();
    assert_eq!(error.to_string(), "there is no parameter `size`");
}
