//! Strategies of the SDK, linked natively into the host's engine.

use std::num::NonZeroU32;

use ct_host::engine::{
    AccountView, Columns, FaultKind, Needs, SavedState, Scope, Strategy, StrategyFault, Window,
};
use ct_host::order::{Action, Decision, Entry, Exposure, Levels};
use ct_host::plugin::{Arguments, Value};
use ct_host::units::{Interval, Price};
use ct_sdk::guest::{Descriptor, Guest, Identity, Snapshot};

/// A strategy of the SDK as the engine's [`Strategy`].
#[derive(Debug)]
pub struct Native<G> {
    guest: G,
    config: ct_sdk::Config,
    decisions: Vec<ct_sdk::Decision>,
}

impl<G: Guest> Native<G> {
    /// The strategy, set up for `symbols` with bars of `interval`.
    ///
    /// # Errors
    /// What the strategy says against its arguments.
    pub fn new(
        symbols: &[&str],
        interval: Interval,
        arguments: &Arguments,
    ) -> Result<Self, String> {
        let interval = ct_sdk::Interval::from_milliseconds(interval.as_ms())
            .map_err(|error| error.to_string())?;
        let config = ct_sdk::Config {
            setup: ct_sdk::Setup::new(symbols.iter().copied(), interval),
            arguments: arguments.iter().map(|(name, value)| argument(name, value)).collect(),
        };
        let guest = G::configure(config.clone())?;
        Ok(Self { guest, config, decisions: Vec::new() })
    }

    /// What the strategy wants to be told.
    pub fn needs(&self) -> Needs {
        let Descriptor { reads, scope, reads_account, .. } =
            G::describe(Identity { name: "native", version: "0.0.0", summary: "" });
        Needs {
            columns: columns(reads),
            scope: match scope {
                ct_sdk::guest::Scope::Instrument => Scope::Instrument,
                ct_sdk::guest::Scope::Portfolio => Scope::Portfolio,
            },
            reads_account,
            warm_up_rows: self.guest.warm_up_rows() as usize,
            settled_rows: self.guest.settled_rows() as usize,
        }
    }
}

impl<G: Guest + Send> Strategy for Native<G> {
    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&AccountView>,
        decisions: &mut Vec<Decision>,
    ) -> Result<usize, StrategyFault> {
        let positions: Vec<ct_sdk::Position> = account
            .map(|account| account.positions.iter().map(position).collect())
            .unwrap_or_default();
        let account =
            account.map(|account| ct_sdk::Account { cash: account.cash, positions: &positions });
        let sdk = ct_sdk::Window {
            first_row: window.first_row as u64,
            rows: u32::try_from(window.rows).unwrap_or(u32::MAX),
            times: window.times,
            open: window.open,
            high: window.high,
            low: window.low,
            close: window.close,
            volume: window.volume,
        };
        self.decisions.clear();
        let progress = self.guest.advance(&sdk, account.as_ref(), &mut self.decisions);
        for made in &self.decisions {
            decisions.push(decision(made, window.first_row)?);
        }
        Ok(progress.consumed_rows as usize)
    }

    fn restart(&mut self) -> Result<(), StrategyFault> {
        self.guest = G::configure(self.config.clone())
            .map_err(|detail| StrategyFault { kind: FaultKind::Refused, detail })?;
        Ok(())
    }

    fn save(&mut self) -> Result<Option<SavedState>, StrategyFault> {
        let saved = self.guest.save();
        Ok(saved.map(|saved| SavedState { version: saved.version, bytes: saved.bytes }))
    }

    fn load(&mut self, state: &SavedState) -> Result<(), StrategyFault> {
        let saved = Snapshot { version: state.version, bytes: state.bytes.clone() };
        self.guest
            .load(&saved)
            .map_err(|error| StrategyFault { kind: FaultKind::Refused, detail: error.to_string() })
    }
}

fn argument(name: &str, value: &Value) -> ct_sdk::Argument {
    let value = match value {
        Value::Flag(value) => ct_sdk::Value::Flag(*value),
        Value::Integer(value) => ct_sdk::Value::Integer(*value),
        Value::Number(value) => ct_sdk::Value::Number(*value),
        Value::Choice(value) => ct_sdk::Value::Choice(value.clone()),
    };
    ct_sdk::Argument { name: name.to_owned(), value }
}

fn columns(sdk: ct_sdk::Columns) -> Columns {
    [
        (ct_sdk::Columns::TIME, Columns::TIME),
        (ct_sdk::Columns::OPEN, Columns::OPEN),
        (ct_sdk::Columns::HIGH, Columns::HIGH),
        (ct_sdk::Columns::LOW, Columns::LOW),
        (ct_sdk::Columns::CLOSE, Columns::CLOSE),
        (ct_sdk::Columns::VOLUME, Columns::VOLUME),
    ]
    .into_iter()
    .filter(|(wanted, _)| sdk.contains(*wanted))
    .fold(Columns::NONE, |columns, (_, column)| columns.and(column))
}

fn position(view: &ct_host::engine::PositionView) -> ct_sdk::Position {
    ct_sdk::Position {
        quantity: view.quantity,
        average_price: view.average_price,
        working: view.working,
    }
}

fn decision(made: &ct_sdk::Decision, first_row: usize) -> Result<Decision, StrategyFault> {
    let wrong =
        |detail: &str| StrategyFault { kind: FaultKind::BadOutput, detail: detail.to_owned() };
    let price = |value: f64| Price::from_f64(value).map_err(|_| wrong("a price out of range"));
    let entry = match made.limit {
        Some(limit) => Entry::Limit {
            price: price(limit.price)?,
            expires_after_rows: NonZeroU32::new(limit.expires_after_rows),
        },
        None => Entry::Market,
    };
    let action = match made.target {
        Some(share) => {
            let target = Exposure::new(share).ok_or_else(|| wrong("a target out of range"))?;
            Action::Move { target, entry }
        }
        None => Action::Keep,
    };
    Ok(Decision {
        row: first_row + made.row as usize,
        instrument: made.instrument as usize,
        action,
        levels: Levels {
            stop: made.stop.map(price).transpose()?,
            take_profit: made.take_profit.map(price).transpose()?,
        },
        tag: made.tag.map(Into::into),
    })
}
