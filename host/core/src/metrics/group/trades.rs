//! What the closed trades earned.

use serde::{Deserialize, Serialize};

use crate::metrics::Outcome;
use crate::metrics::statistic::{
    WinLoss, expectancy_ratio, kelly_fraction, longest_streak, mean, system_quality_number,
};
use crate::order::{Direction, Trade};

/// Closed round trips after costs. Amounts are in quote. A trade that ended at exactly 0 is neither
/// a win nor a loss, but counts as a trade and ends a streak.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
pub struct TradeMetrics {
    /// Closed trades.
    pub trades: u64,
    /// Trades that were long.
    pub long_trades: u64,
    /// Trades that were short.
    pub short_trades: u64,
    /// Trades above 0.
    pub winning_trades: u64,
    /// Trades below 0.
    pub losing_trades: u64,
    /// See [`WinLoss::win_rate`].
    pub win_rate: Option<f64>,
    /// Win rate of long trades.
    pub win_rate_long: Option<f64>,
    /// Win rate of short trades.
    pub win_rate_short: Option<f64>,
    /// Sum of the wins, at least 0.
    pub total_profit: f64,
    /// Sum of the losses, at most 0.
    pub total_loss: f64,
    /// Net result of long trades.
    pub net_profit_long: f64,
    /// Net result of short trades.
    pub net_profit_short: f64,
    /// See [`WinLoss::profit_factor`].
    pub profit_factor: Option<f64>,
    /// See [`WinLoss::payoff_ratio`].
    pub payoff_ratio: Option<f64>,
    /// See [`WinLoss::expectancy`].
    pub expectancy: Option<f64>,
    /// See [`expectancy_ratio`].
    pub expectancy_ratio: Option<f64>,
    /// Mean of net result ÷ notional at entry, a fraction: the expectancy of one trade in percent.
    pub average_trade_return: Option<f64>,
    /// Best net result ÷ notional at entry.
    pub best_trade_return: Option<f64>,
    /// Worst net result ÷ notional at entry.
    pub worst_trade_return: Option<f64>,
    /// See [`WinLoss::average_win`].
    pub average_win: Option<f64>,
    /// See [`WinLoss::average_loss`].
    pub average_loss: Option<f64>,
    /// See [`WinLoss::largest_win`].
    pub largest_win: Option<f64>,
    /// See [`WinLoss::largest_loss`].
    pub largest_loss: Option<f64>,
    /// Most wins in a row.
    pub max_consecutive_wins: u64,
    /// Most losses in a row.
    pub max_consecutive_losses: u64,
    /// See [`system_quality_number`].
    pub system_quality_number: Option<f64>,
    /// See [`kelly_fraction`].
    pub kelly_fraction: Option<f64>,
}

impl TradeMetrics {
    /// Computes the group from trades in the order of their exits.
    pub fn compute(trades: &[Trade]) -> Self {
        let net_pnl: Vec<f64> = trades.iter().map(|trade| trade.net_pnl.to_f64()).collect();
        let all = WinLoss::of(net_pnl.iter().copied());
        let of = |direction: Direction| {
            let trades = trades.iter().zip(&net_pnl);
            WinLoss::of(
                trades.filter(|(trade, _)| trade.direction == direction).map(|(_, net)| *net),
            )
        };
        let (long, short) = (of(Direction::Long), of(Direction::Short));
        let returns: Vec<f64> = trades.iter().map(|trade| trade.return_on_notional).collect();
        let odds = all.win_rate().zip(all.payoff_ratio());
        Self {
            trades: all.trades,
            long_trades: long.trades,
            short_trades: short.trades,
            winning_trades: all.wins,
            losing_trades: all.losses,
            win_rate: all.win_rate(),
            win_rate_long: long.win_rate(),
            win_rate_short: short.win_rate(),
            total_profit: all.total_profit,
            total_loss: all.total_loss,
            net_profit_long: long.net_profit(),
            net_profit_short: short.net_profit(),
            profit_factor: all.profit_factor(),
            payoff_ratio: all.payoff_ratio(),
            expectancy: all.expectancy(),
            expectancy_ratio: odds.map(|(win_rate, payoff)| expectancy_ratio(win_rate, payoff)),
            average_trade_return: mean(&returns),
            best_trade_return: returns.iter().copied().reduce(f64::max),
            worst_trade_return: returns.iter().copied().reduce(f64::min),
            average_win: all.average_win(),
            average_loss: all.average_loss(),
            largest_win: all.largest_win(),
            largest_loss: all.largest_loss(),
            max_consecutive_wins: longest_streak(trades, Outcome::Win),
            max_consecutive_losses: longest_streak(trades, Outcome::Loss),
            system_quality_number: system_quality_number(&net_pnl),
            kelly_fraction: odds.and_then(|(win_rate, payoff)| kelly_fraction(win_rate, payoff)),
        }
    }
}
