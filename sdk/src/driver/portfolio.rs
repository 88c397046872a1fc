//! The loop of strategies that look at all instruments at one time.

use super::{account_is_due, settings};
use crate::diagnostics;
use crate::edge::{Edge, Place};
use crate::guest::{Descriptor, Guest, Identity, LoadError, Scope, Snapshot};
use crate::row::Panel;
use crate::{
    Account, Config, Decision, Params, PortfolioStrategy, Progress, Row, Targets, Window, snapshot,
};

/// Runs a [`PortfolioStrategy`]; for [`export!`](crate::export) and
/// [`Harness`](crate::testing::Harness).
#[derive(Debug)]
pub struct Portfolio<T> {
    config: Config,
    /// One for each instrument.
    edges: Vec<Edge>,
    /// Used again for every row.
    targets: Targets,
    strategy: T,
}

impl<T: PortfolioStrategy> Guest for Portfolio<T> {
    fn describe(identity: Identity) -> Descriptor {
        Descriptor {
            identity,
            reads: T::READS,
            scope: Scope::Portfolio,
            reads_account: T::READS_ACCOUNT,
            parameters: T::Params::parameters(),
        }
    }

    fn configure(config: Config) -> Result<Self, String> {
        let strategy = T::new(&settings(&config)?, &config.setup)?;
        let instruments = config.setup.symbols().len();
        let edges = vec![Edge::default(); instruments];
        Ok(Self { config, edges, targets: Targets::new(instruments), strategy })
    }

    fn warm_up_rows(&self) -> u32 {
        self.strategy.warm_up_rows()
    }

    fn settled_rows(&self) -> u32 {
        self.strategy.settled_rows()
    }

    fn advance(
        &mut self,
        window: &Window<'_>,
        account: Option<&Account<'_>>,
        decisions: &mut Vec<Decision>,
    ) -> Progress {
        let account = if T::READS_ACCOUNT { Some(self.checked(account)) } else { None };
        if let Some(account) = account {
            // The last decisions ended their window, so they were made on an earlier row.
            for (edge, position) in self.edges.iter_mut().zip(account.positions) {
                edge.forget_if_closed(position);
            }
        }
        let window = window.narrowed(T::READS, self.edges.len());
        let panel = Panel::new(&window, T::READS, self.edges.len(), account);
        for row in 0..window.rows {
            diagnostics::enter_row(row);
            self.targets.clear();
            self.strategy.on_row(&Row::new(&panel, &window, row as usize), &mut self.targets);
            let decided_before = decisions.len();
            self.decide(row, decisions);
            if T::READS_ACCOUNT && decisions.len() > decided_before {
                return Progress { consumed_rows: row + 1 };
            }
        }
        Progress { consumed_rows: window.rows }
    }

    fn save(&self) -> Option<Snapshot> {
        snapshot::pack(T::STATE_VERSION, &self.config, &self.edges, &self.strategy)
    }

    fn load(&mut self, snapshot: &Snapshot) -> Result<(), LoadError> {
        (self.edges, self.strategy) = snapshot::unpack(T::STATE_VERSION, &self.config, snapshot)?;
        Ok(())
    }
}

impl<T> Portfolio<T> {
    fn decide(&mut self, row: u32, decisions: &mut Vec<Decision>) {
        for (instrument, (edge, signal)) in
            (0..).zip(self.edges.iter_mut().zip(self.targets.signals()))
        {
            edge.decide(*signal, Place { row, instrument }, decisions);
        }
    }

    fn checked<'a>(&self, account: Option<&'a Account<'a>>) -> &'a Account<'a> {
        match account {
            Some(account) if account.positions.len() == self.edges.len() => account,
            _ => account_is_due(),
        }
    }
}
