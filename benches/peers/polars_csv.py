"""Reads the same price file with polars and with ct-host, in turns, and prints the ratio.

    pip install polars==2.1.0
    cargo build --release --package ct-host-cli
    python benches/peers/polars_csv.py [ROWS]

Of each, first what it says of itself: ct-host's figure is `timing.load_ms` of a backtest with `--json`, which is reading and
checking the file; polars' is `read_csv` alone. Then the whole process, which for ct-host is a backtest with its report.
"""

import json
import pathlib
import random
import subprocess
import sys
import tempfile
import time

import polars

ROWS = int(sys.argv[1]) if len(sys.argv) > 1 else 2_600_000
REPEATS = 7
PROGRAM = pathlib.Path(__file__).resolve().parents[2] / "target/release/ct-host"


def write(path: pathlib.Path) -> None:
    random.seed(7)
    price = 20_000.0
    with path.open("w") as file:
        file.write("timestamp,open,high,low,close,volume\n")
        for row in range(ROWS):
            start = price
            price = max(1.0, price * (1 + random.uniform(-0.001, 0.001)))
            high, low = max(start, price) * 1.0005, min(start, price) * 0.9995
            stamp = 1_577_836_800_000 + row * 60_000
            file.write(f"{stamp},{start:.2f},{high:.2f},{low:.2f},{price:.2f},{random.random() * 100:.5f}\n")


def ours(path: pathlib.Path) -> float:
    command = [str(PROGRAM), "backtest", "--data", str(path), "--json", "--quiet"]
    result = subprocess.run(command, check=True, capture_output=True)
    return json.loads(result.stdout)["timing"]["load_ms"]


def theirs(path: pathlib.Path) -> float:
    start = time.perf_counter()
    polars.read_csv(path)
    return (time.perf_counter() - start) * 1e3


def our_process(path: pathlib.Path) -> float:
    return process([str(PROGRAM), "backtest", "--data", str(path), "--quiet"])


def their_process(path: pathlib.Path) -> float:
    return process([sys.executable, "-c", f"import polars; polars.read_csv({str(path)!r})"])


def process(command: list[str]) -> float:
    start = time.perf_counter()
    subprocess.run(command, check=True, capture_output=True)
    return (time.perf_counter() - start) * 1e3


with tempfile.TemporaryDirectory() as folder:
    path = pathlib.Path(folder) / "BTCUSDT_1m.csv"
    write(path)
    for what, one, other in [("reading", ours, theirs), ("process", our_process, their_process)]:
        pairs = [(one(path), other(path)) for _ in range(REPEATS)]
        best = min(pair[0] for pair in pairs), min(pair[1] for pair in pairs)
        print(f"{what}: ct-host {best[0]:.0f} ms, polars {best[1]:.0f} ms: {best[1] / best[0]:.2f} of polars' speed")
