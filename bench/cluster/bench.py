"""Measures what a cluster costs: the same study on one thread and two, and with 1, 2 and 4 executors on this machine.

On one machine executors share its cores, so what is seen is overhead, not speed-up: README.md says how to read it. Only
Python's own library is needed, and Linux, for what each process has used is read from /proc.
"""

import hashlib
import os
import platform
import subprocess
import sys
import threading
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))
from invented import fresh, nation, questions  # noqa: E402
from on_cluster import cluster, cpu, peak  # noqa: E402

OUT = BENCH / "out" / "cluster"
# The stage that travels, by the lines that are printed when it begins and when the next one does.
BEGINS, ENDS = "Finding people", "Counting"


def run(command, others):
    """Runs a command; gives the clock and the CPU of the stage that travels, and of all, and peak memory."""
    marks = {}
    pids = [other.pid for other in others]

    def mark(name):
        marks[name] = (time.monotonic(), sum(cpu(pid) for pid in [child.pid, *pids]))

    child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                             stderr=subprocess.STDOUT, text=True)
    said, highest, over = [], [0.0], threading.Event()

    def watch():
        while not over.wait(0.05):
            try:
                highest[0] = max(highest[0], peak(child.pid))
            except (OSError, AttributeError):  # it has just ended
                return

    mark("start")
    watcher = threading.Thread(target=watch)
    watcher.start()
    for line in child.stdout:
        said.append(line)
        for name in (BEGINS, ENDS):
            if line.startswith(name):
                mark(name)
    of_cluster = sum(cpu(pid) for pid in pids)
    _, status, usage = os.wait4(child.pid, 0)
    child.returncode = os.waitstatus_to_exitcode(status)
    over.set()
    watcher.join()
    if child.returncode != 0 or ENDS not in marks:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{''.join(said)[-2000:]}")
    (began, at_start), (first, at_first), (last, at_last) = (marks[name] for name in ("start", BEGINS, ENDS))
    return {
        "stage clock": last - first,
        "stage CPU": at_last - at_first,
        "clock": time.monotonic() - began,
        "CPU": usage.ru_utime + usage.ru_stime + of_cluster - at_start,
        "run MB": highest[0],
        "executor MB": max((peak(pid) for pid in pids[1:]), default=0.0),
    }


def digest(study):
    """One number for every byte that came out."""
    total = hashlib.sha256()
    for path in sorted((study / "out").rglob("*")):
        if path.is_file():
            total.update(f"{path.relative_to(study)}\0".encode())
            total.update(hashlib.sha256(path.read_bytes()).digest())
    return total.hexdigest()


def on_cluster(program, study, executors, options, command):
    """The run with so many executors."""
    with cluster(program, executors, options.executor_memory) as (processes, token):
        fresh(study)
        return run([*command, "--cluster", processes[0].address, "--cluster-token", token], processes)


def main():
    arguments = questions(__doc__, primaries=50_000)
    arguments.add_argument("--executor-memory", default="512MB")
    options = arguments.parse_args()
    program = options.program.resolve()
    study = nation(program, options, OUT)
    command = [program, "run", study, "--memory", options.memory]

    ways, digests = {}, {}
    for threads in (1, 2):
        fresh(study)
        name = f"embedded, {threads} thread{'s' if threads > 1 else ''}"
        ways[name] = run([*command, "--threads", threads], [])
        digests[name] = digest(study)
    for executors in (1, 2, 4):
        name = f"cluster, {executors} executor{'s' if executors > 1 else ''}"
        ways[name] = on_cluster(program, study, executors, options, command)
        digests[name] = digest(study)

    base = ways["embedded, 2 threads"]
    print(f"\n{study.name}, {platform.system()} {platform.machine()}, {os.cpu_count()} cores; as ratios to the second row\n")
    print("| | finding people: clock | finding people: CPU | whole run: clock | whole run: CPU | peak MB, run | peak MB, "
          "largest executor |\n|---|---|---|---|---|---|---|")
    for name, way in ways.items():
        ratios = " | ".join(f"{way[key] / base[key]:.2f}" for key in ("stage clock", "stage CPU", "clock", "CPU"))
        executor = f"{way['executor MB']:.0f}" if way["executor MB"] else ""
        print(f"| {name} | {ratios} | {way['run MB']:.0f} | {executor} |")
    print(f"\nfinding people, embedded on two threads: {base['stage CPU']:.1f} CPU s; the whole: {base['CPU']:.1f}")
    if len(set(digests.values())) != 1:
        sys.exit(f"NOT the same bytes: {digests}")
    print("all the same bytes")


main()
