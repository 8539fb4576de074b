//! From what a record says to what it means: every value is read, and what cannot be read becomes
//! a problem and a blank. The record itself always survives.

use std::borrow::Cow;

use layouts::cosd_paths::{Field, Section, Version};
use vocabulary::code::{IcdFault, behind_icd10, read_icd10};
use vocabulary::date::{Date, DateNotice, PartialDate, ReadDate, parse_date};
use vocabulary::name::normalise_name;
use vocabulary::nation::ENGLAND;
use vocabulary::number::{NumberFault, PersonNumber};
use vocabulary::postcode::Postcode;
use vocabulary::sex::Sex;

use super::clean::{Cells, Clean, Entry, List, Number};
use super::codes::{self, Codes};
use super::faults::{self, Fault, note};
use super::raw::RawRecord;
use crate::problem::Problems;
use crate::rows::{key_in, lacks_a_century, may_be_organisation};

/// Reads one record.
pub(super) struct Reading<'a> {
    pub(super) raw: &'a RawRecord,
    pub(super) version: Version,
    /// The day the file was made; no event can be later.
    created: Option<Date>,
    /// The birth date as it is stated.
    birth: Option<Date>,
    problems: &'a mut Problems,
}

impl<'a> Reading<'a> {
    pub(super) fn new(
        raw: &'a RawRecord,
        version: Version,
        created: Option<Date>,
        problems: &'a mut Problems,
    ) -> Self {
        Self {
            raw,
            version,
            created,
            birth: None,
            problems,
        }
    }

    /// The record as far as it can be read; `submitter` stands in for a provider that is not said.
    pub(super) fn read(mut self, submitter: Option<&str>) -> Clean {
        let mut clean = Clean {
            row: self.raw.row,
            id: self.raw.id.clone(),
            ..Clean::default()
        };
        if self.raw.linkages > 1 {
            self.fault(None, &faults::TWO_LINKAGE_BLOCKS);
        }
        if self.raw.id.is_none() {
            self.fault(None, &faults::NO_ID);
        }
        self.who(&mut clean, submitter);
        self.pathway(&mut clean);
        self.state(&mut clean.cells);
        for (number, place) in self.raw.places() {
            if let Some(section) = place.section {
                self.entry(&mut clean, number, section);
            }
        }
        clean
    }

    pub(super) fn fault(&mut self, field: Option<Field>, fault: &Fault) {
        note(self.problems, self.raw.row, field, fault);
    }

    /// Who the record is about, and who sent it.
    fn who(&mut self, clean: &mut Clean, submitter: Option<&str>) {
        let cells = &mut clean.cells;
        clean.number = self.number(cells);
        let birth = self.date(Field::BirthDate, self.raw.first(Field::BirthDate));
        cells.put_date(Field::BirthDate, birth);
        self.birth = birth;
        for field in [Field::FamilyName, Field::GivenName] {
            if let Some(text) = self.raw.first(field) {
                let name = normalise_name(text);
                if name.is_empty() {
                    self.fault(Some(field), &faults::NAME_PLACEHOLDER);
                } else if text.bytes().any(|byte| byte.is_ascii_digit()) {
                    self.fault(Some(field), &faults::NAME_ODD);
                }
                cells.put_text(field, name);
            }
        }
        self.sex(cells);
        if let Some(text) = self.raw.first(Field::Postcode) {
            match Postcode::read(text) {
                Some(postcode) => cells.put_text(Field::Postcode, postcode.reveal()),
                None if Postcode::is_pseudo(text) => {
                    self.fault(Some(Field::Postcode), &faults::POSTCODE_PSEUDO);
                }
                None => self.fault(Some(Field::Postcode), &faults::POSTCODE_UNREADABLE),
            }
        }
        let local = self.raw.first(Field::LocalPatientId).unwrap_or_default();
        cells.put_text(Field::LocalPatientId, key_in(local));
        self.code(cells, Field::Ethnicity, 0, Codes::Short(2));
        match self.raw.first(Field::Provider) {
            Some(code) if may_be_organisation(code) => cells.put_text(Field::Provider, code.to_uppercase()),
            other => {
                let fault = other.map_or(&faults::NO_PROVIDER, |_| &faults::PROVIDER_UNREADABLE);
                self.fault(Some(Field::Provider), fault);
                cells.put_text(Field::Provider, submitter.unwrap_or_default());
            }
        }
        let named = cells.text(Field::FamilyName).is_some() && birth.is_some();
        if clean.number.is_none() && cells.text(Field::LocalPatientId).is_none() && !named {
            self.fault(None, &faults::NO_IDENTITY);
        }
    }

    fn number(&mut self, cells: &mut Cells) -> Option<Number> {
        let Some(text) = self.raw.first(Field::NhsNumber) else {
            self.fault(Some(Field::NhsNumber), &faults::NUMBER_BLANK);
            return None;
        };
        cells.put_text(Field::NhsNumber, text);
        // COSD is England's data set, so nine digits are no number of Scotland without its zero.
        match PersonNumber::read(text, Some(ENGLAND)) {
            Ok(number) => {
                if number.is_test_range() {
                    self.fault(Some(Field::NhsNumber), &faults::NUMBER_TEST);
                }
                Some(Number {
                    digits: number.reveal_text().into(),
                    kind: number.kind().as_str().into(),
                })
            }
            Err(NumberFault::Blank) => {
                self.fault(Some(Field::NhsNumber), &faults::NUMBER_BLANK);
                None
            }
            Err(fault) => {
                let rule = Fault {
                    rule: fault.rule(),
                    message: fault.words(),
                    ..faults::NUMBER_INVALID
                };
                self.fault(Some(Field::NhsNumber), &rule);
                None
            }
        }
    }

    fn sex(&mut self, cells: &mut Cells) {
        let Some(text) = self.raw.first(Field::Sex) else {
            return;
        };
        match Sex::read(text) {
            Some(sex) => cells.put_text(Field::Sex, sex.as_str()),
            None if matches!(
                text.trim_start_matches('0').to_ascii_uppercase().as_str(),
                "" | "9" | "X" | "U"
            ) =>
            {
                self.fault(Some(Field::Sex), &faults::SEX_NOT_STATED);
            }
            None => self.fault(Some(Field::Sex), &faults::SEX_UNREADABLE),
        }
    }

    /// Which pathway, of which cancer, since when.
    fn pathway(&mut self, clean: &mut Clean) {
        let cells = &mut clean.cells;
        let primary_date = self.event(cells, Field::PrimaryDate, self.raw.first(Field::PrimaryDate));
        let non_primary_date = self.event(
            cells,
            Field::NonPrimaryDate,
            self.raw.first(Field::NonPrimaryDate),
        );
        self.icd(
            cells,
            Field::PrimaryDiagnosis,
            self.raw.first(Field::PrimaryDiagnosis),
        );
        self.icd(
            cells,
            Field::OriginalDiagnosis,
            self.raw.first(Field::OriginalDiagnosis),
        );
        let has = |wanted: &[Section]| {
            self.raw
                .places()
                .any(|(_, place)| place.section.is_some_and(|section| wanted.contains(&section)))
        };
        clean.primary = has(&[Section::PrimaryPathway]) || primary_date.is_some();
        clean.non_primary = has(&[Section::NonPrimaryPathway, Section::Route]) || non_primary_date.is_some();
        if self.version == Version::V8 && !clean.primary {
            // Version 8 has no element for the primary pathway: it is what is no other.
            clean.primary = !clean.non_primary && self.raw.first(Field::PrimaryDiagnosis).is_some();
        }
        if !clean.primary && !clean.non_primary {
            self.fault(None, &faults::NO_PATHWAY);
        }
        let Some(date) = clean.event_date() else {
            self.fault(None, &faults::NO_PATHWAY_DATE);
            return;
        };
        if let Some(birth) = self.birth.filter(|birth| *birth >= date) {
            self.fault(Some(Field::BirthDate), &faults::BORN_AFTER);
            if birth > date {
                clean.cells.remove(Field::BirthDate);
                // A birth after the making of the file is wrong, whatever the record says.
                clean.unsure = self.created.is_none_or(|created| birth <= created);
            }
        }
    }

    /// Stage and care.
    fn state(&mut self, cells: &mut Cells) {
        self.code(cells, Field::Laterality, 0, codes::LATERALITY);
        self.code(cells, Field::MFinal, 0, Codes::MCategory);
        self.code(cells, Field::MIntegrated, 0, Codes::MCategory);
        self.code(cells, Field::StageFinal, 0, Codes::Stage);
        self.code(cells, Field::StageIntegrated, 0, Codes::Stage);
        self.code(cells, Field::Nurse, 0, codes::NURSE);
        self.code(cells, Field::CarePlanIntent, 0, codes::CARE_PLAN);
        self.code(cells, Field::PerformanceStatus, 0, codes::PERFORMANCE);
        self.code(cells, Field::PalliativeSeen, 0, codes::PALLIATIVE);
        self.code(cells, Field::ReferralSource, 0, Codes::Short(2));
        self.code(cells, Field::NonPrimaryReferralSource, 0, Codes::Short(2));
        for field in [Field::FirstSeen, Field::NonPrimaryFirstSeen, Field::DeathDate] {
            self.event(cells, field, self.raw.first(field));
        }
    }

    /// One occurrence of a section that may be repeated.
    fn entry(&mut self, clean: &mut Clean, place: u16, section: Section) {
        let mut cells = Cells::default();
        let list = match section {
            Section::AtDiagnosis => List::AtDiagnosis,
            Section::PrimaryProgression => {
                self.event(
                    &mut cells,
                    Field::ProgressionDate,
                    self.raw.first_in(place, Field::ProgressionDate),
                );
                List::PrimaryProgression
            }
            Section::Recurrence | Section::Progression | Section::Route => {
                self.non_primary(&mut cells, place, section)
            }
            Section::Treatment => {
                self.treatment(&mut cells, place);
                List::Treatment
            }
            Section::Meeting => {
                self.event(
                    &mut cells,
                    Field::MeetingDate,
                    self.raw.first_in(place, Field::MeetingDate),
                );
                self.code(&mut cells, Field::MeetingType, place, Codes::Digits(4));
                self.code(&mut cells, Field::MeetingDiscussion, place, codes::DISCUSSION);
                List::Meeting
            }
            Section::AcuteOncology => {
                self.event(
                    &mut cells,
                    Field::AcuteDate,
                    self.raw.first_in(place, Field::AcuteDate),
                );
                self.code(&mut cells, Field::AcutePatientType, place, Codes::Digits(2));
                List::AcuteOncology
            }
            Section::Assessment => {
                self.event(
                    &mut cells,
                    Field::AssessmentDate,
                    self.raw.first_in(place, Field::AssessmentDate),
                );
                self.code(&mut cells, Field::AssessmentPoint, place, Codes::Digits(2));
                self.code(&mut cells, Field::AssessmentStatus, place, Codes::Digits(2));
                self.code(&mut cells, Field::AssessmentOffered, place, Codes::Digits(2));
                List::Assessment
            }
            Section::PrimaryPathway | Section::NonPrimaryPathway | Section::Pair => return,
        };
        let pairs = if list.metastasis().is_some() {
            self.pairs(place)
        } else {
            Box::default()
        };
        // What stands in the diagnosis section besides spread is in the record's own columns.
        if !pairs.is_empty() || !cells.is_empty() {
            clean.entries.push(Entry { list, cells, pairs });
        }
    }

    fn treatment(&mut self, cells: &mut Cells, place: u16) {
        self.event(
            cells,
            Field::TreatmentDate,
            self.raw.first_in(place, Field::TreatmentDate),
        );
        self.code(cells, Field::Modality, place, Codes::Digits(2));
        self.code(cells, Field::TreatmentIntent, place, Codes::Short(2));
        self.code(cells, Field::EventType, place, Codes::Digits(2));
        self.code(cells, Field::Adjunctive, place, codes::ADJUNCTIVE);
        let provider = self
            .raw
            .first_in(place, Field::TreatmentProvider)
            .unwrap_or_default();
        cells.put_text(Field::TreatmentProvider, provider.to_uppercase());
    }

    /// One code, blank when it is none of the item's.
    pub(super) fn half(&mut self, field: Field, text: &'a str, codes: Codes) -> Cow<'a, str> {
        if text.is_empty() {
            return Cow::Borrowed("");
        }
        codes.read(text).unwrap_or_else(|| {
            self.fault(Some(field), &faults::CODE_UNKNOWN);
            Cow::Borrowed("")
        })
    }

    /// The code that a field says in one section (0: anywhere).
    fn code(&mut self, cells: &mut Cells, field: Field, place: u16, codes: Codes) {
        let text = if place == 0 {
            self.raw.first(field)
        } else {
            self.raw.first_in(place, field)
        };
        let code = self.half(field, text.unwrap_or_default(), codes);
        cells.put_text(field, code);
    }

    fn icd(&mut self, cells: &mut Cells, field: Field, text: Option<&str>) {
        let Some(text) = text else { return };
        let mut code = String::new();
        match read_icd10(text, &mut code) {
            Ok(()) => {
                if ["C77", "C78", "C79"]
                    .iter()
                    .any(|chapter| code.starts_with(chapter))
                {
                    self.fault(Some(field), &faults::CODE_SECONDARY);
                }
                if !behind_icd10(text).is_empty() {
                    self.fault(Some(field), &faults::CODE_SEVERAL);
                }
                cells.put_text(field, code);
            }
            Err(IcdFault::Blank) => {}
            Err(IcdFault::UsStyle) => self.fault(Some(field), &faults::CODE_US),
            Err(IcdFault::Shape) => self.fault(Some(field), &faults::CODE_NOT_ICD),
        }
    }

    /// A date on which something happened; one after the making of the file is kept and named, one that cannot be is none.
    fn event(&mut self, cells: &mut Cells, field: Field, text: Option<&str>) -> Option<Date> {
        let mut date = self.date(field, text);
        if let Some(fault) = date.and_then(|date| self.cannot_be(date)) {
            self.fault(Some(field), fault);
            date = None;
        }
        if let (Some(date), Some(created)) = (date, self.created)
            && date > created
        {
            self.fault(Some(field), &faults::DATE_FUTURE);
        }
        cells.put_date(field, date);
        date
    }

    /// Why nothing can have happened on a date, if so: it is too early for any record, or a century too early for the person,
    /// as far as is known by when it happened at the latest.
    pub(super) fn cannot_be(&self, date: Date) -> Option<&'static Fault> {
        if date.year() < 1900 {
            return Some(&faults::DATE_EARLY);
        }
        let lacks = |(birth, created)| lacks_a_century(date, PartialDate::day(birth), created);
        let lacks = self.birth.zip(self.created).is_some_and(lacks);
        lacks.then_some(&faults::DATE_BEFORE_BIRTH)
    }

    fn date(&mut self, field: Field, text: Option<&str>) -> Option<Date> {
        match parse_date(text.unwrap_or_default()) {
            ReadDate::Blank => None,
            ReadDate::Date(date) => Some(date),
            ReadDate::DateWithNotice(date, DateNotice::DayMonthYear) => {
                self.fault(Some(field), &faults::DATE_DAY_FIRST);
                Some(date)
            }
            ReadDate::NoDate => {
                self.fault(Some(field), &faults::DATE_PLACEHOLDER);
                None
            }
            ReadDate::Bad | ReadDate::MonthFirst => {
                self.fault(Some(field), &faults::DATE_UNREADABLE);
                None
            }
        }
    }
}
