//! The macro that makes a library a plugin.

/// Exports a strategy as the plugin of this library: `ct_sdk::export!(Signals<MyStrategy>)`.
///
/// The name, version and summary that users see are the package's name, version and description in
/// `Cargo.toml`. Natively the macro expands to nothing, so the library can be unit tested.
#[macro_export]
macro_rules! export {
    ($strategy:ty) => {
        #[cfg(target_arch = "wasm32")]
        const _: () = {
            struct Exported;

            ::std::thread_local! {
                static INSTANCE: ::core::cell::RefCell<::core::option::Option<$strategy>> =
                    const { ::core::cell::RefCell::new(::core::option::Option::None) };
            }

            impl $crate::expansion::Exported for Exported {
                type Strategy = $strategy;

                const IDENTITY: $crate::guest::Identity = $crate::guest::Identity {
                    name: ::core::env!("CARGO_PKG_NAME"),
                    version: ::core::env!("CARGO_PKG_VERSION"),
                    summary: ::core::env!("CARGO_PKG_DESCRIPTION"),
                };

                fn with<R>(call: impl FnOnce(&mut ::core::option::Option<$strategy>) -> R) -> R {
                    INSTANCE.with_borrow_mut(call)
                }
            }

            type Component = $crate::expansion::Component<Exported>;
            $crate::expansion::bindings::export_strategy!(
                Component with_types_in $crate::expansion::bindings
            );
        };
    };
}
