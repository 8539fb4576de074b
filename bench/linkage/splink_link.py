"""The peer: links a person table with Splink and DuckDB, and writes pairs and clusters as CSV.

Settings are those of Splink's own library: its comparisons for names, birth dates and postcodes as they come, with
their term frequencies; u from random pairs; m by three passes of expectation maximisation. Columns that are only
for show are left out, which makes it faster. Blocking rules are read from the same file as ours.

    python splink_link.py people.csv narrow.toml pairs.csv clusters.csv

Prints one line of JSON: seconds by the clock and of CPU for each step, imports apart, and how many pairs it scored.
"""

import json
import resource
import sys
import time
import tomllib
from pathlib import Path

BEGAN = time.monotonic()

import duckdb
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THREADS = 2
U_PAIRS = 5e6
# Each pass estimates the fields that it does not block on; together they cover all six.
PASSES = [("nhs_number",), ("dob", "surname"), ("forename", "postcode")]


class Steps:
    """Seconds by the clock and of CPU, step by step."""

    def __init__(self):
        self.taken = {}
        self.clock, self.cpu = BEGAN, 0.0

    def end(self, name):
        usage = resource.getrusage(resource.RUSAGE_SELF)
        clock, cpu = time.monotonic(), usage.ru_utime + usage.ru_stime
        self.taken[name] = {"clock": clock - self.clock, "cpu": cpu - self.cpu}
        self.clock, self.cpu = clock, cpu


def columns_of(rule):
    """`postcode + dob.year` as the expressions that Splink blocks on."""
    parts = [part.strip() for part in rule.split("+")]
    return [f"substr({part.removesuffix('.year')}, 1, 4)" if part.endswith(".year") else part for part in parts]


def linker_of(connection, people, rules):
    api = DuckDBAPI(connection)
    connection.execute(f"CREATE TABLE people AS SELECT id::BIGINT AS id, * EXCLUDE (id) "
                       f"FROM read_csv('{people}', all_varchar = true)")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name="id",
        comparisons=[
            compare.NameComparison("forename"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("dob", input_is_string=True),
            compare.PostcodeComparison("postcode"),
            compare.ExactMatch("sex"),
            compare.ExactMatch("nhs_number"),
        ],
        blocking_rules_to_generate_predictions=[block_on(*columns_of(rule)) for rule in rules],
        retain_matching_columns=False,
        retain_intermediate_calculation_columns=False,
    )
    return Linker(api.register("people"), settings)


def trained(linker, steps):
    linker.training.estimate_probability_two_random_records_match(
        [block_on("nhs_number"), block_on("forename", "surname", "dob")], recall=0.95)
    steps.end("prior")
    linker.training.estimate_u_using_random_sampling(max_pairs=U_PAIRS)
    steps.end("u")
    for columns in PASSES:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    steps.end("m")


def main():
    people, settings, pairs, clusters = map(Path, sys.argv[1:])
    steps = Steps()
    steps.end("imports")
    rules = tomllib.loads(settings.read_text())["blocking"]["rules"]
    connection = duckdb.connect()
    connection.execute(f"SET threads = {THREADS}")
    linker = linker_of(connection, people, rules)
    steps.end("read")
    trained(linker, steps)
    blocked = linker.inference.compute_blocked_pairs_for_predict()  # kept, and used by the next line
    scored = linker.inference.predict(threshold_match_probability=0.01)
    steps.end("predict")
    [[scored_pairs]] = connection.execute(f"SELECT count(*) FROM {blocked.physical_name}").fetchall()
    blocked.drop_table_from_database_and_remove_from_cache()
    grouped = linker.clustering.cluster_pairwise_predictions_at_threshold(scored, threshold_match_probability=0.9)
    steps.end("cluster")
    connection.execute(f"COPY (SELECT id_l AS id_1, id_r AS id_2, match_probability AS probability FROM "
                       f"{scored.physical_name}) TO '{pairs}'")
    connection.execute(f"COPY (SELECT id, cluster_id AS person_id FROM {grouped.physical_name}) TO '{clusters}'")
    steps.end("write")
    print(json.dumps({"steps": steps.taken, "scored": scored_pairs}))


main()
