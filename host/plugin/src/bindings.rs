//! Generated from the WIT contract; nothing outside [`super`] sees it.

wasmtime::component::bindgen!({
    path: "wit",
    world: "strategy",
    ownership: Borrowing { duplicate_if_necessary: true },
});
