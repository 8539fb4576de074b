//! A definition as SQL for another engine: every record that meets a rule, with its person, rule by rule.
//!
//! National platforms have Spark or Databricks, and no place for another program. The tables between the stages are plain
//! Parquet; with this statement a rule's finds can be made there and compared with ours. How finds become cases (tiers, dates,
//! kinds) is in the definition and in the program, not here.

use std::fmt::Write as _;

use crate::condition::Portable;
use crate::definition::Definition;
use crate::error::CasefindError;
use crate::facts::checked;
use crate::tables::{in_sql, kind, place};

pub use crate::condition::Dialect;

/// One statement that gives `rule, strength, person, file, row, day, organisation` of every record that meets a rule. Tables are
/// named as their folders, with `_` for a dot, and `links` holds the person of each record.
///
/// # Errors
/// If a rule of the definition is not valid.
pub fn sql(definition: &Definition, dialect: Dialect) -> Result<String, CasefindError> {
    let mut text = format!(
        "-- The rules of the definition {} as records that meet them. Written by the program: change the definition, not this.\n",
        definition.id
    );
    for (at, rule) in definition.rules.iter().enumerate() {
        let found = checked(definition, rule)?;
        let sets = &definition.lists.sets;
        let own = Portable {
            dialect,
            of: "r",
            sets,
        };
        let place = place(&rule.source);
        let day = found
            .date
            .as_ref()
            .map_or("cast(null as date)".to_owned(), |name| own.column(name));
        let body = place
            .organisation
            .map_or("nullif('', '')".to_owned(), |name| own.column(name));
        let (mut from, mut also) = (String::new(), String::new());
        if let Some(condition) = &found.of_record {
            let whole = Portable {
                dialect,
                of: "w",
                sets,
            };
            let _ = write!(
                from,
                " join {} w on w.file = r.file and w.{row} = r.{row}",
                dialect.name(&in_sql(kind(&rule.source))),
                row = dialect.name("row"),
            );
            let _ = write!(also, " and {}", whole.condition(condition));
        }
        let _ = write!(
            text,
            "{union}select '{id}' as rule, '{strength}' as strength, l.person, r.file, r.{row}, {day} as day, {body} as organisation\n\
             from {table} r{from} join {links} l on l.file = r.file and l.{row} = r.{row}\nwhere {condition}{also}\n",
            union = if at > 0 { "union all\n" } else { "" },
            id = rule.id.replace('\'', "''"),
            strength = rule.strength.word(),
            row = dialect.name("row"),
            table = dialect.name(&in_sql(&rule.source)),
            links = dialect.name("links"),
            condition = own.condition(&found.when),
        );
    }
    Ok(text)
}
