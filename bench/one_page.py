"""The yardstick: one page of SQL over the files of a study, in DuckDB. Prints how many people it finds."""

import sys
from pathlib import Path

import duckdb

page = (Path(__file__).parent / "one_page.sql").read_text().replace("{data}", sys.argv[1])
connection = duckdb.connect()
*before, count = [statement for statement in page.split(";") if statement.strip()]
for statement in before:
    connection.execute(statement)
print(f"one page of SQL finds {connection.execute(count).fetchone()[0]} people")
