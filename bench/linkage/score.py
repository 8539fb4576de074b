"""Says how right pairs and clusters are, by the truth of the table: precision, recall, F1. Not measured.

    python score.py truth.csv pairs.csv clusters.csv

`truth.csv` has the columns id and person, `pairs.csv` id_1, id_2 and probability, `clusters.csv` id and person_id.
Prints one line of JSON. A pair that stands twice counts as two, so that a linker cannot gain by repeating itself;
ids of nobody are an error.
"""

import json
import sys

import duckdb

THRESHOLDS = [0.5, 0.8, 0.9, 0.95, 0.99, 0.999]


def rates(right, found, true):
    precision, recall = (right / found if found else 0.0), (right / true if true else 0.0)
    both = precision + recall
    return {"precision": precision, "recall": recall, "f1": 2 * precision * recall / both if both else 0.0,
            "found": found}


def one(connection, query):
    """The only row of an answer, or None."""
    return next(iter(connection.execute(query).fetchall()), None)


def read(connection, truth, pairs, clusters):
    """The three tables, each record with its true person."""
    for name, path, columns in [("truth", truth, "id::VARCHAR AS id, person::VARCHAR AS person"),
                                ("links", pairs, "id_1::VARCHAR AS a, id_2::VARCHAR AS b, probability::DOUBLE AS p"),
                                ("clusters", clusters, "id::VARCHAR AS id, person_id::VARCHAR AS cluster")]:
        connection.execute(f"CREATE TABLE {name} AS SELECT {columns} FROM read_csv('{path}', all_varchar = true)")
    connection.execute("CREATE TABLE judged AS SELECT p, one.person = two.person AS same FROM links "
                       "JOIN truth AS one ON one.id = a JOIN truth AS two ON two.id = b")
    written, known = one(connection, "SELECT (SELECT count(*) FROM links), (SELECT count(*) FROM judged)")
    if written != known:
        sys.exit(f"{written - known} pairs name a record that is not in the truth")


def pairs_at_thresholds(connection, true):
    scores = {}
    for threshold in THRESHOLDS:
        found, right = one(connection, f"SELECT count(*), count(*) FILTER (same) FROM judged WHERE p >= {threshold}")
        scores[str(threshold)] = rates(right, found, true)
    best = one(connection, f"""
        WITH steps AS (SELECT p, count(*) AS found, count(*) FILTER (same) AS right_ FROM judged GROUP BY p),
             sums AS (SELECT p, sum(found) OVER (ORDER BY p DESC) AS found, sum(right_) OVER (ORDER BY p DESC) AS right_
                      FROM steps)
        SELECT p, found::BIGINT, right_::BIGINT FROM sums ORDER BY 2.0 * right_ / (found + {true}) DESC, p LIMIT 1""")
    if best:
        scores["best"] = {"threshold": best[0], **rates(best[2], best[1], true)}
    return scores


def calibration(connection):
    """Of the pairs said to match with a probability in each band, the mean said and the share that do."""
    bands = connection.execute("""
        SELECT least(floor(p * 10), 9) AS band, count(*), avg(p), avg(same::INT) FROM judged GROUP BY 1 ORDER BY 1""")
    return [{"from": band / 10, "pairs": pairs, "said": said, "true": true}
            for band, pairs, said, true in bands.fetchall()]


def main():
    connection = duckdb.connect()
    read(connection, *sys.argv[1:])
    count = "coalesce(sum(n * (n - 1) / 2), 0)::BIGINT"
    true, = one(connection, f"SELECT {count} FROM (SELECT count(*) AS n FROM truth GROUP BY person)")
    found, = one(connection, f"SELECT {count} FROM (SELECT count(*) AS n FROM clusters GROUP BY cluster)")
    right, = one(connection, f"SELECT {count} FROM (SELECT count(*) AS n FROM clusters JOIN truth USING (id) "
                             "GROUP BY cluster, person)")
    print(json.dumps({"true_pairs": true, "pairs": pairs_at_thresholds(connection, true),
                      "clusters": rates(right, found, true), "calibration": calibration(connection)}))


main()
