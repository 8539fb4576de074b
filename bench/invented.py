"""The invented nation that the benches of the whole chain and of the cluster run."""

import shutil
import subprocess


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
