//! The stage: everybody read once, every question asked of everybody, hospitals compared, tables written.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use estimate::joint::Loudness;
use rayon::prelude::*;
use vocabulary::cover::Spans;
use vocabulary::date::Date;
use vocabulary::organisation::Registry;

use crate::answer::{Event, Frame, Question};
use crate::cells::{Answers, ByQuarter, Counted, FACTORS, Place, Stratum};
use crate::definition::{Adjuster, Clause, Code, Indicator, Population, Role, Span, Standards, What};
use crate::delay::{self, Waits};
use crate::error::{AuditError, at};
use crate::first_line::{self, FirstLines};
use crate::nurses;
use crate::packs;
use crate::people::{Asked, Cover, Fact, Input, Kind, People, Person, read};
use crate::write;

/// What the stage reads, and where it writes.
#[derive(Debug, Clone, Copy)]
pub struct Request<'a> {
    /// Folder of the stage intake.
    pub intake: &'a Path,
    /// Folder of the stage linkage.
    pub linkage: &'a Path,
    /// Folder of the stage casefind.
    pub casefind: &'a Path,
    /// Folder of the stage count.
    pub count: &'a Path,
    /// The organisations.
    pub registry: &'a Registry,
    /// What is measured.
    pub standards: &'a Standards,
    /// Nurses in post, as somebody stated them.
    pub staffing: &'a [nurses::Staffing],
    /// Nothing after this day is used.
    pub as_of: Date,
    /// The first and last day that is measured.
    pub period: (Date, Date),
    /// Days that each kind of source covers in each nation, or in none. Where nothing is said of a kind and nation, they are
    /// those from first to last month in `coverage`.
    pub cover: &'a BTreeMap<(String, Option<String>), Spans>,
    /// The folder for the tables.
    pub out: &'a Path,
}

/// What the stage found, for the record of the run.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Report {
    /// People of whom care was asked.
    pub people: u64,
    /// Questions that some file can answer.
    pub measured: u64,
    /// Questions that no file of this study answers, each with the item and the file that would bring it.
    pub not_measured: Vec<NotMeasured>,
    /// Rows of the table `standards`.
    pub rows: u64,
    /// Hospitals outside the limits of chance over the whole period, outcomes and processes alike.
    pub flagged: u64,
    /// What somebody must know before reading the figures.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<Warning>,
}

/// What somebody must know before reading the figures.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct Warning {
    /// What it is about.
    pub rule: &'static str,
    /// How loud it is: `standing` or `alarm`.
    pub level: &'static str,
    /// In words.
    pub message: String,
}

/// A question that no file answers.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
pub struct NotMeasured {
    /// The indicator.
    pub indicator: String,
    /// The Standard of care; 0 for questions beside them.
    pub standard: u8,
    /// What is missing and what would bring it.
    pub words: String,
}

/// Runs the stage.
pub fn run(request: &Request<'_>) -> Result<Report, AuditError> {
    let standards = request.standards;
    let asked = Asked::of(standards).ok_or(AuditError::TooManyCodes)?;
    let kinds = treating(standards);
    let mut cover = Cover::read(request.intake, request.cover, request.registry, &kinds)
        .map_err(at("reading what the sources cover"))?;
    let people = read(&Input {
        intake: request.intake,
        linkage: request.linkage,
        casefind: request.casefind,
        people: &request.casefind.join("case_people.parquet"),
        registry: request.registry,
        standards,
        asked: &asked,
        primaries: Some(request.period),
        every_record: false,
    })
    .map_err(at("reading who got which care"))?;
    cover.note_blanks(&asked, &people);
    let frame = Frame {
        cover: &cover,
        // No period reaches past the last day of the data, as in `counts`.
        period: (request.period.0, request.period.1.min(request.as_of)),
        as_of: request.as_of,
    };
    let standing: Vec<Option<String>> = standards
        .indicators
        .iter()
        .map(|indicator| lacking(standards, indicator, &people, &cover))
        .collect();
    let [measured, networks] = ask(request, &asked, &frame, &people, &standing);
    adds_up(standards, &measured)?;
    let written = write_all(request, &measured, &networks, &standing)?;
    let not_measured: Vec<NotMeasured> = standards
        .indicators
        .iter()
        .zip(&standing)
        .filter_map(|(indicator, words)| {
            words.as_ref().map(|words| NotMeasured {
                indicator: indicator.id.clone(),
                standard: indicator.standard,
                words: words.clone(),
            })
        })
        .collect();
    Ok(Report {
        people: people.people.len() as u64,
        measured: (standards.indicators.len() - not_measured.len()) as u64,
        not_measured,
        rows: written.rows,
        flagged: written.flagged,
        warnings: silent(&cover, request.period).into_iter().collect(),
    })
}

/// The kinds of source whose silence means something, and that hospitals send about those whom they treat. Deaths are sent by a
/// register.
fn treating(standards: &Standards) -> BTreeSet<&str> {
    let of_questions = standards
        .indicators
        .iter()
        .flat_map(|indicator| indicator.yes.iter().chain(&indicator.no).chain(&indicator.known))
        .flat_map(|clause| &clause.covered_by);
    let of_delays = standards.delays.iter().flat_map(|delay| match &delay.span {
        Span::Before { .. } => <&[String]>::default(),
        Span::After { covered_by, .. } | Span::Contacts { covered_by, .. } => covered_by.as_slice(),
    });
    let course = standards
        .treatments
        .as_ref()
        .and_then(|treatments| standards.facts.get(treatments.course.0));
    of_questions
        .chain(of_delays)
        .map(String::as_str)
        .chain(course.map(|fact| fact.kind()))
        .filter(|kind| *kind != "deaths")
        .collect()
}

/// Which bodies fall silent in the period: one warning for all.
fn silent(cover: &Cover, period: (Date, Date)) -> Option<Warning> {
    let told = cover.silences(period);
    (!told.is_empty()).then(|| Warning {
        rule: "silent_senders",
        level: Loudness::Alarm.name(),
        message: format!(
            "No records, or next to none, for half a year or more, though the files of the nation cover these days: {}. Is a \
             file missing? Then put it into the study and run again. Until then nothing is concluded there from silence: \
             whether people whom these bodies treat had what these records would show is missing, not no.",
            told.join("; ")
        ),
    })
}

/// Everybody of each population is in the denominator, missing or excluded.
fn adds_up(standards: &Standards, measured: &Measured) -> Result<(), AuditError> {
    let broken = measured.answers.iter().find(|(_, answers)| !answers.cell.holds());
    let Some(((question, place), _)) = broken else {
        return Ok(());
    };
    Err(AuditError::Invariant {
        rule: format!(
            "denominator + missing + excluded = population, of `{}` at {} in {}",
            standards.indicators[*question].id, place.organisation, place.period
        ),
    })
}

/// Writes the tables, those of networks, nurses, and the packs, which are made of the tables.
fn write_all(
    request: &Request<'_>,
    measured: &Measured,
    networks: &Measured,
    standing: &[Option<String>],
) -> Result<write::Written, AuditError> {
    let written = write::write(request, measured, standing)?;
    let of_networks = request.out.join(packs::NETWORKS);
    write::networks(
        &Request {
            out: &of_networks,
            ..*request
        },
        networks,
    )?;
    let counts = request.count.join("counts.parquet");
    nurses::write(
        &counts,
        request.staffing,
        request.registry,
        request.as_of,
        request.out,
    )
    .map_err(at("writing nurses"))?;
    packs::write(request)?;
    Ok(written)
}

/// The answers and waits of everybody, by place.
pub(crate) struct Measured {
    pub answers: BTreeMap<(usize, Place), Answers>,
    /// Yes and known by question, nation, organisation and quarter.
    pub quarters: ByQuarter,
    pub waits: BTreeMap<(usize, Place), Waits>,
    /// First treatments; empty where no file brought courses of medicine.
    pub first_lines: BTreeMap<(usize, Place), FirstLines>,
}

/// People that one thread asks at a time.
const CHUNK: usize = 16_384;

/// Asks everybody, and sums by place and by network.
fn ask(
    request: &Request<'_>,
    asked: &Asked,
    frame: &Frame<'_>,
    people: &People,
    standing: &[Option<String>],
) -> [Measured; 2] {
    let standards = request.standards;
    let questions: Vec<(usize, &Indicator, Question<'_>)> = standards
        .indicators
        .iter()
        .enumerate()
        .filter(|(index, _)| standing[*index].is_none())
        .map(|(index, indicator)| (index, indicator, Question::new(indicator, asked)))
        .collect();
    let courses = standards.treatments.as_ref().is_some_and(|own| {
        let stated = people.stated.get(own.course.0);
        stated.is_some_and(|stated| stated.rows > 0)
    });
    let parts: Vec<(Counted<Answers>, Counted<Waits>, Counted<FirstLines>)> =
        (0..people.people.len().div_ceil(CHUNK))
            .into_par_iter()
            .map(|chunk| {
                let (mut answers, mut waits) = (Counted::<Answers>::default(), Counted::<Waits>::default());
                let mut lines = Counted::<FirstLines>::default();
                for (person, facts) in people.each(chunk * CHUNK, CHUNK) {
                    for (index, indicator, question) in &questions {
                        question.ask(frame, person, facts, |event, answer| {
                            let stratum = stratum((standards, asked), indicator, (person, facts), &event);
                            answers.at(*index, &event).add(answer, stratum);
                        });
                    }
                    delay::add(&mut waits, &standards.delays, asked, frame, (person, facts));
                    if courses {
                        first_line::add(&mut lines, standards, asked, frame, (person, facts));
                    }
                }
                (answers, waits, lines)
            })
            .collect();
    let (mut answers, mut waits, mut lines) = (Counted::default(), Counted::default(), Counted::default());
    for (own, waited, treated) in &parts {
        answers.merge(own);
        waits.merge(waited);
        lines.merge(treated);
    }
    let (registry, ends) = (request.registry, frame.period);
    [
        Measured {
            quarters: answers.by_quarter(),
            answers: answers.by_place(ends),
            waits: waits.by_place(ends),
            first_lines: lines.by_place(ends),
        },
        Measured {
            quarters: answers.by_quarter_and_network(registry),
            answers: answers.by_network(ends, registry),
            waits: waits.by_network(ends, registry),
            first_lines: lines.by_network(ends, registry),
        },
    ]
}

/// What no file of the study brings, with the file that would; none where the question can be answered.
fn lacking(standards: &Standards, indicator: &Indicator, people: &People, cover: &Cover) -> Option<String> {
    let stated = |fact: usize, codes: &[Code]| {
        let stated = people.stated.get(fact);
        stated.is_some_and(|stated| stated.speaks(codes))
    };
    if let Population::Fact { fact, codes, .. } = &indicator.population
        && !stated(*fact, codes)
    {
        return standards.facts.get(*fact).map(|fact| words(&[fact]));
    }
    let speaks = |clause: &Clause| match &clause.what {
        What::Fact(fact, codes) => stated(*fact, codes),
        What::Death | What::OnlyAtDeath => cover.has("deaths"),
    };
    if indicator.yes.iter().any(speaks) {
        // Where only silence says no, somebody must be there who would have spoken.
        let by_silence = !indicator.no.is_empty() && indicator.no.iter().all(|clause| clause.absent);
        if !by_silence || indicator.no.iter().any(speaks) {
            return None;
        }
        let silent = Indicator {
            yes: Vec::new(),
            known: Vec::new(),
            ..indicator.clone()
        };
        return Some(not_held(&standards.facts_of(&silent)));
    }
    Some(not_held(&standards.facts_of(indicator)))
}

fn not_held(facts: &[&crate::definition::FactSource]) -> String {
    if facts.is_empty() {
        return "No source of deaths is in this study; a file of kind `deaths` would bring it.".to_owned();
    }
    words(facts)
}

fn words(facts: &[&crate::definition::FactSource]) -> String {
    let parts: Vec<String> = facts
        .iter()
        .map(|fact| format!("{} (a file of kind `{}`)", fact.item, fact.kind()))
        .collect();
    format!("No file of this study holds {}.", parts.join(", or "))
}

/// The stratum of an event, for questions that are adjusted.
fn stratum(
    (standards, asked): (&Standards, &Asked),
    indicator: &Indicator,
    (person, facts): (&Person, &[Fact]),
    event: &Event<'_>,
) -> Option<Stratum> {
    if indicator.role != Role::Outcome || indicator.case_mix.is_empty() {
        return None;
    }
    let mut stratum = [0; FACTORS];
    for adjuster in &indicator.case_mix {
        match adjuster {
            Adjuster::Age => {
                stratum[0] = person.age(Date::from_days(event.day)).map_or(0, age_band);
            }
            Adjuster::Kind => {
                stratum[1] = person.case.as_ref().map_or(0, |case| match case.kind {
                    Kind::DeNovo => 1,
                    Kind::Recurrent => 2,
                    Kind::NotKnown => 3,
                });
            }
            Adjuster::Deprivation => stratum[2] = quintile(person.deprivation.as_deref()),
            Adjuster::Subtype => {
                stratum[3] = standards.treatments.as_ref().map_or(0, |treatments| {
                    first_line::subtype(treatments, asked, event.day, facts) as u8 + 1
                });
            }
        }
    }
    Some(stratum)
}

/// 1 under 50, then a band for every ten years, 5 from 80.
fn age_band(age: i32) -> u8 {
    match age {
        ..50 => 1,
        50..60 => 2,
        60..70 => 3,
        70..80 => 4,
        _ => 5,
    }
}

/// 1 to 5 by the first character, as registries write it; 0 is not known.
fn quintile(text: Option<&str>) -> u8 {
    let first = text.and_then(|text| text.trim().bytes().next()).unwrap_or(b'0');
    match first {
        b'1'..=b'5' => first - b'0',
        _ => 0,
    }
}
