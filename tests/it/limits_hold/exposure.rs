//! Caps on positions and exposure, right after every fill that opens or enlarges a position.

use ct_host::market::Series;
use ct_host::units::Rate;
use ct_tests::trial::Trial;

use super::TOLERANCE;
use super::replay::Step;

pub(super) fn check(trial: &Trial, steps: &[Step<'_>]) {
    for step in steps.iter().filter(|step| step.enlarges) {
        check_position(trial, step);
        check_shares(trial, step);
    }
}

/// Caps on the position of the fill, in base asset, in quote asset and of a bar's volume.
fn check_position(trial: &Trial, step: &Step<'_>) {
    let series = &trial.panel.series()[step.instrument()];
    let position = trial.setup.risk.position_limits_of(&series.instrument().symbol);
    let (held, fill) = (step.quantity().abs(), step.fill);
    if let Some(most) = position.units_max {
        assert!(held <= most.to_f64() + 1e-9, "{held} of {most} after {fill:#?}");
    }
    if let Some(most) = position.notional_max {
        let value = held * fill.price.max(fill.reference_price).to_f64();
        assert!(value <= most.to_f64() + 1e-6, "{value} of {most} after {fill:#?}");
    }
    if let Some(share) = position.volume_max {
        let most = share.to_fraction() * volume_before(series, step.row());
        assert!(held <= most + 1e-9, "{held} of {most} by volume after {fill:#?}");
    }
}

/// Volume of the latest bar before `row`.
fn volume_before(series: &Series, row: usize) -> f64 {
    let before = series.volume()[..row].iter().rev();
    before.copied().find(|volume| !volume.is_nan()).unwrap_or_default()
}

/// Caps that are shares of the equity.
fn check_shares(trial: &Trial, step: &Step<'_>) {
    let risk = &trial.setup.risk;
    let within = |what: &str, value: f64, limit: Option<f64>| {
        if let Some(limit) = limit {
            let most = limit * step.equity;
            let room = TOLERANCE * (most.abs() + 1.0);
            assert!(value <= most + room, "{what}: {value} of {most} after {:#?}", step.fill);
        }
    };
    let share = |cap: Option<Rate>| cap.map(Rate::to_fraction);
    let all = 0..step.values.len();
    let gross = step.gross(all.clone());
    let net: f64 = step.values.iter().sum();
    let own = step.values[step.instrument()];
    let symbol = |place: usize| &trial.panel.series()[place].instrument().symbol;
    let own_symbol = symbol(step.instrument());
    within("gross exposure", gross, share(risk.limits.gross_exposure_max));
    within("margin", gross, Some(risk.margin.leverage_max.to_fraction()));
    let position = risk.position_limits_of(own_symbol);
    within("position", own.abs(), share(position.equity_max));
    // A position that makes the difference smaller may leave it above the cap.
    if net * own > 0.0 {
        within("net exposure", net.abs(), share(risk.limits.net_exposure_max));
    }
    for group in risk.groups.values().filter(|group| group.symbols.contains(own_symbol)) {
        let members = all.clone().filter(|place| group.symbols.contains(symbol(*place)));
        within("group", step.gross(members), share(Some(group.exposure_max)));
    }
}
