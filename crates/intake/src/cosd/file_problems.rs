//! What is wrong with a file as a whole, and with its records beside one another.

use layouts::cosd_paths::Version;

use super::faults::{ID_TWICE, REPEATED, note};
use super::header::HeaderFact;
use super::same::{Fate, Mark, fates, ids_twice};
use super::walk::Walked;
use crate::problem::{Problem, Problems, Severity};

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
    let mut add = |rule: &'static str, severity, field: Option<&str>, message: String, fix: &str| {
        problems.add(Problem {
            row: None,
            field: field.map(str::to_owned),
            rule: rule.into(),
            severity,
            message,
            fix: fix.to_owned(),
        });
    };
    let version = &walked.version;
    if !version.is_known() {
        let message = format!(
            "the file is COSD {}; it is read by the paths of {}",
            version.text,
            version.major.known()
        );
        add(
            "minor-version",
            Severity::Warning,
            None,
            message,
            "check that nothing was left out; the known versions are 8.1, 9.0.1 and 10.0.1",
        );
    }
    record_count(walked, &mut add);
    if walked.header.created.is_none() {
        let message = "neither the header nor the name says when the file was made; it counts as the earliest, and no date of recording is known";
        add(
            "no-creation-time",
            Severity::Warning,
            Some("FileCreationDateTime"),
            message.to_owned(),
            "send FileCreationDateTime in the header",
        );
    } else if walked.header.created_from_name {
        let message = "the header does not say when the file was made; the stamp in its name is taken";
        add(
            "no-creation-time",
            Severity::Notice,
            Some("FileCreationDateTime"),
            message.to_owned(),
            "send FileCreationDateTime in the header",
        );
    }
    if walked.header.organisation.is_none() {
        let message = "the header does not say which organisation submits the file";
        let field = "OrganisationIdentifierCodeOfSubmittingOrganisation";
        add(
            "no-submitter",
            Severity::Notice,
            Some(field),
            message.to_owned(),
            "send the code of the submitting organisation in the header",
        );
    }
    for fact in &walked.header.unreadable {
        let message = "this is not a date that can be read; it is taken as blank".to_owned();
        add(
            "date-unreadable",
            Severity::Warning,
            Some(name_of(*fact)),
            message,
            "write dates as YYYY-MM-DD, with a time as YYYY-MM-DDThh:mm:ss",
        );
    }
    if walked.records == 0 {
        add(
            "no-rows",
            Severity::Warning,
            None,
            "the file holds no record".to_owned(),
            "check the export; a record has an Id and a linkage block",
        );
    }
    if walked.oddities.mended {
        let message = "some text is not UTF-8 and was read as Windows-1252".to_owned();
        add(
            "encoding-windows-1252",
            Severity::Notice,
            None,
            message,
            "export the file as UTF-8",
        );
    }
    if walked.oddities.broken {
        let message = "some bytes are no text in the encoding of the file; each was replaced".to_owned();
        add(
            "encoding-broken",
            Severity::Warning,
            None,
            message,
            "export the file again as UTF-8",
        );
    }
    if walked.oddities.misdeclared {
        let message =
            "the XML declaration names an encoding that the file is not in; it was read as UTF-8".to_owned();
        add(
            "encoding-declared",
            Severity::Notice,
            None,
            message,
            "declare the encoding in which the file is written",
        );
    }
    if version.major != Version::V10 {
        let message = format!("COSD {} was replaced by 10 in July 2024", version.text);
        add(
            "old-version",
            Severity::Notice,
            None,
            message,
            "send activity from July 2024 on as version 10",
        );
    }
}

fn record_count(walked: &Walked, add: &mut impl FnMut(&'static str, Severity, Option<&str>, String, &str)) {
    let field = Some("RecordCount");
    let fix = "send the number of records that the file holds";
    match &walked.header.record_count {
        None => {
            add(
                "no-record-count",
                Severity::Warning,
                field,
                "the header does not say how many records the file holds".to_owned(),
                fix,
            );
        }
        Some(count) => match count.parse::<u64>() {
            Ok(count) if count == walked.records => {}
            Ok(count) => {
                let message = format!(
                    "the header says {count} records, the file holds {}",
                    walked.records
                );
                add(
                    "record-count",
                    Severity::Error,
                    field,
                    message,
                    "export the file again: records may be missing, or the count is wrong",
                );
            }
            Err(_) => add(
                "record-count",
                Severity::Error,
                field,
                "the count of records is not a number".to_owned(),
                fix,
            ),
        },
    }
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
