//! Files that were cut off or damaged on their way. Whatever is left of them, the host refuses or runs it, and lives.

use ct_host::engine::{SavedState, Strategy};
use ct_host::plugin::{ArtifactError, LoadError};
use ct_tests::bars::SplitMix64;
use ct_tests::plugins;

use super::core_module::CoreModule;
use super::host_memory::assert_bounded;
use super::loops::BY_COUNTING;
use super::stage;

/// Loads a damaged file and, where it is still a plugin, lives its life. Gives whether it was one.
fn survive(bytes: &[u8]) -> bool {
    let Ok(plugin) = BY_COUNTING.load(bytes) else { return false };
    if let Ok(mut instance) = stage::configure(&plugin) {
        // Every answer will do: a fault ends the instance, and what comes then is a fault again.
        let _ = stage::advance(&mut instance);
        let _ = instance.save();
        let _ = instance.load(&SavedState { version: 1, bytes: vec![1; 64] });
    }
    true
}

#[test]
fn a_file_that_was_cut_off_is_refused() {
    let bytes = plugins::from_source("sma_crossover");
    let steps = (0..bytes.len()).step_by(101).chain(bytes.len() - 64..bytes.len());
    for length in steps {
        match BY_COUNTING.load(&bytes[..length]) {
            Err(LoadError::Artifact(ArtifactError::NotWasm { .. })) => assert!(length < 4),
            // Where a section ends, what comes before is a file of its own, without the strategy.
            Err(LoadError::Artifact(
                ArtifactError::Malformed(_) | ArtifactError::NotAStrategy { .. },
            )) => {}
            // Only custom sections are missing.
            Ok(_) => assert!(length > bytes.len() - 256, "{length} of {} bytes", bytes.len()),
            other => panic!("{length} bytes: {other:?}"),
        }
    }
}

/// Damages `component` in `count` ways and lives with each.
fn check(component: &[u8], seed: u64, count: usize, damage: fn(&mut SplitMix64, &mut [u8])) {
    let mut random = SplitMix64(seed);
    let survivors = assert_bounded(|| {
        let damaged = (0..count).map(|_| {
            let mut bytes = component.to_vec();
            damage(&mut random, &mut bytes);
            bytes
        });
        damaged.filter(|bytes| survive(bytes)).count()
    });
    // Both kinds must occur, or the damage was too large or too small to say anything.
    assert!((1..count).contains(&survivors), "{survivors} of {count} loaded, seed {seed}");
}

fn flip_a_bit(random: &mut SplitMix64, bytes: &mut [u8]) {
    let place = random.below(bytes.len());
    bytes[place] ^= 1 << random.below(8);
}

fn overwrite_some_bytes(random: &mut SplitMix64, bytes: &mut [u8]) {
    let place = random.below(bytes.len());
    let end = (place + 1 + random.below(8)).min(bytes.len());
    let noise = random.next_bits().to_le_bytes();
    bytes[place..end].copy_from_slice(&noise[..end - place]);
}

fn repeat_a_part_elsewhere(random: &mut SplitMix64, bytes: &mut [u8]) {
    let length = 1 + random.below(64);
    let (from, to) = (random.below(bytes.len() - length), random.below(bytes.len() - length));
    bytes.copy_within(from..from + length, to);
}

#[test]
fn a_flipped_bit_does_no_harm() {
    check(&CoreModule::HONEST.component(), 1, 1_200, flip_a_bit);
}

#[test]
fn overwritten_bytes_do_no_harm() {
    check(&CoreModule::HONEST.component(), 2, 1_000, overwrite_some_bytes);
}

#[test]
fn a_repeated_part_does_no_harm() {
    check(&CoreModule::HONEST.component(), 3, 1_000, repeat_a_part_elsewhere);
}

#[test]
fn damage_to_a_real_plugin_does_no_harm() {
    let plugin = plugins::from_source("sma_crossover");
    check(&plugin, 4, 40, flip_a_bit);
    check(&plugin, 5, 40, overwrite_some_bytes);
}
