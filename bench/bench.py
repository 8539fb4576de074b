"""Measures the program beside a peer, in turn, on this machine, and prints ratios. Called by `make bench`.

What is measured and what it does not say: bench/README.md. Only Python's own library is needed here; the peer is
installed into bench/out/peer from PyPI.
"""

import json
import os
import platform
import statistics
import subprocess
import sys
from pathlib import Path

from invented import fresh, nation, questions
from measured import measured

HERE = Path(__file__).resolve().parent
OUT = HERE / "out"
DUCKDB = "duckdb==2.0.0"


def middle(runs):
    """The median of each measure."""
    return {key: statistics.median(run[key] for run in runs) for key in runs[0]}


def peer():
    """The Python that has the peer."""
    python = OUT / "peer" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", OUT / "peer"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", DUCKDB], check=True)
    return python


def said(command):
    """What a command prints."""
    done = subprocess.run([str(part) for part in command], check=True, text=True, stdin=subprocess.DEVNULL,
                          capture_output=True)
    return done.stdout.strip()


def line(name, run, base=None):
    ratio = f"{run['cpu'] / base['cpu']:>10.2f}" if base else " " * 10
    print(f"{name:<34}{run['clock']:>9.1f}{run['cpu']:>9.1f}{run['memory']:>10.0f}{ratio}")


def main():
    arguments = questions(__doc__, primaries=20_000)
    arguments.add_argument("--times", type=int, default=3)
    options = arguments.parse_args()
    program = options.program.resolve()

    OUT.mkdir(exist_ok=True)
    study = nation(program, options, OUT)
    python = peer()
    megabytes = sum(f.stat().st_size for kind in study.iterdir() if kind.is_dir() for f in kind.rglob("*")
                    if f.is_file() and kind.name not in ("out", "state", "truth")) / 1e6
    run = [program, "run", study, "--memory", options.memory]
    sql = [python, HERE / "one_page.py", study]

    cold, peers = [], []
    for _ in range(options.times):  # in turn, so that a busy moment strikes both
        fresh(study)
        cold.append(measured(run, OUT / "run.log"))
        peers.append(measured(sql, OUT / "one_page.log"))
    again = [measured(run, OUT / "again.log") for _ in range(options.times)]

    print(f"\n{study.name}: {megabytes:.0f} MB of files; median of {options.times}; {os.cpu_count()} cores\n")
    print(f"{'':<34}{'clock s':>9}{'CPU s':>9}{'peak MB':>10}{'CPU ratio':>10}")
    line("one page of SQL (DuckDB, no COSD)", middle(peers))
    line("counted run, the whole chain", middle(cold), middle(peers))
    line("counted run, nothing changed", middle(again), middle(peers))
    print("\nHow right each is, by the truth of the invented nation:")
    print(said([*sql, "--score"]).replace("\n", ": ", 1))
    print(said([program, "evaluate", study, "--truth", study / "truth"]))
    results = {"nation": study.name, "megabytes": megabytes, "peer": DUCKDB, "machine": platform.platform(),
               "cores": os.cpu_count(), "cold": cold, "again": again, "one_page": peers}
    (OUT / "results.json").write_text(json.dumps(results, indent=1) + "\n")
    print(f"\nall measures: {OUT / 'results.json'}")


main()
