//! A sandboxed plugin on bars in memory, with several sets of parameters over the same prices.

use ct_host::backtest::{Backtest, Dataset, Origin};
use ct_host::market::{Bars, Instrument, RawColumns};
use ct_host::plugin::{Arguments, Runtime, RuntimeSettings, Value, built_in};
use ct_host::units::Interval;

/// Hours of a price that goes up and down around 100.
fn bars(hours: usize) -> Result<Bars, Box<dyn std::error::Error>> {
    let price: Vec<f64> =
        (0..hours).map(|hour| 100.0 + 10.0 * (hour as f64 / 24.0).sin()).collect();
    let columns = RawColumns {
        time: (0_i64..).step_by(3_600_000).take(hours).collect(),
        open: price.clone(),
        high: price.clone(),
        low: price.clone(),
        volume: vec![1_000.0; hours],
        close: price,
    };
    Ok(Bars::new(Interval::HOUR, columns)?)
}

fn main() -> Result<(), Box<dyn std::error::Error>> {
    let instrument = Instrument::unrestricted("DEMO/USD");
    let data = Dataset::new(vec![(instrument, bars(5_000)?)], Origin::Synthetic)?;
    let runtime = Runtime::new(&RuntimeSettings::default())?;
    let file = built_in("sma-crossover").ok_or("no such strategy")?;
    let plugin = runtime.load(file.bytes)?; // or std::fs::read("my_strategy.wasm")?
    for fast in [5, 10, 20] {
        let given = [("fast", Value::Integer(fast))];
        let arguments = Arguments::new(plugin.descriptor(), &given)?;
        let result = Backtest::new(&plugin, &data).arguments(arguments).run()?;
        assert!(!result.fills.is_empty(), "a price that waves is traded");
        #[expect(clippy::print_stdout, reason = "this is what the example is for")]
        {
            println!("fast {fast}: {} USD after {} fills", result.final_equity, result.fills.len());
        }
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    #[test]
    fn the_example_runs() {
        super::main().unwrap();
    }
}
