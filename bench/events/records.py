"""The invented records of hospital care, as both benches of case-finding share them."""

import json
import shutil

from measured import measured


def records(program, folder, rows, seed):
    """The invented records; made once for each size and seed. Gives their folder and what it cost to make them."""
    place = folder / f"records-{rows}-{seed}"
    if not (place / "made.json").exists():
        shutil.rmtree(place, ignore_errors=True)
        place.mkdir(parents=True)
        cost = measured([program, "make", place, rows, seed], folder / "make.log")
        (place / "made.json").write_text(json.dumps(cost))
    return place
