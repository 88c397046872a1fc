//! Which positions belong together.

use crate::market::InstrumentId;
use crate::risk::Comovement;

fn cluster_of(
    (instrument, sign): (usize, i8),
    held: &[(usize, i8)],
    comovement: &Comovement,
    threshold: f64,
) -> Vec<usize> {
    let held: Vec<_> = held.iter().map(|(held, sign)| (InstrumentId::new(*held), *sign)).collect();
    let candidate = (InstrumentId::new(instrument), sign);
    let found = crate::risk::cluster_of(candidate, &held, comovement, threshold);
    found.into_iter().map(InstrumentId::index).collect()
}

/// Five instruments: 0–1, 1–2 and 3–4 move alike, 0–3 move against each other, 0–2 are below the threshold.
fn comovement() -> Comovement {
    #[rustfmt::skip]
    let correlations = [
        0.8, 0.5, -0.75, 0.0,
             0.9,   0.1, 0.2,
                    0.0, 0.1,
                         0.7,
    ];
    Comovement::given(&[0.5; 5], &correlations)
}

#[test]
fn chains_of_links_belong_together() {
    for (candidate, held, threshold, expected) in [
        // Alone.
        ((0, 1), &[][..], 0.7, &[0][..]),
        ((4, 1), &[(0, 1), (1, 1), (2, 1)], 0.7, &[4]),
        // 0–2 through 1, in whatever order they are held.
        ((2, 1), &[(0, 1), (1, 1)], 0.7, &[0, 1, 2]),
        ((2, 1), &[(1, 1), (0, 1)], 0.7, &[0, 1, 2]),
        ((2, 1), &[(0, 1)], 0.7, &[2]),
        // The threshold itself links.
        ((3, 1), &[(4, 1)], 0.7, &[3, 4]),
        ((3, 1), &[(4, 1)], 0.700_001, &[3]),
        // Short and short like long and long; long and short of a like pair hedge.
        ((0, -1), &[(1, -1)], 0.7, &[0, 1]),
        ((0, 1), &[(1, -1)], 0.7, &[0]),
        // Long and short of a pair that moves against each other.
        ((0, 1), &[(3, -1)], 0.7, &[0, 3]),
        ((0, 1), &[(3, 1)], 0.7, &[0]),
        // A hedge in the middle breaks the chain; one through another pair keeps it.
        ((2, 1), &[(0, 1), (1, -1)], 0.7, &[2]),
        ((4, -1), &[(0, 1), (1, 1), (2, 1), (3, -1)], 0.7, &[0, 1, 2, 3, 4]),
        // The candidate's own position, whichever its side.
        ((0, 1), &[(0, 1), (1, 1)], 0.7, &[0, 1]),
        ((0, 1), &[(0, -1), (1, 1)], 0.7, &[0, 1]),
        // No direction, no link; not even at a threshold of nothing.
        ((0, 1), &[(1, 0)], 0.0, &[0]),
        ((0, 1), &[(4, 1)], 0.0, &[0, 4]),
    ] {
        let found = cluster_of(candidate, held, &comovement(), threshold);
        assert_eq!(found, expected, "{candidate:?} with {held:?} at {threshold}");
    }
}

#[test]
fn an_unknown_correlation_links() {
    // Only the first pair is given: not at all alike.
    let comovement = Comovement::given(&[0.5; 3], &[0.0]);
    assert_eq!(cluster_of((0, 1), &[(1, 1)], &comovement, 0.7), [0]);
    assert_eq!(cluster_of((0, 1), &[(1, 1), (2, 1)], &comovement, 0.7), [0, 1, 2]);
    assert_eq!(cluster_of((2, 1), &[(0, -1), (1, 1)], &comovement, 0.7), [0, 1, 2]);
    // An instrument that nothing is known of.
    let comovement = Comovement::given(&[0.5, f64::NAN], &[f64::NAN]);
    assert_eq!(cluster_of((1, 1), &[(0, 1)], &comovement, 0.7), [0, 1]);
}

#[test]
#[should_panic(expected = "instruments 7 and 0 of 3")]
fn an_instrument_that_is_not_there_is_loud() {
    let _ = cluster_of((7, 1), &[(0, 1)], &Comovement::given(&[0.5; 3], &[0.0]), 0.7);
}
