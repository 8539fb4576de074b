//! The stage: from records and persons to evidence and cases.

use std::collections::BTreeMap;
use std::path::Path;

use engine::{ByRecord, Session};
use serde::Serialize;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::cases::{Files, Output};
use crate::cover::Cover;
use crate::definition::Definition;
use crate::ends::Ends;
use crate::error::CasefindError;
use crate::facts::{self, Fact, Gathered};
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

/// The share of the session's memory that facts may hold at a time: the engine has the rest.
const FACTS_SHARE: u64 = 4;

/// Runs case-finding.
pub fn run(request: &Request<'_>) -> Result<Report, CasefindError> {
    let looks = facts::plan(request.definition)?;
    let cover = Cover::read(request.intake, request.declared_cover)?;
    let tables = facts::present(request.intake)?;
    let session = request.session;
    facts::open(session, request.intake, &tables)?;
    session.table("identities", &request.intake.join("identities"))?;
    let links = ByRecord::open(&request.linkage.join("links.parquet"))?;
    let gathered = facts::look(session, &looks, &tables, &links, &request.work.join("hits"))?;
    let mut report = Report {
        facts: gathered.summary.facts,
        ..Report::default()
    };
    let absent = |table: &&String| tables.iter().all(|(name, _)| name != *table);
    report.absent.extend(looks.tables.iter().filter(absent).cloned());
    let files = Files::read(request.intake)?;
    let mut output = Output::create(request.definition, &files, request.out)?;
    if report.facts > 0 {
        let ends = Ends::read(session, &links, request.as_of, &gathered.kept)?;
        judge_all(request, &gathered, &ends, &cover, &mut output, &mut report)?;
    }
    let (_cases, evidence) = output.finish()?;
    report.evidence = evidence;
    Ok(report)
}

fn judge_all(
    request: &Request<'_>,
    gathered: &Gathered<'_>,
    ends: &Ends,
    cover: &Cover,
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<(), CasefindError> {
    let judge = Judge {
        definition: request.definition,
        cover,
    };
    let summary = &gathered.summary;
    if summary.lost > 0 {
        return Err(CasefindError::Lost {
            found: summary.facts - summary.lost,
            expected: summary.facts,
        });
    }
    // Whoever has no evidence, or no breast primary, needs no judging.
    report.people = summary.any.count();
    report.no_evidence = report.people - summary.evidence.count();
    report.no_primary = summary.evidence.count() - gathered.kept.count();
    let bytes = request.session.memory_bytes() / FACTS_SHARE;
    let judged = |some: &[(i64, Vec<Fact>)]| -> Vec<Judged> {
        let mut bodies = Bodies::new(request.registry);
        let of = |(person, facts): &(i64, Vec<Fact>)| {
            let end = ends.of(*person);
            let verdict = judge.person(facts, end, &mut bodies);
            let nation = match &verdict {
                Verdict::Case(case, _) => nation(case, &mut bodies, request.home_nation),
                Verdict::NoPrimary | Verdict::NoEvidence => String::new(),
            };
            Judged { verdict, nation, end }
        };
        some.iter().map(of).collect()
    };
    gathered.each(bytes, judged, |person, judged| {
        match judged.verdict {
            Verdict::NoPrimary => report.no_primary += 1,
            Verdict::NoEvidence => report.no_evidence += 1,
            Verdict::Case(case, evidence) => {
                *report.tiers.entry(case.tier).or_default() += 1;
                output.person(person, &case, Some(&judged.nation), &evidence, judged.end)?;
            }
        }
        Ok(())
    })
}

/// What comes of a person, with what stands beside it in the table of cases.
struct Judged {
    verdict: Verdict,
    nation: String,
    end: End,
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
