//! One look, part by part: the records that meet rules become hits.

use std::path::{Path, PathBuf};

use engine::{Batch, ColumnByRecord, EngineError};

use super::people::Summary;
use super::plan::Look;
use super::spool::{HitRow, SpoolWriter};
use crate::error::CasefindError;

/// One part of a look, on a thread of its own.
pub(super) struct Part {
    spool: SpoolWriter,
    persons: ColumnByRecord,
    summary: Summary,
    /// Whom the facts of the batch in hand are about, and whether they are evidence or a breast primary.
    heard: Vec<(Option<i64>, bool, bool)>,
}

impl Part {
    pub(super) fn create(spool: &Path, persons: ColumnByRecord) -> Result<Self, CasefindError> {
        Ok(Self {
            spool: SpoolWriter::create(spool)?,
            persons,
            summary: Summary::default(),
            heard: Vec::new(),
        })
    }

    /// Ends the spool; gives its place, and what is remembered of those whose hits are in it.
    pub(super) fn finish(self) -> Result<(PathBuf, Summary), CasefindError> {
        Ok((self.spool.finish()?, self.summary))
    }

    pub(super) fn batch(&mut self, look: &Look, batch: &Batch) -> Result<(), CasefindError> {
        let columns = Taken::of(look, batch)?;
        for row in 0..batch.rows() {
            self.record(look, &columns, row)?;
        }
        // Together: people lie far apart in memory, and what waits for one can then wait for the next as well.
        let heard = self.heard.drain(..);
        heard.for_each(|(person, evidence, primary)| self.summary.hear(person, evidence, primary));
        Ok(())
    }

    /// One record that meets rules: a hit for each group of rules.
    fn record(&mut self, look: &Look, columns: &Taken<'_>, at: usize) -> Result<(), CasefindError> {
        let number = |column: &engine::IntegerColumn<'_>| column.get(at).unwrap_or_default();
        let (file, row, mask) = (number(&columns.file), number(&columns.row), number(&columns.mask));
        let person = self.persons.integer(file, row)?;
        let mut rest = mask;
        while rest != 0 {
            let first = rest.trailing_zeros() as usize;
            let (Some(member), Some(taken)) = (look.rules.get(first), columns.members.get(first)) else {
                break;
            };
            let group = rest & taken.group;
            rest &= !group;
            let evidence = group & columns.evidence != 0;
            self.heard.push((person, evidence, group & columns.primary != 0));
            let Some(person) = person else {
                continue;
            };
            // Nobody asks of other facts what they said, when they were sent and which record it was.
            let texts = if evidence {
                [columns.organisation, taken.sites, taken.said, columns.record]
            } else {
                [columns.organisation, None, None, None]
            };
            self.spool.push(&HitRow {
                person,
                file,
                row,
                seq: columns.seq.as_ref().map_or(0, &number),
                group: member.group,
                mask: group,
                date: taken.date.and_then(|column| column.get(at)),
                created: columns
                    .created
                    .filter(|_| evidence)
                    .and_then(|column| column.get(at)),
                texts: texts.map(|column| column.and_then(|column| column.get(at))),
            })?;
        }
        Ok(())
    }
}

/// The columns of a batch of hits.
struct Taken<'a> {
    file: engine::IntegerColumn<'a>,
    row: engine::IntegerColumn<'a>,
    mask: engine::IntegerColumn<'a>,
    seq: Option<engine::IntegerColumn<'a>>,
    record: Option<engine::TextColumn<'a>>,
    created: Option<engine::DateColumn<'a>>,
    organisation: Option<engine::TextColumn<'a>>,
    members: Vec<TakenBy<'a>>,
    evidence: i64,
    primary: i64,
}

/// The columns that a rule takes, and the bits of its group.
struct TakenBy<'a> {
    group: i64,
    date: Option<engine::DateColumn<'a>>,
    sites: Option<engine::TextColumn<'a>>,
    said: Option<engine::TextColumn<'a>>,
}

impl<'a> Taken<'a> {
    fn of(look: &Look, batch: &'a Batch) -> Result<Self, EngineError> {
        let there = |name: &str| batch.names().any(|column| column == name);
        let text = |name: &str| there(name).then(|| batch.text(name)).transpose();
        let mut members = Vec::with_capacity(look.rules.len());
        for rule in &look.rules {
            let named = |name: &Option<String>| name.as_ref().map(|name| batch.text(name)).transpose();
            members.push(TakenBy {
                group: look.bits(|other| other.group == rule.group),
                date: rule.date.as_ref().map(|name| batch.date(name)).transpose()?,
                sites: named(&rule.sites)?,
                said: named(&rule.said)?,
            });
        }
        Ok(Self {
            file: batch.integer("file")?,
            row: batch.integer("row")?,
            mask: batch.integer("mask")?,
            seq: there("seq").then(|| batch.integer("seq")).transpose()?,
            record: text("record")?,
            created: there("created").then(|| batch.date("created")).transpose()?,
            organisation: text("organisation")?,
            members,
            evidence: look.bits(|rule| rule.evidence),
            primary: look.bits(|rule| rule.primary),
        })
    }
}
