//! The stage: from records and persons to evidence and cases.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use engine::{ByRecord, Session};
use serde::{Deserialize, Serialize};
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::cases::{Files, Output, Standing, former_ends};
use crate::cover::Cover;
use crate::definition::Definition;
use crate::error::CasefindError;
use crate::facts::{self, Ends, Fact, Former, FormerRun, Gathered, Gathering, Looks, Persons};
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
    /// Of input files, by path: the nation of their source, where the study names but one. Bodies outside the registry lie in
    /// the nation of the record that names them.
    pub nations: &'a BTreeMap<String, String>,
    /// The nation of people of whom neither a body nor a source says it; none where it may be one of several.
    pub home_nation: Option<&'a str>,
    /// A session with no tables of other stages.
    pub session: &'a Session,
    /// The former run of this stage: files that are as they were are not looked at again.
    pub former: Option<FormerRun<'a>>,
    /// Whatever else the outcome depends on, the program, the organisations and the definition among it: under other
    /// settings nothing is taken over. Without, nothing is kept for the next run either.
    pub settings: Option<&'a str>,
    /// Folder for the tables of this stage.
    pub out: &'a Path,
    /// Folder for working files; removed by the caller.
    pub work: &'a Path,
}

/// What the stage did, in numbers.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
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
///
/// With the tables of the former run, files that are as they were are not looked at again, and only who has other records,
/// or another end, is judged; the outcome is that of looking at everything.
pub fn run(request: &Request<'_>) -> Result<Report, CasefindError> {
    let looks = facts::plan(request.definition)?;
    let cover = Cover::read(request.intake, request.declared_cover)?;
    let files = Files::read(request.intake, request.nations)?;
    let numbers = files.numbers();
    let settings = settings(request, &cover);
    let links = ByRecord::open(&request.linkage.join("links.parquet"))?;
    let former = match request.former.zip(settings.as_deref()) {
        Some((run, settings)) => Former::open(run, settings, &looks, (request.intake, &links), &numbers)?,
        None => None,
    };
    let place = place(request, former.as_ref(), &numbers)?;
    let tables = facts::present(&place)?;
    let session = request.session;
    facts::open(session, &place, &tables)?;
    let identities = place.join("identities");
    let new = !engine::parts(&identities)?.is_empty();
    if new {
        session.table("identities", &identities)?;
    }
    let folder = match settings {
        Some(_) => facts::folder(request.out),
        None => request.work.join("hits"),
    };
    let gathering = Gathering {
        session,
        looks: &looks,
        tables: &tables,
        files: &numbers,
        links: &links,
        folder: &folder,
        former: former.as_ref(),
    };
    let gathered = facts::gather(&gathering)?;
    let said = facts::ends_said(&gathering, new)?;
    let ends = Ends::read(&said, &links, request.as_of, &gathered.kept)?;
    let mut people = People::of(&gathered, former.as_ref(), &ends)?;
    let standing = former.as_ref().map(|former| Standing {
        stage: &former.stage,
        changed: &people.judged,
    });
    let mut output = Output::create(request.definition, &files, request.out, standing)?;
    let mut report = Report {
        facts: gathered.summary.facts,
        absent: absent(request, &looks)?,
        ..Report::default()
    };
    let seen = (&ends, &cover, files.nations());
    let no_case = judge_all(request, &gathered, &people.judged, seen, &mut output, &mut report)?;
    people.no_case.extend(no_case);
    let (taken, evidence) = output.finish()?;
    for (tier, cases) in taken {
        *report.tiers.entry(tier).or_default() += cases;
    }
    report.evidence = evidence;
    report.no_primary += people.no_case.len() as u64;
    if let Some(settings) = &settings {
        facts::keep(&gathering, settings, &gathered, &said, people.no_case)?;
    }
    Ok(report)
}

/// Tables that rules name and the study has not.
fn absent(request: &Request<'_>, looks: &Looks) -> Result<Vec<String>, CasefindError> {
    let there = facts::present(request.intake)?;
    let absent = |table: &&String| there.iter().all(|(name, _)| name != *table);
    Ok(looks.tables.iter().filter(absent).cloned().collect())
}

/// The folder of the tables that are looked at: intake's, or one with the files whose hits do not stand.
fn place(
    request: &Request<'_>,
    former: Option<&Former>,
    files: &BTreeMap<String, i64>,
) -> Result<PathBuf, CasefindError> {
    let Some(former) = former else {
        return Ok(request.intake.to_owned());
    };
    let place = request.work.join("new");
    facts::new_files(former, request.intake, files, &place)?;
    Ok(place)
}

/// All that the hits of a file, and what a person is by them, depend on beside the records; none where nothing is kept.
fn settings(request: &Request<'_>, cover: &Cover) -> Option<String> {
    let settings = request.settings?;
    Some(format!(
        "{settings}\n{:?}\n{}",
        request.home_nation,
        cover.judged_by()
    ))
}

/// Who is judged by this run, and who is known to be no case.
struct People {
    judged: Persons,
    no_case: Vec<i64>,
}

impl People {
    fn of(gathered: &Gathered<'_>, former: Option<&Former>, ends: &Ends) -> Result<Self, CasefindError> {
        let Some(former) = former else {
            return Ok(Self {
                judged: gathered.kept.clone(),
                no_case: Vec::new(),
            });
        };
        let mut judged = gathered.changed.clone();
        former_ends(&former.stage, |person, end| {
            if !ends.of(person).is_as(end) {
                judged.insert(person);
            }
        })?;
        let stands = |person: &i64| !judged.contains(*person);
        let no_case = former.no_case.iter().copied().filter(stands).collect();
        Ok(Self { judged, no_case })
    }
}

/// Judges people; gives those with evidence and a breast primary who are no case.
fn judge_all(
    request: &Request<'_>,
    gathered: &Gathered<'_>,
    people: &Persons,
    (ends, cover, nations): (&Ends, &Cover, &BTreeMap<i64, String>),
    output: &mut Output<'_>,
    report: &mut Report,
) -> Result<Vec<i64>, CasefindError> {
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
    let mut no_case = Vec::new();
    let bytes = request.session.memory_bytes() / FACTS_SHARE;
    let judged = |some: &[(i64, Vec<Fact>)]| -> Vec<Judged> {
        let mut bodies = Bodies::new(request.registry, nations);
        let of = |(person, facts): &(i64, Vec<Fact>)| {
            let end = ends.of(*person).known_by(facts, request.definition);
            let verdict = judge.person(facts, end, &mut bodies);
            let nation = match &verdict {
                Verdict::Case(case, evidence) => {
                    let nation = nation(case, evidence.iter().chain(facts), &mut bodies);
                    nation.or_else(|| request.home_nation.map(str::to_owned))
                }
                Verdict::NoPrimary | Verdict::NoEvidence => None,
            };
            Judged { verdict, nation, end }
        };
        some.iter().map(of).collect()
    };
    gathered.each(people, bytes, judged, |person, judged| {
        match judged.verdict {
            Verdict::NoPrimary => no_case.push(person),
            Verdict::NoEvidence => report.no_evidence += 1,
            Verdict::Case(case, evidence) => {
                *report.tiers.entry(case.tier).or_default() += 1;
                output.person(person, &case, judged.nation.as_deref(), &evidence, judged.end)?;
            }
        }
        Ok(())
    })?;
    Ok(no_case)
}

/// What comes of a person, with what stands beside it in the table of cases.
struct Judged {
    verdict: Verdict,
    nation: Option<String>,
    end: End,
}

/// The nation of the case's body; of another body that sent evidence, where nothing says it of that one; else that of the
/// first record that has one, evidence before the rest.
fn nation<'f>(
    case: &Case,
    mut facts: impl Iterator<Item = &'f Fact>,
    bodies: &mut Bodies<'_>,
) -> Option<String> {
    let own = case
        .organisation
        .as_ref()
        .and_then(|body: &Body| body.nation.clone());
    own.or_else(|| {
        case.organisations
            .iter()
            .find_map(|code| bodies.resolve(code)?.nation)
    })
    .or_else(|| facts.find_map(|fact| bodies.nation(fact)))
}
