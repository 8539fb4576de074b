"""How the stage grows: time and memory by rows, by threads, and by executors of a cluster on this machine.

    python3 bench/events/growth.py EVENTS EVENTS_ON_CLUSTER COUNTED --rows 10000000 30000000

EVENTS and EVENTS_ON_CLUSTER are examples of the crates casefind and cluster, COUNTED the program itself, which is scheduler and
executor. All answers of one size are compared; a difference ends the bench. What it says: bench/events/README.md.
"""

import argparse
import filecmp
import os
import shutil
import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent))
from measured import measured  # noqa: E402
from on_cluster import cluster, cpu, peak  # noqa: E402
from records import records  # noqa: E402

ANSWERS = ("first.csv", "cases.csv", "counts.csv", "living.csv")


def embedded(options, place, out, threads):
    """In one process."""
    return measured([options.events, "find", place, out, options.memory, threads], out / "run.log")


def on_cluster(options, place, out, executors):
    """With so many executors; CPU is that of all processes together, memory that of the largest executor beside the run's."""
    memory = f"{options.executor_memory >> 20}MB"
    with cluster(options.counted, executors, memory) as (processes, token):
        before = sum(cpu(process.pid) for process in processes)
        run = measured([options.on_cluster, place, out, options.memory, processes[0].address, token, options.counted],
                       out / "run.log")
        run["cpu"] += sum(cpu(process.pid) for process in processes) - before
        run["executor"] = max(peak(process.pid) for process in processes[1:])
    return run


def asked():
    arguments = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    arguments.add_argument("events", type=Path, metavar="EVENTS")
    arguments.add_argument("on_cluster", type=Path, metavar="EVENTS_ON_CLUSTER")
    arguments.add_argument("counted", type=Path, metavar="COUNTED")
    arguments.add_argument("--rows", type=int, nargs="+", default=[10_000_000, 30_000_000])
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--memory", type=int, default=2_000_000_000, help="bytes that the run may hold")
    arguments.add_argument("--executor-memory", type=int, default=1 << 29, help="bytes that each executor may hold")
    arguments.add_argument("--folder", type=Path, default=HERE.parent / "out" / "events")
    return arguments.parse_args()


def main():
    options = asked()
    folder = options.folder.resolve()
    folder.mkdir(parents=True, exist_ok=True)
    print(f"{os.cpu_count()} cores; each size once\n")
    print("| rows | way | clock s | CPU s | peak MB | peak MB, largest executor |\n|---|---|---|---|---|---|", flush=True)
    for rows in options.rows:
        place = records(options.events.resolve(), folder, rows, options.seed)
        first = None
        ways = [(f"{threads} thread{'s' * (threads > 1)}", embedded, threads) for threads in (1, 2)]
        ways += [(f"{many} executor{'s' * (many > 1)}", on_cluster, many) for many in (1, 2, 4)]
        for name, way, many in ways:
            out = folder / "answers" / name
            shutil.rmtree(out, ignore_errors=True)
            out.mkdir(parents=True)
            run = way(options, place, out, many)
            executor = f"{run['executor']:.0f}" if "executor" in run else ""
            print(f"| {rows:,} | {name} | {run['clock']:.1f} | {run['cpu']:.1f} | {run['memory']:.0f} | {executor} |", flush=True)
            first = first or out
            if not all(filecmp.cmp(first / answer, out / answer, shallow=False) for answer in ANSWERS):
                sys.exit(f"NOT the same answers: {name}")
    print("\nall the same answers")


main()
