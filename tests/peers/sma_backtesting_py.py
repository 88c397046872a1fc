"""SMA 20/50 crossover in backtesting.py, half of equity in whole units; its numbers are the literals of
`tests/it/vectorbt.rs`.

python -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python sma_backtesting_py.py
"""

import backtesting
from backtesting import Backtest, Strategy

from bars import crossover, random_walk

SEED, ROWS = 7, 3_000


class SmaCrossover(Strategy):
    def init(self):
        self.long = crossover(self.data.Close.s)

    def next(self):
        long = bool(self.long.iloc[len(self.data) - 1])
        if long and not self.position:
            self.buy(size=0.5)
        elif not long and self.position:
            self.position.close()


if __name__ == "__main__":
    data = random_walk(SEED, ROWS)
    backtest = Backtest(data, SmaCrossover, cash=10_000, commission=0.001, spread=0.0)
    result = backtest.run()
    trades = result["_trades"]
    equity = result["_equity_curve"]["Equity"]
    print("backtesting.py", backtesting.__version__)
    for name, value in [
        ("round trips", len(trades)),
        ("fees", trades["Commission"].sum()),
        ("equity at the end", equity.iloc[-1]),
        ("quantity in all", trades["Size"].sum()),
    ]:
        print(f"{name}: {value!r}")
    for place in [0, len(trades) - 1]:
        trade = trades.iloc[place]
        print(
            f"trade {place}: rows {trade['EntryBar']} to {trade['ExitBar']}, {trade['Size']} "
            f"from {trade['EntryPrice']!r} to {trade['ExitPrice']!r}"
        )
