//! Files that are no strategy for this host: other imports, exports, versions and types.

use ct_host::plugin::{ArtifactError, LoadError, limits};
use ct_tests::plugins::{self, runtime};

/// Why the file with this WebAssembly text does not load.
fn refusal(text: &str) -> LoadError {
    let bytes = wat::parse_str(text).unwrap();
    runtime().load(&bytes).unwrap_err()
}

#[test]
fn imports_other_than_the_two_of_the_contract_are_refused() {
    const REBUILD: &str = "or for the target wasm32-unknown-unknown";
    const REMOVE: &str = "Remove what needs it";
    for (text, expected, advice) in [
        (
            r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#,
            "wasi:clocks/wall-clock@0.2.0",
            REBUILD,
        ),
        (
            r#"(component (import "wasi:filesystem/types@0.2.0" (instance
                (export "open" (func (param "path" string))))))"#,
            "wasi:filesystem/types@0.2.0",
            REBUILD,
        ),
        (
            r#"(component (import "read-file" (func (param "path" string) (result string))))"#,
            "read-file",
            REMOVE,
        ),
        (
            r#"(module (import "wasi_snapshot_preview1" "fd_write" (func)))"#,
            "wasi_snapshot_preview1",
            REBUILD,
        ),
        (r#"(module (import "env" "system" (func)))"#, "env", REMOVE),
        // A name that clears the screen of a terminal.
        (r#"(module (import "\1b[2J" "x" (func)))"#, " [2J", REMOVE),
    ] {
        let error = refusal(text);
        let LoadError::Artifact(ArtifactError::ForeignImport { import, .. }) = &error else {
            panic!("{text}: {error:?}");
        };
        assert_eq!(import, expected);
        assert!(error.to_string().contains(advice), "{error}");
    }
}

#[test]
fn another_version_of_the_contract_is_told() {
    for (text, expected) in [
        (
            r#"(component (import "ct:strategy/diagnostics@2.0.0" (instance)))"#,
            "ct:strategy/diagnostics@2.0.0",
        ),
        (
            r#"(component (instance $i) (export "ct:strategy/guest@2.0.0" (instance $i)))"#,
            "ct:strategy/guest@2.0.0",
        ),
        (
            r#"(component (instance $i) (export "ct:strategy/guest" (instance $i)))"#,
            "ct:strategy/guest",
        ),
    ] {
        let error = refusal(text);
        let LoadError::Artifact(ArtifactError::ContractVersion { found, .. }) = &error else {
            panic!("{text}: {error:?}");
        };
        assert_eq!(found, expected);
        assert!(error.to_string().contains("build the plugin with the ct-sdk of this host's"));
    }
}

#[test]
fn a_real_plugin_is_taken_by_its_major_version() {
    let plugin = plugins::from_source("hostile");
    for (version, taken) in [("1.0.9", true), ("1.9.0", true), ("0.9.0", false), ("2.0.0", false)] {
        for interface in ["guest", "diagnostics"] {
            let name = format!("ct:strategy/{interface}@");
            let bytes = replaced(&plugin, &format!("{name}1.0.0"), &format!("{name}{version}"));
            match runtime().load(&bytes) {
                Ok(_) => assert!(taken, "{name}{version}"),
                Err(LoadError::Artifact(ArtifactError::ContractVersion { found, .. })) => {
                    assert!(!taken && found == format!("{name}{version}"), "{found}");
                }
                Err(error) => panic!("{name}{version}: {error:?}"),
            }
        }
    }
}

/// `bytes` with every `from` made `to`, which is as long.
fn replaced(bytes: &[u8], from: &str, to: &str) -> Vec<u8> {
    assert_eq!(from.len(), to.len());
    let mut bytes = bytes.to_vec();
    for start in 0..=bytes.len() - from.len() {
        let part = &mut bytes[start..start + from.len()];
        if part == from.as_bytes() {
            part.copy_from_slice(to.as_bytes());
        }
    }
    bytes
}

#[test]
fn what_is_no_strategy_is_told() {
    for (text, exports) in [
        ("(module)", "it exports nothing"),
        (r#"(module (func (export "_start")))"#, "it exports _start"),
        ("(component)", "it exports nothing"),
        (
            r#"(component (instance $i) (export "wasi:cli/run@0.2.0" (instance $i)))"#,
            "it exports wasi:cli/run@0.2.0",
        ),
    ] {
        let error = refusal(text);
        let LoadError::Artifact(ArtifactError::NotAStrategy { found, .. }) = &error else {
            panic!("{text}: {error:?}");
        };
        assert_eq!(found, exports);
    }
}

#[test]
fn the_right_names_with_other_types_do_not_fit() {
    const GUEST: &str = r#"(instance $i) (export "ct:strategy/guest@1.0.0" (instance $i))"#;
    for (text, message) in [
        (format!("(component {GUEST})"), "does not have export `describe`"),
        (
            r#"(component
                (core module $m (func (export "f") (result i32) (i32.const 0)))
                (core instance $m (instantiate $m))
                (func $f (result u32) (canon lift (core func $m "f")))
                (instance $i
                    (export "describe" (func $f)) (export "configure" (func $f))
                    (export "advance" (func $f)) (export "save" (func $f))
                    (export "load" (func $f)))
                (export "ct:strategy/guest@1.0.0" (instance $i)))"#
                .to_owned(),
            "type mismatch",
        ),
        // More than the host has of the interface that it gives.
        (
            format!(
                r#"(component (import "ct:strategy/diagnostics@1.0.0" (instance
                    (export "format-disk" (func)))) {GUEST})"#
            ),
            "`format-disk` has the wrong type: function implementation is missing",
        ),
        (
            format!(
                r#"(component (import "ct:strategy/diagnostics@1.0.0" (instance
                    (export "log" (func)))) {GUEST})"#
            ),
            "`log` has the wrong type",
        ),
    ] {
        let error = refusal(&text);
        assert!(matches!(error, LoadError::Contract(_)), "{text}: {error:?}");
        assert!(error.to_string().contains(message), "{error}");
    }
}

#[test]
fn other_files_are_told_apart() {
    for start in
        [&b""[..], b"\x7fELF\x02\x01\x01", b"#!/bin/sh\nrm -rf /\n", b"MZ\x90", b"ct-aot\0\x01"]
    {
        let error = runtime().load(start).unwrap_err();
        assert!(matches!(error, LoadError::Artifact(ArtifactError::NotWasm { .. })), "{error:?}");
        assert!(!error.to_string().contains(char::is_control), "{error:?}");
    }
    let bytes = limits::FILE_BYTES_MAX + 1;
    let error = runtime().load(&vec![0; bytes]).unwrap_err();
    assert_eq!(error, LoadError::Artifact(ArtifactError::TooLarge { bytes }));
}
