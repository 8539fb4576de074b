"""Measures what a cluster costs: the same study on one thread and two, and with 1, 2 and 4 executors on this machine.

On one machine executors share its cores, so what is seen is overhead, not speed-up: README.md says how to read it. Only
Python's own library is needed, and Linux, for what each process has used is read from /proc.
"""

import hashlib
import os
import platform
import re
import secrets
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

BENCH = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(BENCH))
from invented import fresh, nation, questions  # noqa: E402

OUT = BENCH / "out" / "cluster"
TICK = os.sysconf("SC_CLK_TCK")
# The stage that travels, by the lines that are printed when it begins and when the next one does.
BEGINS, ENDS = "Finding people", "Counting"


def cpu(pid):
    """Seconds of CPU that a process has used, those of its ended children too."""
    fields = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
    return sum(int(field) for field in fields[11:15]) / TICK


def peak(pid):
    """The most memory that a process has held, in megabytes."""
    status = Path(f"/proc/{pid}/status").read_text()
    return int(re.search(r"VmHWM:\s+(\d+) kB", status).group(1)) / 1024


class Listening:
    """A scheduler or an executor; it says on its first line where it listens."""

    def __init__(self, command, log):
        self.log = open(log, "wb")
        self.process = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL,
                                        stdout=subprocess.PIPE, stderr=self.log, text=True)
        said = self.process.stdout.readline()
        found = re.search(r" listens on ([^,\s]+)", said)
        if not found:
            self.end()
            sys.exit(f"it does not start: {said}{Path(log).read_text(errors='replace')[-2000:]}")
        self.address = found.group(1)

    @property
    def pid(self):
        return self.process.pid

    def end(self):
        self.process.terminate()
        self.process.wait(timeout=60)
        self.log.close()


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
    """The run with so many executors, each of one thread, started for it and ended after it."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        token = folder / "token"
        token.touch(mode=0o600)
        token.write_text(secrets.token_hex(32))
        listen = ["--port", "0", "--token", token]
        cluster = [Listening([program, "cluster", "scheduler", *listen], folder / "scheduler.log")]
        try:
            for number in range(executors):
                cluster.append(Listening(
                    [program, "cluster", "executor", "--scheduler", cluster[0].address, "--work", folder / "work",
                     "--threads", "1", "--memory", options.executor_memory, *listen],
                    folder / f"executor-{number}.log"))
            fresh(study)
            return run([*command, "--cluster", cluster[0].address, "--cluster-token", token], cluster)
        finally:
            for process in reversed(cluster):
                process.end()


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
