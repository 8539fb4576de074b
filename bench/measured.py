"""A measured run, as the benches of the whole chain and of case-finding share it."""

import os
import subprocess
import sys
import time
from pathlib import Path


def measured(command, log):
    """Runs a command; gives seconds by the clock, seconds of CPU, peak memory in megabytes."""
    with open(log, "wb") as out:
        began = time.monotonic()
        child = subprocess.Popen([str(part) for part in command], stdin=subprocess.DEVNULL, stdout=out, stderr=out)
        _, status, usage = os.wait4(child.pid, 0)
        clock = time.monotonic() - began
    if os.waitstatus_to_exitcode(status) != 0:
        sys.exit(f"failed: {' '.join(map(str, command))}\n{Path(log).read_text(errors='replace')[-2000:]}")
    scale = 1 << 20 if sys.platform == "darwin" else 1 << 10
    return {"clock": clock, "cpu": usage.ru_utime + usage.ru_stime, "memory": usage.ru_maxrss / scale}
