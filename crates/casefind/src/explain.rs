//! Why somebody is a case: the case and its evidence, from the tables of a run.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{Batch, TableReader};
use serde::Serialize;
use vocabulary::date::Date;

use crate::error::CasefindError;

/// A case as its tables tell it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CaseAccount {
    /// The person.
    pub person_id: String,
    /// Tier A to D.
    pub tier: String,
    /// `de_novo`, `recurrent` or `not_known`.
    pub kind: String,
    /// The date of first metastatic disease.
    pub date: Option<Date>,
    /// The earliest that it may have been.
    pub date_low: Option<Date>,
    /// The latest that it may have been.
    pub date_high: Option<Date>,
    /// The organisation it belongs to.
    pub organisation: Option<String>,
    /// Whether a hospital recorded it.
    pub recorded: bool,
    /// When the record was first sent.
    pub recorded_date: Option<Date>,
    /// Date of death.
    pub death_date: Option<Date>,
    /// Whether the death is the first that is known of it.
    #[serde(skip)]
    pub only_at_death: bool,
    /// Places in the body.
    pub sites: Vec<String>,
    /// Why it has this tier.
    pub reasons: Vec<String>,
    /// The evidence, in the order of dates.
    pub evidence: Vec<EvidenceAccount>,
}

/// One line of evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct EvidenceAccount {
    /// The rule that the record meets.
    pub rule: String,
    /// What the record says, in words.
    pub words: String,
    /// How strong a sign it is.
    pub strength: String,
    /// The kind of source.
    pub source: String,
    /// The date of the event.
    pub date: Option<Date>,
    /// The body, as the record names it.
    pub organisation: Option<String>,
    /// The record.
    pub record_id: String,
    /// Codes of the places in the body that the record names.
    #[serde(skip)]
    pub sites: String,
}

/// The account of one person; none when the person is no case of any tier.
pub fn explain(tables: &Path, person_id: &str) -> Result<Option<CaseAccount>, CasefindError> {
    let wanted = BTreeSet::from([person_id.to_owned()]);
    Ok(explain_all(tables, &wanted)?.remove(person_id))
}

/// The accounts of some people by their ids, without those who are no case of any tier; each table is read once.
pub(crate) fn explain_all(
    tables: &Path,
    wanted: &BTreeSet<String>,
) -> Result<BTreeMap<String, CaseAccount>, CasefindError> {
    let mut accounts = BTreeMap::new();
    for batch in TableReader::open(&tables.join("cases.parquet"))? {
        let batch = batch?;
        let people = batch.text("person_id")?;
        for row in 0..batch.rows() {
            if let Some(person) = people.get(row).filter(|&person| wanted.contains(person)) {
                accounts.insert(person.to_owned(), case(&batch, row)?);
            }
        }
    }
    for batch in TableReader::open(&tables.join("evidence.parquet"))? {
        let batch = batch?;
        let people = batch.text("person_id")?;
        for row in 0..batch.rows() {
            if let Some(account) = people.get(row).and_then(|person| accounts.get_mut(person)) {
                account.evidence.push(evidence(&batch, row)?);
            }
        }
    }
    Ok(accounts)
}

fn case(batch: &Batch, row: usize) -> Result<CaseAccount, CasefindError> {
    let text = |name: &str| batch.text(name).map(|column| column.get(row).map(str::to_owned));
    let date = |name: &str| batch.date(name).map(|column| column.get(row));
    Ok(CaseAccount {
        person_id: text("person_id")?.unwrap_or_default(),
        tier: text("tier")?.unwrap_or_default(),
        kind: text("kind")?.unwrap_or_default(),
        date: date("date")?,
        date_low: date("date_low")?,
        date_high: date("date_high")?,
        organisation: text("organisation")?,
        recorded: batch.flag("recorded")?.get(row).unwrap_or_default(),
        recorded_date: date("recorded_date")?,
        death_date: date("death_date")?,
        only_at_death: batch.flag("only_at_death")?.get(row).unwrap_or_default(),
        sites: batch.texts("sites")?.get(row),
        reasons: batch.texts("reasons")?.get(row),
        evidence: Vec::new(),
    })
}

fn evidence(batch: &Batch, row: usize) -> Result<EvidenceAccount, CasefindError> {
    let text = |name: &str| batch.text(name).map(|column| column.get(row).map(str::to_owned));
    Ok(EvidenceAccount {
        rule: text("rule")?.unwrap_or_default(),
        words: text("words")?.unwrap_or_default(),
        strength: text("strength")?.unwrap_or_default(),
        source: text("source")?.unwrap_or_default(),
        date: batch.date("date")?.get(row),
        organisation: text("organisation")?,
        record_id: text("record_id")?.unwrap_or_default(),
        sites: text("sites")?.unwrap_or_default(),
    })
}
