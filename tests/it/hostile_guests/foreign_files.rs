//! Files that are no strategy for this host: other imports, other exports, other versions, other types.

use ct_host::plugin::{Artifact, ArtifactError, LoadError, Runtime, RuntimeSettings, limits};
use ct_tests::plugins;

use super::trial::runtime;

#[test]
fn dbg() {
    for w in [
        r#"(component (import "wasi:clocks/wall-clock@0.2.0" (instance)))"#,
        r#"(component (import "wasi:filesystem/types@0.2.0" (instance (export "open" (func (param "path" string))))))"#,
        r#"(component (import "read-file" (func (param "path" string) (result string))))"#,
        r#"(component (import "ct:strategy/diagnostics@2.0.0" (instance)))"#,
        r#"(component (import "ct:strategy/prices@1.0.0" (instance)))"#,
        r#"(component (instance $i) (export "ct:strategy/guest@2.0.0" (instance $i)))"#,
        r#"(component (instance $i) (export "ct:strategy/guest@1.0.0" (instance $i)))"#,
        r#"(component (instance $i) (export "ct:strategy/guest" (instance $i)))"#,
        r#"(component (instance $i) (export "wasi:cli/run@0.2.0" (instance $i)))"#,
        r#"(module (import "wasi_snapshot_preview1" "fd_write" (func)))"#,
        r#"(module (import "env" "system" (func)))"#,
        r#"(module (func (export "_start")))"#,
        r#"(module (func (export "ct:strategy/guest@1.0.0#describe") (result i32) (i32.const 0)))"#,
        r#"(module (import "ct:strategy/diagnostics@1.0.0" "format-disk" (func)) (func (export "ct:strategy/guest@1.0.0#describe")))"#,
        r#"(component (import "ct:strategy/diagnostics@1.0.0" (instance (export "format-disk" (func)))) (instance $i) (export "ct:strategy/guest@1.0.0" (instance $i)))"#,
        r#"(component (import "ct:strategy/diagnostics@1.0.0" (instance (export "log" (func)))) (instance $i) (export "ct:strategy/guest@1.0.0" (instance $i)))"#,
        r#"(component
            (core module $m (func (export "describe") (result i32) (i32.const 0)))
            (core instance $m (instantiate $m))
            (func $describe (result u32) (canon lift (core func $m "describe")))
            (instance $i (export "describe" (func $describe)) )
            (export "ct:strategy/guest@1.0.0" (instance $i)))"#,
    ] {
        let b = wat::parse_str(w).unwrap();
        eprintln!("{w}: {:?}", runtime().load(&b).map(|_|()));
    }
    let h = plugins::from_source("hostile");
    for v in ["1.9.0", "2.0.0", "1.0.9", "0.9.0"] {
        let s: Vec<u8> = replace(&h, b"guest@1.0.0", format!("guest@{v}").as_bytes());
        eprintln!("{v}: {:?}", runtime().load(&s).map(|_|()));
        let s: Vec<u8> = replace(&h, b"diagnostics@1.0.0", format!("diagnostics@{v}").as_bytes());
        eprintln!("{v}: {:?}", runtime().load(&s).map(|_|()));
    }
}
fn replace(b: &[u8], from: &[u8], to: &[u8]) -> Vec<u8> {
    let mut b = b.to_vec();
    for i in 0..b.len()-from.len() { if &b[i..i+from.len()] == from { b[i..i+to.len()].copy_from_slice(to); } }
    b
}
