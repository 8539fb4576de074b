//! What a record says of spread: recurrence, progression, and the types and sites of metastases.

use std::borrow::Cow;

use layouts::cosd_paths::{Field, Section, Version};
use vocabulary::code::normalise_icd10;
use vocabulary::date::parse_date;

use super::clean::{Cells, List};
use super::codes::{self, contradiction};
use super::faults::{self, Fault};
use super::reading::Reading;
use crate::problem::Severity;

impl<'a> Reading<'a> {
    /// Recurrence or progression, with the date of the pathway in which it lies.
    pub(super) fn non_primary(&mut self, cells: &mut Cells, place: u16, section: Section) -> List {
        let parent = self.raw.place(place).parent;
        let date = self
            .raw
            .first_in(parent, Field::NonPrimaryDate)
            .or_else(|| self.raw.first(Field::NonPrimaryDate));
        // Its faults were listed with the pathway.
        cells.put_date(
            Field::NonPrimaryDate,
            date.and_then(|text| parse_date(text).date())
                .filter(|date| self.cannot_be(*date).is_none()),
        );
        let original = self.raw.first_in(place, Field::OriginalDiagnosis);
        cells.put_text(
            Field::OriginalDiagnosis,
            original.and_then(normalise_icd10).unwrap_or_default(),
        );
        match section {
            Section::Progression => List::Progression,
            // The type of pathway is from memory of the data dictionary; the diagnosis decides first,
            // since version 8 has an element for the progression's only.
            Section::Route if original.is_some() => List::Progression,
            Section::Route if matches!(self.raw.first_in(place, Field::PathwayType), Some("02" | "2")) => {
                List::Progression
            }
            _ => List::Recurrence,
        }
    }

    /// The types and sites of one statement of spread.
    pub(super) fn pairs(&mut self, place: u16) -> Box<str> {
        // Version 8 says the type once for all sites.
        let shared = self
            .raw
            .first_in(place, Field::MetastaticType)
            .unwrap_or_default();
        let mut pairs: Vec<(Cow<'_, str>, Cow<'_, str>)> = Vec::new();
        for (kind, site) in self.raw.pairs_in(place) {
            let kind = if kind.is_empty() { shared } else { kind };
            let read = (
                self.half(Field::MetastaticType, kind, codes::TYPES),
                self.site(site),
            );
            if !(read.0.is_empty() && read.1.is_empty()) {
                pairs.push(read);
            }
        }
        if pairs.is_empty() && !shared.is_empty() {
            pairs.extend(
                Some(self.half(Field::MetastaticType, shared, codes::TYPES))
                    .filter(|kind| !kind.is_empty())
                    .map(|kind| (kind, Cow::Borrowed(""))),
            );
        }
        if self.version != Version::V8 && pairs.iter().any(|(kind, site)| kind.is_empty() && site != "97") {
            self.fault(Some(Field::MetastaticType), &faults::TYPE_MISSING);
        }
        if let Some(why) = contradiction(&pairs) {
            let rule = Fault {
                rule: "impossible-statement",
                severity: Severity::Warning,
                message: why,
                fix: "check type and sites with the clinical team; until then the statement is shown, neither counted nor dropped",
            };
            self.fault(Some(Field::MetastaticType), &rule);
        }
        let texts: Vec<String> = pairs
            .iter()
            .map(|(kind, site)| format!("{kind}/{site}"))
            .collect();
        texts.join(" ").into()
    }

    fn site(&mut self, text: &'a str) -> Cow<'a, str> {
        let site = self.half(Field::MetastaticSite, text, codes::SITES);
        let fault = match &*site {
            "01" => &faults::SITE_RETIRED,
            "06" => &faults::SITE_MULTIPLE,
            "99" => &faults::SITE_NOT_KNOWN,
            _ => return site,
        };
        self.fault(Some(Field::MetastaticSite), fault);
        if site == "01" { Cow::Borrowed("10") } else { site }
    }
}
