//! Why somebody is a case: the case and its evidence, from the tables of a run.

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
    let mut account = None;
    for batch in TableReader::open(&tables.join("cases.parquet"))? {
        let batch = batch?;
        let people = batch.text("person_id")?;
        if let Some(row) = (0..batch.rows()).find(|&row| people.get(row) == Some(person_id)) {
            account = Some(case(&batch, row)?);
            break;
        }
    }
    let Some(mut account) = account else {
        return Ok(None);
    };
    for batch in TableReader::open(&tables.join("evidence.parquet"))? {
        let batch = batch?;
        let people = batch.text("person_id")?;
        for row in (0..batch.rows()).filter(|&row| people.get(row) == Some(person_id)) {
            account.evidence.push(evidence(&batch, row)?);
        }
    }
    Ok(Some(account))
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
