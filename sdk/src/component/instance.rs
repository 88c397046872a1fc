//! The exported functions, on top of [`Guest`].

use super::bindings::exports::ct::strategy::guest as wit;
use super::{convert, host};
use crate::diagnostics;
use crate::guest::{Guest, Identity};
use crate::{Account, Position, Window};
use std::marker::PhantomData;

/// What [`export!`](crate::export) knows about the exported strategy.
pub trait Exported {
    /// The strategy with its driver.
    type Strategy: Guest;

    /// Who the strategy is.
    const IDENTITY: Identity;

    /// Gives access to the one instance of the component; `None` before `configure`.
    fn with<R>(call: impl FnOnce(&mut Option<Self::Strategy>) -> R) -> R;
}

/// The component that exports a strategy.
#[derive(Debug)]
pub struct Component<E>(PhantomData<E>);

impl<E: Exported> wit::Guest for Component<E> {
    fn describe() -> wit::Descriptor {
        host::report_panics();
        convert::descriptor(&E::Strategy::describe(E::IDENTITY))
    }

    fn configure(config: wit::Config) -> Result<wit::Ready, String> {
        host::report_panics();
        let strategy = E::Strategy::configure(convert::config(config)?)?;
        let (warm_up_rows, settled_rows) = (strategy.warm_up_rows(), strategy.settled_rows());
        E::with(|instance| *instance = Some(strategy));
        Ok(wit::Ready { warm_up_rows, settled_rows })
    }

    fn advance(window: wit::Window, account: Option<wit::Account>) -> wit::Progress {
        let positions: Vec<Position> =
            account.iter().flat_map(|account| &account.positions).map(convert::position).collect();
        let account = account.map(|account| Account { cash: account.cash, positions: &positions });
        let window = Window {
            first_row: window.first_row,
            rows: window.rows,
            times: &window.times,
            open: &window.open,
            high: &window.high,
            low: &window.low,
            close: &window.close,
            volume: &window.volume,
        };
        let mut decisions = Vec::new();
        let progress = configured::<E, _>(|strategy| {
            diagnostics::in_window(window.first_row, || {
                strategy.advance(&window, account.as_ref(), &mut decisions)
            })
        });
        wit::Progress {
            consumed: progress.consumed_rows,
            decisions: decisions.into_iter().map(convert::decision).collect(),
        }
    }

    fn save() -> Option<wit::State> {
        configured::<E, _>(|strategy| strategy.save()).map(convert::state)
    }

    fn load(state: wit::State) -> Result<(), String> {
        let snapshot = convert::snapshot(state);
        configured::<E, _>(|strategy| strategy.load(&snapshot)).map_err(|error| error.to_string())
    }
}

#[expect(clippy::panic, reason = "the host broke the contract and no answer can be right")]
fn configured<E: Exported, R>(call: impl FnOnce(&mut E::Strategy) -> R) -> R {
    E::with(|instance| match instance {
        Some(strategy) => call(strategy),
        None => panic!("the host used the strategy before it configured it"),
    })
}
