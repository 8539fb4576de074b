//! One record as it was found: which element said what, in which section.
//!
//! All text of a record lies in one string that is reused for the next record; an item is a
//! section, a field and a stretch of that string. Nothing is interpreted here.

use layouts::cosd_paths::{Field, Section};

/// A stretch of a record's text.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Span {
    start: u32,
    end: u32,
}

/// One occurrence of a section; number 0 is the record itself.
#[derive(Debug, Clone, Copy)]
pub(super) struct Place {
    /// Which section; none for the record itself.
    pub(super) section: Option<Section>,
    /// The occurrence it lies in.
    pub(super) parent: u16,
}

/// One value.
#[derive(Debug, Clone, Copy)]
pub(super) struct Item {
    pub(super) place: u16,
    pub(super) field: Field,
    pub(super) span: Span,
}

/// A metastatic type and site that stand together; either may be blank.
#[derive(Debug, Clone, Copy)]
pub(super) struct Pair {
    pub(super) place: u16,
    pub(super) kind: Span,
    pub(super) site: Span,
}

/// The record that is being read.
#[derive(Debug)]
pub(super) struct RawRecord {
    /// `Id/@root` as written; none when the record has no `Id`.
    pub(super) id: Option<Box<str>>,
    /// Number of the record in its file, from 1.
    pub(super) row: u64,
    /// Linkage blocks it has; more than one is a fault.
    pub(super) linkages: u32,
    text: String,
    places: Vec<Place>,
    items: Vec<Item>,
    pairs: Vec<Pair>,
}

impl Default for RawRecord {
    fn default() -> Self {
        Self {
            id: None,
            row: 0,
            linkages: 0,
            text: String::new(),
            places: vec![Place {
                section: None,
                parent: 0,
            }],
            items: Vec::new(),
            pairs: Vec::new(),
        }
    }
}

impl RawRecord {
    /// Forgets everything but the row number.
    pub(super) fn clear(&mut self) {
        self.id = None;
        self.linkages = 0;
        self.text.clear();
        self.places.truncate(1);
        self.items.clear();
        self.pairs.clear();
    }

    /// How many sections and pairs there are.
    pub(super) fn sections(&self) -> usize {
        self.places.len() + self.pairs.len()
    }

    /// A section begins inside `parent`; gives the number of the occurrence.
    pub(super) fn open(&mut self, section: Section, parent: u16) -> u16 {
        match u16::try_from(self.places.len()) {
            Ok(number) if number < u16::MAX => {
                self.places.push(Place {
                    section: Some(section),
                    parent,
                });
                number
            }
            // The limit on elements ends such a record soon.
            _ => parent,
        }
    }

    /// A pair of type and site begins; gives its number.
    pub(super) fn open_pair(&mut self, place: u16) -> u16 {
        let number = u16::try_from(self.pairs.len())
            .unwrap_or(u16::MAX)
            .min(u16::MAX - 1);
        self.pairs.push(Pair {
            place,
            kind: Span::default(),
            site: Span::default(),
        });
        number
    }

    /// An element says `value`; gives the occurrence to which later siblings belong.
    ///
    /// Lists come in two shapes: a section per thing, or one section in which the elements of
    /// several things follow one another. In the second shape a repeated element begins the next
    /// thing, which keeps the date of the one before until it says its own.
    pub(super) fn say(&mut self, place: u16, pair: Option<u16>, field: Field, value: &str) -> u16 {
        let value = value.trim();
        if value.is_empty() {
            return place;
        }
        let span = self.keep(value);
        match (field, pair) {
            (Field::MetastaticType, Some(pair)) => self.pairs[usize::from(pair)].kind = span,
            (Field::MetastaticSite, Some(pair)) => self.pairs[usize::from(pair)].site = span,
            (Field::MetastaticSite, None) => self.pairs.push(Pair {
                place,
                kind: Span::default(),
                site: span,
            }),
            _ => return self.add(Item { place, field, span }),
        }
        place
    }

    fn add(&mut self, mut item: Item) -> u16 {
        let earlier = self
            .items
            .iter()
            .rfind(|known| known.place == item.place && known.field == item.field)
            .copied();
        if let (Some(earlier), Some(date)) = (earlier, list_date(item.field)) {
            let section = self.places[usize::from(item.place)];
            if item.field != date && self.text_of(earlier.span) == self.text_of(item.span) {
                return item.place;
            }
            if let Some(section_kind) = section.section {
                let before = item.place;
                item.place = self.open(section_kind, section.parent);
                let dated = self
                    .items
                    .iter()
                    .rfind(|known| known.place == before && known.field == date)
                    .copied();
                if let (Some(dated), true) = (dated, item.field != date) {
                    self.items.push(Item {
                        place: item.place,
                        ..dated
                    });
                }
            }
        }
        self.items.push(item);
        item.place
    }

    fn keep(&mut self, value: &str) -> Span {
        let start = self.text.len() as u32;
        self.text.extend(
            value
                .chars()
                .map(|letter| if letter.is_control() { ' ' } else { letter }),
        );
        Span {
            start,
            end: self.text.len() as u32,
        }
    }

    /// The text of a span; empty when the span says nothing.
    pub(super) fn text_of(&self, span: Span) -> &str {
        self.text
            .get(span.start as usize..span.end as usize)
            .unwrap_or_default()
    }

    /// The first value of a field, in any section.
    pub(super) fn first(&self, field: Field) -> Option<&str> {
        self.items
            .iter()
            .find(|item| item.field == field)
            .map(|item| self.text_of(item.span))
    }

    /// The first value of a field in one occurrence of a section.
    pub(super) fn first_in(&self, place: u16, field: Field) -> Option<&str> {
        self.items
            .iter()
            .find(|item| item.place == place && item.field == field)
            .map(|item| self.text_of(item.span))
    }

    /// The occurrences of sections, in the order of the file, with their numbers.
    pub(super) fn places(&self) -> impl Iterator<Item = (u16, Place)> + '_ {
        self.places
            .iter()
            .enumerate()
            .map(|(number, place)| (number as u16, *place))
    }

    /// One occurrence of a section.
    pub(super) fn place(&self, number: u16) -> Place {
        self.places
            .get(usize::from(number))
            .copied()
            .unwrap_or(self.places[0])
    }

    /// The pairs that belong to an occurrence, as type and site.
    pub(super) fn pairs_in(&self, place: u16) -> impl Iterator<Item = (&str, &str)> + '_ {
        self.pairs
            .iter()
            .filter(move |pair| pair.place == place)
            .map(|pair| (self.text_of(pair.kind), self.text_of(pair.site)))
    }
}

/// The field that dates the list to which a field belongs.
fn list_date(field: Field) -> Option<Field> {
    Some(match field {
        Field::TreatmentDate
        | Field::Modality
        | Field::TreatmentIntent
        | Field::EventType
        | Field::Adjunctive
        | Field::TreatmentProvider => Field::TreatmentDate,
        Field::MeetingDate | Field::MeetingType | Field::MeetingDiscussion => Field::MeetingDate,
        Field::AcuteDate | Field::AcutePatientType => Field::AcuteDate,
        Field::AssessmentDate
        | Field::AssessmentPoint
        | Field::AssessmentStatus
        | Field::AssessmentOffered => Field::AssessmentDate,
        Field::ProgressionDate => Field::ProgressionDate,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meetings(said: &[(Field, &str)]) -> Vec<String> {
        let mut record = RawRecord::default();
        let mut place = record.open(Section::Meeting, 0);
        for (field, value) in said {
            place = record.say(place, None, *field, value);
        }
        record
            .places()
            .filter(|(_, place)| place.section == Some(Section::Meeting))
            .map(|(number, _)| {
                let get = |field| record.first_in(number, field).unwrap_or("-");
                format!("{} {}", get(Field::MeetingDate), get(Field::MeetingType))
            })
            .collect()
    }

    #[test]
    fn a_list_in_one_section_is_taken_apart() {
        use Field::{MeetingDate as Date, MeetingType as Kind};
        assert_eq!(
            meetings(&[(Date, "d1"), (Kind, "a"), (Date, "d2"), (Kind, "b")]),
            ["d1 a", "d2 b"]
        );
        assert_eq!(
            meetings(&[(Date, "d1"), (Kind, "a"), (Kind, "b")]),
            ["d1 a", "d1 b"]
        );
        assert_eq!(meetings(&[(Date, "d1"), (Kind, "a"), (Kind, "a")]), ["d1 a"]);
        assert_eq!(meetings(&[(Kind, "a")]), ["- a"]);
        assert_eq!(meetings(&[(Date, "  ")]), ["- -"]);
    }
}
