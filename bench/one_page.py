"""The yardstick: one page of SQL over the files of a study, in DuckDB. Prints how many people it finds.

With --score it says how right they are, from the truth beside the files. That part is not measured.
"""

import collections
import csv
import sys
from pathlib import Path

import duckdb

NUMBERS = {"registrations": "NHSNUMBER", "admissions": "NEWNHSNO", "sact": "NHS_Number", "rtds": "NHS_NUMBER",
           "cwt": "NHS_NUMBER", "deaths": "NHSNUMBER"}


def found(study):
    """The numbers of the people that the page of SQL finds."""
    page = (Path(__file__).parent / "one_page.sql").read_text().replace("{data}", str(study))
    connection = duckdb.connect()
    *before, last = [statement for statement in page.split(";") if statement.strip()]
    for statement in before:
        connection.execute(statement)
    return [number for (number,) in connection.execute(last).fetchall()]


def people_of(study):
    """The true person of each number: the one whom most of its records are about."""
    with open(study / "truth" / "records.csv", newline="") as file:
        person = {(row["source"], row["record_id"]): row["person"] for row in csv.DictReader(file)}
    seen = collections.defaultdict(collections.Counter)
    for kind, column in NUMBERS.items():
        for path in sorted((study / kind).glob("*.csv")) or [study / f"{kind}.csv"]:
            name = path.relative_to(study).as_posix()
            with open(path, newline="") as file:
                for row, record in enumerate(csv.DictReader(file), start=1):
                    number = "".join(filter(str.isdigit, record[column] or ""))
                    if number and (kind, f"{name}#{row}") in person:
                        seen[number][person[kind, f"{name}#{row}"]] += 1
    return {number: counts.most_common(1)[0][0] for number, counts in seen.items()}


def score(study, numbers):
    """Sensitivity and positive predictive value; a true person found twice is right once."""
    with open(study / "truth" / "people.csv", newline="") as file:
        true = {row["person"] for row in csv.DictReader(file) if row["metastatic"] == "true"}
    people = people_of(study)
    right = {people.get(number) for number in numbers} & true
    return f"sensitivity {len(right) / len(true):.3f}, positive predictive value {len(right) / len(numbers):.3f}"


study = Path(sys.argv[1])
numbers = found(study)
print(f"one page of SQL finds {len(numbers)} people")
if "--score" in sys.argv:
    print(score(study, numbers))
