//! The gate between every decision and every order.

use super::activity::Activity;
use super::approval::is_part;
use super::book::{mark, others};
use super::capital::check_shares;
use super::measured::Measured;
use super::{
    Answer, ApprovedOrder, Book, BreakerEvent, Breakers, CapitalShare, Cut, Granted, Pauses,
    PositionLimits, Request, RiskSettings, Shorting, Sizing, SizingInput, Standing, TradingState,
    cluster_of, contributions, largest_share,
};
use crate::market::{InstrumentId, Panel, PerInstrument};
use crate::order::{Direction, Rule, Size, SizingBasis, Verdict};
use crate::portfolio::Portfolio;
use crate::units::{Money, Price, Quantity, Rate, Rounding, Timestamp, UnitsError};

/// Sizing, limits and breakers of a run, with what they remember.
#[derive(Clone, Debug)]
pub struct Gate {
    pub(super) settings: RiskSettings,
    pub(super) own: PerInstrument<OwnLimits>,
    pub(super) groups: Vec<GroupCap>,
    pub(super) activity: Activity,
    breakers: Breakers,
    pauses: Pauses,
    trading_state: TradingState,
    /// Whether any limit looks at what an order buys or sells when it trades.
    pub(super) bounds_fills: bool,
    correlations: Option<Measured>,
    covariances: Option<Measured>,
}

/// What holds for one instrument.
#[derive(Clone, Debug)]
pub(super) struct OwnLimits {
    pub(super) sizing: Sizing,
    position: PositionLimits,
    /// Most that it may add to the volatility per year, where there is a budget.
    volatility_max: Option<f64>,
    /// The capital that its size is a part of.
    pub(super) capital: CapitalShare,
}

/// Instruments that share a cap.
#[derive(Clone, Debug)]
pub(super) struct GroupCap {
    pub(super) members: Vec<InstrumentId>,
    pub(super) exposure_max: Rate,
}

/// What an order makes of a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Change {
    /// It opens, turns or enlarges it.
    Larger,
    /// Nothing.
    None,
    /// It makes it smaller.
    Smaller,
}

/// Largest value of a position that is asked for, in quote asset.
const VALUE_MAX: f64 = 1e13;

impl Gate {
    /// The gate of a run over the instruments of `panel` that starts with `cash`.
    pub fn new(settings: &RiskSettings, panel: &Panel, cash: Money) -> Self {
        let symbols: Vec<&str> =
            panel.series().iter().map(|series| series.instrument().symbol.as_str()).collect();
        let own = PerInstrument::new(symbols.len(), |instrument| {
            let symbol = &panel.series_of(instrument).instrument().symbol;
            OwnLimits {
                sizing: settings.sizing_of(symbol).clone(),
                position: settings.position_limits_of(symbol),
                capital: CapitalShare { instruments: 0..symbols.len(), share: Rate::ONE },
                volatility_max: settings.budget.as_ref().map(|budget| {
                    budget.budget_of(&symbols, instrument) * budget.volatility_max.to_fraction()
                }),
            }
        });
        let groups = settings.groups.values().map(|group| GroupCap {
            members: group
                .symbols
                .iter()
                .filter_map(|symbol| symbols.iter().position(|known| known == symbol))
                .map(InstrumentId::new)
                .collect(),
            exposure_max: group.exposure_max,
        });
        Self {
            own,
            groups: groups.collect(),
            activity: Activity::default(),
            bounds_fills: settings.bounds_fills(),
            breakers: Breakers::new(&settings.breakers, cash.to_f64()),
            pauses: Pauses::new(
                &settings.breakers,
                panel.series().iter().map(|series| series.symbol().clone()).collect(),
            ),
            trading_state: TradingState::default(),
            correlations: settings.correlation.map(|limit| Measured::new(limit.estimator)),
            covariances: settings.budget.as_ref().map(|budget| Measured::new(budget.estimator)),
            settings: settings.clone(),
        }
    }

    /// The same gate under other settings, at a close at which the account is worth `equity`. Breakers and pauses whose settings
    /// have changed are new, and count from there; what an operator said stays, and what the day has traded as far as it was
    /// counted.
    pub(crate) fn under(self, settings: &RiskSettings, panel: &Panel, equity: Money) -> Self {
        let Self { activity, breakers, pauses, trading_state, own, .. } = self;
        let breakers = breakers.under(&settings.breakers, equity.to_f64());
        let pauses = pauses.under(&settings.breakers);
        let new = Self::new(settings, panel, equity);
        let mut new = Self { activity, breakers, pauses, trading_state, ..new };
        let (count, before) = (new.own.values().len(), own.values().len());
        assert!(count == before, "settings for {count} instruments of an account with {before}");
        for (new, before) in new.own.values_mut().iter_mut().zip(own.values()) {
            new.capital.clone_from(&before.capital);
        }
        new
    }

    /// Divides the equity among instruments: what none of `shares` names has all of it.
    pub(crate) fn divide_capital(&mut self, shares: &[CapitalShare]) {
        check_shares(shares, self.own.values().len());
        for capital in shares {
            for instrument in capital.instruments.clone().map(InstrumentId::new) {
                self.own[instrument].capital.clone_from(capital);
            }
        }
    }

    /// What an operator lets the run do.
    pub const fn trading_state(&self) -> TradingState {
        self.trading_state
    }

    pub(crate) const fn trading_state_mut(&mut self) -> &mut TradingState {
        &mut self.trading_state
    }

    /// Arms every tripped breaker and ends every losing streak by hand at `close_ms`, the close of the bar that opened at `time`.
    pub(crate) fn rearm(&mut self, time: Timestamp, close_ms: i64, equity: f64) {
        self.breakers.rearm(time, equity);
        self.pauses.rearm(time, close_ms, equity);
    }

    /// Gives away what breakers and pauses did since it was asked last.
    pub(crate) fn drain_events(&mut self) -> impl Iterator<Item = BreakerEvent> {
        self.breakers.drain_events().chain(self.pauses.drain_events())
    }

    /// The account's breakers.
    pub const fn breakers(&self) -> &Breakers {
        &self.breakers
    }

    /// The account's breakers, to take in rows.
    pub(crate) const fn breakers_mut(&mut self) -> &mut Breakers {
        &mut self.breakers
    }

    /// The pauses of instruments, to take in exits.
    pub(crate) const fn pauses_mut(&mut self) -> &mut Pauses {
        &mut self.pauses
    }

    /// Whether any limit is one of a day, so that [`Gate::go_to_day`] has to be told the time.
    pub(crate) const fn counts_days(&self) -> bool {
        let limits = &self.settings.limits;
        limits.orders_per_day_max.is_some() || limits.turnover_per_day_max.is_some()
    }

    /// Goes to the UTC day of `time_ms`; `equity_at_start` is asked when it is a new one.
    pub(crate) fn go_to_day(&mut self, time_ms: i64, equity_at_start: impl FnOnce() -> f64) {
        self.activity.go_to(time_ms, equity_at_start);
    }

    /// Takes in a fill of `notional`, in quote asset.
    ///
    /// # Errors
    /// [`UnitsError::Overflow`].
    pub(crate) fn add_traded(&mut self, notional: Money) -> Result<(), UnitsError> {
        match self.settings.limits.turnover_per_day_max {
            Some(_) => self.activity.add_traded(notional),
            None => Ok(()),
        }
    }

    /// Counts an order that opens or enlarges a position.
    pub(crate) const fn add_order(&mut self) {
        self.activity.add_order();
    }

    /// Whether answers depend on the orders of other instruments.
    pub const fn reads_pending(&self) -> bool {
        self.settings.limits.open_positions_max.is_some() || self.settings.budget.is_some()
    }

    /// The rule by which orders of `instrument` open or enlarge nothing at `close_ms`, the close of a row, if there is one.
    pub fn reduce_only_by(&self, instrument: InstrumentId, close_ms: i64) -> Option<Cut> {
        if self.trading_state.halted {
            return Some(Cut { rule: Rule::Halted, value: 0.0, limit: 0.0 });
        }
        let tripped = self.breakers.standing().tripped;
        let breaker = tripped.map(|tripped| Cut {
            rule: tripped.rule,
            value: tripped.value,
            limit: tripped.limit,
        });
        if breaker.is_some() || !self.pauses.is_watching() {
            return breaker;
        }
        self.pauses.paused(instrument, close_ms)
    }

    /// The order for a request, or why there is none.
    ///
    /// # Errors
    /// [`UnitsError`] when a number leaves the range of exact money.
    pub(crate) fn approve(
        &mut self,
        request: &Request,
        book: &Book<'_>,
    ) -> Result<Answer, UnitsError> {
        let (instruments, held) = (self.own.values().len(), book.portfolio.positions().len());
        assert!(held == instruments, "{request:?}: {held} positions in {instruments} instruments");
        assert!(request.row < book.panel.rows(), "{request:?} of {} rows", book.panel.rows());
        assert!(request.target.share() != 0.0, "{request:?}: leaving needs no size");
        let answer = self.answer(request, book)?;
        answer.check(request);
        Ok(answer)
    }

    fn answer(&mut self, request: &Request, book: &Book<'_>) -> Result<Answer, UnitsError> {
        let mut answer = Answer::default();
        let unsized_for =
            |cut| Ok(Answer { cuts: vec![(Verdict::Refused, cut)], ..Answer::default() });
        let share = request.target.share();
        if share < 0.0 && self.settings.limits.shorting == Shorting::Forbidden {
            // "Be short" contains "do not be long": leaving is the part that can be done.
            let cut = Cut { rule: Rule::ShortNotAllowed, value: share, limit: 0.0 };
            let order = Some(ApprovedOrder::flat());
            return Ok(Answer { order, cuts: vec![(Verdict::Cut, cut)], ..Answer::default() });
        }
        let reduce_only =
            self.reduce_only_by(request.instrument, close_ms(book.panel, request.row));
        answer.cuts.extend(self.weighed(book).1.map(|cut| (Verdict::Cut, cut)));
        let size = match (self.granted(request, book)?, reduce_only) {
            (Granted::Size(size), _) => size,
            (Granted::Nothing(_), Some(cut)) | (Granted::Nothing(cut), None) => {
                return unsized_for(cut);
            }
        };
        let direction = if share > 0.0 { Direction::Long } else { Direction::Short };
        let size = self.reduced(size, &mut answer)?;
        let refused = |cut| {
            let cuts = vec![(Verdict::Refused, cut)];
            Ok(Answer { refused: Some(size), cuts, ..Answer::default() })
        };
        let order = ApprovedOrder::new(direction, size);
        let change = change_of(request, book, direction, size);
        if let Some(cut) = reduce_only {
            // What makes a position smaller is always allowed, unless all of it is being closed.
            if change != Change::Smaller || self.breakers.standing().flattens() {
                return refused(cut);
            }
            answer.order = Some(order.reduce_only());
            return Ok(answer);
        }
        if change != Change::Larger {
            // What nobody has looked at as larger does not become it by the time it trades.
            answer.order = Some(order.reduce_only());
            return Ok(answer);
        }
        if let Some(cut) = self.too_many(request, book) {
            return refused(cut);
        }
        let size = match self.within_budget(request, book, (direction, size), &mut answer)? {
            Granted::Size(size) => size,
            Granted::Nothing(cut) => return refused(cut),
        };
        answer.order = Some(match change_of(request, book, direction, size) {
            Change::Larger => ApprovedOrder::new(direction, size).enlarging(),
            // A budget is about what is added: it takes nothing away from what is held.
            Change::None | Change::Smaller => {
                let held = book.portfolio.position(request.instrument).quantity.abs();
                ApprovedOrder::new(direction, Size::Units(held)).reduce_only()
            }
        });
        Ok(answer)
    }

    /// What sizing measures for a request; `None` where it measures nothing, or cannot.
    pub(crate) fn sizing_basis(&self, request: &Request, book: &Book<'_>) -> Option<SizingBasis> {
        let own = &self.own[request.instrument];
        own.sizing.basis(&self.sizing_input(request, book).ok()?)
    }

    /// Whether the size of `instrument` is that of its entry for good.
    pub(crate) fn keeps_entry_size(&self, instrument: InstrumentId) -> bool {
        self.own[instrument].sizing.is_of_the_entry()
    }

    /// Whether a decision about `instrument` without a stop gets one.
    pub(crate) fn places_stops(&self, instrument: InstrumentId) -> bool {
        self.own[instrument].sizing.places_stops()
    }

    /// The stop that sizing places for a request without one.
    pub(crate) fn placed_stop(&self, request: &Request, book: &Book<'_>) -> Option<Price> {
        let own = &self.own[request.instrument];
        own.sizing.placed_stop(&self.sizing_input(request, book).ok()?)
    }

    fn sizing_input<'b>(
        &'b self,
        request: &Request,
        book: &Book<'b>,
    ) -> Result<SizingInput<'b>, UnitsError> {
        let capital = &self.own[request.instrument].capital;
        let equity = Money::from_f64(book.equity)?;
        Ok(SizingInput {
            target: request.target,
            equity: capital.share.of(equity, Rounding::Down)?,
            sharing: &capital.instruments,
            weights_part: self.weighed(book).0,
            stop: request.stop,
            limit: request.limit,
            row: request.row,
            instrument: request.instrument,
            panel: book.panel,
            trades: book.trades,
        })
    }

    fn granted(&self, request: &Request, book: &Book<'_>) -> Result<Granted, UnitsError> {
        let own = &self.own[request.instrument];
        let granted = own.sizing.grant(&self.sizing_input(request, book)?)?;
        // A stop next to the price asks for more than numbers can hold, and no account could pay for it.
        let mark = mark(book.panel, request.instrument, request.row);
        match granted {
            Granted::Size(size @ Size::Units(_)) if size.value(mark) > VALUE_MAX => {
                Quantity::from_f64(VALUE_MAX / mark).map(Size::Units).map(Granted::Size)
            }
            granted => Ok(granted),
        }
    }

    /// The part of `size` that breakers leave.
    fn reduced(&self, size: Size, answer: &mut Answer) -> Result<Size, UnitsError> {
        let Standing { reduced, .. } = self.breakers.standing();
        let Some(reduced) = reduced else { return Ok(size) };
        let cut = Cut { rule: reduced.rule, value: reduced.value, limit: reduced.limit };
        answer.cuts.push((Verdict::Cut, cut));
        let left = size.part(reduced.to)?;
        assert!(is_part(left, size), "{reduced:?} leaves {left:?} of {size:?}");
        Ok(left)
    }

    /// The limit on the number of positions or orders that a new one would pass.
    fn too_many(&self, request: &Request, book: &Book<'_>) -> Option<Cut> {
        let limits = &self.settings.limits;
        if let Some(most) = limits.open_positions_max
            && book.portfolio.position(request.instrument).is_flat()
        {
            let others = book.panel.instruments().filter(|other| *other != request.instrument);
            let count = others.filter(|other| book.will_hold(*other)).count() as f64 + 1.0;
            if count > f64::from(most) {
                let (rule, limit) = (Rule::OpenPositions, f64::from(most));
                return Some(Cut { rule, value: count, limit });
            }
        }
        let most = limits.orders_per_day_max?;
        let (value, limit) = (f64::from(self.activity.orders()) + 1.0, f64::from(most));
        (value > limit).then_some(Cut { rule: Rule::OrdersPerDay, value, limit })
    }

    /// The part of `size` whose contribution to the portfolio's volatility is within its budget, beside what is held and beside
    /// what is on its way. What is not known to move little is not let in.
    fn within_budget(
        &mut self,
        request: &Request,
        book: &Book<'_>,
        (direction, size): (Direction, Size),
        answer: &mut Answer,
    ) -> Result<Granted, UnitsError> {
        let (Some(budget), Some(measured)) = (&self.settings.budget, &mut self.covariances) else {
            return Ok(Granted::Size(size));
        };
        let (panel, instrument) = (book.panel, request.instrument);
        let comovement = measured.at(panel, request.row);
        if comovement.volatility(instrument.index()).is_none() {
            let limit = budget.estimator.overlap_min as f64;
            let cut = Cut { rule: Rule::VolatilityUnknown, value: 0.0, limit };
            return Ok(Granted::Nothing(cut));
        }
        let Some(limit) = self.own[instrument].volatility_max else {
            unreachable!("{instrument:?} has no budget, but the account has one");
        };
        let value = size.value(mark(panel, instrument, request.row));
        let wanted = f64::from(direction.sign()) * value / book.equity;
        // What is on its way may trade or not.
        let [held, to_come] = book.weights(request.row).map(|mut weights| {
            weights[instrument] = wanted;
            (largest_share(&weights, instrument, limit, comovement), weights)
        });
        let (share, weights) = if held.0 < to_come.0 { held } else { to_come };
        assert!((0.0..=1.0).contains(&share), "a budget leaves {share} of {request:?}");
        if share >= 1.0 {
            return Ok(Granted::Size(size));
        }
        let contributions = contributions(weights.values(), comovement);
        let Some(value) = contributions.get(instrument.index()).copied() else {
            unreachable!("{} contributions, but none of {instrument:?}", contributions.len());
        };
        answer.cuts.push((Verdict::Cut, Cut { rule: Rule::RiskBudget, value, limit }));
        let left = size.part(Rate::from_fraction(share)?)?;
        assert!(is_part(left, size), "a budget of {limit} leaves {left:?} of {size:?}");
        Ok(Granted::Size(left))
    }

    /// Measures what caps on clusters need to know about a fill of `instrument` in `row`, from the rows before it. With nothing
    /// else in the account there is nothing to know.
    pub(crate) fn measure_before(
        &mut self,
        panel: &Panel,
        (row, instrument): (usize, InstrumentId),
        portfolio: &Portfolio,
    ) {
        if let Some(measured) = &mut self.correlations
            && let Some((other, _)) = others(portfolio, instrument).next()
        {
            assert!(row > 0, "{other:?} is held before a fill in the first row");
            measured.at(panel, row - 1);
        }
    }

    /// The instruments whose positions move together with one in `instrument` that trades in `row`, itself included, so that
    /// the two reach `threshold`. What was measured for the fill counts: see [`Gate::measure_before`].
    pub(super) fn cluster(
        &self,
        (row, instrument, direction): (usize, InstrumentId, Direction),
        portfolio: &Portfolio,
        threshold: f64,
    ) -> Vec<InstrumentId> {
        let held: Vec<(InstrumentId, i8)> = others(portfolio, instrument).collect();
        if held.is_empty() {
            return vec![instrument];
        }
        let measured = self.correlations.as_ref().zip(row.checked_sub(1));
        let Some((measured, before)) = measured else {
            unreachable!("{instrument:?} in row {row}: correlations are not measured");
        };
        cluster_of((instrument, direction.sign()), &held, measured.known_at(before), threshold)
    }

    pub(super) fn position_limits(&self, instrument: InstrumentId) -> PositionLimits {
        self.own[instrument].position
    }
}

/// What an order of `size` would make of the position, by the marks of the decision's close.
fn change_of(request: &Request, book: &Book<'_>, direction: Direction, size: Size) -> Change {
    let held = book.portfolio.position(request.instrument).quantity;
    // What is on its way may have made the position smaller, or turned it, by the time the order trades.
    let turned = book.own.is_some_and(|own| own.direction != Some(direction));
    if held.signum() * i128::from(direction.sign()) <= 0 || turned {
        return Change::Larger;
    }
    let mark = mark(book.panel, request.instrument, request.row);
    let (wanted, held) = (size.value(mark), held.abs().to_f64() * mark);
    let held = book.own.map_or(held, |own| held.min(own.value));
    // What only rounding makes is no change.
    if wanted > held * (1.0 + 1e-12) {
        Change::Larger
    } else if wanted < held * (1.0 - 1e-12) {
        Change::Smaller
    } else {
        Change::None
    }
}

/// Time at which `row` is known.
fn close_ms(panel: &Panel, row: usize) -> i64 {
    panel.row_times().at(row).saturating_add(panel.interval().as_ms())
}

#[cfg(test)]
mod tests;
