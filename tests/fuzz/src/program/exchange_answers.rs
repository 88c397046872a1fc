//! Answers of exchanges: `fetch` asks all of them in one process, each at an address of this one.

use std::ffi::OsString;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use anyhow::Result;

use crate::batch::Batch;
use crate::mutation::mutated;
use crate::random::Random;
use crate::seed::Seed;
use crate::verdict::Answer;

/// Parts of the paths at which exchanges have bars.
const BARS: [&str; 4] = ["kline", "candle", "ohlc", "OHLC"];

/// What is asked for: one page of each exchange.
const FETCH: &str = "fetch --symbol BTC/USDT --interval 1h --from 2024-02-01 --to 2024-02-01T03:00:00Z --no-archive \
                     --retries 0 --rate 1000 --timeout 20";

/// What the table of a fetch says of a series that could not be fetched, or not all of it.
const FAILED: [&str; 2] = [" failed ", " partial "];

/// What is asked of an exchange.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Question {
    Bars,
    Markets,
}

/// Mutated pages, in answer to requests for bars.
pub(crate) fn pages(batch: &mut Batch<'_>) -> Result<()> {
    ask(batch, Question::Bars)
}

/// Mutated lists of markets.
pub(crate) fn markets(batch: &mut Batch<'_>) -> Result<()> {
    ask(batch, Question::Markets)
}

/// Runs processes until the cases are used up: as many as answers to `question` were given.
fn ask(batch: &mut Batch<'_>, question: Question) -> Result<()> {
    let markets = Seed::of_target("exchange_markets")?;
    let mut next = batch.cases.start;
    while next < batch.cases.end {
        let given = Arc::new(Mutex::new(Vec::new()));
        let answers = Answers {
            question,
            seeds: batch.seeds.to_vec(),
            markets: markets.clone(),
            seed: batch.seed,
            first: next,
            given: Arc::clone(&given),
        };
        batch.server.answer_with(move |path| answers.to(path));
        let data = batch.folder.join("data");
        let told = batch.run(&arguments(batch, &data))?;
        let bodies = std::mem::take(&mut *locked(&given));
        match told {
            Ok(told) => {
                let output = String::from_utf8_lossy(&told.output);
                let failed = |line: &&str| FAILED.iter().any(|word| line.contains(word));
                let failed = output.lines().filter(failed).count().min(bodies.len());
                batch.tally.add_cases(Answer::Refused, failed);
                batch.tally.add_cases(Answer::Accepted, bodies.len() - failed);
            }
            Err(reason) => {
                batch.tally.cases += bodies.len() as u64;
                let files = write_bodies(batch, &bodies)?;
                batch.keep_fault(next, &files, &reason)?;
            }
        }
        if data.exists() {
            fs::remove_dir_all(&data)?;
        }
        // At least one, so that this comes to an end.
        next += bodies.len().max(1) as u64;
    }
    Ok(())
}

/// `fetch` from all exchanges that there are seeds of.
fn arguments(batch: &Batch<'_>, data: &std::path::Path) -> Vec<OsString> {
    let mut arguments: Vec<OsString> = FETCH.split(' ').map(OsString::from).collect();
    arguments.extend(["--data-dir".into(), data.to_owned().into_os_string()]);
    arguments.push("--exchange".into());
    arguments.extend(batch.seeds.iter().map(|seed| id_of(seed).into()));
    for id in batch.seeds.iter().map(id_of) {
        let url = format!("{id}={}/{id}", batch.server.url);
        arguments.extend(["--base-url".into(), url.into()]);
    }
    arguments
}

/// What the server of one process answers.
#[derive(Debug)]
struct Answers {
    /// The question whose answers are mutated.
    question: Question,
    /// Sound answers to it.
    seeds: Vec<Seed>,
    /// Sound answers to the other question.
    markets: Vec<Seed>,
    seed: u64,
    /// The number of the first case.
    first: u64,
    /// The mutated answers so far, with the exchanges that gave them.
    given: Given,
}

type Given = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

impl Answers {
    /// The answer to a request for `path`, which begins with the exchange.
    fn to(&self, path: &str) -> Vec<u8> {
        let exchange = path.split('/').nth(1).unwrap_or_default();
        let of_exchange = |seeds: &[Seed]| {
            let seed = seeds.iter().find(|seed| id_of(seed) == exchange);
            Seed { name: exchange.to_owned(), bytes: seed.map(body_of).unwrap_or_default() }
        };
        let is_bars = BARS.iter().any(|part| path.contains(part));
        if is_bars != (self.question == Question::Bars) {
            return of_exchange(&self.markets).bytes;
        }
        let mut given = locked(&self.given);
        let mut random = Random::of_case(self.seed, self.first + given.len() as u64);
        let body = mutated(&of_exchange(&self.seeds), &self.seeds, &mut random);
        given.push((exchange.to_owned(), body.clone()));
        body
    }
}

/// Writes each of `bodies` to a file.
fn write_bodies(batch: &Batch<'_>, bodies: &[(String, Vec<u8>)]) -> Result<Vec<PathBuf>> {
    let mut files = Vec::new();
    for (place, (id, body)) in bodies.iter().enumerate() {
        let file = batch.folder.join(format!("{place}-{id}"));
        fs::write(&file, body)?;
        files.push(file);
    }
    Ok(files)
}

/// The exchange of a seed: its first line.
fn id_of(seed: &Seed) -> &str {
    let line = seed.bytes.split(|byte| *byte == b'\n').next().unwrap_or_default();
    std::str::from_utf8(line).unwrap_or_default()
}

/// What the exchange of a seed answers: the rest.
fn body_of(seed: &Seed) -> Vec<u8> {
    seed.bytes.splitn(2, |byte| *byte == b'\n').nth(1).unwrap_or_default().to_vec()
}

fn locked<T>(given: &Mutex<T>) -> MutexGuard<'_, T> {
    given.lock().unwrap_or_else(PoisonError::into_inner)
}
