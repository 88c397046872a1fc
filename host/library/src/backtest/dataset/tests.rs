//! Hashes are recalled only for the same rows of the same versions.

use std::collections::BTreeMap;
use std::sync::Mutex;

use super::*;
use crate::backtest::SeriesVersion;
use ct_data::validate::{Repair, RepairAction};

#[derive(Debug, Default)]
struct Notebook(Mutex<BTreeMap<String, String>>);

impl HashMemory for Notebook {
    fn recall(&self, question: &str) -> Option<String> {
        self.0.lock().unwrap().get(question).cloned()
    }

    fn remember(&self, question: &str, hash: &str) {
        self.0.lock().unwrap().insert(question.to_owned(), hash.to_owned());
    }
}

fn bars(rows: usize) -> Bars {
    let spec = SampleSpec { rows, interval_ms: 60_000, ..SampleSpec::default() };
    Bars::new(Interval::from_ms(60_000).unwrap(), sample(&spec)).unwrap()
}

fn source(version: &str) -> DataSource {
    let series = SeriesVersion {
        exchange: "exchange".to_owned(),
        version: version.to_owned(),
        given_by: Vec::new(),
        snapshot: None,
    };
    DataSource { series: Some(series), ..DataSource::new("A") }
}

fn dataset(bars: &Bars, source: DataSource, notebook: &Arc<Notebook>) -> Dataset {
    let instruments = vec![(Instrument::unrestricted("A"), bars.clone())];
    let data = Dataset::with_sources(instruments, Origin::Market, vec![source]).unwrap();
    data.with_memory(Arc::clone(notebook) as Arc<dyn HashMemory>)
}

#[test]
fn a_hash_is_worked_out_once_for_each_version_and_period() {
    let (bars, notebook) = (bars(2 * SLOW_ROWS_MIN), Arc::default());
    let data = dataset(&bars, source("one"), &notebook);
    assert!(!data.is_hashed());
    let hash = data.hash().to_owned();
    assert_eq!(
        hash,
        Dataset::new(vec![(Instrument::unrestricted("A"), bars.clone())], Origin::Market)
            .unwrap()
            .hash()
    );
    let again = dataset(&bars, source("one"), &notebook);
    assert!(again.is_hashed());
    assert_eq!(again.hash(), hash);

    // What the notebook says is what is told.
    for told in notebook.0.lock().unwrap().values_mut() {
        "planted".clone_into(told);
    }
    assert_eq!(dataset(&bars, source("one"), &notebook).hash(), "planted");
    assert_eq!(dataset(&bars, source("two"), &notebook).hash(), hash);
    let (from, to) = (data.panel().time(5), data.panel().time(SLOW_ROWS_MIN + 7));
    let part = dataset(&bars, source("one"), &notebook).between(from, to, 0).unwrap();
    assert_ne!(part.hash(), "planted");
    assert_eq!(notebook.0.lock().unwrap().len(), 3);
}

#[test]
fn nothing_is_remembered_of_bars_that_a_version_does_not_describe() {
    let (long, notebook) = (bars(2 * SLOW_ROWS_MIN), Arc::default());
    let repair =
        Repair { action: RepairAction::Filled, time: None, rows: 1, before: None, after: None };
    let resampled =
        DataSource { resampled_from: Some(Interval::from_ms(1_000).unwrap()), ..source("one") };
    for (bars, source) in [
        (&long, DataSource::new("A")),
        (&long, source("one").repaired(vec![repair], 1)),
        (&long, resampled),
        (&bars(100), source("one")),
    ] {
        dataset(bars, source, &notebook).hash();
    }
    assert!(notebook.0.lock().unwrap().is_empty());
}
