"""A cluster on this machine, as the benches that need one share it. Linux: what each process has used is read from /proc."""

import os
import re
import secrets
import subprocess
import sys
import tempfile
from contextlib import contextmanager
from pathlib import Path

TICK = os.sysconf("SC_CLK_TCK")


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


@contextmanager
def cluster(program, executors, memory):
    """A scheduler and so many executors of one thread each, started for a run and ended after it: (processes, token)."""
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        token = folder / "token"
        token.touch(mode=0o600)
        token.write_text(secrets.token_hex(32))
        listen = ["--port", "0", "--token", token]
        processes = [Listening([program, "cluster", "scheduler", *listen], folder / "scheduler.log")]
        try:
            for number in range(executors):
                processes.append(Listening(
                    [program, "cluster", "executor", "--scheduler", processes[0].address, "--work", folder / "work",
                     "--threads", "1", "--memory", memory, *listen],
                    folder / f"executor-{number}.log"))
            yield processes, token
        finally:
            for process in reversed(processes):
                process.end()
