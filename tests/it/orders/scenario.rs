//! A small market, the decisions made on it, and everything that came of them as a table.

use ct_host::costs::CostModel;
use ct_host::engine::{AtEnd, Outcome, Setup, Strategy};
use ct_host::market::{Bars, Instrument};
use ct_host::order::{Decision, Direction, Fill, FillReason, Refusal, Rule, Side, Trade};
use ct_host::portfolio::{Account, Posting};
use ct_host::risk::{Limits, Sizing};
use ct_host::units::{Money, Price, Quantity, Rate};
use ct_tests::bars::{Row, hourly, panel_of};
use ct_tests::plugins::sound;
use ct_tests::run::{exact, run};
use ct_tests::script::Script;

use super::invariants;

/// A run of a scripted strategy. Trading is free and without any rule until a test says otherwise.
#[derive(Debug)]
pub(super) struct Scenario {
    pub(super) instruments: Vec<(Instrument, Bars)>,
    pub(super) setup: Setup,
    pub(super) first_row: usize,
    pub(super) decisions: Vec<Decision>,
}

impl Scenario {
    /// One instrument, and decisions that move `units` of base asset.
    pub(super) fn new(cash: f64, units: f64, rows: &[Row]) -> Self {
        Self {
            instruments: vec![(Instrument::unrestricted("TEST/USD"), hourly(rows))],
            setup: Setup {
                cash: money(cash),
                costs: CostModel::default(),
                sizing: Sizing::Units(quantity(units)),
                limits: Limits::default(),
                at_end: AtEnd::default(),
            },
            first_row: 0,
            decisions: Vec::new(),
        }
    }

    /// Several instruments, named A, B, and so on.
    pub(super) fn of_instruments(cash: f64, units: f64, bars: Vec<Bars>) -> Self {
        let named = ["A", "B", "C"].into_iter().map(Instrument::unrestricted).zip(bars);
        Self { instruments: named.collect(), ..Self::new(cash, units, &[]) }
    }

    /// The rules of the first instrument.
    pub(super) fn instrument(&mut self) -> &mut Instrument {
        match self.instruments.first_mut() {
            Some((instrument, _)) => instrument,
            None => unreachable!("test data: no instrument"),
        }
    }

    /// Runs the scenario in windows of one row, of three, and in one piece. The results must be the same to the last bit,
    /// and the books must balance.
    pub(super) fn outcome(&self) -> Outcome {
        let panel = panel_of(self.instruments.clone());
        let by_window = |window_rows: usize| {
            let mut script = Script::new(self.decisions.clone());
            let mut strategies: [&mut dyn Strategy; 1] = [&mut script];
            let place = (self.first_row, window_rows);
            run(&panel, &self.setup, Script::needs(), &mut strategies, place)
        };
        let outcome = by_window(1);
        for window_rows in [3, panel.rows()] {
            let other = by_window(window_rows);
            assert!(exact(&outcome) == exact(&other), "windows of {window_rows} rows differ");
        }
        invariants::check(&panel, &self.setup, &outcome);
        outcome
    }

    /// Fills and ambiguous rows, a line each.
    pub(super) fn fills(&self) -> String {
        let outcome = self.outcome();
        let mut lines = self.fill_lines(&outcome);
        lines.extend(ambiguous_line(&outcome));
        lines.join("\n")
    }

    /// Everything that came of the run: fills, what was refused, round trips, the ledger, equity at each close.
    pub(super) fn book(&self) -> String {
        let outcome = self.outcome();
        let mut lines = self.fill_lines(&outcome);
        lines.extend(ambiguous_line(&outcome));
        lines.extend(outcome.refusals.iter().map(|refusal| self.refusal_line(refusal)));
        lines.extend(outcome.trades.iter().map(|trade| self.trade_line(trade)));
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

    fn fill_lines(&self, outcome: &Outcome) -> Vec<String> {
        outcome.fills.iter().map(|fill| self.fill_line(fill)).collect()
    }

    fn fill_line(&self, fill: &Fill) -> String {
        let side = match fill.side {
            Side::Buy => "buy",
            Side::Sell => "sell",
        };
        let mut line = format!(
            "{}:{} {side} {} at {} from {}, {}",
            fill.row,
            self.symbol(fill.instrument as usize),
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
        line
    }

    fn refusal_line(&self, refusal: &Refusal) -> String {
        let Refusal { row, instrument, rule, verdict, asked, allowed } = refusal;
        let symbol = self.symbol(*instrument);
        if *rule == Rule::Expired {
            return format!("{row}:{symbol} {verdict:?} by {rule:?}");
        }
        let (asked, allowed) = (plain(*asked), plain(*allowed));
        format!("{row}:{symbol} {verdict:?} by {rule:?}, asked {asked}, allowed {allowed}")
    }

    fn trade_line(&self, trade: &Trade) -> String {
        let direction = match trade.direction {
            Direction::Long => "long",
            Direction::Short => "short",
        };
        format!(
            "{} to {}:{} {direction} {}, gross {}, net {}",
            trade.entry_row,
            trade.exit_row,
            self.symbol(trade.instrument as usize),
            trade.quantity,
            trade.gross_pnl,
            trade.net_pnl,
        )
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

fn ambiguous_line(outcome: &Outcome) -> Option<String> {
    let rows: Vec<String> = outcome.ambiguous.iter().map(|(row, _)| row.to_string()).collect();
    (!rows.is_empty()).then(|| format!("ambiguous: {}", rows.join(", ")))
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
        FillReason::Ruin => "ruin",
        FillReason::Fault => "fault",
        FillReason::EndOfRun => "end of run",
    }
}

/// A floating-point number with at most nine decimals.
fn plain(value: f64) -> String {
    money((value * 1e9).round() / 1e9).to_string()
}

/// A bar that stands still, with a volume of 1 000.
pub(super) const fn still(price: f64) -> Row {
    [price, price, price, price, 1_000.0]
}

/// A bar with a volume of 1 000.
pub(super) const fn bar(open: f64, high: f64, low: f64, close: f64) -> Row {
    [open, high, low, close, 1_000.0]
}

pub(super) fn money(amount: f64) -> Money {
    sound(Money::from_f64(amount))
}

pub(super) fn price(amount: f64) -> Price {
    sound(Price::from_f64(amount))
}

pub(super) fn quantity(amount: f64) -> Quantity {
    sound(Quantity::from_f64(amount))
}

pub(super) fn bps(bps: f64) -> Rate {
    sound(Rate::from_bps(bps))
}

pub(super) fn share(fraction: f64) -> Rate {
    sound(Rate::from_fraction(fraction))
}
