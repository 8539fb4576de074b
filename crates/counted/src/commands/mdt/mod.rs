//! `counted mdt`: whom an organisation's team has not reviewed since its last meeting.
//!
//! The same safety as the work list: people are named only by what the organisation itself has sent, the audit row comes
//! first, and the files are for their owner only.

mod page;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use audit::definition::Standards;
use audit::meeting::{self, Listed, MeetingList};
use casefind::{OwnIdentity, OwnPerson, WorklistRequest, own_people, person_id};
use engine::Session;
use serde_json::json;
use study::Study;
use vocabulary::date::Date;

use crate::arguments::{Format, MdtArguments};
use crate::draft::Draft;
use crate::exit::Failure;
use crate::export::{people_csv, place, refuse_loss, spaced};
use crate::{access_log, machine, tell};

/// The sentence that stands over every list for a meeting.
const NOTICE: &str = "For preparing a team meeting. Made from records, which may be late or wrong: a person listed here may \
have been reviewed, or may not have secondary breast cancer. Do not tell or contact anyone because of it; ask their \
clinical team.";

const HEADER: [&str; 10] = [
    "notice",
    "part",
    "person_id",
    "local_id",
    "number",
    "family_name",
    "given_name",
    "birth_date",
    "since_the_last_meeting",
    "why_complex",
];

/// The list with the names that may stand on it.
struct Named<'a> {
    list: &'a MeetingList,
    own: &'a BTreeMap<i64, OwnPerson>,
}

impl Named<'_> {
    fn identity(&self, listed: &Listed) -> OwnIdentity {
        let own = self.own.get(&listed.person);
        own.map(|own| own.identity.reveal().clone()).unwrap_or_default()
    }

    /// Both parts with their words.
    fn parts(&self) -> [(&'static str, &[Listed]); 2] {
        [
            ("complex", &self.list.complex),
            ("standard plan", &self.list.standard),
        ]
    }
}

/// Writes the list, after the audit row.
pub(crate) fn mdt(arguments: &MdtArguments, format: Format) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study)?;
    study.is_as_it_was_run()?;
    let code = arguments.organisation.trim().to_uppercase();
    let Some(organisation) = study.registry.get(&code) else {
        return Err(Failure::call(format!(
            "no organisation `{code}` in this study; give the code of a trust or board"
        )));
    };
    if arguments.since > study.config.as_of {
        return Err(Failure::call(format!(
            "--since {} lies after the last day of the study, {}",
            arguments.since, study.config.as_of
        )));
    }
    let output = place(
        &study,
        arguments.output.as_deref(),
        "meetings",
        &format!("{code}.csv"),
    )?;
    let print = arguments.print.as_deref();
    let print = print.map(|path| place(&study, Some(path), "", "")).transpose()?;
    let written = std::iter::once(&output).chain(&print).map(PathBuf::as_path);
    refuse_loss(std::iter::empty(), written)?;
    let standards = Standards::built_in().map_err(|error| Failure::call(error.to_string()))?;
    let (list, own) = list(&study, &standards, arguments, &code)?;
    access_log::write(&study, "mdt", &format!("{code} since {}", arguments.since))?;
    let named = Named {
        list: &list,
        own: &own,
    };
    csv(&output, &named)?;
    if let Some(print) = &print {
        let mut file = Draft::create(print)?;
        let status = standards.agenda.as_ref().map_or("", |agenda| &agenda.status);
        let head = page::Head {
            organisation: &organisation.name,
            since: arguments.since,
            as_of: study.config.as_of,
            status,
            simulated: study.config.simulated,
        };
        file.write_all(page::page(&head, &named).as_bytes())?;
        file.publish()?;
    }
    said(format, &code, &list, arguments.since, (&output, print));
    Ok(ExitCode::SUCCESS)
}

/// Who waits, and what the organisation itself has sent of them.
fn list(
    study: &Study,
    standards: &Standards,
    arguments: &MdtArguments,
    code: &str,
) -> Result<(MeetingList, BTreeMap<i64, OwnPerson>), Failure> {
    let (intake, linkage) = study.stage_folders()?;
    let tables = study.tables()?;
    let open = meeting::open(&meeting::Request {
        intake: &intake,
        linkage: &linkage,
        casefind: &tables,
        registry: &study.registry,
        standards,
        since: arguments.since,
        as_of: study.config.as_of,
    })?;
    let session = Session::embedded(engine::Options {
        memory_bytes: 1 << 30,
        threads: machine::threads(None),
        spill: study.state().join("work").join("spill"),
    })?;
    let request = WorklistRequest {
        tables: &tables,
        intake: &intake,
        linkage: &linkage,
        registry: &study.registry,
        organisation: code,
        session: &session,
    };
    let wanted: BTreeSet<i64> = open.people().collect();
    let own = own_people(&request, &wanted)?;
    drop(session);
    fs_err::remove_dir_all(study.state().join("work"))?;
    let records = own.iter().map(|(person, own)| (*person, own.records.clone()));
    Ok((open.list(code, &records.collect()), own))
}

fn csv(path: &Path, named: &Named<'_>) -> Result<(), Failure> {
    let of = |part: &str, listed: &Listed| {
        let own = named.identity(listed);
        let occasions: Vec<String> = listed.occasions.iter().map(ToString::to_string).collect();
        [
            NOTICE.to_owned(),
            part.to_owned(),
            person_id(listed.person),
            own.local_id,
            spaced(&own.number),
            own.family_name,
            own.given_name,
            own.birth_date,
            occasions.join("; "),
            listed.reasons.join("; "),
        ]
    };
    let rows = named
        .parts()
        .into_iter()
        .flat_map(|(part, people)| people.iter().map(move |listed| (part, listed)))
        .map(|(part, listed)| of(part, listed));
    people_csv(path, HEADER, rows)
}

fn said(
    format: Format,
    code: &str,
    list: &MeetingList,
    since: Date,
    (output, print): (&Path, Option<PathBuf>),
) {
    let print = print.map(|path| path.display().to_string());
    match format {
        Format::Json => tell::json(&json!({
            "notice": NOTICE, "organisation": code,
            "complex": list.complex.len(), "standard_plan": list.standard.len(),
            "without_own_record": list.unnamed, "earlier_without_review": list.earlier,
            "file": output.display().to_string(), "print": print,
        })),
        Format::Text => {
            tell::line(NOTICE);
            tell::line(&format!(
                "{} complex, {} for whom a standard plan may do: {}",
                list.complex.len(),
                list.standard.len(),
                output.display()
            ));
            if let Some(print) = print {
                tell::line(&format!("To print: {print}"));
            }
            if list.unnamed > 0 {
                let words = "more belong to this organisation, which has itself sent no record of them";
                tell::line(&format!("{} {words}; they are not listed.", list.unnamed));
            }
            if list.earlier > 0 {
                tell::line(&page::earlier(list.earlier, since));
            }
        }
    }
}
