"""Measures the stage beside DuckDB and Polars on invented records of hospital care, in turn, and prints ratios.

    python3 bench/events/bench.py EVENTS COUNTED --rows 10000000

EVENTS is the example `events` of the crate casefind, COUNTED the program itself. What is measured and what it does not say: bench/events/README.md.
The peers are installed into a folder beside the records from PyPI, in the versions of requirements.txt. Records and
answers lie below --folder, which is made and can be thrown away afterwards.
"""

import argparse
import filecmp
import json
import os
import platform
import shutil
import statistics
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from measured import measured  # noqa: E402
from records import records  # noqa: E402
ANSWERS = ("first.csv", "cases.csv", "counts.csv", "living.csv")
THREADS = 2



def peer(folder):
    """A Python that has the peers; made once."""
    python = folder / "peer" / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", folder / "peer"], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--requirement",
                        HERE / "requirements.txt"], check=True)
    return python


# What an analyst types, and then the answers from the two lists that come of it.
FIND = '"$0" find "$1"/*/*.parquet --as-of 2023-12-31 --memory "$2" --threads "$3" --output "$4"/found.csv ' \
       '--evidence "$4"/evidence.csv && "$5" answers "$4"'


def ways(program, counted, python, place, memory):
    """How each way is called; each writes its answers into the folder it is given."""
    raw, bodies = place / "raw", place / "bodies.csv"
    find_bound = f"{(memory or 2_000_000_000) >> 20}MB"
    bound = memory or 2_000_000_000
    peer_bound = f"{memory // 1_000_000}MB" if memory else "0"
    return {
        "DuckDB, raw files": lambda out: [python, HERE / "question.py", raw, bodies, out, peer_bound, THREADS],
        "Polars, raw files": lambda out: [python, HERE / "question_polars.py", raw, bodies, out, THREADS],
        "counted find, raw files": lambda out: ["sh", "-c", FIND, counted, raw, find_bound, THREADS, out, program],
        "the stage, canonical tables": lambda out: [program, "find", place, out, bound, THREADS],
        "floor: decoding, raw files": lambda _: [program, "floor", place, "raw"],
        "floor: decoding, canonical tables": lambda _: [program, "floor", place, "canonical"],
        "floor: decoding, excerpt of admissions": lambda _: [program, "floor", place, "excerpt"],
    }


def differing(folder, names):
    """The answers that are not those of the first way."""
    base, *others = names
    return [f"{other}: {answer}" for other in others for answer in ANSWERS
            if not filecmp.cmp(folder / base / answer, folder / other / answer, shallow=False)]


def asked():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("program", type=Path, metavar="EVENTS")
    arguments.add_argument("counted", type=Path, metavar="COUNTED")
    arguments.add_argument("--rows", type=int, default=10_000_000)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--memory", type=int, default=0, help="bytes that every way may hold; 0 for no bound")
    arguments.add_argument("--folder", type=Path, default=HERE.parent / "out" / "events")
    arguments.add_argument("--only", help="ways whose name holds this")
    return arguments.parse_args()


def main():
    options = asked()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    program, counted, python = options.program.resolve(), options.counted.resolve(), peer(folder)
    place = records(program, folder, options.rows, options.seed)
    sides = ways(program, counted, python, place, options.memory)
    if options.only:
        sides = {name: way for name, way in sides.items() if options.only in name}
    runs = {name: [] for name in sides}
    for _ in range(options.times):  # in turn, so that a busy moment strikes all
        for name, command in sides.items():
            out = folder / "answers" / name
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            runs[name].append(measured(command(out), folder / "run.log"))
            print(f"{name}: {runs[name][-1]}", file=sys.stderr, flush=True)
    middle = {name: {key: statistics.median(run[key] for run in all_runs) for key in all_runs[0]}
              for name, all_runs in runs.items()}
    base = middle.get("DuckDB, raw files")
    print(f"{options.rows:,} rows; median of {options.times}; {THREADS} threads on {os.cpu_count()} cores")
    print(f"{'':<36}{'clock s':>9}{'CPU s':>9}{'peak MB':>9}{'CPU ratio':>11}")
    for name, run in middle.items():
        ratio = f"{run['cpu'] / base['cpu']:>11.3f}" if base else ""
        print(f"{name:<36}{run['clock']:>9.1f}{run['cpu']:>9.1f}{run['memory']:>9.0f}{ratio}")
    different = differing(folder / "answers", [name for name in sides if not name.startswith("floor")])
    print("answers: " + ("; ".join(different) + " DIFFER" if different else "all equal"))
    results = {"rows": options.rows, "seed": options.seed, "memory": options.memory, "runs": runs,
               "machine": platform.platform(), "cores": os.cpu_count(), "equal": not different,
               "made": json.loads((place / "made.json").read_text())}
    (folder / f"results-{options.rows}-{options.memory}.json").write_text(json.dumps(results, indent=1) + "\n")
    sys.exit(1 if different else 0)


main()
