//! The macro that makes a library a plugin.

/// Exports a strategy as the plugin of this library: `ct_sdk::export!(Signals<MyStrategy>)`.
///
/// The name, version and summary that users see are the package's name, version and description in
/// `Cargo.toml`. Natively nothing is exported, so the library can be unit tested, but the type is
/// checked: what cannot be a plugin fails at `cargo check` already.
///
/// ```
/// use ct_sdk::prelude::*;
///
/// #[ct_sdk::state]
/// struct Idle;
///
/// impl SignalStrategy for Idle {
///     type Params = ();
///
///     fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
///         Ok(Self)
///     }
///
///     fn warm_up_rows(&self) -> u32 {
///         0
///     }
///
///     fn on_bar(&mut self, _bar: &Bar<'_>) -> Signal {
///         Signal::flat()
///     }
/// }
///
/// ct_sdk::export!(Signals<Idle>);
/// ```
///
/// A type that is no strategy does not compile:
///
/// ```compile_fail,E0277
/// use ct_sdk::prelude::*;
///
/// #[ct_sdk::state]
/// struct Idle;
///
/// ct_sdk::export!(Signals<Idle>);
/// ```
///
/// Nor does a strategy of another kind:
///
/// ```compile_fail,E0277
/// # use ct_sdk::prelude::*;
/// # #[ct_sdk::state]
/// # struct Idle;
/// # impl SignalStrategy for Idle {
/// #     type Params = ();
/// #     fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
/// #         Ok(Self)
/// #     }
/// #     fn warm_up_rows(&self) -> u32 {
/// #         0
/// #     }
/// #     fn on_bar(&mut self, _bar: &Bar<'_>) -> Signal {
/// #         Signal::flat()
/// #     }
/// # }
/// ct_sdk::export!(Portfolio<Idle>); // `Idle` is a `SignalStrategy`.
/// ```
///
/// Nor does one without its kind:
///
/// ```compile_fail,E0277
/// # use ct_sdk::prelude::*;
/// # #[ct_sdk::state]
/// # struct Idle;
/// # impl SignalStrategy for Idle {
/// #     type Params = ();
/// #     fn new(_settings: &(), _setup: &Setup) -> Result<Self, String> {
/// #         Ok(Self)
/// #     }
/// #     fn warm_up_rows(&self) -> u32 {
/// #         0
/// #     }
/// #     fn on_bar(&mut self, _bar: &Bar<'_>) -> Signal {
/// #         Signal::flat()
/// #     }
/// # }
/// ct_sdk::export!(Idle); // It is `Signals<Idle>`.
/// ```
///
/// Nor does a name that is not there:
///
/// ```compile_fail
/// use ct_sdk::prelude::*;
///
/// ct_sdk::export!(Signals<Idel>);
/// ```
#[macro_export]
macro_rules! export {
    ($strategy:ty) => {
        const _: () = $crate::expansion::check_exported::<$strategy>();

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
