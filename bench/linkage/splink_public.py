"""The peer on the public tables: settings that fit each, clusters at many thresholds as one line of JSON.

    python splink_public.py fake_1000 fake_1000.csv

The settings follow those that Splink's own examples use for these tables. Blocking is wide, since the tables are
small: every rule that an example uses, and each strong field alone.
"""

import json
import logging
import sys

import duckdb
import splink.comparison_library as compare
from splink import DuckDBAPI, Linker, SettingsCreator, block_on

THRESHOLDS = [0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 0.95, 0.98, 0.99, 0.995, 0.999, 0.9999]

TABLES = {
    "fake_1000": {
        "id": "unique_id",
        "comparisons": [
            compare.NameComparison("first_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("dob", input_is_string=True),
            compare.ExactMatch("city").configure(term_frequency_adjustments=True),
            compare.EmailComparison("email"),
        ],
        "blocking": [["first_name"], ["surname"], ["dob"], ["email"]],
        "surely": [["first_name", "surname", "dob"], ["email"]],
        "recall": 0.7,
        "passes": [["first_name", "surname"], ["dob"], ["email"]],
    },
    "febrl_dataset1": {
        "id": "rec_id",
        "comparisons": [
            compare.NameComparison("given_name"),
            compare.NameComparison("surname"),
            compare.DateOfBirthComparison("date_of_birth", input_is_string=True, datetime_format="%Y%m%d"),
            compare.DamerauLevenshteinAtThresholds("soc_sec_id", [1, 2]),
            compare.ExactMatch("street_number").configure(term_frequency_adjustments=True),
            compare.JaroWinklerAtThresholds("address_1", [0.9, 0.7]),
            compare.JaroWinklerAtThresholds("suburb", [0.9, 0.7]),
            compare.DamerauLevenshteinAtThresholds("postcode", [1, 2]),
        ],
        "blocking": [["soc_sec_id"], ["given_name"], ["surname"], ["date_of_birth"], ["postcode"], ["suburb"]],
        "surely": [["soc_sec_id"], ["given_name", "surname", "date_of_birth"]],
        "recall": 0.9,
        "passes": [["date_of_birth"], ["given_name"], ["postcode"]],
    },
}


def main():
    name, path = sys.argv[1:]
    table = TABLES[name]
    logging.getLogger("splink").setLevel(logging.ERROR)
    connection = duckdb.connect()
    connection.execute(f"CREATE TABLE people AS SELECT * FROM read_csv('{path}', all_varchar = true)")
    settings = SettingsCreator(
        link_type="dedupe_only",
        unique_id_column_name=table["id"],
        comparisons=table["comparisons"],
        blocking_rules_to_generate_predictions=[block_on(*columns) for columns in table["blocking"]],
    )
    linker = Linker(DuckDBAPI(connection).register("people"), settings)
    linker.training.estimate_probability_two_random_records_match(
        [block_on(*columns) for columns in table["surely"]], recall=table["recall"])
    linker.training.estimate_u_using_random_sampling(max_pairs=5e6, seed=1)
    for columns in table["passes"]:
        linker.training.estimate_parameters_using_expectation_maximisation(block_on(*columns))
    scored = linker.inference.predict(threshold_match_probability=0.01)
    found = {}
    for threshold in THRESHOLDS:
        clusters = linker.clustering.cluster_pairwise_predictions_at_threshold(
            scored, threshold_match_probability=threshold)
        rows = connection.execute(f"SELECT {table['id']}, cluster_id FROM {clusters.physical_name}").fetchall()
        found[str(threshold)] = dict(rows)
    print(json.dumps(found))


main()
