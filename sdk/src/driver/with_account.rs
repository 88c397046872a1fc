//! The loop of strategies of one instrument that read the account.

use super::{account_is_due, check_one_instrument, settings};
use crate::diagnostics;
use crate::edge::{Edge, Place};
use crate::guest::{Descriptor, Guest, Identity, LoadError, Scope, Snapshot};
use crate::window::is_missing;
use crate::{
    Account, AccountStrategy, Bar, Config, Context, Decision, Params, Progress, Window, snapshot,
};

/// Runs an [`AccountStrategy`]; for [`export!`](crate::export) and
/// [`Harness`](crate::testing::Harness).
#[derive(Debug)]
pub struct WithAccount<T> {
    config: Config,
    edge: Edge,
    strategy: T,
}

impl<T: AccountStrategy> Guest for WithAccount<T> {
    fn describe(identity: Identity) -> Descriptor {
        Descriptor {
            identity,
            reads: T::READS,
            scope: Scope::Instrument,
            reads_account: true,
            parameters: T::Params::parameters(),
        }
    }

    fn configure(config: Config) -> Result<Self, String> {
        check_one_instrument(&config)?;
        let strategy = T::new(&settings(&config)?, &config.setup)?;
        Ok(Self { config, edge: Edge::default(), strategy })
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
        let position = account.and_then(|account| account.positions.first());
        let (Some(account), Some(&position)) = (account, position) else {
            account_is_due();
        };
        let window = window.narrowed(T::READS, 1);
        let presence = window.presence(T::READS);
        // The last decision ended its window, so it was made on an earlier row than any of these.
        self.edge.forget_if_closed(&position);
        for row in 0..window.rows {
            let index = row as usize;
            if is_missing(presence, index) {
                continue;
            }
            diagnostics::enter_row(row);
            let bar = Bar::new(&window, index, index);
            let signal = self.strategy.on_bar(&Context::new(account.cash, position, bar), &bar);
            let decided_before = decisions.len();
            self.edge.decide(signal, Place { row, instrument: 0 }, decisions);
            if decisions.len() > decided_before {
                return Progress { consumed_rows: row + 1 };
            }
        }
        Progress { consumed_rows: window.rows }
    }

    fn save(&self) -> Option<Snapshot> {
        snapshot::pack(T::STATE_VERSION, &self.config, &self.edge, &self.strategy)
    }

    fn load(&mut self, snapshot: &Snapshot) -> Result<(), LoadError> {
        (self.edge, self.strategy) = snapshot::unpack(T::STATE_VERSION, &self.config, snapshot)?;
        Ok(())
    }
}
