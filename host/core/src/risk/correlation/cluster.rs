//! Positions that move together.

use super::Comovement;
use crate::market::InstrumentId;

/// The instruments whose positions belong together with that of `candidate`, itself included, in ascending order.
///
/// Positions are instruments with the sign of their direction, 1 for long and −1 for short. Two of them are linked when
/// `ρ × signₐ × sign_b ≥ threshold`: long and short of two instruments that move alike hedge each other and are not linked,
/// long and short of two that move against each other are. An unknown correlation links, since it may be anything; a sign of
/// 0 does not. A cluster holds everything that a chain of links reaches (single linkage): with A–B and B–C linked, A and C belong
/// together whatever their own correlation. A position held in the candidate's own instrument is the candidate itself.
pub(crate) fn cluster_of(
    candidate: (InstrumentId, i8),
    held: &[(InstrumentId, i8)],
    comovement: &Comovement,
    threshold: f64,
) -> Vec<InstrumentId> {
    let linked = |one: (InstrumentId, i8), other: (InstrumentId, i8)| {
        let signs = f64::from(one.1.signum() * other.1.signum());
        let correlation = comovement.correlation(one.0.index(), other.0.index());
        signs != 0.0 && correlation.is_none_or(|value| value * signs >= threshold)
    };
    let mut inside = vec![candidate];
    let mut outside = held.to_vec();
    outside.retain(|position| position.0 != candidate.0);
    let mut looked_at = 0;
    while let Some(&member) = inside.get(looked_at) {
        inside.extend(outside.extract_if(.., |other| linked(member, *other)));
        looked_at += 1;
    }
    let mut instruments: Vec<InstrumentId> =
        inside.into_iter().map(|(instrument, _)| instrument).collect();
    instruments.sort_unstable();
    assert!(
        instruments.len() <= comovement.instruments(),
        "{instruments:?} are a cluster of {} instruments",
        comovement.instruments()
    );
    instruments
}
