//! What is wrong with a file as a whole, and with its records beside one another.

use layouts::cosd_paths::Version;

use super::faults::{
    BROKEN, COUNT_UNREADABLE, CREATED_BY_NAME, Fault, HEADER_DATE_UNREADABLE, ID_TWICE, MINOR_VERSION,
    MISDECLARED, NEVER_CREATED, NO_COUNT, NO_RECORDS, NO_SUBMITTER, OLD_VERSION, OTHER_COUNT, REPEATED,
    WINDOWS_1252, note,
};
use super::header::HeaderFact;
use super::same::{Fate, Mark, fates, ids_twice};
use super::walk::Walked;
use crate::problem::{Problem, Problems};

/// Records that repeat another, and records that share an Id.
pub(super) fn record_problems(marks: &[Mark], problems: &mut Problems) {
    let fates = fates(
        &[marks
            .iter()
            .map(|mark| Mark {
                file: 0,
                key: None,
                ..*mark
            })
            .collect()],
        |a, b| a.cmp(&b),
    );
    let repeats = |row: u32| matches!(fates[0][row as usize - 1], Fate::Repeats(_));
    for mark in marks.iter().filter(|mark| repeats(mark.row)) {
        note(problems, u64::from(mark.row), None, &REPEATED);
    }
    for row in ids_twice(marks).into_iter().filter(|row| !repeats(*row)) {
        note(problems, u64::from(row), None, &ID_TWICE);
    }
}

/// The header against what was found.
pub(super) fn file_problems(walked: &Walked, problems: &mut Problems) {
    let version = &walked.version;
    if !version.is_known() {
        let message = format!(
            "the file is COSD {}; it is read by the paths of {}",
            version.text,
            version.major.known()
        );
        whole(problems, None, &MINOR_VERSION, Some(message));
    }
    record_count(walked, problems);
    header(walked, problems);
    if walked.records == 0 {
        whole(problems, None, &NO_RECORDS, None);
    }
    let odd = &walked.oddities;
    let encodings = [
        (odd.mended, &WINDOWS_1252),
        (odd.broken, &BROKEN),
        (odd.misdeclared, &MISDECLARED),
    ];
    for (_, fault) in encodings.into_iter().filter(|(there, _)| *there) {
        whole(problems, None, fault, None);
    }
    if version.major != Version::V10 {
        let message = format!("COSD {} was replaced by 10 in July 2024", version.text);
        whole(problems, None, &OLD_VERSION, Some(message));
    }
}

/// When the file was made, who sent it, and dates that are none.
fn header(walked: &Walked, problems: &mut Problems) {
    let header = &walked.header;
    let created = Some(name_of(HeaderFact::Created));
    if header.created.is_none() {
        whole(problems, created, &NEVER_CREATED, None);
    } else if header.created_from_name {
        whole(problems, created, &CREATED_BY_NAME, None);
    }
    if header.organisation.is_none() {
        whole(
            problems,
            Some(name_of(HeaderFact::Organisation)),
            &NO_SUBMITTER,
            None,
        );
    }
    for fact in &header.unreadable {
        whole(problems, Some(name_of(*fact)), &HEADER_DATE_UNREADABLE, None);
    }
}

fn record_count(walked: &Walked, problems: &mut Problems) {
    let field = Some(name_of(HeaderFact::RecordCount));
    let Some(count) = &walked.header.record_count else {
        return whole(problems, field, &NO_COUNT, None);
    };
    match count.parse::<u64>() {
        Ok(count) if count == walked.records => {}
        Ok(count) => {
            let message = format!(
                "the header says {count} records, the file holds {}",
                walked.records
            );
            whole(problems, field, &OTHER_COUNT, Some(message));
        }
        Err(_) => whole(problems, field, &COUNT_UNREADABLE, None),
    }
}

/// Lists a fault of a file; `message` in place of the fault's own where it says a number.
fn whole(problems: &mut Problems, field: Option<&str>, fault: &Fault, message: Option<String>) {
    problems.add(Problem {
        row: None,
        field: field.map(str::to_owned),
        rule: fault.rule.into(),
        severity: fault.severity,
        message: message.unwrap_or_else(|| fault.message.to_owned()),
        fix: fault.fix.to_owned(),
    });
}

fn name_of(fact: HeaderFact) -> &'static str {
    match fact {
        HeaderFact::Organisation => "OrganisationIdentifierCodeOfSubmittingOrganisation",
        HeaderFact::RecordCount => "RecordCount",
        HeaderFact::PeriodStart => "ReportingPeriodStartDate",
        HeaderFact::PeriodEnd => "ReportingPeriodEndDate",
        HeaderFact::Created => "FileCreationDateTime",
    }
}
