//! A random run: a market, settings, and strategies that decide at random.

use ct_host::backtest::Settings;
use ct_host::data::{SampleSpec, sample};
use ct_host::engine::{Needs, Outcome, Scope, Strategy};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::plugin::{Arguments, Instance, Plugin};
use ct_host::units::Interval;

use crate::bars::{SplitMix64, panel_of};
use crate::plugins::{random_arguments, sound};
use crate::random;
use crate::random_rules;
use crate::reactive::Reactive;
use crate::run::run;
use crate::script::Script;

/// A random market with random settings. Everything hangs on the seed.
#[derive(Clone, Debug)]
pub struct Trial {
    /// What chance is made of.
    pub seed: u64,
    /// The prices.
    pub panel: Panel,
    /// Money, costs, sizing, limits.
    pub setup: Settings,
    /// Rows before this one only warm up.
    pub first_row: usize,
}

impl Trial {
    /// The trial of this seed, with at most `rows` bars of each of up to four instruments.
    pub fn new(seed: u64, rows: usize, instruments: usize) -> Self {
        let mut random = SplitMix64(seed);
        let panel = panel_of(random::instruments(&mut random, rows, instruments));
        let setup = sound(random::settings(&mut random).checked());
        let first_row = random.pick(&[0, 1, 17]);
        Self { seed, panel, setup, first_row }
    }

    /// The same with any of the rules that risk, costs and fills know.
    pub fn with_every_rule(seed: u64, rows: usize, instruments: usize) -> Self {
        let trial = Self::new(seed, rows, instruments);
        let setup = sound(random_rules::settings(&mut SplitMix64(!seed)).checked());
        Self { setup, ..trial }
    }

    /// Two sample markets of 1 500 hours each, with default settings.
    pub fn sample() -> Self {
        let market = |(symbol, seed): (&str, u64)| {
            let spec = SampleSpec { rows: 1_500, seed, ..SampleSpec::default() };
            let interval = sound(Interval::from_ms(spec.interval_ms));
            (Instrument::unrestricted(symbol), sound(Bars::new(interval, sample(&spec))))
        };
        let panel = panel_of([("A/USDT", 203), ("B/USDT", 7)].map(market).into());
        let setup = sound(Settings::default().checked());
        Self { seed: 0, panel, setup, first_row: 100 }
    }

    /// Runs what `new` makes, for each instrument or for all, in windows of `window_rows`.
    pub fn run<S: Strategy>(
        &self,
        needs: Needs,
        new: impl Fn(usize) -> S,
        window_rows: usize,
    ) -> Outcome {
        let members = match needs.scope {
            Scope::Portfolio => 1,
            Scope::Instrument => self.panel.series().len(),
        };
        let mut members: Vec<S> = (0..members).map(new).collect();
        let mut strategies: Vec<&mut dyn Strategy> =
            members.iter_mut().map(|member| member as &mut dyn Strategy).collect();
        let place = (self.first_row, window_rows);
        run(&self.panel, &self.setup, needs, &mut strategies, place)
    }

    /// A script with one decision of each instrument in `rows_between` rows on average.
    pub fn script(&self, rows_between: usize) -> Script {
        Script::new(random::decisions(&mut self.random(), &self.panel, rows_between))
    }

    /// The `place`-th strategy of this trial whose decisions hang on the account.
    pub const fn reactive(&self, place: usize, rows_between: usize) -> Reactive {
        Reactive::new(self.seed.wrapping_add(place as u64), rows_between)
    }

    /// Random arguments for `plugin`.
    pub fn arguments(&self, plugin: &Plugin) -> Arguments {
        random_arguments(plugin, &mut self.random())
    }

    /// The symbols that the `place`-th instance of `plugin` looks after.
    pub fn symbols(&self, plugin: &Plugin, place: usize) -> Vec<&str> {
        let series = match plugin.descriptor().scope {
            Scope::Instrument => self.panel.series().get(place..=place),
            Scope::Portfolio => self.panel.series().get(..),
        };
        let series = series.unwrap_or_default().iter();
        series.map(|series| series.instrument().symbol.as_str()).collect()
    }

    /// The `place`-th instance of `plugin`.
    ///
    /// # Panics
    /// When it refuses the arguments.
    pub fn instance(&self, plugin: &Plugin, arguments: &Arguments, place: usize) -> Instance {
        let symbols = self.symbols(plugin, place);
        sound(plugin.configure(&symbols, self.panel.interval(), arguments))
    }

    const fn random(&self) -> SplitMix64 {
        SplitMix64(self.seed ^ 0x5eed)
    }
}
