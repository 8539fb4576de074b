"""Links two small public tables with known answers, with Splink 5 and with `counted link`, and prints F1.

Called by `make bench BENCH=linkage-public`. The tables lie beside this folder, in ../shared/data/record-linkage,
and are not part of it. Splink gets settings that fit each table; we get none. What a table says of its own answer
is taken out first: the column `cluster`, ids that name the person, the order of the rows.
"""

import argparse
import csv
import json
import random
import subprocess
import sys
from pathlib import Path

from measure import HERE, OUT, peer

DATA = HERE.parents[2] / "shared" / "data" / "record-linkage"
# Name, column of the id, the true person of a row.
TABLES = [
    ("fake_1000", "unique_id", lambda row: row["cluster"]),
    ("febrl_dataset1", "rec_id", lambda row: row["rec_id"].split("-")[1]),
]


def blinded(name, column, person_of):
    """The table without its answer; gives its path and the true person of each id."""
    with open(DATA / f"{name}.csv", newline="") as file:
        rows = list(csv.DictReader(file, skipinitialspace=True))
    random.Random(name).shuffle(rows)
    truth, path = {}, OUT / f"{name}.csv"
    for number, row in enumerate(rows, start=1):
        truth[str(number)] = person_of(row)
        row[column] = number
        row.pop("cluster", None)
    with open(path, "w", newline="") as file:
        writer = csv.DictWriter(file, fieldnames=list(rows[0]))
        writer.writeheader()
        writer.writerows({key: str(value).strip() for key, value in row.items()} for row in rows)
    return path, truth


def pairs_within(groups):
    return sum(size * (size - 1) // 2 for size in groups.values())


def f1(truth, found):
    """Precision, recall and F1 of the pairs within clusters; `found` is the cluster of each id."""
    by_person, by_cluster, by_both = {}, {}, {}
    for record, person in truth.items():
        for groups, key in [(by_person, person), (by_cluster, found[record]), (by_both, (person, found[record]))]:
            groups[key] = groups.get(key, 0) + 1
    right, clusters, people = map(pairs_within, (by_both, by_cluster, by_person))
    return right / max(clusters, 1), right / people, 2 * right / (clusters + people)


def ours(program, path, column):
    out = OUT / "public-ours.csv"
    subprocess.run([program, "link", path, "--id", column, "--output", out], check=True, stdin=subprocess.DEVNULL,
                   stdout=subprocess.DEVNULL)
    with open(out, newline="") as file:
        return {row["id"]: row["person_id"] for row in csv.DictReader(file)}


def splink(python, name, path):
    """The clusters of each threshold."""
    done = subprocess.run([python, HERE / "splink_public.py", name, path], check=True, text=True,
                          stdin=subprocess.DEVNULL, capture_output=True)
    return json.loads(done.stdout.strip().splitlines()[-1])


def line(name, score):
    print(f"  {name:<28}{score[0]:>9.4f}{score[1]:>9.4f}{score[2]:>9.4f}")


def main():
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("program", type=Path)
    arguments.add_argument("--only", choices=["ours", "splink"])
    options = arguments.parse_args()
    if not DATA.is_dir():
        sys.exit("the public tables are not here (../shared/data/record-linkage): nothing measured")
    OUT.mkdir(parents=True, exist_ok=True)
    python = peer()
    for name, column, person_of in TABLES:
        path, truth = blinded(name, column, person_of)
        print(f"\n{name}\n  {'clusters':<28}{'P':>9}{'R':>9}{'F1':>9}")
        if options.only != "ours":
            scores = {threshold: f1(truth, found) for threshold, found in splink(python, name, path).items()}
            for threshold in ("0.9", "0.95"):
                line(f"Splink 5 at {threshold}", scores[threshold])
            best = max(scores, key=lambda threshold: scores[threshold][2])
            line(f"Splink 5, best, at {best}", scores[best])
        if options.only != "splink":
            line("counted link, no settings", f1(truth, ours(options.program.resolve(), path, column)))


main()
