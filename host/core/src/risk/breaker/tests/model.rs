//! Breakers as their documentation says, one row after the other, with nothing remembered but the rows.

use super::super::*;
use crate::order::Rule;

/// One breaker and what it is doing.
#[derive(Clone, Debug)]
struct Watch {
    rule: Rule,
    settings: LossBreaker,
    doing: Doing,
}

#[derive(Clone, Copy, Debug)]
enum Doing {
    /// Armed at the close of a row, or from the start.
    Armed(Option<usize>),
    /// Tripped at the close of a row.
    Tripped(usize),
}

/// Breakers that look at every row by itself.
#[derive(Debug)]
pub(super) struct Model {
    watches: Vec<Watch>,
    cash: f64,
    interval_ms: i64,
    times_ms: Vec<i64>,
    equity: Vec<f64>,
    pub(super) events: Vec<(usize, Rule, BreakerEventKind, f64)>,
}

impl Model {
    pub(super) fn new(settings: &BreakerSettings, cash: f64, interval_ms: i64) -> Self {
        let kinds = [
            (Rule::PortfolioStop, settings.portfolio_stop.into_iter().collect()),
            (Rule::DailyLoss, settings.daily_loss.clone()),
            (Rule::WeeklyLoss, settings.weekly_loss.clone()),
            (Rule::Drawdown, settings.drawdown.clone()),
        ];
        let watches = kinds.into_iter().flat_map(|(rule, levels)| {
            let doing = Doing::Armed(None);
            levels.into_iter().map(move |settings| Watch { rule, settings, doing })
        });
        Self {
            watches: watches.collect(),
            cash,
            interval_ms,
            times_ms: Vec::new(),
            equity: Vec::new(),
            events: Vec::new(),
        }
    }

    pub(super) fn take_in(&mut self, time_ms: i64, equity: f64) {
        self.times_ms.push(time_ms);
        self.equity.push(equity);
        let row = self.equity.len() - 1;
        for place in 0..self.watches.len() {
            let Watch { rule, settings, doing } = self.watches[place].clone();
            match doing {
                Doing::Armed(since) => self.look(place, since, row),
                Doing::Tripped(at) if self.is_due(rule, settings.rearm, at, row) => {
                    self.watches[place].doing = Doing::Armed(Some(row));
                    let base = self.base(rule, settings.rearm, Some(row), row);
                    // The day that begins with this close has lost nothing yet.
                    let ends = period(rule, time_ms + self.interval_ms) != period(rule, time_ms);
                    let same = period(rule, self.times_ms[at]) == period(rule, time_ms);
                    let value =
                        if base <= 0.0 || (ends && same) { 0.0 } else { 1.0 - equity / base };
                    self.events.push((row, rule, BreakerEventKind::Rearmed, value));
                    // A row that opens in the next period counts in it.
                    if settings.rearm == Rearm::NextPeriod && !same {
                        self.look(place, Some(row), row);
                    }
                }
                Doing::Tripped(_) => {}
            }
        }
    }

    /// An armed breaker looks at the close of `row`.
    fn look(&mut self, place: usize, since: Option<usize>, row: usize) {
        let Watch { rule, settings, .. } = self.watches[place].clone();
        let (base, equity) = (self.base(rule, settings.rearm, since, row), self.equity[row]);
        // Rounded as a person would write it: 0.9 is left of 0.1.
        let keep = (1e6 * (1.0 - settings.loss.to_fraction())).round() / 1e6;
        if base > 0.0 && equity <= base * keep {
            self.watches[place].doing = Doing::Tripped(row);
            self.events.push((row, rule, BreakerEventKind::Tripped, 1.0 - equity / base));
        }
    }

    /// The tripped breaker that is strongest, the first of equals, and the smallest size.
    pub(super) fn standing(&self) -> (Option<(Rule, BreakerAction)>, f64) {
        let tripped = self.watches.iter().filter(|watch| matches!(watch.doing, Doing::Tripped(_)));
        let (reducing, others): (Vec<_>, Vec<_>) =
            tripped.partition(|watch| watch.settings.action == BreakerAction::Reduce);
        let strongest = others.iter().rev().max_by_key(|watch| watch.settings.action);
        let sizes = reducing.iter().map(|watch| watch.settings.reduce_to.to_fraction());
        (strongest.map(|watch| (watch.rule, watch.settings.action)), sizes.fold(1.0, f64::min))
    }

    fn base(&self, rule: Rule, rearm: Rearm, since: Option<usize>, row: usize) -> f64 {
        let armed_at = since.map_or(self.cash, |since| self.equity[since]);
        match rule {
            Rule::PortfolioStop => armed_at,
            Rule::Drawdown => {
                let first = since.map_or(0, |since| since + 1);
                self.equity[first.min(row)..=row].iter().copied().fold(armed_at, f64::max)
            }
            _ => {
                let of = |row: usize| period(rule, self.times_ms[row]);
                match since {
                    Some(since) if rearm != Rearm::NextPeriod && of(since) == of(row) => armed_at,
                    _ => {
                        let before = (0..row).rev().find(|&before| of(before) != of(row));
                        before.map_or(self.cash, |before| self.equity[before])
                    }
                }
            }
        }
    }

    fn is_due(&self, rule: Rule, rearm: Rearm, at: usize, row: usize) -> bool {
        let now_ms = self.times_ms[row] + self.interval_ms;
        match rearm {
            Rearm::Manual => false,
            Rearm::After(time) => now_ms - (self.times_ms[at] + self.interval_ms) >= time.as_ms(),
            Rearm::NextPeriod => period(rule, now_ms) != period(rule, self.times_ms[at]),
        }
    }
}

/// The day or week of a time, by the calendar; the same for all times where a loss knows neither.
fn period(rule: Rule, time_ms: i64) -> jiff::civil::Date {
    let time = jiff::Timestamp::from_millisecond(time_ms).unwrap();
    let date = time.to_zoned(jiff::tz::TimeZone::UTC).date();
    match rule {
        Rule::DailyLoss => date,
        Rule::WeeklyLoss => {
            let week = date.iso_week_date();
            jiff::civil::ISOWeekDate::new(week.year(), week.week(), jiff::civil::Weekday::Monday)
                .unwrap()
                .date()
        }
        _ => jiff::civil::Date::ZERO,
    }
}
