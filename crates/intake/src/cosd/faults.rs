//! The faults of single values and of whole files, in words for the person who has to put them right.
//!
//! No message quotes a value: what stands in a code field may be a name.

use layouts::cosd_paths::Field;

use crate::problem::{Problem, Problems, Severity};

/// A rule that a value may break: its name, weight, words and remedy.
#[derive(Debug, Clone, Copy)]
pub(super) struct Fault {
    pub(super) rule: &'static str,
    pub(super) severity: Severity,
    pub(super) message: &'static str,
    pub(super) fix: &'static str,
}

const fn notice(rule: &'static str, message: &'static str, fix: &'static str) -> Fault {
    Fault {
        rule,
        severity: Severity::Notice,
        message,
        fix,
    }
}

const fn warning(rule: &'static str, message: &'static str, fix: &'static str) -> Fault {
    Fault {
        rule,
        severity: Severity::Warning,
        message,
        fix,
    }
}

const fn error(rule: &'static str, message: &'static str, fix: &'static str) -> Fault {
    Fault {
        rule,
        severity: Severity::Error,
        message,
        fix,
    }
}

pub(super) const DATE_UNREADABLE: Fault = warning(
    "date-unreadable",
    "this is not a date that can be read; it is taken as blank",
    "write dates as YYYY-MM-DD",
);
pub(super) const DATE_PLACEHOLDER: Fault = notice(
    "date-placeholder",
    "a placeholder stands for \"no date\"; it is taken as blank",
    "leave the element out when the date is not known",
);
pub(super) const DATE_DAY_FIRST: Fault = warning(
    "date-day-first",
    "the date is written with its year last and is read day first",
    "write dates as YYYY-MM-DD",
);
pub(super) const DATE_EARLY: Fault = warning(
    "date-before-1900",
    "the date lies before 1900, so its year is wrong; it is taken as blank",
    "check the date in the clinical system",
);
pub(super) const DATE_BEFORE_BIRTH: Fault = warning(
    "date-before-birth",
    "the date lies before the birth date, and a hundred years later it would fit; it is taken as blank",
    "check the date in the clinical system",
);
pub(super) const DATE_FUTURE: Fault = warning(
    "future-date",
    "the date lies after the day the file was made, which cannot be; the record is kept and marked",
    "check the date in the clinical system",
);
pub(super) const DATE_AFTER_AS_OF: Fault = notice(
    "date-after-as-of",
    "the date lies after the study's `as_of`; what it dates is not used",
    "nothing to do, unless the date is wrong",
);
pub(super) const RECORD_AFTER_AS_OF: Fault = notice(
    "row-after-as-of",
    "the record lies after the study's `as_of` and is set aside",
    "nothing to do, or set `as_of` in study.toml later",
);
pub(super) const BORN_AFTER: Fault = warning(
    "birth-after-record",
    "the birth date is not before the date of diagnosis; a later one is not used",
    "check both dates in the clinical system",
);
pub(super) const NUMBER_BLANK: Fault = notice(
    "number-blank",
    "there is no NHS number; the record can be linked by other details only",
    "trace the person's number",
);
pub(super) const NUMBER_TEST: Fault = notice(
    "number-test-range",
    "the NHS number lies in the range that is issued for tests",
    "nothing to do in a test; otherwise trace the person's number",
);
pub(super) const NUMBER_INVALID: Fault = error(
    "number-invalid",
    "the NHS number is not valid",
    "trace the person's NHS number; until then the record is not linked by its number",
);
pub(super) const NO_IDENTITY: Fault = error(
    "person-missing",
    "there is neither a usable NHS number, nor a local identifier, nor birth date and name: the record can be linked to nobody",
    "send the linkage items; they are mandatory",
);
pub(super) const SEX_NOT_STATED: Fault = notice(
    "sex-not-known",
    "the code says that the sex is not known or not stated; it is taken as blank",
    "nothing to do, unless it is known",
);
pub(super) const SEX_UNREADABLE: Fault = warning(
    "sex-unreadable",
    "this is not one of the item's national codes; it is taken as blank",
    "use 1 (male), 2 (female), 9 or X",
);
pub(super) const POSTCODE_UNREADABLE: Fault = notice(
    "postcode-unreadable",
    "this is not a postcode that can be used; it is taken as blank",
    "check the address in the clinical system",
);
pub(super) const POSTCODE_PSEUDO: Fault = notice(
    "postcode-pseudo",
    "a pseudo postcode (such as ZZ99, NF1, NK1 or BF1) stands for no address, one not known or one abroad; it is taken as blank",
    "nothing to do",
);
pub(super) const NAME_PLACEHOLDER: Fault = notice(
    "name-placeholder",
    "a word stands where the name should; it is taken as blank",
    "send the name, or leave the element out",
);
pub(super) const NAME_ODD: Fault = notice(
    "name-odd",
    "the name holds digits; records can hardly be linked by it",
    "check the name in the clinical system",
);
pub(super) const NO_PROVIDER: Fault = warning(
    "no-provider",
    "the record does not say which organisation provided it; the one that submitted the file is taken",
    "send the code of the provider; it is mandatory",
);
pub(super) const PROVIDER_UNREADABLE: Fault = warning(
    "organisation-unreadable",
    "this is not the code of an organisation; the one that submitted the file is taken",
    "send the code of the provider, such as RTH or RTH08, not the name",
);
pub(super) const CODE_UNKNOWN: Fault = warning(
    "code-not-in-list",
    "this is not one of the item's national codes; it is taken as blank",
    "use the code list of the COSD user guide for this item",
);
pub(super) const CODE_NOT_ICD: Fault = warning(
    "icd10-unreadable",
    "this is not an ICD-10 code; it is taken as blank",
    "send the ICD-10 code of the diagnosis, such as C509",
);
pub(super) const CODE_US: Fault = warning(
    "icd10-us-style",
    "the code has the form of the US clinical modification, where characters mean something else; it is taken as blank",
    "send the UK ICD-10 code, of four characters at most",
);
pub(super) const CODE_SEVERAL: Fault = warning(
    "icd10-several",
    "the item holds more than one code, or a text behind the code; the first code is used",
    "send one code in the item",
);
pub(super) const CODE_SECONDARY: Fault = warning(
    "secondary-code-as-primary",
    "an ICD-10 code for secondary cancer (C77 to C79) stands as the primary diagnosis",
    "send the code of the primary cancer; a secondary code is for an unknown primary only",
);
pub(super) const SITE_RETIRED: Fault = notice(
    "site-retired",
    "metastatic site 01 (bone) was retired in July 2012; it is read as 10, bone excluding marrow",
    "use 10 (bone) or 11 (bone marrow)",
);
pub(super) const SITE_MULTIPLE: Fault = notice(
    "site-multiple",
    "metastatic site 06 (multiple) was retired; which sites is not known",
    "name each site in an element of its own",
);
pub(super) const SITE_NOT_KNOWN: Fault = notice(
    "site-not-known",
    "metastatic site 99 (not known) is no longer a code",
    "use 07 (unknown metastatic site) or 97 (not applicable)",
);
pub(super) const TYPE_MISSING: Fault = notice(
    "metastatic-type-missing",
    "a metastatic site stands without its type, so local and distant cannot be told apart by it",
    "send the metastatic type (01 local, 02 regional, 03 distant) with each site",
);
pub(super) const NO_PATHWAY: Fault = warning(
    "no-pathway",
    "the record has neither a primary nor a non primary pathway",
    "send the pathway that the record is about",
);
pub(super) const NO_PATHWAY_DATE: Fault = error(
    "record-date-missing",
    "the record says no date of diagnosis, so it can be put in no year and cannot be told from its later versions",
    "send the date of the primary or non primary diagnosis; it is mandatory",
);
pub(super) const TWO_LINKAGE_BLOCKS: Fault = error(
    "two-people",
    "the record has more than one linkage block; the first value of each item is used",
    "send one record per person and pathway",
);
pub(super) const NO_ID: Fault = error(
    "no-record-id",
    "the record has no Id; it is known by its number in the file",
    "give every record an Id with a unique `root`",
);
pub(super) const ID_TWICE: Fault = error(
    "id-twice",
    "another record of this file has the same Id and different content; both are kept",
    "give every record an Id of its own",
);
pub(super) const REPEATED: Fault = warning(
    "row-repeated",
    "the record repeats another of this file word for word; it is used once",
    "send every record once",
);

/// Its words name the version, so they are made where it is known.
pub(super) const MINOR_VERSION: Fault = warning(
    "minor-version",
    "the version is none that is known",
    "check that nothing was left out; the known versions are 8.1, 9.0.1 and 10.0.1",
);
pub(super) const OLD_VERSION: Fault = notice(
    "old-version",
    "the version was replaced",
    "send activity from July 2024 on as version 10",
);
pub(super) const NO_COUNT: Fault = warning(
    "no-record-count",
    "the header does not say how many records the file holds",
    SEND_COUNT,
);
pub(super) const OTHER_COUNT: Fault = error(
    "record-count",
    "the header says another number of records",
    "export the file again: records may be missing, or the count is wrong",
);
pub(super) const COUNT_UNREADABLE: Fault =
    error("record-count", "the count of records is not a number", SEND_COUNT);
const SEND_COUNT: &str = "send the number of records that the file holds";
pub(super) const NEVER_CREATED: Fault = warning(
    "no-creation-time",
    "neither the header nor the name says when the file was made; it counts as the earliest, and no date of recording is known",
    SEND_CREATED,
);
pub(super) const CREATED_BY_NAME: Fault = notice(
    "no-creation-time",
    "the header does not say when the file was made; the stamp in its name is taken",
    SEND_CREATED,
);
const SEND_CREATED: &str = "send FileCreationDateTime in the header";
pub(super) const NO_SUBMITTER: Fault = notice(
    "no-submitter",
    "the header does not say which organisation submits the file",
    "send the code of the submitting organisation in the header",
);
pub(super) const HEADER_DATE_UNREADABLE: Fault = warning(
    "date-unreadable",
    "this is not a date that can be read; it is taken as blank",
    "write dates as YYYY-MM-DD, with a time as YYYY-MM-DDThh:mm:ss",
);
pub(super) const NO_RECORDS: Fault = warning(
    "no-rows",
    "the file holds no record",
    "check the export; a record has an Id and a linkage block",
);
pub(super) const WINDOWS_1252: Fault = notice(
    "encoding-windows-1252",
    "some text is not UTF-8 and was read as Windows-1252",
    "export the file as UTF-8",
);
pub(super) const BROKEN: Fault = warning(
    "encoding-broken",
    "some bytes are no text in the encoding of the file; each was replaced",
    "export the file again as UTF-8",
);
pub(super) const MISDECLARED: Fault = notice(
    "encoding-declared",
    "the XML declaration names an encoding that the file is not in; it was read as UTF-8",
    "declare the encoding in which the file is written",
);

/// Lists a fault of a record, cheaply when it was seen often before.
pub(super) fn note(problems: &mut Problems, row: u64, field: Option<Field>, fault: &Fault) {
    let item = field.map(Field::item);
    if problems.count(fault.rule, item.unwrap_or_default()) {
        return;
    }
    problems.add(Problem {
        row: Some(row),
        field: item.map(str::to_owned),
        rule: fault.rule.into(),
        severity: fault.severity,
        message: fault.message.to_owned(),
        fix: fault.fix.to_owned(),
    });
}
