"""What the benches of linkage share: the invented table, a measured run, and the peer's Python."""

import os
import shutil
import subprocess
import sys
import time
from pathlib import Path

HERE = Path(__file__).resolve().parent
OUT = HERE.parent / "out" / "linkage"
LOCK = HERE / "requirements.txt"


def table(program, options):
    """The invented table that everything is measured on; made once for each size and seed."""
    folder = OUT / f"people-{options.records}-{options.seed}"
    if not (folder / "made").exists():
        shutil.rmtree(folder, ignore_errors=True)
        command = [program, "simulate", folder, "--person-table", options.records, "--seed", options.seed]
        subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)
        (folder / "made").write_text("whole\n")
    return folder


def measured(command, log):
    """Runs a command; gives its last line, and seconds by the clock, seconds of CPU, peak memory in megabytes."""
    with open(log, "wb") as errors:
        began = time.monotonic()
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
                                 stderr=errors)
        said = child.stdout.read().decode(errors="replace")
        _, status, usage = os.wait4(child.pid, 0)
        clock = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{said}{Path(log).read_text(errors='replace')[-2000:]}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    last = (said.strip().splitlines() or [""])[-1]
    return last, {"clock": clock, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / scale}


def peer():
    """A Python that has the peer, in the versions of the lock file; made anew when that changes."""
    folder = OUT / "peer"
    python, made = folder / "bin" / "python", folder / "requirements.txt"
    if not made.exists() or made.read_text() != LOCK.read_text():
        subprocess.run([sys.executable, "-m", "venv", "--clear", folder], check=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check", "--require-hashes",
                        "--requirement", LOCK], check=True)
        made.write_text(LOCK.read_text())
    return python


def versions():
    """Peer and engine as the lock file has them."""
    lines = [line.split() for line in LOCK.read_text().splitlines()]
    return [line[0] for line in lines if line and line[0].startswith(("splink==", "duckdb=="))]
