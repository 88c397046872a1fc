//! From a configuration file to a result.

use ct_host::config::{Layer, Resolver};
use ct_host::run::{Ports, Run, RunError};
use ct_host::units::Timestamp;

/// What a file would say. Without `data` the run is over generated prices.
const FILE: &str = "
strategy:
  name: sma-crossover
  parameters: { fast: 10, slow: 40 }
account:
  cash: 5000
";

fn main() -> Result<(), RunError> {
    let effective = Resolver::new().layer(Layer::from_yaml(FILE, "ct-host.yaml")?).resolve()?;
    let now: Timestamp = "2026-01-31".parse().map_err(RunError::input)?;
    let result = Run::new(effective, &Ports::silent(&now)).result()?;
    assert!(!result.fills.is_empty(), "the generated prices are traded");
    #[expect(clippy::print_stdout, reason = "this is what the example is for")]
    {
        println!("{} after {} fills", result.final_equity, result.fills.len());
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
