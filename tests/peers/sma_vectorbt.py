"""SMA 20/50 crossover in vectorbt; its numbers are the literals of `tests/it/vectorbt.rs`.

python -m venv venv && venv/bin/pip install -r requirements.txt && venv/bin/python sma_vectorbt.py
"""

import numpy as np
import vectorbt as vbt

from bars import crossover, random_walk

SEED, ROWS = 7, 3_000

data = random_walk(SEED, ROWS)
long = crossover(data["Close"])
before = long.shift(1, fill_value=False)
# Decided on a close, carried out at the next open.
entries = (long & ~before).shift(1, fill_value=False)
exits = (~long & before).shift(1, fill_value=False)

portfolio = vbt.Portfolio.from_signals(
    data["Close"],
    entries,
    exits,
    price=data["Open"],
    size=np.inf,
    fees=0.001,
    slippage=0.0005,
    init_cash=10_000.0,
    direction="longonly",
    freq="1h",
)
orders = portfolio.orders.records
print("vectorbt", vbt.__version__)
for name, value in [
    ("fills", len(orders)),
    ("round trips", portfolio.trades.closed.count()),
    ("fees", orders["fees"].sum()),
    ("equity at the end", portfolio.value().iloc[-1]),
    ("equity in the middle", portfolio.value().iloc[ROWS // 2]),
    ("largest drawdown", portfolio.max_drawdown()),
]:
    print(f"{name}: {value!r}")
for place in [0, 1, len(orders) - 1]:
    order = orders.iloc[place]
    print(f"fill {place}: row {order['idx']}, price {order['price']!r}, quantity {order['size']!r}")
