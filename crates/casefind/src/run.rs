//! The stage: from records and persons to evidence and cases.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{Answer, Batch, Session};
use serde::Serialize;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::cases::{Files, Output};
use crate::cover::Cover;
use crate::definition::Definition;
use crate::error::CasefindError;
use crate::facts;
use crate::judge::{Case, End, Judge, Verdict};
use crate::organisation::{Bodies, Body};

/// What the stage needs.
pub struct Request<'a> {
    /// Folder of the tables that intake wrote.
    pub intake: &'a Path,
    /// Folder of the tables that linkage wrote.
    pub linkage: &'a Path,
    /// The case definition.
    pub definition: &'a Definition,
    /// The organisations.
    pub registry: &'a Registry,
    /// Nothing after this date is used.
    pub as_of: Date,
    /// Months that sources cover, where the study declares them.
    pub declared_cover: &'a BTreeMap<String, (Date, Date)>,
    /// The nation of bodies that the registry does not know.
    pub home_nation: &'a str,
    /// A session with no tables of other stages.
    pub session: &'a Session,
    /// Folder for the tables of this stage.
    pub out: &'a Path,
    /// Folder for working files; removed by the caller.
    pub work: &'a Path,
}

/// What the stage did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Report {
    /// Facts found in the records.
    pub facts: u64,
    /// People with any fact.
    pub people: u64,
    /// People with evidence and no known breast primary, set aside.
    pub no_primary: u64,
    /// People with a breast primary or another cancer and no evidence.
    pub no_evidence: u64,
    /// Cases by tier.
    pub tiers: BTreeMap<char, u64>,
    /// Lines of evidence.
    pub evidence: u64,
    /// Tables that rules name and the study has not.
    pub absent: Vec<String>,
}

/// Runs case-finding.
pub fn run(request: &Request<'_>) -> Result<Report, CasefindError> {
    let groups = facts::plan(request.definition)?;
    let cover = Cover::read(request.intake, request.declared_cover)?;
    let tables = facts::present(request.intake)?;
    let session = request.session;
    session.sets(request.definition.lists.sets.clone());
    for (name, path) in &tables {
        session.table(name, path)?;
    }
    session.table("links", &request.linkage.join("links.parquet"))?;
    session.table("identities", &request.intake.join("identities"))?;
    let hits = request.work.join("hits");
    let mut report = Report {
        facts: facts::write_hits(session, &groups, &tables, &hits)?,
        ..Report::default()
    };
    for group in &groups {
        if tables.iter().all(|(name, _)| *name != group.table) && !report.absent.contains(&group.table) {
            report.absent.push(group.table.clone());
        }
    }
    let files = Files::read(request.intake)?;
    let mut output = Output::create(request.definition, &files, request.out)?;
    if report.facts > 0 {
        session.table("hits", &hits)?;
        judge_all(request, &groups, &cover, &mut output, &mut report)?;
    }
    let (_cases, evidence) = output.finish()?;
    report.evidence = evidence;
    Ok(report)
}

fn judge_all(
    request: &Request<'_>,
    groups: &[facts::Group],
    cover: &Cover,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<(), CasefindError> {
    let judge = Judge {
        definition: request.definition,
        cover,
    };
    let mut bodies = Bodies::new(request.registry);
    let mut ends = Ends::read(request)?;
    let mut people = facts::by_person(request.session, groups)?;
    while let Some((person, facts)) = people.person()? {
        report.people += 1;
        let end = ends.of(person)?;
        match judge.person(&facts, end, &mut bodies) {
            Verdict::NoPrimary => report.no_primary += 1,
            Verdict::NoEvidence => report.no_evidence += 1,
            Verdict::Case(case, evidence) => {
                *report.tiers.entry(case.tier).or_default() += 1;
                let nation = nation(&case, &mut bodies, request.home_nation);
                output.person(person, &case, Some(&nation), &evidence, end)?;
            }
        }
    }
    if people.read() != report.facts {
        return Err(CasefindError::Lost {
            found: people.read(),
            expected: report.facts,
        });
    }
    Ok(())
}

/// The nation of the case's body; of another body that sent evidence, where that one is not in
/// the registry; else the study's home nation.
fn nation(case: &Case, bodies: &mut Bodies<'_>, home: &str) -> String {
    let own = case
        .organisation
        .as_ref()
        .and_then(|body: &Body| body.nation.clone());
    own.or_else(|| {
        case.organisations
            .iter()
            .find_map(|code| bodies.resolve(code)?.nation)
    })
    .unwrap_or_else(|| home.to_owned())
}

/// Deaths, departures and people without a name, in the order of persons.
struct Ends {
    answer: Answer,
    batch: Option<(Batch, usize)>,
    next: Option<(i64, End)>,
}

impl Ends {
    fn read(request: &Request<'_>) -> Result<Self, CasefindError> {
        let session = request.session;
        let as_of = request.as_of;
        // A death register is believed before any other source of the date.
        let sql = format!(
            "select l.person as person, \
             coalesce(min(case when i.source = 'deaths' then i.death_date end), min(i.death_date)) as death, \
             max(case when i.vital_status = 'left' and i.vital_date <= date '{as_of}' then i.vital_date end) as gone, \
             bool_and(l.step = 'alone' and i.number is null and i.family_name is null and i.key is null) as nameless \
             from (select file, row, source, number, family_name, key, vital_status, vital_date, \
             case when death_date <= date '{as_of}' then death_date end as death_date from identities) i \
             join links l on l.file = i.file and l.row = i.row \
             where i.death_date is not null or i.vital_status = 'left' \
             or (i.number is null and i.family_name is null and i.key is null) \
             group by l.person order by l.person"
        );
        let answer = session.query("reading deaths", &sql)?;
        Ok(Self {
            answer,
            batch: None,
            next: None,
        })
    }

    /// The end of a person; persons are asked in rising order.
    fn of(&mut self, person: i64) -> Result<End, CasefindError> {
        loop {
            if self.next.is_none() {
                self.next = self.advance()?;
            }
            match self.next {
                Some((other, _)) if other < person => self.next = None,
                Some((other, end)) if other == person => return Ok(end),
                _ => return Ok(End::default()),
            }
        }
    }

    fn advance(&mut self) -> Result<Option<(i64, End)>, CasefindError> {
        loop {
            if let Some((batch, at)) = &mut self.batch {
                if *at < batch.rows() {
                    let row = *at;
                    *at += 1;
                    let person = batch.integer("person")?.get(row).unwrap_or_default();
                    let end = End {
                        death: batch.date("death")?.get(row),
                        left: batch.date("gone")?.get(row),
                        nameless: batch.flag("nameless")?.get(row).unwrap_or_default(),
                    };
                    return Ok(Some((person, end)));
                }
                self.batch = None;
            }
            match self.answer.next() {
                Some(batch) => self.batch = Some((batch?, 0)),
                None => return Ok(None),
            }
        }
    }
}
