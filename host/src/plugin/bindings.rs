//! Generated from the WIT contract; nothing outside [`super`] sees it.

#![expect(clippy::pedantic, clippy::indexing_slicing, reason = "generated code")]

wasmtime::component::bindgen!({
    path: "../wit",
    world: "strategy",
    ownership: Borrowing { duplicate_if_necessary: true },
});
