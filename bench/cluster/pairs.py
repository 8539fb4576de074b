"""Measures what scoring pairs on a cluster costs: `counted link` here, and with 1 and 2 executors on this machine.

Called by `make bench BENCH=cluster-pairs`. As beside it, what is seen is overhead, not speed-up: README.md says how to
read it.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path[:0] = [str(BENCH / "linkage"), str(BENCH)]
from measure import measured, table  # noqa: E402
from on_cluster import cluster, cpu, peak  # noqa: E402

OUT = BENCH / "out" / "cluster-pairs"


def call(program, people, blocking):
    """What every call begins with."""
    return [program, "link", people, "--id", "id", "--settings", BENCH / "linkage" / f"{blocking}.toml"]


def planned(program, people, blocking):
    """How many pairs the rules propose."""
    command = [*map(str, call(program, people, blocking)), "--plan", "--format", "json"]
    done = subprocess.run(command, check=True, stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdout=subprocess.PIPE)
    return json.loads(done.stdout)["plan"]["pairs"]


def link(program, people, blocking, name, cluster_of=()):
    """One run; gives what it used, and the bytes of its two files."""
    files = [OUT / f"{name}.csv", OUT / f"{name}-pairs.csv"]
    _, run = measured([*call(program, people, blocking), "--output", files[0], "--pairs", files[1], "--threads", 2,
                       *cluster_of], OUT / "run.log")
    return run, [file.read_bytes() for file in files]


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path)
    arguments.add_argument("--records", type=int, default=1_000_000)
    arguments.add_argument("--seed", type=int, default=1)
    arguments.add_argument("--blocking", nargs="*", default=["narrow", "wide", "vast"])
    arguments.add_argument("--executor-memory", default="2GB")
    options = arguments.parse_args()
    program = options.program.resolve()
    OUT.mkdir(parents=True, exist_ok=True)
    people = table(program, options) / "people.csv"
    print(f"{options.records} records, {platform.system()} {platform.machine()}, {os.cpu_count()} cores; as ratios to the "
          "first row of each\n")
    print("| blocking | pairs | | clock | CPU, all | CPU, whoever asks | peak MB, whoever asks | peak MB, largest executor |")
    print("|---|---|---|---|---|---|---|---|")
    for blocking in options.blocking:
        pairs = planned(program, people, blocking)
        here, wanted = link(program, people, blocking, "here")
        print(f"| {blocking} | {pairs:,} | two threads | 1.00 | 1.00 | 1.00 | {here['memory']:.0f} | |")
        for executors in (1, 2):
            with cluster(program, executors, options.executor_memory) as (processes, token):
                before = sum(cpu(process.pid) for process in processes)
                address = ["--cluster", processes[0].address, "--cluster-token", token]
                there, found = link(program, people, blocking, "there", address)
                others = sum(cpu(process.pid) for process in processes) - before
                largest = max(peak(process.pid) for process in processes[1:])
            if found != wanted:
                sys.exit(f"NOT the same bytes: {blocking}, {executors} executors")
            ratios = [there["clock"] / here["clock"], (there["cpu"] + others) / here["cpu"], there["cpu"] / here["cpu"]]
            words = f"{executors} executor{'s' if executors > 1 else ''}"
            print(f"| | | {words} | {' | '.join(f'{ratio:.2f}' for ratio in ratios)} | {there['memory']:.0f} | {largest:.0f} |")
    print("\nall the same bytes")


main()
