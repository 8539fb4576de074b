"""The invented nation that the benches of the whole chain and of the cluster run."""

import argparse
import shutil
import subprocess
from pathlib import Path


def questions(about, primaries):
    """What may be asked of every bench that runs a nation: of which size it is, and in how much memory."""
    arguments = argparse.ArgumentParser(description=about)
    arguments.add_argument("program", type=Path)
    arguments.add_argument("--primaries", type=int, default=primaries)
    arguments.add_argument("--admissions-rows", type=int, default=0)
    arguments.add_argument("--seed", type=int, default=7)
    arguments.add_argument("--memory", default="2GB")
    return arguments


def nation(program, options, folder):
    """Makes it below a folder, once for each size and seed; gives its place."""
    study = folder / f"nation-{options.primaries}-{options.admissions_rows}-{options.seed}"
    if not (study / "made").exists():
        shutil.rmtree(study, ignore_errors=True)
        study.parent.mkdir(parents=True, exist_ok=True)
        rows = ["--admissions-rows", options.admissions_rows] if options.admissions_rows else []
        command = [program, "simulate", study, "--primaries", options.primaries, "--seed", options.seed, *rows]
        subprocess.run([str(part) for part in command], check=True, stdin=subprocess.DEVNULL)
        (study / "made").write_text("whole\n")
    return study


def fresh(study):
    """As if the study had never been run."""
    for folder in ("out", "state"):
        shutil.rmtree(study / folder, ignore_errors=True)
