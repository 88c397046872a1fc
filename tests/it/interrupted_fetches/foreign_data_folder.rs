//! Data folders of any bytes: nothing panics, and no other bars come out than went in.

use std::fs;
use std::slice;

use ct_tests::bars::SplitMix64;
use ct_tests::exchange_server::Exchange;

use super::foreign_bytes::mutated;
use super::market::{Market, kept_in, store, succeed};
use crate::program::folder;

#[test]
fn a_data_folder_of_any_bytes_is_read_or_refused() {
    const CASES: u64 = 700;
    let market = Market::open(Exchange::Okx, 700, Vec::new());
    let folder = folder();
    succeed(&mut market.fetch(&folder, &(0..300)));
    let before = market.kept(&folder).unwrap().bars();
    succeed(&mut market.fetch(&folder, &(0..700)));
    let after = market.kept(&folder).unwrap().bars();
    let (store, key) = (store(&folder), market.key());
    let path = kept_in(&folder);
    let names = || fs::read_dir(&path).unwrap().map(|entry| entry.unwrap().path());
    let mut sound: Vec<_> = names()
        .filter(|file| !file.ends_with("lock"))
        .map(|file| (file.clone(), fs::read(file).unwrap()))
        .collect();
    sound.sort();
    for seed in 0..CASES {
        let mut random = SplitMix64(seed);
        names().for_each(|file| fs::remove_file(file).unwrap());
        for (file, bytes) in &sound {
            let other = &sound[random.below(sound.len())].1;
            let bytes = match random.below(5) {
                0 | 1 => bytes.clone(),
                2 => other.clone(),
                3 => (0..random.below(300)).map(|_| random.next_bits().to_le_bytes()[0]).collect(),
                _ => mutated(bytes, &mut random),
            };
            fs::write(file, bytes).unwrap();
        }
        let read = store.series(&key).map(|series| series.map(|series| series.verified_bars()));
        if let Ok(Some(Ok(bars))) = read {
            assert!(bars == before || bars == after, "seed {seed}: other bars");
        }
        let _damaged_or_not = store.verify(slice::from_ref(&key), &mut |_| ());
        if store.heal(&key).is_ok() {
            let bars = store.series(&key).unwrap().unwrap().verified_bars().unwrap();
            let is_true = bars.is_empty() || bars == before || bars == after;
            assert!(is_true, "seed {seed}: other bars after healing");
        }
    }
}
