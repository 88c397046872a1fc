//! Real prices and answers of exchanges: extra proof where they are at hand.

use std::path::{Path, PathBuf};

/// The file or folder `path` of the real data; `None`, told on standard error, where it is not there.
pub fn real_data(path: &str) -> Option<PathBuf> {
    let found = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../shared/data").join(path);
    if found.exists() {
        return Some(found);
    }
    tell(path);
    None
}

/// The hourly bars of 2021 to 2023 of `symbol`, such as `BTCUSDT`.
pub fn real_hours(symbol: &str) -> Option<PathBuf> {
    real_data(&format!("ohlcv/binance_{symbol}_1h_2021-2023.csv.gz"))
}

#[expect(clippy::print_stderr, reason = "what a test leaves out has to be seen")]
fn tell(path: &str) {
    eprintln!("skipped: ../shared/data/{path} is not here");
}
