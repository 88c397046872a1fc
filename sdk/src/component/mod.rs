//! The plugin's side of the component boundary. Compiled for WebAssembly only.

mod convert;
mod host;
mod instance;

#[expect(missing_docs, clippy::pedantic, reason = "generated from the contract")]
pub mod bindings {
    //! Generated from the contract in `wit/strategy.wit`.
    wit_bindgen::generate!({
        path: "wit",
        world: "strategy",
        runtime_path: "wit_bindgen::rt",
        pub_export_macro: true,
        export_macro_name: "export_strategy",
        default_bindings_module: "ct_sdk::expansion::bindings",
        disable_run_ctors_once_workaround: true,
    });
}

pub(crate) use host::{log, plot};
pub use instance::{Component, Exported};
