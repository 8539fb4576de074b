"""The question in DuckDB: fills in question.sql and runs it.

    python question.py RAW BODIES OUT MEMORY THREADS
"""

import csv
import re
import sys
from pathlib import Path

import duckdb

HERE = Path(__file__).resolve().parent
LISTS = HERE.parents[1] / "definitions" / "uk-mbc" / "2026.1" / "lists"


def written_out(text, name, columns):
    """`name{words about c}` for every column, joined by OR."""
    def all_columns(match):
        return "coalesce(" + " OR ".join("(" + re.sub(r"\bc\b", column, match[1]) + ")" for column in columns) + ", FALSE)"
    return re.sub(re.escape(name) + r"\{([^}]*)\}", all_columns, text)


def others(width):
    """Codes of other cancers of so many characters, as SQL."""
    with open(LISTS / "other_cancer.csv", newline="") as file:
        codes = [row["code"] for row in csv.DictReader(file)]
    return ", ".join(f"'{code}'" for code in codes if len(code) == width) or "''"


def main():
    raw, bodies, out, memory, threads = sys.argv[1:]
    Path(out).mkdir(parents=True, exist_ok=True)
    text = (HERE / "question.sql").read_text()
    text = "\n".join(line for line in text.splitlines() if not line.startswith("--"))
    text = written_out(text, "any_diagnosis", [f"DIAG_{at:02}" for at in range(1, 21)])
    text = written_out(text, "any_operation", [f"OPERTN_{at:02}" for at in range(1, 25)])
    for name, value in {"data": raw, "lists": LISTS, "bodies": bodies, "out": out,
                        "other_3": others(3), "other_4": others(4)}.items():
        text = text.replace("{" + name + "}", str(value))
    connection = duckdb.connect(f"{out}/question.duckdb" if memory != "0" else ":memory:")
    connection.execute(f"SET threads = {threads}")
    if memory != "0":
        connection.execute(f"SET memory_limit = '{memory}'")
    for statement in text.split(";"):
        if statement.strip():
            connection.execute(statement)


main()
