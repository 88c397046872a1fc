//! From a core WebAssembly module to a component.

use anyhow::{Context, Result};
use wit_component::ComponentEncoder;

/// Wraps a core module that `wit-bindgen` prepared into a validated component.
///
/// # Errors
///
/// The module is not WebAssembly, or it imports something that its interface does not describe.
pub(crate) fn from_module(module: &[u8]) -> Result<Vec<u8>> {
    ComponentEncoder::default()
        .validate(true)
        .module(module)
        .and_then(|mut encoder| encoder.encode())
        .context("the core module is not a component's: does it export the strategy with ct-sdk?")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The smallest core module: magic and version.
    const EMPTY_MODULE: &[u8] = b"\0asm\x01\0\0\0";

    #[test]
    fn a_module_becomes_a_component() {
        let component = from_module(EMPTY_MODULE).unwrap();
        // Layer 1 of the binary format's preamble marks a component, layer 0 a core module.
        assert_eq!(component.get(..8), Some(&b"\0asm\x0d\0\x01\0"[..]));
    }

    #[test]
    fn what_is_not_webassembly_is_refused() {
        assert!(from_module(b"#!/bin/sh").is_err());
    }
}
