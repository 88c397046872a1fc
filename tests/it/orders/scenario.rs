//! A small market, the decisions made on it, and everything that came of them as a table.

use std::ops::ControlFlow;

use ct_host::engine::{AmbiguousBar, Machine, Member, Outcome, Prices, Strategies};
use ct_host::market::{Bars, Instrument, Panel};
use ct_host::order::{Decision, Direction, FillReason, Refusal, Rule, Side, Trade};
use ct_host::portfolio::{Account, Posting};
use ct_host::risk::{BreakerAction, BreakerEvent, BreakerEventKind, LossBreaker, Rearm};
use ct_host::settings::Settings;
use ct_host::units::{Money, Price, Quantity, Rate, Timestamp};
use ct_tests::bars::{Row, hourly, panel_of};
use ct_tests::plugins::sound;
use ct_tests::records::{Placed, place_of, placed, row_of, rows_of_trades};
use ct_tests::run::{SteppedRun, exact};
use ct_tests::script::Script;
use ct_tests::setup::plain_setup;

use super::invariants;

/// A run of a scripted strategy. Trading is free and without any rule until a test says otherwise.
#[derive(Debug)]
pub(crate) struct Scenario {
    pub(crate) instruments: Vec<(Instrument, Bars)>,
    pub(crate) setup: Settings,
    pub(crate) first_row: usize,
    /// Finer bars of each instrument; none at all if empty.
    pub(crate) details: Vec<Option<Bars>>,
    pub(crate) decisions: Vec<Decision>,
}

impl Scenario {
    /// One instrument, and decisions that move `units` of base asset.
    pub(crate) fn new(cash: f64, units: f64, rows: &[Row]) -> Self {
        Self {
            instruments: vec![(Instrument::unrestricted("TEST/USD"), hourly(rows))],
            setup: plain_setup(money(cash), quantity(units)),
            first_row: 0,
            details: Vec::new(),
            decisions: Vec::new(),
        }
    }

    /// Several instruments, named A, B, and so on.
    pub(crate) fn of_instruments(cash: f64, units: f64, bars: Vec<Bars>) -> Self {
        let named = ["A", "B", "C"].into_iter().map(Instrument::unrestricted).zip(bars);
        Self { instruments: named.collect(), ..Self::new(cash, units, &[]) }
    }

    /// One instrument with these bars.
    pub(crate) fn of_bars(cash: f64, units: f64, bars: Bars) -> Self {
        let instruments = vec![(Instrument::unrestricted("TEST/USD"), bars)];
        Self { instruments, ..Self::new(cash, units, &[]) }
    }

    /// The rules of the first instrument.
    pub(crate) fn instrument(&mut self) -> &mut Instrument {
        match self.instruments.first_mut() {
            Some((instrument, _)) => instrument,
            None => unreachable!("test data: no instrument"),
        }
    }

    fn panel(&self) -> Panel {
        panel_of(self.instruments.clone())
    }

    /// The row that opens at `time`.
    pub(crate) fn row(&self, time: Timestamp) -> usize {
        row_of(&self.panel(), time)
    }

    /// The fills of `outcome`, and where they happened.
    pub(crate) fn placed<'a>(&self, outcome: &'a Outcome) -> Vec<Placed<'a>> {
        placed(&self.panel(), outcome)
    }

    /// Runs the scenario in windows of one row, of three, and in one piece. The results must be the same to the last bit,
    /// and the books must balance.
    pub(crate) fn outcome(&self) -> Outcome {
        let panel = self.panel();
        let outcome = self.run(&panel, 1);
        for window_rows in [3, panel.rows()] {
            let other = self.run(&panel, window_rows);
            assert!(exact(&outcome) == exact(&other), "windows of {window_rows} rows differ");
        }
        let stepped = self.run_in_steps(&panel);
        assert!(exact(&outcome) == exact(&stepped), "rows that come one by one differ");
        invariants::check(&panel, &self.setup, &outcome);
        outcome
    }

    /// One row after the other, with everything torn down and rebuilt in between.
    fn run_in_steps(&self, panel: &Panel) -> Outcome {
        let run = SteppedRun {
            prices: Prices { panel, finer: &self.details },
            setup: &self.setup,
            first_row: self.first_row,
            needs: Script::needs(),
            window_rows: 1,
        };
        let scripts = vec![Script::new(self.decisions.clone())];
        let rebuild = |scripts: Vec<Script>| scripts.clone();
        run.outcome(scripts, rebuild, 1..panel.rows(), &mut |_, _| {})
    }

    fn run(&self, panel: &Panel, window_rows: usize) -> Outcome {
        let mut script = Script::new(self.decisions.clone());
        let members = vec![Member::new(&mut script, Script::needs(), 0..panel.series().len())];
        let strategies = Strategies::new(members, window_rows);
        let machine = sound(Machine::new(panel, &self.setup, self.first_row)).explaining();
        let prices = Prices { panel, finer: &self.details };
        sound(machine.run(prices, strategies, |_| ControlFlow::Continue(())))
    }

    /// Fills and ambiguous rows, a line each.
    pub(crate) fn fills(&self) -> String {
        let outcome = self.outcome();
        let mut lines = self.fill_lines(&outcome);
        lines.extend(self.ambiguous_line(&outcome));
        lines.join("\n")
    }

    /// Everything that came of the run: fills, what was refused, round trips, the ledger, equity at each close.
    pub(crate) fn book(&self) -> String {
        let outcome = self.outcome();
        let mut lines = self.fill_lines(&outcome);
        lines.extend(self.ambiguous_line(&outcome));
        lines.extend(outcome.refusals.iter().map(|refusal| self.refusal_line(refusal)));
        let rows = rows_of_trades(&self.placed(&outcome), &outcome.trades);
        lines.extend(outcome.trades.iter().zip(rows).map(|(trade, at)| self.trade_line(trade, at)));
        for (place, position) in outcome.positions.iter().enumerate() {
            if !position.is_flat() {
                lines.push(format!("open at the end:{} {}", self.symbol(place), position.quantity));
            }
        }
        lines.extend(ledger_lines(outcome.ledger.postings()));
        let equity: Vec<String> = outcome.equity.iter().copied().map(plain).collect();
        lines.push(format!("equity {}", equity.join(", ")));
        lines.join("\n")
    }

    /// What risk made of the run: fills, what breakers did, what was refused and which decision it was, equity at each close.
    pub(crate) fn guarded(&self) -> String {
        let outcome = self.outcome();
        let mut lines = self.fill_lines(&outcome);
        lines.extend(outcome.breaker_events.iter().map(|event| self.event_line(event)));
        lines.extend(outcome.refusals.iter().map(|refusal| {
            let decision = match refusal.decision {
                Some(decision) => format!("decision {decision}: "),
                None => "the host: ".to_owned(),
            };
            decision + &self.refusal_line(refusal)
        }));
        let equity: Vec<String> = outcome.equity.iter().copied().map(plain).collect();
        lines.push(format!("equity {}", equity.join(", ")));
        lines.join("\n")
    }

    fn ambiguous_line(&self, outcome: &Outcome) -> Option<String> {
        let row = |bar: &AmbiguousBar| self.row(bar.time).to_string();
        let rows: Vec<String> = outcome.ambiguous.iter().map(row).collect();
        (!rows.is_empty()).then(|| format!("ambiguous: {}", rows.join(", ")))
    }

    fn event_line(&self, event: &BreakerEvent) -> String {
        let BreakerEvent { rule, action, .. } = event;
        let row = self.row(event.time);
        let symbol = event.symbol.as_ref().map(|symbol| self.shown(symbol)).unwrap_or_default();
        let (value, limit) = (number(event.value), plain(event.limit));
        let equity = plain(event.equity);
        let kind = match event.kind {
            BreakerEventKind::Tripped => "trips",
            BreakerEventKind::Rearmed => "is armed again",
        };
        format!("{row}:{symbol} {rule:?} {kind} ({action:?}), {value} of {limit}, equity {equity}")
    }

    fn fill_lines(&self, outcome: &Outcome) -> Vec<String> {
        self.placed(outcome).iter().map(|fill| self.fill_line(fill)).collect()
    }

    fn fill_line(&self, &Placed { fill, row, instrument, .. }: &Placed<'_>) -> String {
        let side = match fill.side {
            Side::Buy => "buy",
            Side::Sell => "sell",
        };
        let mut line = format!(
            "{row}:{} {side} {} at {} from {}, {}",
            self.symbol(instrument),
            fill.quantity,
            fill.price,
            fill.reference_price,
            reason(fill.reason),
        );
        for (name, paid) in [
            ("fee", fill.fee),
            ("spread", fill.spread),
            ("slippage", fill.slippage),
            ("impact", fill.impact),
        ] {
            if !paid.is_zero() {
                line.extend([", ", name, " ", &paid.to_string()]);
            }
        }
        if !fill.fee_quantity.is_zero() {
            line.extend([", kept back ", &fill.fee_quantity.to_string()]);
        }
        line
    }

    fn refusal_line(&self, refusal: &Refusal) -> String {
        let Refusal { rule, verdict, value, limit, .. } = refusal;
        let (row, symbol) = (self.row(refusal.time), self.shown(&refusal.symbol));
        if *rule == Rule::Expired {
            return format!("{row}:{symbol} {verdict:?} by {rule:?}");
        }
        let (value, limit) = (number(*value), number(*limit));
        format!("{row}:{symbol} {verdict:?} by {rule:?}, value {value}, limit {limit}")
    }

    fn trade_line(&self, trade: &Trade, (entry, exit): (usize, usize)) -> String {
        let direction = match trade.direction {
            Direction::Long => "long",
            Direction::Short => "short",
        };
        let carry =
            if trade.carry.is_zero() { String::new() } else { format!(", carry {}", trade.carry) };
        format!(
            "{entry} to {exit}:{} {direction} {}, gross {}{carry}, net {}",
            self.shown(&trade.symbol),
            trade.quantity,
            trade.gross_pnl,
            trade.net_pnl,
        )
    }

    /// The name of an instrument where there are several.
    fn shown(&self, symbol: &str) -> String {
        self.symbol(place_of(&self.panel(), symbol))
    }

    /// The instrument's name where there are several.
    fn symbol(&self, place: usize) -> String {
        match self.instruments.get(place) {
            Some((instrument, _)) if self.instruments.len() > 1 => {
                format!(" {}", instrument.symbol)
            }
            _ => String::new(),
        }
    }
}

/// One line for each transaction; each starts with the cash it moves.
fn ledger_lines(postings: &[Posting]) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for Posting { row, account, amount } in postings {
        let name = match account {
            Account::Cash => "cash",
            Account::Capital => "capital",
            Account::Position(_) => "position",
            Account::Realised(_) => "realised",
            Account::Fees(_) => "fees",
            Account::Spread(_) => "spread",
            Account::Slippage(_) => "slippage",
            Account::Impact(_) => "impact",
            Account::Funding(_) => "funding",
            Account::BorrowedBase(_) => "interest on base",
            Account::BorrowedQuote => "interest on quote",
            Account::Liquidation(_) => "liquidation",
        };
        match lines.last_mut() {
            Some(line) if *account != Account::Cash => {
                line.extend([", ", name, " ", &amount.to_string()]);
            }
            _ => lines.push(format!("ledger {row}: {name} {amount}")),
        }
    }
    lines
}

const fn reason(reason: FillReason) -> &'static str {
    match reason {
        FillReason::Entry => "entry",
        FillReason::Exit => "exit",
        FillReason::Stop => "stop",
        FillReason::TakeProfit => "take-profit",
        FillReason::Breaker => "breaker",
        FillReason::Rebalance => "rebalance",
        FillReason::Liquidation => "liquidation",
        FillReason::Ruin => "ruin",
        FillReason::Fault => "fault",
        FillReason::Delisting => "delisting",
        FillReason::EndOfRun => "end of run",
        FillReason::Manual => "closed by hand",
    }
}

/// A floating-point number with at most nine decimals.
fn plain(value: f64) -> String {
    money((value * 1e9).round() / 1e9).to_string()
}

/// The same of a number that there must be.
fn number(value: Option<f64>) -> String {
    match value {
        Some(value) => plain(value),
        None => unreachable!("no number"),
    }
}

/// A bar that stands still, with a volume of 1 000.
pub(crate) const fn still(price: f64) -> Row {
    [price, price, price, price, 1_000.0]
}

/// A bar with a volume of 1 000.
pub(crate) const fn bar(open: f64, high: f64, low: f64, close: f64) -> Row {
    [open, high, low, close, 1_000.0]
}

/// A breaker at a loss of this share; where it reduces, to a half.
pub(crate) fn level(loss: f64, action: BreakerAction, rearm: Rearm) -> LossBreaker {
    LossBreaker { loss: share(loss), action, reduce_to: share(0.5), rearm }
}

pub(crate) fn money(amount: f64) -> Money {
    sound(Money::from_f64(amount))
}

pub(crate) fn price(amount: f64) -> Price {
    sound(Price::from_f64(amount))
}

pub(crate) fn quantity(amount: f64) -> Quantity {
    sound(Quantity::from_f64(amount))
}

pub(crate) fn bps(bps: f64) -> Rate {
    sound(Rate::from_bps(bps))
}

pub(crate) fn share(fraction: f64) -> Rate {
    sound(Rate::from_fraction(fraction))
}
