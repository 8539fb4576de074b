"""The question in Polars, from the raw files: the same steps as question.sql, as lazy frames, streaming.

    python question_polars.py RAW BODIES OUT THREADS
"""

import csv
import os
import re
import sys
from datetime import date
from pathlib import Path

raw, bodies_file, out, threads = sys.argv[1:]
os.environ["POLARS_MAX_THREADS"] = threads

import polars as pl  # reads the number of threads when it is imported

HERE = Path(__file__).resolve().parent
LISTS = HERE.parents[1] / "definitions" / "uk-mbc" / "2026.1" / "lists"
LAST = date(2023, 12, 31)
DIAGNOSES = [f"DIAG_{at:02}" for at in range(1, 21)]
OPERATIONS = [f"OPERTN_{at:02}" for at in range(1, 25)]


def rows_of(name):
    with open(LISTS / name, newline="") as file:
        return list(csv.DictReader(file))


def one_of(column, codes):
    """Whether a column begins with a code of three or four characters."""
    short = [code for code in codes if len(code) == 3]
    long = [code for code in codes if len(code) == 4]
    return column.str.slice(0, 3).is_in(short) | column.str.slice(0, 4).is_in(long)


BREAST, SECONDARY, SUPPORTING, OPERATED, OTHER, HISTORY = (
    [row["code"] for row in rows_of(name)]
    for name in ("breast.csv", "secondary.csv", "supporting.csv", "supporting_procedures.csv", "other_cancer.csv",
                 "other_cancer_history.csv"))


def any_of(columns, asks):
    return pl.any_horizontal([asks(pl.col(column)).fill_null(False) for column in columns])


def records(kind):
    """The raw rows of a kind, each with its file and row."""
    frames = []
    for path in sorted(Path(raw, kind).glob("*.parquet")):
        frame = pl.scan_parquet(path).with_row_index("row")
        frames.append(frame.with_columns(pl.lit(int(path.stem), pl.Int32).alias("file")))
    return pl.concat(frames)


def person(column):
    return pl.col(column).cast(pl.Int64).alias("person")


def admitted():
    wanted = records("admissions").filter(
        any_of(DIAGNOSES, lambda c: ((c >= "C") & (c < "D")) | ((c >= "Z85") & (c < "Z86"))))
    return wanted.select(
        person("NEWNHSNO"), pl.col("ADMIDATE").alias("day"), pl.col("PROCODE").alias("body"), "file", "row",
        any_of(DIAGNOSES, lambda c: one_of(c, BREAST + ["Z853"])).alias("breast"),
        any_of(DIAGNOSES, lambda c: one_of(c, SECONDARY)).alias("secondary"),
        (any_of(DIAGNOSES, lambda c: one_of(c, SUPPORTING))
         | any_of(OPERATIONS, lambda c: one_of(c, OPERATED))).alias("supported"),
        any_of(DIAGNOSES, lambda c: one_of(c, OTHER + HISTORY)).alias("other")).collect(engine="streaming")


def phrased(name):
    """Whether a phrase of a list is in the drug or the regimen, on a day on which it counts."""
    held = pl.lit(False)
    for row in rows_of(name):
        words = "(^|[^A-Z0-9])" + re.escape(row["phrase"]) + "([^A-Z0-9]|$)"
        said = pl.col("Drug_Name").str.contains(words)
        if "strong" in name:
            said = said | pl.col("Regimen").str.contains(words)
        for key, low in (("from", True), ("until", False)):
            if row[key]:
                limit = pl.lit(date.fromisoformat(row[key]))
                said = said & ((pl.col("day") >= limit) if low else (pl.col("day") <= limit))
        held = held | said
    return held


def treated():
    c = pl.col("Primary_Diagnosis")
    return records("sact").with_columns(pl.col("Start_Date_Of_Regimen").alias("day")).select(
        person("NHS_Number"), "day", pl.col("Organisation_Identifier_(Code_Of_Provider)").alias("body"), "file", "row",
        one_of(c, BREAST).alias("breast"), one_of(c, SECONDARY).alias("secondary"),
        (((c >= "C77") & (c < "C80")) | ((c >= "D05") & (c < "D06"))).alias("spread"), one_of(c, OTHER).alias("other"),
        pl.col("Intent_Of_Treatment").is_in(["02", "03", "04", "05", "P"]).alias("palliative"),
        (pl.col("Adjunctive_Therapy").is_in(["1", "2"]).fill_null(False)).alias("around"),
        (pl.col("Intent_Of_Treatment").is_in(["01", "A", "C", "N"]).fill_null(False)).alias("curing"),
        pl.col("Actual_Dose_Per_Administration").is_in(["120", "120.0", "120 MG", "120MG"]).alias("dose"),
        phrased("drugs_strong.csv").alias("strong"), phrased("drugs_weak.csv").alias("weak"),
        phrased("drugs_bone.csv").alias("bone"),
        phrased("drugs_supportive.csv").fill_null(False).alias("supportive")).collect(engine="streaming")


def died():
    causes = [f"S_COD_CODE_{at}" for at in range(1, 16)]
    return records("deaths").select(
        person("NHSNUMBER"), pl.col("DOD").alias("death"), one_of(pl.col("S_UNDERLYING_COD_ICD10"), BREAST).alias("underlying"),
        one_of(pl.col("S_UNDERLYING_COD_ICD10"), OTHER).alias("other"),
        any_of(["S_UNDERLYING_COD_ICD10", *causes], lambda c: one_of(c, BREAST)).alias("named")).collect(engine="streaming")


def signs(admissions, treatments):
    c = pl.col
    early = c("around") | c("curing")
    rules = [
        (admissions, "admissions", "admission-supported", True, True, c("secondary") & c("supported")),
        (admissions, "admissions", "admission-code", False, True, c("secondary")),
        (treatments, "sact", "sact-drug", True, False, c("breast") & c("strong") & ~early),
        (treatments, "sact", "sact-drug-around-surgery", False, False, c("breast") & c("strong") & early),
        (treatments, "sact", "sact-drug-secondary", True, True, c("spread") & c("strong")),
        (treatments, "sact", "sact-bone-dose", True, False, c("breast") & c("bone") & c("dose") & ~early),
        (treatments, "sact", "sact-intent", True, False, c("breast") & c("palliative") & ~c("around") & ~c("supportive")),
        (treatments, "sact", "sact-intent-around-surgery", False, False, c("breast") & c("palliative") & c("around") & ~c("supportive")),
        (treatments, "sact", "sact-secondary", True, True, c("secondary")),
        (treatments, "sact", "sact-drug-weak", False, False, c("breast") & c("weak") & ~early),
    ]
    return pl.concat([
        frame.filter(met).select("person", "day", "body", "file", "row", source=pl.lit(source), rule=pl.lit(rule),
                                 is_strong=pl.lit(strong), ambiguous=pl.lit(ambiguous))
        for frame, source, rule, strong, ambiguous, met in rules])


def weighed(found, owners, deaths):
    """Signs, with whether another cancer could own them and whether they count."""
    found = found.with_row_index("sign").join(
        deaths.filter("underlying").select("person", "death"), on="person", how="left")
    owned = found.filter("ambiguous").select("sign", "person", "day").join(owners, on="person").filter(
        (pl.col("other_day") >= pl.col("day").dt.offset_by("-3652d"))
        & (pl.col("other_day") <= pl.col("day").dt.offset_by("365d")))["sign"].unique()
    found = found.with_columns(owned=pl.col("sign").is_in(owned.implode()))
    open_weak = ~pl.col("owned") & ~pl.col("is_strong")
    found = found.with_columns(open_weak=open_weak)
    # A weak sign counts with the same one two weeks to three years away, or with one of the other source in that time; of the two
    # sources that are here, a code in hospital alone tells of distant disease.
    weak = found.filter("open_weak").select("sign", "person", "day", "source", "rule")
    pairs = weak.join(weak.select("person", beside="day", by="source", of="rule"), on="person").with_columns(
        apart=(pl.col("day") - pl.col("beside")).dt.total_days().abs())
    repeated = (pl.col("rule") == "admission-code") & (pl.col("of") == pl.col("rule")) & pl.col("apart").is_between(14, 1096)
    agreed = (pl.col("source") != pl.col("by")) & (pl.col("apart") <= 1096)
    confirmed = pairs.filter(repeated | agreed)["sign"].unique()
    lead = ((pl.col("day") < pl.col("death").dt.offset_by("-30d"))
            & (pl.col("death") <= pl.col("day").dt.offset_by("60mo"))).fill_null(False)
    return found.with_columns(counts=~pl.col("owned") & (
        pl.col("is_strong") | (pl.col("open_weak") & pl.col("sign").is_in(confirmed.implode())) | lead))


def cases_of(found, primaries, deaths):
    order = ["day", "file", "row"]
    early = found.filter(pl.col("counts") & (pl.col("day") < pl.col("death").dt.offset_by("-30d")))["person"].unique()
    at_death = deaths.filter(pl.col("underlying") & pl.col("person").is_in(primaries["person"].unique().implode())
                             & ~pl.col("person").is_in(early.implode())).select("person", "death")
    last = at_death.join(primaries, on="person").filter(
        (pl.col("day") <= pl.col("death")) & (pl.col("death").dt.offset_by("-60mo") <= pl.col("day")))
    last = last.sort(order).group_by("person").agg(pl.col("body").last())
    dead = at_death.join(last, on="person", how="left").select("person", pl.lit("C").alias("tier"),
                                                               pl.col("death").alias("day"), "body")
    living = found.filter(~pl.col("person").is_in(at_death["person"].implode())).sort(order).group_by("person").agg(
        some=pl.col("counts").any(),
        sources=pl.col("source").filter(pl.col("counts") | pl.col("open_weak")).n_unique(),
        dies=pl.col("death").first().is_not_null(), death=pl.col("death").first(),
        day_counts=pl.col("day").filter("counts").min(), day_all=pl.col("day").min(),
        body_counts=pl.col("body").filter("counts").first(), body_all=pl.col("body").first())
    living = living.select(
        "person",
        pl.when(~pl.col("some")).then(pl.lit("D")).when(pl.col("sources") + pl.col("dies").cast(pl.UInt32) >= 2)
        .then(pl.lit("B")).otherwise(pl.lit("C")).alias("tier"),
        pl.when("some").then("day_counts").otherwise(pl.min_horizontal("day_all", "death")).alias("day"),
        pl.when("some").then("body_counts").otherwise("body_all").alias("body"))
    only = pl.read_csv(bodies_file).with_columns(pl.col("treats_only").cast(pl.String) == "true")
    treats = only.filter("treats_only")["code"]
    handed = living.filter(pl.col("body").is_in(treats.implode()) & (pl.col("tier") != "D")).select("person", until="day")
    handed = handed.join(primaries.filter(~pl.col("body").is_in(treats.implode())), on="person")
    handed = handed.filter(pl.col("day") <= pl.col("until")).sort(order).group_by("person").agg(by=pl.col("body").last())
    living = living.join(handed, on="person", how="left").with_columns(body=pl.coalesce("by", "body")).drop("by")
    cases = pl.concat([dead, living]).join(deaths.select("person", "death"), on="person", how="left")
    # Nothing begins after the death, of whatever cause.
    return cases.with_columns(day=pl.when(pl.col("tier") == "D").then("day").otherwise(pl.min_horizontal("day", "death")))


def main():
    Path(out).mkdir(parents=True, exist_ok=True)
    admissions, treatments, deaths = admitted(), treated(), died()
    both = [admissions, treatments]
    primaries = pl.concat([frame.filter("breast").select("person", "day", "body", "file", "row") for frame in both])
    owners = pl.concat([frame.filter("other").select("person", other_day="day") for frame in both]
                       + [deaths.filter("other").select("person", other_day="death")])
    found = signs(*both)
    known = pl.concat([primaries["person"], deaths.filter("named")["person"]]).unique()
    found = found.filter(pl.col("person").is_in(known.implode()))
    kept = owners.join(found.select("person").unique(), on="person", how="semi")
    found = weighed(found, kept, deaths)
    cases = cases_of(found, primaries, deaths)
    by_death = deaths.filter("underlying").select("person", pl.lit("death-underlying").alias("rule"), day="death")
    first = pl.concat([found.select("person", "rule", "day"), by_death])
    first = first.join(cases.select("person"), on="person", how="semi").group_by("person", "rule").agg(pl.col("day").min())
    first.sort("person", "rule").write_csv(f"{out}/first.csv", include_header=False)
    cases.sort("person").select("person", "tier", "day", "body").write_csv(f"{out}/cases.csv", include_header=False)
    counted = cases.filter(pl.col("tier") != "D")
    counts = counted.group_by("body", pl.col("day").dt.year().alias("year")).len().sort("body", "year")
    counts.write_csv(f"{out}/counts.csv", include_header=False)
    living = counted.filter((pl.col("day") <= LAST) & (pl.col("death").is_null() | (pl.col("death") > LAST)))
    Path(out, "living.csv").write_text(f"{len(living)}\n")


main()
