//! Wins and losses of closed trades, after costs.

use super::ratio::ratio;

/// Counts and sums of winning and losing trades. Amounts are in quote. A trade that ended at
/// exactly 0 counts as a trade, but neither as a win nor as a loss.
#[derive(Debug, Clone, Copy, Default, PartialEq)]
pub struct WinLoss {
    /// All trades.
    pub trades: u64,
    /// Trades above 0.
    pub wins: u64,
    /// Trades below 0.
    pub losses: u64,
    /// Sum of the wins, at least 0.
    pub total_profit: f64,
    /// Sum of the losses, at most 0.
    pub total_loss: f64,
    /// Largest win; 0 without wins.
    largest_win: f64,
    /// Largest loss; 0 without losses.
    largest_loss: f64,
}

impl WinLoss {
    /// Adds up the net profits of trades.
    pub fn of(net_profits: impl IntoIterator<Item = f64>) -> Self {
        let mut sums = Self::default();
        for net_profit in net_profits {
            // No branch on the outcome: a processor cannot predict wins and losses.
            let (profit, loss) = (net_profit.max(0.0), net_profit.min(0.0));
            sums.trades += 1;
            sums.wins += u64::from(profit > 0.0);
            sums.losses += u64::from(loss < 0.0);
            sums.total_profit += profit;
            sums.total_loss += loss;
            sums.largest_win = sums.largest_win.max(profit);
            sums.largest_loss = sums.largest_loss.min(loss);
        }
        sums
    }

    /// Sum of all profits and losses, in quote.
    pub fn net_profit(&self) -> f64 {
        self.total_profit + self.total_loss
    }

    /// Winning trades ÷ all trades, 0 to 1. `None` without trades.
    pub fn win_rate(&self) -> Option<f64> {
        ratio(self.wins as f64, self.trades as f64)
    }

    /// Profit factor, `Σ wins ÷ |Σ losses|`. `None` without a loss.
    pub fn profit_factor(&self) -> Option<f64> {
        ratio(self.total_profit, -self.total_loss)
    }

    /// Mean of the wins, in quote, above 0. `None` without wins.
    pub fn average_win(&self) -> Option<f64> {
        ratio(self.total_profit, self.wins as f64)
    }

    /// Mean of the losses, in quote, below 0. `None` without losses.
    pub fn average_loss(&self) -> Option<f64> {
        ratio(self.total_loss, self.losses as f64)
    }

    /// Payoff ratio, `average win ÷ |average loss|`. `None` without wins or without losses.
    pub fn payoff_ratio(&self) -> Option<f64> {
        ratio(self.average_win()?, -self.average_loss()?)
    }

    /// Expectancy: mean profit or loss per trade, in quote. `None` without trades.
    pub fn expectancy(&self) -> Option<f64> {
        ratio(self.net_profit(), self.trades as f64)
    }

    /// Largest win, in quote. `None` without wins.
    pub fn largest_win(&self) -> Option<f64> {
        (self.wins > 0).then_some(self.largest_win)
    }

    /// Largest loss, in quote, below 0. `None` without losses.
    pub fn largest_loss(&self) -> Option<f64> {
        (self.losses > 0).then_some(self.largest_loss)
    }
}
