//! Runs a strategy over test bars the way a host does.

use super::accounts::Accounts;
use super::cuts::Cuts;
use super::simulator::Simulator;
use super::suggestion::suggestion;
use super::{AccountState, Bars, Decided, Run, capture};
use crate::diagnostics;
use crate::guest::{Descriptor, Guest, Identity};
use crate::{Account, Argument, Config, Setup, Value};
use std::marker::PhantomData;

const IDENTITY: Identity = Identity { name: "test", version: "0.0.0", summary: "Under test." };

/// Runs a strategy over test bars; parameters that are not set have their defaults.
///
/// The decisions are those that a host gets from the finished plugin. Only the fills of strategies
/// that read their account are simplified: market orders fill at the next open, without costs.
#[derive(Debug, Clone)]
pub struct Harness<G> {
    arguments: Vec<Argument>,
    symbols: Option<Vec<String>>,
    cash: f64,
    script: Option<Vec<AccountState>>,
    strategy: PhantomData<G>,
}

impl<G: Guest> Default for Harness<G> {
    fn default() -> Self {
        Self::new()
    }
}

impl<G: Guest> Harness<G> {
    /// A harness with the default of every parameter and a cash of 10 000.
    pub fn new() -> Self {
        let default = |parameter: &crate::Parameter| Argument {
            name: parameter.name.to_owned(),
            value: Value::from(&parameter.kind),
        };
        let arguments = Self::descriptor().parameters.iter().map(default).collect();
        Self { arguments, symbols: None, cash: 10_000.0, script: None, strategy: PhantomData }
    }

    /// What the strategy says about itself, under the name `test`.
    pub fn descriptor() -> Descriptor {
        G::describe(IDENTITY)
    }

    /// Sets a parameter.
    #[must_use]
    pub fn param(mut self, name: &str, value: impl Into<Value>) -> Self {
        self.arguments.retain(|argument| argument.name != name);
        self.arguments.push(Argument { name: name.to_owned(), value: value.into() });
        self
    }

    /// Names the instruments. Without it they are `TEST-0`, `TEST-1` and so on.
    #[must_use]
    pub fn symbols<S: Into<String>>(mut self, symbols: impl IntoIterator<Item = S>) -> Self {
        self.symbols = Some(symbols.into_iter().map(Into::into).collect());
        self
    }

    /// Sets the quote asset that the simulated account begins with.
    #[must_use]
    pub fn cash(mut self, cash: f64) -> Self {
        self.cash = cash;
        self
    }

    /// Shows these accounts, one for each row, in place of the simulated one. The last one stays.
    #[must_use]
    pub fn account_script(mut self, states: Vec<AccountState>) -> Self {
        self.script = Some(states);
        self
    }

    /// Makes an instance for these bars.
    ///
    /// # Errors
    /// When a parameter is not one of the strategy's, or the strategy refuses its parameters.
    pub fn configure(&self, bars: &Bars) -> Result<G, String> {
        self.check_names()?;
        let numbered = || (0..bars.instruments()).map(|number| format!("TEST-{number}")).collect();
        let symbols: Vec<String> = self.symbols.clone().unwrap_or_else(numbered);
        let setup = Setup::new(symbols, bars.interval());
        G::configure(Config { setup, arguments: self.arguments.clone() })
    }

    /// Refuses an unknown parameter with the name that was probably meant; the plugin itself would
    /// grow by looking for it.
    fn check_names(&self) -> Result<(), String> {
        let parameters = Self::descriptor().parameters;
        let names: Vec<&str> = parameters.iter().map(|parameter| parameter.name).collect();
        let unknown = |argument: &&Argument| !names.contains(&argument.name.as_str());
        let Some(Argument { name, .. }) = self.arguments.iter().find(unknown) else {
            return Ok(());
        };
        if names.is_empty() {
            return Err(format!("there is no parameter `{name}`: the strategy has none"));
        }
        let expected = format!("expected one of {}", names.join(", "));
        Err(match suggestion(name, &names) {
            Some(near) => {
                format!("there is no parameter `{name}`: did you mean `{near}`? {expected}")
            }
            None => format!("there is no parameter `{name}`: {expected}"),
        })
    }

    /// Runs the strategy from the first bar to the last.
    ///
    /// # Panics
    /// When the strategy refuses its parameters, or panics itself.
    pub fn run(&self, bars: &Bars) -> Run {
        self.run_cut(bars, Cuts::Whole, |guest| guest)
    }

    /// Runs the strategy in windows of a certain length; `between` sees it between the windows.
    pub(super) fn run_cut(&self, bars: &Bars, mut cuts: Cuts, between: impl Fn(G) -> G) -> Run {
        let (mut run, captured) = capture(|| {
            let mut session = Session::new(self, bars);
            while session.row < bars.rows() {
                session.guest = between(session.guest);
                session.advance(cuts.next_rows());
            }
            Run {
                fills: session.accounts.into_fills(),
                decisions: session.decided,
                ..Run::default()
            }
        });
        run.logs = captured.logs;
        run.plots = captured.plots;
        run
    }
}

/// A run under way.
struct Session<'a, G> {
    bars: &'a Bars,
    guest: G,
    accounts: Accounts,
    /// The next row that the strategy will see.
    row: usize,
    decided: Vec<Decided>,
}

impl<'a, G: Guest> Session<'a, G> {
    #[expect(clippy::panic, reason = "a test fails by panicking")]
    fn new(harness: &Harness<G>, bars: &'a Bars) -> Self {
        let guest = match harness.configure(bars) {
            Ok(guest) => guest,
            Err(error) => panic!("the strategy refuses its parameters: {error}"),
        };
        let accounts = match &harness.script {
            _ if !Harness::<G>::descriptor().reads_account => Accounts::Unread,
            Some(states) => Accounts::Scripted(states.clone()),
            None => Accounts::Simulated(Simulator::new(harness.cash, bars.instruments())),
        };
        Self { bars, guest, accounts, row: 0, decided: Vec::new() }
    }

    /// Hands one window of at most so many rows to the strategy.
    fn advance(&mut self, rows_max: usize) {
        let (bars, row) = (self.bars, self.row);
        self.accounts.trade(bars, row);
        let rows_max = rows_max.min(bars.rows() - row);
        let rows = self.accounts.constant_rows(bars, row, rows_max);
        let columns = bars.columns(row..row + rows, Harness::<G>::descriptor().reads);
        let state = self.accounts.at(row);
        let account = state
            .as_ref()
            .map(|AccountState { cash, positions }| Account { cash: *cash, positions });
        let mut decisions = Vec::new();
        let window = columns.window();
        let progress = diagnostics::in_window(window.first_row, || {
            self.guest.advance(&window, account.as_ref(), &mut decisions)
        });
        let consumed = progress.consumed_rows as usize;
        assert!((1..=rows).contains(&consumed), "consumed {consumed} rows of {rows}");
        for later in row + 1..row + consumed {
            self.accounts.trade(bars, later);
        }
        for decision in decisions {
            let decided = Decided::at(row as u64, &decision);
            self.accounts.decide(&decided);
            self.decided.push(decided);
        }
        self.row += consumed;
    }
}
