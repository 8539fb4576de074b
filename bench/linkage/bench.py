"""Measures `counted link` beside Splink 5 on an invented person table, in turn, and prints ratios.

Called by `make bench BENCH=linkage`. What is measured and what it does not say: bench/linkage/README.md. The peer
is installed into bench/out/linkage/peer from PyPI, in the versions of requirements.txt.
"""

import argparse
import json
import os
import platform
import statistics
import subprocess
from pathlib import Path

from measure import HERE, OUT, measured, peer, table, versions

THREADS = 2


def ours(program, folder, settings):
    """One run of our program, from file to files, as a whole process."""
    pairs, clusters = OUT / "ours-pairs.csv", OUT / "ours-people.csv"
    _, run = measured([program, "link", folder / "people.csv", "--id", "id", "--settings", settings, "--output",
                       clusters, "--pairs", pairs, "--threads", THREADS], OUT / "ours.log")
    return run, pairs, clusters


def splink(python, folder, settings):
    """One run of the peer; its seconds leave out Python's imports, its memory cannot."""
    pairs, clusters = OUT / "splink-pairs.csv", OUT / "splink-people.csv"
    said, run = measured([python, HERE / "splink_link.py", folder / "people.csv", settings, pairs, clusters],
                         OUT / "splink.log")
    said = json.loads(said)
    imports = said["steps"].pop("imports")
    run = {"clock": run["clock"] - imports["clock"], "cpu": run["cpu"] - imports["cpu"], "memory": run["memory"],
           "clock_with_imports": run["clock"], "cpu_with_imports": run["cpu"], **said}
    return run, pairs, clusters


def scored(python, folder, pairs, clusters):
    """How right pairs and clusters are."""
    done = subprocess.run([python, HERE / "score.py", folder / "truth.csv", pairs, clusters], check=True, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True)
    return json.loads(done.stdout)


def middle(runs):
    """The median of each measure."""
    return {key: statistics.median(run[key] for run in runs) for key, value in runs[0].items()
            if isinstance(value, float)}


def show_cost(results):
    """Cost of each side, and ours as parts of the peer's."""
    print(f"\n{'':<12}{'clock s':>10}{'CPU s':>10}{'peak MB':>10}{'best F1':>10}{'clusters F1':>13}")
    for name, side in results.items():
        run, score = side["middle"], side["score"]
        print(f"{name:<12}{run['clock']:>10.1f}{run['cpu']:>10.1f}{run['memory']:>10.0f}"
              f"{score['pairs'].get('best', {}).get('f1', 0):>10.4f}{score['clusters']['f1']:>13.4f}")
    if len(results) == 2:
        us, peers = results["counted"], results["splink"]
        ratios = [us["middle"][key] / peers["middle"][key] for key in ("clock", "cpu", "memory")]
        best = us["score"]["pairs"]["best"]["f1"] - peers["score"]["pairs"]["best"]["f1"]
        clusters = us["score"]["clusters"]["f1"] - peers["score"]["clusters"]["f1"]
        print(f"{'ratio':<12}{ratios[0]:>10.3f}{ratios[1]:>10.3f}{ratios[2]:>10.3f}{best:>+10.4f}{clusters:>+13.4f}")
    if "splink" in results:
        run = results["splink"]["middle"]
        print(f"(Splink with Python's imports: clock {run['clock_with_imports']:.1f} s, "
              f"CPU {run['cpu_with_imports']:.1f} s; {results['splink']['runs'][0]['scored']:,} pairs scored)")


def show_right(results):
    """Precision, recall and F1 of pairs at each threshold."""
    print(f"\n{'pairs from':<12}" + "".join(f"{name + ' P':>12}{'R':>9}{'F1':>9}" for name in results))
    for threshold in next(iter(results.values()))["score"]["pairs"]:
        rows = [side["score"]["pairs"].get(threshold, {}) for side in results.values()]
        print(f"{threshold:<12}" + "".join(f"{row.get('precision', 0):>12.4f}{row.get('recall', 0):>9.4f}"
                                           f"{row.get('f1', 0):>9.4f}" for row in rows))
    rows = [side["score"]["clusters"] for side in results.values()]
    print(f"{'clusters':<12}" + "".join(f"{row['precision']:>12.4f}{row['recall']:>9.4f}{row['f1']:>9.4f}"
                                        for row in rows))


def asked():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path)
    arguments.add_argument("--records", type=int, default=1_000_000)
    arguments.add_argument("--blocking", choices=["narrow", "wide"], default="narrow")
    arguments.add_argument("--only", choices=["ours", "splink"])
    arguments.add_argument("--times", type=int, default=3)
    arguments.add_argument("--seed", type=int, default=7)
    return arguments.parse_args()


def main():
    options = asked()
    program, settings = options.program.resolve(), HERE / f"{options.blocking}.toml"
    OUT.mkdir(parents=True, exist_ok=True)
    python, folder = peer(), table(program, options)
    sides = {"splink": lambda: splink(python, folder, settings), "counted": lambda: ours(program, folder, settings)}
    if options.only:
        sides = {name: side for name, side in sides.items() if name == options.only.replace("ours", "counted")}

    results = {name: {"runs": []} for name in sides}
    for _ in range(options.times):  # in turn, so that a busy moment strikes both
        for name, side in sides.items():
            run, *files = side()
            results[name]["runs"].append(run)
            results[name]["score"] = scored(python, folder, *files)
    for side in results.values():
        side["middle"] = middle(side["runs"])

    print(f"\n{options.records:,} records, {options.blocking} blocking; median of {options.times}; {THREADS} threads on "
          f"{os.cpu_count()} cores; {', '.join(versions())}")
    show_cost(results)
    show_right(results)
    whole = {"records": options.records, "seed": options.seed, "blocking": options.blocking, "peer": versions(),
             "machine": platform.platform(), "cores": os.cpu_count(), "threads": THREADS, **results}
    (OUT.parent / "linkage.json").write_text(json.dumps(whole, indent=1) + "\n")
    print(f"\nall measures: {OUT.parent / 'linkage.json'}")


main()
