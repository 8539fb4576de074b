//! From the tables of a run to a release and a site: the only way out of a study.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{Batch, TableReader};
use protect::{
    Place, Policy, ProtectError, RawFact, RawManifest, RawRelease, RawSection, RawTable, RawValue, Release,
    SumRule, WrittenFile,
};
use publish::{Outline, PublicOrganisation, SiteFacts};

use crate::accounts;
use crate::as_parquet;
use crate::care::{Care, care};
use crate::checks;
use crate::config;
use crate::durable::sync_tree;
use crate::error::StudyError;
use crate::ledger;
use crate::manifest::VERSION;
use crate::methods;
use crate::open::Study;
use crate::pipeline::Pipeline;
use crate::public;
use crate::refused;
use crate::run::{Options, Stage};

/// The release of a run, and what was written of it.
pub(crate) struct Written {
    pub(crate) release: Release,
    files: Vec<WrittenFile>,
    /// The day of its approval, where this run approves it.
    approved_on: Option<String>,
}

/// Protects, and writes the release and the site into `next`.
pub(crate) fn write(
    study: &Study,
    options: &Options<'_>,
    run: &Pipeline<'_>,
    finished: &[Stage],
    next: &Path,
) -> Result<Written, StudyError> {
    let release = protected(study, options, run, finished, true)?;
    let written = lay_out(study, options, release, next)?;
    // Pages that call themselves approved are those that were signed, and no others: not those of another program, nor with
    // a word that came since.
    if written.approved_on.is_none() && written.release.manifest().approved {
        let site = public::site_hash(&next.join("site"))?;
        let ledger = ledger::ledger(study)?;
        if ledger.entries().last().is_none_or(|last| last.site != site) {
            fs_err::remove_dir_all(next.join("release"))?;
            fs_err::remove_dir_all(next.join("site"))?;
            let release = protected(study, options, run, finished, false)?;
            return lay_out(study, options, release, next);
        }
    }
    Ok(written)
}

/// Writes a release and its site into `next`.
fn lay_out(
    study: &Study,
    options: &Options<'_>,
    release: Release,
    next: &Path,
) -> Result<Written, StudyError> {
    let folder = next.join("release");
    let mut files = protect::write_release(&release, &folder)?;
    files.extend(as_parquet::write(&release, &folder)?);
    let earlier = ledger::released_before(study, release.id())?;
    publish::publish_after(
        &release,
        ledger::Earlier::beside(earlier.as_ref()),
        &public_facts(study)?,
        &next.join("site"),
    )?;
    ledger::show(study, &next.join("site"))?;
    Ok(Written {
        release,
        files,
        approved_on: options.approved_on.map(str::to_owned),
    })
}

/// Enters an approved release in the ledger before it takes its place, since pages that call themselves approved must never
/// be seen without the two signatures. A run that is killed in between leaves the former output under a ledger that is ahead
/// of it; the next run makes the release that stands last again ([`protected`]), and keeps its files where they are not kept.
pub(crate) fn enter(study: &Study, written: &Written, next: &Path) -> Result<(), StudyError> {
    let (release, files) = (&written.release, &written.files);
    let mut ledger = ledger::ledger(study)?;
    if written.approved_on.is_none() && !ledger::stands_last(&ledger, release, files) {
        return Ok(());
    }
    let beside = ledger::lay_beside(study, release, files, &next.join("release"))?;
    if let Some(day) = &written.approved_on {
        // What is signed is on the disk before its signature.
        sync_tree(&next.join("release"))?;
        sync_tree(&next.join("site"))?;
        let run = fs_err::read(next.join("run.json"))?;
        let approved = protect::ledger::Approved {
            files,
            site: &public::site_hash(&next.join("site"))?,
            inputs: &[("run.json", &run)],
        };
        ledger.append(release, approved, day, &ledger::keys(study)?)?;
        ledger::write(study, &ledger)?;
        ledger::show(study, &next.join("site"))?;
    }
    beside.map_or(Ok(()), ledger::Unfinished::keep)
}

/// The release, protected together with all that were approved before; approved itself if this run approves it or, where that
/// may stand, if it is the one that stands last in the ledger.
fn protected(
    study: &Study,
    options: &Options<'_>,
    run: &Pipeline<'_>,
    finished: &[Stage],
    may_stand: bool,
) -> Result<Release, StudyError> {
    let policy = Policy::hes()?;
    let ledger = ledger::ledger(study)?;
    let earlier = ledger.publications();
    let last = earlier.split_last().zip(ledger.entries().last());
    if let Some(((_, before), last)) = last.filter(|_| may_stand) {
        // The last one again, made as it was then: from the releases before it. Then it stands, and nothing is added.
        match protect::release_after(&raw(study, true, run, finished)?, &policy, before) {
            Ok(again) if again.id() == last.release => return Ok(again),
            Ok(_) | Err(ProtectError::Leaks { .. }) => {}
            Err(error) => return Err(error.into()),
        }
    }
    let approved = options.approved_on.is_some();
    let raw = raw(study, approved, run, finished)?;
    protect::release_after(&raw, &policy, &earlier)
        .map_err(|error| refused::told(error, &study.registry, &finished[2].folder))
}

fn raw(
    study: &Study,
    approved: bool,
    run: &Pipeline<'_>,
    finished: &[Stage],
) -> Result<RawRelease, StudyError> {
    let count = &finished[3].folder;
    let thresholds = count::Thresholds::built_in()?;
    let counts_columns = protect::counts_columns();
    let completeness_columns = protect::completeness_columns(
        thresholds.collecting_percent,
        thresholds.not_collecting_percent,
        thresholds.fewest_people,
    );
    let mut sums = protect::counts_sums();
    sums.push(SumRule::Places {
        kind: "place_kind".to_owned(),
        place: "place".to_owned(),
        inside: inside(study),
    });
    let counts = RawTable {
        name: "counts".to_owned(),
        version: 1,
        about: protect::about("counts").to_owned(),
        rows: rows(&count.join("counts.parquet"), &counts_columns)?,
        columns: counts_columns,
        sums,
    };
    let completeness = RawTable {
        name: "completeness".to_owned(),
        version: 1,
        about: protect::about("completeness").to_owned(),
        rows: rows(&count.join("completeness.parquet"), &completeness_columns)?,
        columns: completeness_columns,
        sums: vec![SumRule::Column {
            column: "kind".to_owned(),
            total: "all".to_owned(),
        }],
    };
    let checks = checks::checks(study, count)?;
    let Care { tables, mut links } = care(&finished[4].folder, &Policy::hes()?)?;
    links.push(protect::counts_and_completeness_link());
    links.push(protect::checks_and_completeness_link());
    Ok(RawRelease {
        manifest: raw_manifest(study, approved, run, finished)?,
        tables: [counts, completeness, checks].into_iter().chain(tables).collect(),
        links,
    })
}

/// Which place lies in which: organisation, network, nation, country.
fn inside(study: &Study) -> BTreeMap<Place, Place> {
    let mut inside = BTreeMap::new();
    for organisation in study.registry.organisations() {
        let network = Place::new("network", &organisation.network);
        let nation = Place::new("nation", &organisation.nation);
        let organisation_place = Place::new("organisation", &organisation.code);
        if organisation.network.is_empty() {
            inside.insert(organisation_place, nation.clone());
        } else {
            inside.insert(organisation_place, network.clone());
            inside.insert(network, nation.clone());
        }
        inside.insert(nation, Place::new("country", "all"));
    }
    inside
}

/// Reads a table into rows in the order of the given columns; a column the table lacks is blank.
fn rows(path: &Path, columns: &[protect::RawColumn]) -> Result<Vec<Vec<RawValue>>, StudyError> {
    let mut rows = Vec::new();
    for batch in TableReader::open(path)? {
        let batch = batch?;
        let names: Vec<String> = batch.names().map(str::to_owned).collect();
        for row in 0..batch.rows() {
            let mut values = Vec::with_capacity(columns.len());
            for column in columns {
                values.push(if names.contains(&column.name) {
                    value(&batch, &column.name, row)?
                } else {
                    RawValue::Null
                });
            }
            rows.push(values);
        }
    }
    Ok(rows)
}

fn value(batch: &Batch, column: &str, row: usize) -> Result<RawValue, StudyError> {
    if let Ok(text) = batch.text(column) {
        return Ok(text.get(row).into());
    }
    if let Ok(number) = batch.integer(column) {
        return Ok(number.get(row).into());
    }
    Ok(batch.real(column)?.get(row).into())
}

fn raw_manifest(
    study: &Study,
    approved: bool,
    run: &Pipeline<'_>,
    finished: &[Stage],
) -> Result<RawManifest, StudyError> {
    let config = &study.config;
    let mut sections = vec![
        sources(run)?,
        linkage(finished),
        cases(finished),
        rules(study),
        switches(study),
    ];
    sections.extend(methods::sections(&finished[3])?);
    Ok(RawManifest {
        study: config.name.clone(),
        as_of: config.as_of.to_string(),
        period: (config.period.0.to_string(), config.period.1.to_string()),
        country: if config.simulated {
            "an invented country".to_owned()
        } else {
            config.country.clone()
        },
        coverage: config.coverage(&study.registry, &counted_nations(&finished[3].folder)?),
        definition: study.definition.id.clone(),
        program: format!("counted {VERSION}"),
        simulated: config.simulated,
        approved,
        demonstration_keys: ledger::keys(study)?.trusted().is_demo(),
        state_period: finished[3].report["window"]
            .as_str()
            .unwrap_or_default()
            .to_owned(),
        sections,
    })
}

/// The nations of which the stage `count` has a row: those with records.
fn counted_nations(count: &Path) -> Result<BTreeSet<String>, StudyError> {
    let mut nations = BTreeSet::new();
    for batch in TableReader::open_columns(&count.join("counts.parquet"), &["place_kind", "place"])? {
        let batch = batch?;
        let (kind, place) = (batch.text("place_kind")?, batch.text("place")?);
        let rows = (0..batch.rows()).filter(|&row| kind.get(row) == Some("nation"));
        nations.extend(rows.filter_map(|row| place.get(row)).map(str::to_owned));
    }
    Ok(nations)
}

fn section(id: &str, title: &str, words: &str, columns: &[&str], rows: Vec<Vec<RawFact>>) -> RawSection {
    RawSection {
        id: id.to_owned(),
        title: title.to_owned(),
        words: words.to_owned(),
        columns: columns.iter().map(|&column| column.to_owned()).collect(),
        rows,
    }
}

fn text(words: impl Into<String>) -> RawFact {
    RawFact::Text(words.into())
}

/// A kind of record in words, with the name of the national data set for those who know it by that. `cosd.metastasis`, a table of
/// a kind, is called by its kind; a kind that is not ours keeps its name.
fn kind_in_words(source: &str) -> &str {
    match source.split_once('.').map_or(source, |(kind, _)| kind) {
        "registrations" => "Cancer registrations",
        "cosd" => "Cancer diagnoses (COSD)",
        "sact" => "Drug treatment (SACT)",
        "rtds" => "Radiotherapy (RTDS)",
        "admissions" => "Hospital admissions",
        "cwt" => "Waiting times (CWT)",
        "deaths" => "Deaths",
        "form" => "Counted’s own form",
        other => other,
    }
}

fn sources(run: &Pipeline<'_>) -> Result<RawSection, StudyError> {
    let mut by_kind: BTreeMap<String, (i64, i64, i64)> = BTreeMap::new();
    for file in accounts::files(&run.folder("intake"), &run.folder("linkage"))? {
        let sums = by_kind.entry(file.kind).or_default();
        sums.0 += file.rows;
        sums.1 += file.in_persons;
        sums.2 += file.set_aside.values().sum::<i64>();
    }
    let rows = by_kind
        .into_iter()
        .map(|(kind, (rows, used, aside))| {
            vec![
                text(kind_in_words(&kind)),
                RawFact::Count(rows),
                RawFact::Count(used),
                RawFact::Count(aside),
            ]
        })
        .collect();
    let words = "Every row that was read either belongs to a person or was set aside with a counted reason.";
    Ok(section(
        "sources",
        "What was read",
        words,
        &["Kind of record", "Rows", "In use", "Set aside"],
        rows,
    ))
}

fn linkage(finished: &[Stage]) -> RawSection {
    let steps = finished[1].report["steps"]
        .as_array()
        .cloned()
        .unwrap_or_default();
    let rows = steps
        .iter()
        .map(|step| {
            let count = |name: &str| RawFact::Count(step[name].as_i64().unwrap_or_default().max(0));
            vec![
                text(
                    step["words"]
                        .as_str()
                        .or(step["step"].as_str())
                        .unwrap_or_default(),
                ),
                count("records"),
                count("people_before"),
                count("people_after"),
                count("refused"),
            ]
        })
        .collect();
    let words = "Records become people in these steps, one after the other. Nobody is joined on blanks, \
                 placeholders, numbers that fail their check, or values that many people share.";
    let columns = [
        "Step",
        "Records joined",
        "People before",
        "People after",
        "Joins refused",
    ];
    section("linkage", "How records became people", words, &columns, rows)
}

fn cases(finished: &[Stage]) -> RawSection {
    let report = &finished[2].report;
    let number = |value: &serde_json::Value| RawFact::Count(value.as_i64().unwrap_or_default());
    let tiers = [
        ("A", "Stated by a hospital, a form or the registry"),
        ("B", "Found in two independent sources"),
        ("C", "One strong sign"),
        ("D", "To be reviewed; not counted"),
    ];
    let mut rows: Vec<Vec<RawFact>> = tiers
        .iter()
        .map(|(tier, words)| vec![text(format!("{tier}: {words}")), number(&report["tiers"][*tier])])
        .collect();
    rows.push(vec![
        text("Signs, but no known breast cancer: not counted"),
        number(&report["no_primary"]),
    ]);
    section(
        "cases",
        "How sure we are of each person",
        "",
        &["Tier", "People"],
        rows,
    )
}

fn rules(study: &Study) -> RawSection {
    let rows = study
        .definition
        .rules
        .iter()
        .filter(|rule| rule.strength.is_evidence())
        .map(|rule| {
            vec![
                text(rule.words.clone()),
                text(rule.strength.word()),
                text(kind_in_words(&rule.source)),
                text(rule.id.clone()),
            ]
        })
        .collect();
    let words = "A person counts when records show one of these, and breast cancer is known from any record.";
    section(
        "rules",
        "What counts as evidence",
        words,
        &["Evidence", "Strength", "Source", "Rule"],
        rows,
    )
}

fn switches(study: &Study) -> RawSection {
    let switches = &study.definition.switches;
    let row = |words: &str, number: i64| vec![text(words), text(number.to_string())];
    let rows = vec![
        row(
            "Days before the first diagnosis that still count as found at diagnosis",
            i64::from(switches.de_novo_before_days),
        ),
        row(
            "Days after it that still count as found at diagnosis",
            i64::from(switches.de_novo_after_days),
        ),
        row(
            "Days before death within which evidence is found at death",
            i64::from(switches.death_lead_days),
        ),
        row(
            "Months at the start of the records in which a person is living, not new",
            i64::from(switches.new_after_months),
        ),
    ];
    section(
        "switches",
        "Choices that change the number",
        "",
        &["Choice", "Value"],
        rows,
    )
}

/// The words that a study chose for itself, and that may hold numbers: its name, its definition, the program, what it assumes.
#[must_use]
pub fn public_words(study: &Study) -> Vec<String> {
    let mut words = vec![
        study.config.name.clone(),
        study.definition.id.clone(),
        format!("counted {VERSION}"),
    ];
    words.extend(
        study
            .assumed
            .0
            .words()
            .iter()
            .map(|words| methods::capital(words)),
    );
    words
}

/// What everybody may know of the organisations and lines of a study, as its site is made with it.
///
/// # Errors
/// If the built-in thresholds cannot be read.
pub fn public_facts(study: &Study) -> Result<SiteFacts, StudyError> {
    let organisations = study
        .registry
        .organisations()
        .map(|organisation| PublicOrganisation {
            code: organisation.code.clone(),
            name: organisation.name.clone(),
            short_name: organisation.short_name.clone(),
            nation: organisation.nation.clone(),
            network: organisation.network.clone(),
            kind: organisation.kind.clone(),
            latitude: Some(organisation.latitude),
            longitude: Some(organisation.longitude),
            breast_service: organisation.breast_service,
        })
        .collect();
    let uk = study.config.organisations.is_none() && study.config.country == "uk";
    let reasons = study
        .definition
        .files
        .get("reasons.md")
        .map_or("", String::as_str);
    let definition = reasons
        .split("\n\n")
        .map(str::trim)
        .filter(|part| !part.is_empty() && !part.starts_with('#'));
    let thresholds = count::Thresholds::built_in()?;
    Ok(SiteFacts {
        country_name: if uk {
            "the United Kingdom".to_owned()
        } else {
            publish::names_in_words(&config::nations(&study.registry).into_iter().collect::<Vec<_>>())
        },
        nations: study
            .config
            .named_nations()
            .iter()
            .map(|nation| (*nation).to_owned())
            .collect(),
        outline: if uk {
            Outline::UnitedKingdom
        } else {
            Outline::AroundPoints
        },
        definition: definition.map(|part| part.replace('\n', " ")).collect(),
        thresholds: publish::Thresholds {
            collecting_percent: thresholds.collecting_percent,
            not_collecting_percent: thresholds.not_collecting_percent,
            fewest_people: thresholds.fewest_people,
        },
        usual_living_over_deaths: study.assumed.0.usual_living_over_deaths(),
        organisations,
        answers: study.answers.clone(),
        responses: study.responses.shown.clone(),
    })
}

#[cfg(test)]
mod tests {
    use super::kind_in_words;

    #[test]
    fn every_kind_of_record_has_words() {
        for layout in layouts::all() {
            assert_ne!(kind_in_words(&layout.kind), layout.kind);
        }
        assert_eq!(kind_in_words("cosd.metastasis"), "Cancer diagnoses (COSD)");
        assert_eq!(kind_in_words("another"), "another");
    }
}
