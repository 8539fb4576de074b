//! Which lists show a person: the overlap pattern, worked out by the engine from the evidence.
//!
//! Invariant: bit *k* of a pattern is list *k* of the assumptions; a day counts once for a list, however many records
//! of that day say the same.

use crate::estimating::assumed::{Assumed, List, evidence};
use crate::sql;
use crate::tables::{CASES, EVIDENCE};

/// The pattern of each person with any: person_id, pattern.
pub(crate) fn patterns(assumed: &Assumed) -> String {
    let columns: Vec<String> = assumed
        .lists
        .iter()
        .enumerate()
        .map(|(at, list)| day_columns(at, list))
        .collect();
    let bits: Vec<String> = assumed
        .lists
        .iter()
        .enumerate()
        .map(|(at, list)| bit(at, list.days))
        .collect();
    let (lead, window) = (assumed.lead_days, assumed.window_days);
    format!(
        r#"(SELECT person_id, {bits} AS pattern
            FROM (SELECT e.person_id AS person_id, e."date" AS day, {columns}
                  FROM {EVIDENCE} AS e JOIN {CASES} AS c ON c.person_id = e.person_id
                  WHERE CAST(e."date" AS INT) - CAST(c."date" AS INT) BETWEEN -{lead} AND {window}
                  GROUP BY e.person_id, e."date") AS days
            GROUP BY person_id)"#,
        bits = bits.join(" + "),
        columns = columns.join(", "),
    )
}

/// Whether a day shows the list, and whether something else takes the day away.
fn day_columns(at: usize, list: &List) -> String {
    let any = |kinds: &[String]| -> String {
        let conditions: Vec<String> = kinds
            .iter()
            .filter_map(|kind| evidence(kind))
            .map(|(source, strength)| {
                format!(
                    "(e.source = {} AND e.strength = {})",
                    sql::text(source),
                    sql::text(strength)
                )
            })
            .collect();
        if conditions.is_empty() {
            "0".to_owned()
        } else {
            format!("max(CASE WHEN {} THEN 1 ELSE 0 END)", conditions.join(" OR "))
        }
    };
    format!(
        "{} AS shown{at}, {} AS taken{at}",
        any(&list.shown_by),
        any(&list.not_on_days_of)
    )
}

/// The bit of a list that shows a person on enough days.
fn bit(at: usize, days: u32) -> String {
    let weight = 1_u32 << at;
    format!(
        "CASE WHEN sum(CASE WHEN shown{at} = 1 AND taken{at} = 0 THEN 1 ELSE 0 END) >= {days} THEN {weight} ELSE 0 END"
    )
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::collections::{BTreeMap, BTreeSet};

    use engine::{Options, Session, TableWriter};
    use proptest::prelude::*;
    use vocabulary::date::Date;
    use vocabulary::table::{Kind, TableSchema, Value};

    use super::*;

    /// Evidence: person, source, strength, days after the date of the case.
    type Shown = (u8, &'static str, &'static str, i32);

    fn shown() -> impl Strategy<Value = Vec<Shown>> {
        let source = prop::sample::select(vec![
            "cosd",
            "sact",
            "rtds",
            "cwt",
            "admissions",
            "form",
            "deaths",
        ]);
        let strength = prop::sample::select(vec!["stated", "strong", "weak", "death"]);
        let after = prop::sample::select(vec![-32, -31, -1, 0, 0, 1, 2, 30, 365, 366]);
        prop::collection::vec((0..4_u8, source, strength, after), 0..40)
    }

    /// The contract in plain loops, by its words rather than by the file.
    fn naive(evidence: &[Shown]) -> BTreeMap<u8, i64> {
        let mut found = BTreeMap::new();
        for person in 0..4_u8 {
            let days = |wanted: &[(&str, &str)]| -> BTreeSet<i32> {
                evidence
                    .iter()
                    .filter(|(who, source, strength, after)| {
                        *who == person
                            && wanted.contains(&(*source, *strength))
                            && (-31..=365).contains(after)
                    })
                    .map(|(.., after)| *after)
                    .collect()
            };
            let treated = days(&[("admissions", "strong")]);
            let in_hospital = days(&[("admissions", "weak")]);
            let lists = [
                !days(&[
                    ("cosd", "stated"),
                    ("registrations", "stated"),
                    ("form", "stated"),
                ])
                .is_empty(),
                !days(&[("sact", "strong")]).is_empty() || !treated.is_empty(),
                !days(&[("rtds", "strong")]).is_empty(),
                !days(&[("cwt", "strong")]).is_empty(),
                in_hospital.difference(&treated).count() >= 2,
            ];
            let pattern = lists.iter().rev().fold(0, |sum, list| 2 * sum + i64::from(*list));
            found.insert(person, pattern);
        }
        found
    }

    fn by_engine(evidence: &[Shown]) -> BTreeMap<u8, i64> {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        let established: Date = "2021-03-01".parse().unwrap();
        let schema = TableSchema::new("cases", 1, &[("person_id", Kind::Text), ("date", Kind::Date)]);
        let mut cases = TableWriter::create(&at("cases.parquet"), &schema).unwrap();
        for person in 0..4_u8 {
            let id = person.to_string();
            cases.row(&[Value::Text(&id), Value::Date(established)]).unwrap();
        }
        cases.finish().unwrap();
        let columns = [
            ("person_id", Kind::Text),
            ("source", Kind::Text),
            ("strength", Kind::Text),
            ("date", Kind::Date),
        ];
        let schema = TableSchema::new("evidence", 1, &columns);
        let mut table = TableWriter::create(&at("evidence.parquet"), &schema).unwrap();
        for (person, source, strength, after) in evidence {
            let id = person.to_string();
            let day = Value::Date(established.plus_days(*after));
            table
                .row(&[Value::Text(&id), Value::Text(source), Value::Text(strength), day])
                .unwrap();
        }
        table.finish().unwrap();
        let session = Session::embedded(Options {
            memory_bytes: 64 << 20,
            threads: 2,
            spill: at("spill"),
        })
        .unwrap();
        session.table(CASES, &at("cases.parquet")).unwrap();
        session.table(EVIDENCE, &at("evidence.parquet")).unwrap();
        let question = format!(
            "SELECT person_id, pattern FROM {} AS p",
            patterns(&Assumed::built_in().unwrap())
        );
        let mut found: BTreeMap<u8, i64> = (0..4).map(|person| (person, 0)).collect();
        for batch in session.query("patterns", &question).unwrap() {
            let batch = batch.unwrap();
            let (person, pattern) = (
                batch.text("person_id").unwrap(),
                batch.integer("pattern").unwrap(),
            );
            for row in 0..batch.rows() {
                found.insert(
                    person.get(row).unwrap().parse().unwrap(),
                    pattern.get(row).unwrap(),
                );
            }
        }
        found
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(40))]
        #[test]
        fn the_engine_finds_the_lists_of_plain_loops(evidence in shown()) {
            prop_assert_eq!(by_engine(&evidence), naive(&evidence));
        }
    }
}
