//! Components around hand-written core modules, which break the rules below the contract's types.

use std::fmt::Write;

use ct_tests::plugins;

/// Start of every exported function's name.
const GUEST: &str = "ct:strategy/guest@1.0.0";
/// Identifier of a section with a core module in a component.
const CORE_MODULE_SECTION: u8 = 1;

/// A core module that is a strategy without decisions. Tests replace one of its parts.
#[derive(Clone, Debug)]
pub(super) struct CoreModule<'a> {
    /// The memory and its data.
    pub(super) memory: &'a str,
    /// More fields of the module: tables, a start function.
    pub(super) fields: &'a str,
    /// Body of `cabi_realloc(old, old_size, align, size) -> pointer`, in locals 0 to 3.
    pub(super) realloc: &'a str,
    /// Body of `describe() -> pointer`.
    pub(super) describe: &'a str,
    /// Body of `configure(instruments, length, interval, arguments, length) -> pointer`.
    pub(super) configure: &'a str,
    /// Body of `advance(pointer) -> pointer`.
    pub(super) advance: &'a str,
    /// Body of `save() -> pointer`.
    pub(super) save: &'a str,
    /// Body of every function that is called after the host has read an answer: `(pointer)`.
    pub(super) post_return: &'a str,
}

/// A memory with the answers of an honest strategy: the descriptor at 1024, `ok` at 2048, and no state at 3072.
const MEMORY: &str = r#"
    (memory (export "memory") 16)
    (data (i32.const 1024) "\f0\04\00\00\03\00\00\00" "\f3\04\00\00\05\00\00\00"
        "\f0\04\00\00\03\00\00\00" "\10\00\00\00" "\00\00\00\00" "\00\00\00\00")
    (data (i32.const 1264) "raw1.0.0")"#;

impl CoreModule<'_> {
    /// An honest strategy.
    pub(super) const HONEST: Self = Self {
        memory: MEMORY,
        fields: "",
        realloc: "(i32.const 65536)",
        describe: "(i32.const 1024)",
        configure: "(i32.const 2048)",
        // The number of rows stands behind the first row; there are no decisions.
        advance: "(i32.store (i32.const 4096) (i32.load offset=8 (local.get 0))) (i32.const 4096)",
        save: "(i32.const 3072)",
        post_return: "",
    };

    fn text(&self) -> String {
        let Self { memory, fields, realloc, describe, configure, advance, save, post_return } =
            self;
        let mut text = format!(
            r#"(module
            (import "ct:strategy/diagnostics@1.0.0" "log" (func $log (param i32 i32 i64 i32 i32)))
            {memory}
            {fields}
            (func (export "cabi_realloc") (param i32 i32 i32 i32) (result i32) {realloc})
            (func (export "{GUEST}#describe") (result i32) {describe})
            (func (export "{GUEST}#configure") (param i32 i32 i64 i32 i32) (result i32) {configure})
            (func (export "{GUEST}#advance") (param i32) (result i32) {advance})
            (func (export "{GUEST}#save") (result i32) {save})
            (func (export "{GUEST}#load") (param i32 i32 i32) (result i32) (i32.const 2048))
            "#
        );
        for export in ["describe", "configure", "advance", "save", "load"] {
            let name = format!("cabi_post_{GUEST}#{export}");
            let written = write!(text, r#"(func (export "{name}") (param i32) {post_return})"#);
            assert!(written.is_ok(), "writing to a string");
        }
        text.push(')');
        text
    }

    /// The module inside the component of a guest that a compiler has made, in place of that guest's module.
    pub(super) fn component(&self) -> Vec<u8> {
        let module = wat::parse_str(self.text()).unwrap_or_else(|error| panic!("{error}"));
        transplant(&plugins::from_source("hostile"), &module)
    }
}

/// `component` with `module` in place of its first core module.
fn transplant(component: &[u8], module: &[u8]) -> Vec<u8> {
    const HEADER_BYTES: usize = 8;
    let (header, mut rest) = component.split_at(HEADER_BYTES);
    let mut result = header.to_vec();
    loop {
        let (identifier, body, next) = section(rest);
        if identifier == CORE_MODULE_SECTION {
            result.push(CORE_MODULE_SECTION);
            push_length(&mut result, module.len());
            result.extend_from_slice(module);
            result.extend_from_slice(next);
            return result;
        }
        let bytes = rest.len() - next.len();
        assert!(body.len() <= bytes);
        result.extend_from_slice(&rest[..bytes]);
        rest = next;
    }
}

/// Identifier and body of the first section of `bytes`, and what comes behind it.
fn section(bytes: &[u8]) -> (u8, &[u8], &[u8]) {
    let (identifier, mut rest) = bytes.split_first().expect("a component has a core module");
    let mut length = 0_usize;
    for shift in (0..).step_by(7) {
        let (byte, next) = rest.split_first().expect("a section has a length");
        rest = next;
        length |= usize::from(byte & 0x7f) << shift;
        if byte & 0x80 == 0 {
            break;
        }
    }
    let (body, next) = rest.split_at(length);
    (*identifier, body, next)
}

/// Appends `length` in the variable-length form of WebAssembly (LEB128).
fn push_length(bytes: &mut Vec<u8>, mut length: usize) {
    while length >= 0x80 {
        let [lowest, ..] = length.to_le_bytes();
        bytes.push(lowest | 0x80);
        length >>= 7;
    }
    let [last, ..] = length.to_le_bytes();
    bytes.push(last);
}
