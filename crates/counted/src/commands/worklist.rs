//! `counted worklist`: one organisation's people who were found and are not recorded.

use std::path::Path;
use std::process::ExitCode;

use casefind::{NOTICE, WorkItem, WorklistRequest};
use engine::Session;
use serde_json::json;
use study::Study;

use crate::arguments::{Format, WorklistArguments};
use crate::exit::Failure;
use crate::export::{people_csv, place, spaced};
use crate::{access_log, machine, tell};

const HEADER: [&str; 20] = [
    "notice",
    "person_id",
    "local_id",
    "number",
    "family_name",
    "given_name",
    "birth_date",
    "how_sure",
    "whose_case",
    "died",
    "your_own_records",
    "other_records",
    "suggested_pathway",
    "suggested_date",
    "suggested_type",
    "suggested_sites",
    "clinician_confirms (yes or no)",
    "metastatic_date (where yes)",
    "recorded_on (the day you looked)",
    "organisation",
];

/// Writes the list, after the audit row. The columns from `clinician_confirms` on are to be filled in, and make the list a
/// source of the kind `form`.
pub(crate) fn worklist(arguments: &WorklistArguments, format: Format) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study)?;
    study.is_as_it_was_run()?;
    let code = arguments.organisation.trim().to_uppercase();
    if study.registry.get(&code).is_none() {
        return Err(Failure::call(format!(
            "no organisation `{code}` in this study; give the code of a trust or board"
        )));
    }
    let output = place(
        &study,
        arguments.output.as_deref(),
        "worklists",
        &format!("{code}.csv"),
    )?;
    let (intake, linkage) = study.stage_folders()?;
    let session = Session::embedded(engine::Options {
        memory_bytes: 1 << 30,
        threads: machine::threads(None),
        spill: study.state().join("work").join("spill"),
    })?;
    let request = WorklistRequest {
        tables: &study.tables()?,
        intake: &intake,
        linkage: &linkage,
        registry: &study.registry,
        organisation: &code,
        session: &session,
    };
    let list = casefind::worklist(&request, &study.definition.lists)?;
    drop(session);
    fs_err::remove_dir_all(study.state().join("work"))?;
    access_log::write(&study, "worklist", &code)?;
    write(&output, &code, &list.people)?;
    match format {
        Format::Json => tell::json(&json!({
            "notice": NOTICE, "organisation": code, "people": list.people.len(),
            "without_own_record": list.unnamed, "before_own_records": list.earlier, "file": output.display().to_string(),
        })),
        Format::Text => {
            tell::line(NOTICE);
            tell::line(&format!("{} people: {}", list.people.len(), output.display()));
            if list.unnamed > 0 {
                let words = "more belong to this organisation, which has itself sent no record of them";
                tell::line(&format!("{} {words}; they are not listed.", list.unnamed));
            }
            if list.earlier > 0 {
                let words = "more were found before this organisation's COSD records begin, which could not hold them";
                tell::line(&format!("{} {words}; they are not listed.", list.earlier));
            }
        }
    }
    Ok(ExitCode::SUCCESS)
}

fn write(path: &Path, organisation: &str, people: &[WorkItem]) -> Result<(), Failure> {
    let row = |person: &WorkItem| {
        let own = person.own.reveal();
        [
            NOTICE.to_owned(),
            person.person_id.clone(),
            own.local_id.clone(),
            spaced(&own.number),
            own.family_name.clone(),
            own.given_name.clone(),
            own.birth_date.clone(),
            sure(person).to_owned(),
            if person.is_its_own {
                "yours"
            } else {
                "another body's"
            }
            .to_owned(),
            if person.died { "yes" } else { "" }.to_owned(),
            person.own_evidence.join("; "),
            person.other_evidence.join("; "),
            person.suggested_pathway.to_owned(),
            person.suggested_date.clone(),
            "03 distant (for a clinician to confirm)".to_owned(),
            person.suggested_sites.clone(),
            String::new(),
            String::new(),
            String::new(),
            organisation.to_owned(),
        ]
    };
    people_csv(path, HEADER, people.iter().map(row))
}

fn sure(person: &WorkItem) -> &'static str {
    match person.tier.as_str() {
        _ if person.only_at_death => "found only at death",
        "A" => "stated outside the recording fields",
        "B" => "two independent sources",
        _ => "one strong sign",
    }
}
