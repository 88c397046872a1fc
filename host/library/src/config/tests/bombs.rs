//! Texts that say far more than they weigh, or more than anybody reads, are refused with what they have too much of.

use super::*;
use crate::config::budget::{BYTES_MAX, MISTAKES_MAX, VALUES_MAX, VARIABLES_MAX};

/// `part` of each number below `count`, one after the other.
fn parts(count: usize, part: impl Fn(usize) -> String) -> String {
    (0..count).map(part).collect::<Vec<_>>().concat()
}

/// Lists of the list before, each twice as long.
fn doubling(lists: usize) -> String {
    let line = |place: usize| format!("a{}: &a{} [*a{place}, *a{place}]\n", place + 1, place + 1);
    format!("a0: &a0 [x, x]\n{}", parts(lists, line))
}

#[test]
fn an_alias_counts_as_what_it_stands_for() {
    let values = format!("expected at most {VALUES_MAX} keys and values, found ");
    let bytes = format!("expected at most {BYTES_MAX} bytes of keys and values, found ");
    let long = "x".repeat(10_000);
    let scalars = format!("a: &a {long}\nb: [{}]\n", "*a, ".repeat(1_000));
    let keys = format!("a: &a {{ {}: 1 }}\nb: [{}]\n", &long[..250], "*a, ".repeat(30_000));
    // Each mapping is copied for its name too.
    let names = parts(60, |depth| format!("{{ a: &n{depth} "));
    let names = format!("a: {names}[{}]{}", "x, ".repeat(10_000), "}".repeat(60));
    let tags = format!("%TAG !t! {long}\n---\na: [{}]\n", "!t!a b, ".repeat(1_000));
    for (text, expected) in [
        (doubling(30), &values),
        (scalars, &bytes),
        (keys, &bytes),
        (names, &values),
        (tags, &bytes),
        (format!("a: [{}]", "1,".repeat(VALUES_MAX)), &values),
    ] {
        let told = errors(&text);
        assert!(told.contains(expected.as_str()) && told.starts_with("ct-host.yaml:"), "{told}");
        assert_eq!(told.lines().count(), 1);
    }
    let small = errors(&doubling(5));
    assert!(small.contains("a0: unknown key") && !small.contains("expected at most"), "{small}");
}

#[test]
fn aliases_lie_in_each_other_as_deep_as_what_is_written_out() {
    let nested = |name: usize| {
        let (open, close) = ("[".repeat(20), "]".repeat(20));
        format!("a{}: &a{} {open}*a{name}{close}\n", name + 1, name + 1)
    };
    let text = format!("a0: &a0 x\n{}", parts(4, nested));
    assert!(errors(&text).contains("at most 64 deep in each other"), "{}", errors(&text));
    let within = errors("account: &a { cash: *a }");
    assert!(within.contains("account.cash: an alias within the very value"), "{within}");
}

#[test]
fn what_is_nested_too_deep_is_refused_in_every_form() {
    let deep = 10_000;
    for text in [
        "[".repeat(deep),
        "{ a: ".repeat(deep),
        "- ".repeat(deep),
        "? ".repeat(deep),
        "[{".repeat(deep),
        parts(1_000, |depth| format!("{}a:\n", " ".repeat(depth))),
        format!("account: {}", "[".repeat(100)),
    ] {
        assert!(errors(&text).contains("at most 64 deep"), "{}", errors(&text));
    }
    let path = vec!["a"; 10_000].join(".");
    let mut layer = Layer::empty();
    let origin = Origin::Flag("--set".to_owned());
    let refused = layer.set_yaml(&path, "1", &origin).unwrap_err();
    assert_eq!(refused[0].message(), "expected a path of at most 64 keys, found 10000");
    layer.set(&path, Value::Null, origin);
    assert_eq!(resolved([layer]).unwrap_err()[0].message(), refused[0].message());
    let name = format!("CT_HOST__{}", vec!["A"; 10_000].join("__"));
    let refused = variables(&[(&name, "1")]).unwrap_err();
    assert!(refused[0].to_string().ends_with("found 10000") && refused[0].to_string().len() < 400);
    let key = errors(&format!("account: {{ {}: 1 }}", "x".repeat(257)));
    assert!(key.contains("account: expected a key of at most 256 bytes, found 257"), "{key}");
}

#[test]
fn mistakes_without_end_are_counted() {
    let unknown = parts(30_000, |place| format!("key{place}: 1\n"));
    assert_eq!(errors(&unknown).lines().count(), 30_000);
    let twice = "  cash: 1\n".repeat(10_000);
    let told = errors(&format!("account:\n{twice}"));
    let lines: Vec<&str> = told.lines().collect();
    assert_eq!(lines.len(), MISTAKES_MAX);
    assert!(lines[0].starts_with("ct-host.yaml:3:3: account.cash: stands twice"), "{}", lines[0]);
    assert!(lines[MISTAKES_MAX - 1].contains("here and below 9900 more mistakes"), "{told}");
    let names: Vec<String> =
        (0..=VARIABLES_MAX).map(|place| format!("CT_HOST__A{place}")).collect();
    let pairs: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    let refused = variables(&pairs).unwrap_err();
    assert!(refused[0].to_string().contains("at most 1000 variables CT_HOST__..., found 1001"));
}

#[test]
fn more_than_any_run_has_is_refused_as_a_whole() {
    let list = |count: usize| {
        let names: Vec<String> = (0..count).map(|place| format!("a{place}")).collect();
        names.join(", ")
    };
    let parameters = list(65).replace(',', ": 1,");
    for (text, expected) in [
        (
            format!("data: {{ symbols: [{}] }}", list(1_025)),
            "data.symbols: expected at most 1024 instruments, found 1025",
        ),
        (
            format!("data: {{ files: [{}] }}", list(10_001)),
            "data.files: expected at most 10000 files, found 10001",
        ),
        (
            format!("strategy: {{ parameters: {{ {parameters}: 1 }} }}"),
            "strategy.parameters.a9: one of 65 parameters: expected at most 64, as a strategy has at most",
        ),
        (
            format!("access: {{ fallback: [{}] }}", list(101)),
            "access.fallback: expected at most 100 exchanges, found 101",
        ),
        ("account: { cash: 1e999999 }".to_owned(), "account.cash: expected a finite number"),
        (format!("account: {{ cash: {} }}", "9".repeat(10_000)), "expected a finite number"),
        (format!("account: {{ cash: x{} }}", "9".repeat(10_000)), "found the text 'x99"),
        ("account: { cash: !x 5 }".to_owned(), "account.cash: a tag has no meaning here"),
    ] {
        let told = errors(&text);
        assert!(told.contains(expected) && told.len() < 500, "{told}");
    }
}

#[test]
fn a_value_that_may_be_a_secret_is_not_told() {
    for text in [
        "access: { base_urls: { api_key: [SECRET] , b_token: 5SECRET } }",
        "access: { api_key: SECRET }",
        "access: { keys: { x: SECRET } }",
        "webhook: https://SECRET",
        "account: { cash: 'token=SECRET' }",
        "account: { cash: 'me:SECRET@host' }",
        "account: { cash: 'https://me:SEC/RET@host' }",
        "data: { from: 'https://me:SECRET@host' }",
        "data: { interval: 'password: SECRET' }",
        "fills: { limit: 'api_key=SECRET' }",
        "access: { base_urls: { binance: 'me:SECRET@host' } }",
        "account: { api_key: !SECRET x }",
        "data: { symbols: [A], exchange: {token: SECRET} }",
        "'https://me:SECRET@host/': 1",
        "costs: { fees: { preset: 'secret=SECRET' } }",
        "data: { symbols: [A/B] }\nrisk: { groups: { a: { symbols: ['key=SECRET'], exposure_max: 1 } } }",
    ] {
        let told = errors(text);
        assert!(!told.contains("SEC") && !told.contains("RET"), "{told}");
    }
}
