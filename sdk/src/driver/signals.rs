//! The loop of strategies that decide from prices alone.

use super::{check_one_instrument, settings};
use crate::diagnostics;
use crate::edge::{Edge, Place};
use crate::guest::{Descriptor, Guest, Identity, LoadError, Scope, Snapshot};
use crate::window::is_missing;
use crate::{Account, Bar, Config, Decision, Params, Progress, SignalStrategy, Window, snapshot};

/// Runs a [`SignalStrategy`]; for [`export!`](crate::export) and
/// [`Harness`](crate::testing::Harness).
#[derive(Debug)]
pub struct Signals<T> {
    config: Config,
    edge: Edge,
    strategy: T,
}

impl<T: SignalStrategy> Guest for Signals<T> {
    fn describe(identity: Identity) -> Descriptor {
        Descriptor {
            identity,
            reads: T::READS,
            scope: Scope::Instrument,
            reads_account: false,
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
        _account: Option<&Account<'_>>,
        decisions: &mut Vec<Decision>,
    ) -> Progress {
        let window = window.narrowed(T::READS, 1);
        let presence = window.presence(T::READS);
        for row in 0..window.rows {
            let index = row as usize;
            if is_missing(presence, index) {
                continue;
            }
            diagnostics::enter_row(row);
            let signal = self.strategy.on_bar(&Bar::new(&window, index, index));
            self.edge.decide(signal, Place { row, instrument: 0 }, decisions);
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
