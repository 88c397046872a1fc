//! Breakers that make no sense.

use super::Problems;
use ct_core::risk::{BreakerSettings, LossBreaker, Rearm};

impl Problems {
    pub(super) fn breakers(&mut self, breakers: &BreakerSettings) {
        let periodic =
            [("daily_loss", &breakers.daily_loss), ("weekly_loss", &breakers.weekly_loss)];
        for (name, levels) in periodic {
            self.levels(&format!("risk.breakers.{name}"), levels);
        }
        let standing = [
            ("portfolio_stop", breakers.portfolio_stop.as_slice()),
            ("drawdown", breakers.drawdown.as_slice()),
        ];
        for (name, levels) in standing {
            let path = format!("risk.breakers.{name}");
            self.levels(&path, levels);
            for (place, level) in levels.iter().enumerate() {
                if level.rearm == Rearm::NextPeriod {
                    let expected =
                        "manual or a time such as 7d: this loss is not counted by day or week";
                    self.add(
                        &format!("{}.rearm", level_path(&path, place)),
                        &level.rearm,
                        expected,
                    );
                }
            }
        }
        if let Some(streak) = breakers.losing_streak {
            let (path, losses) = ("risk.breakers.losing_streak.losses", streak.losses);
            self.unless(losses > 0, path, &losses, "a number of trades, 1 or more");
        }
    }

    fn levels(&mut self, path: &str, levels: &[LossBreaker]) {
        let mut before = 0.0;
        for (place, level) in levels.iter().enumerate() {
            let path = level_path(path, place);
            let loss = level.loss.to_fraction();
            let holds = loss > before && loss < 1.0;
            let expected = format!("a share above {before} and below 1; levels ascend");
            self.unless(holds, &format!("{path}.loss"), &loss, &expected);
            before = loss;
            self.share(&format!("{path}.reduce_to"), level.reduce_to);
        }
    }
}

/// The path of a breaker's level; the portfolio's stop has only one.
fn level_path(path: &str, place: usize) -> String {
    if path.ends_with("portfolio_stop") { path.to_owned() } else { format!("{path}.{place}") }
}
