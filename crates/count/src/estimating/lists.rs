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
