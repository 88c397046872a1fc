//! A strategy that misbehaves in the way that is written into its file, see `mode`. Compiled for WebAssembly only.
//!
//! Without a mode it trades honestly, see `honest`. With one it does so up to a certain row of one instrument.

#![cfg(target_arch = "wasm32")]

mod advance;
mod configure;
mod crash;
mod describe;
mod flood;
mod honest;
mod lie;
mod memory;
mod mode;
mod snapshot;

#[expect(clippy::pedantic, reason = "generated from the contract")]
mod bindings {
    //! Generated from the contract.
    wit_bindgen::generate!({ path: "../../../wit", world: "strategy" });
}

use bindings::exports::ct::strategy::guest::{
    Account, Config, Descriptor, Guest, Progress, Ready, State, Window,
};

/// The component.
#[derive(Debug)]
struct Hostile;

#[expect(unsafe_code, reason = "generated from the contract")]
mod export {
    //! The exported functions.
    crate::bindings::export!(Hostile with_types_in crate::bindings);
    use crate::Hostile;
}

impl Guest for Hostile {
    fn describe() -> Descriptor {
        crash::in_export("describe");
        describe::answer()
    }

    fn configure(config: Config) -> Result<Ready, String> {
        crash::in_export("configure");
        configure::answer(&config)
    }

    fn advance(window: Window, account: Option<Account>) -> Progress {
        advance::answer(&window, account.as_ref())
    }

    fn save() -> Option<State> {
        crash::in_export("save");
        Some(snapshot::save())
    }

    fn load(state: State) -> Result<(), String> {
        crash::in_export("load");
        snapshot::load(&state)
    }
}
