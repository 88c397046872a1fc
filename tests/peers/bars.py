"""The bars of `ct_tests::bars::random_walk`, repeated in Python to the last bit."""

import pandas as pd

MASK = (1 << 64) - 1


class SplitMix64:
    def __init__(self, seed):
        self.state = seed

    def next_bits(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        bits = self.state
        bits = ((bits ^ (bits >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        bits = ((bits ^ (bits >> 27)) * 0x94D049BB133111EB) & MASK
        return bits ^ (bits >> 31)

    def unit(self):
        return (self.next_bits() >> 11) / (1 << 53)


def random_walk(seed, rows, interval_ms=3_600_000):
    random = SplitMix64(seed)
    times, bars = [], []
    price, place = 100.0, -1
    while len(bars) < rows:
        place += 1
        if random.unit() < 0.02:
            continue
        jump = 0.1 if random.unit() < 0.01 else 0.01
        first = price * (1.0 + 0.002 * (random.unit() - 0.5))
        last = min(max(first * (1.0 + jump * (random.unit() - 0.5)), 1.0), 10_000.0)
        high = max(first, last) * (1.0 + 0.3 * jump * random.unit())
        low = min(first, last) * (1.0 - 0.3 * jump * random.unit())
        volume = float(int(1_000.0 * random.unit()))
        times.append(place * interval_ms)
        bars.append((first, high, low, last, volume))
        price = last
    index = pd.to_datetime(times, unit="ms", utc=True)
    return pd.DataFrame(bars, index=index, columns=["Open", "High", "Low", "Close", "Volume"])


def crossover(close, fast=20, slow=50):
    """True on the closes after which the strategy wants to be long."""
    return close.rolling(fast).mean() > close.rolling(slow).mean()
