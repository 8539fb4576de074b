//! What a submission says about itself: who sent it, when it was made, for which period, and how
//! many records it should hold.

use vocabulary::date::{Date, parse_date};

/// A fact of the header.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum HeaderFact {
    Organisation,
    RecordCount,
    PeriodStart,
    PeriodEnd,
    Created,
}

impl HeaderFact {
    /// The fact that an element of this name (without prefix) holds.
    ///
    /// The national data sets call the same stamp by two names.
    pub(super) fn of(name: &str) -> Option<Self> {
        match name {
            "RecordCount" => Some(Self::RecordCount),
            "ReportingPeriodStartDate" => Some(Self::PeriodStart),
            "ReportingPeriodEndDate" => Some(Self::PeriodEnd),
            "FileCreationDateTime" | "DateAndTimeDataSetCreated" => Some(Self::Created),
            _ if name.starts_with("OrganisationIdentifier") && name.ends_with("SubmittingOrganisation") => {
                Some(Self::Organisation)
            }
            _ => None,
        }
    }
}

/// A point in time as a submission gives it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, serde::Serialize, serde::Deserialize)]
pub(super) struct Stamp {
    /// Day, as written.
    pub(super) date: Date,
    /// Second of the day, as written, 0 when not given.
    pub(super) second: u32,
}

/// The header of one file.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) organisation: Option<String>,
    /// As written; whether it is a number is judged later.
    pub(super) record_count: Option<String>,
    pub(super) period_start: Option<Date>,
    pub(super) period_end: Option<Date>,
    pub(super) created: Option<Stamp>,
    /// The stamp was taken from the file's name.
    pub(super) created_from_name: bool,
    /// Facts whose value could not be read.
    pub(super) unreadable: Vec<HeaderFact>,
}

impl Header {
    /// Before anything is read, only the file's name speaks.
    pub(super) fn of_name(name: &str) -> Self {
        let created = stamp_in_name(name);
        Self {
            created,
            created_from_name: created.is_some(),
            ..Self::default()
        }
    }

    /// Takes in one fact; the first that can be read stands.
    pub(super) fn learn(&mut self, fact: HeaderFact, value: &str) {
        let value = value.trim();
        if value.is_empty() {
            return;
        }
        let read = match fact {
            HeaderFact::Organisation => {
                self.organisation.get_or_insert_with(|| value.to_uppercase());
                true
            }
            HeaderFact::RecordCount => {
                self.record_count.get_or_insert_with(|| value.to_owned());
                true
            }
            HeaderFact::PeriodStart => date_into(&mut self.period_start, value),
            HeaderFact::PeriodEnd => date_into(&mut self.period_end, value),
            HeaderFact::Created => self.learn_created(value),
        };
        if !read {
            self.unreadable.push(fact);
        }
    }

    fn learn_created(&mut self, value: &str) -> bool {
        let Some(stamp) = stamp(value) else { return false };
        if self.created.is_none() || self.created_from_name {
            self.created = Some(stamp);
            self.created_from_name = false;
        }
        true
    }
}

fn date_into(slot: &mut Option<Date>, value: &str) -> bool {
    let Some(date) = parse_date(value).date() else {
        return false;
    };
    slot.get_or_insert(date);
    true
}

/// Reads `2020-05-18T12:18:38`, with or without fraction and zone, or a bare date.
fn stamp(value: &str) -> Option<Stamp> {
    let date = parse_date(value).date()?;
    let second = value
        .find(['T', ' '])
        .map_or(0, |at| second_of_day(&value[at + 1..]));
    Some(Stamp { date, second })
}

/// The second of the day at the start of `12:18:38` or `12_18_38`; 0 when there is none.
fn second_of_day(text: &str) -> u32 {
    let digits: Vec<u32> = text
        .chars()
        .filter(|letter| !matches!(letter, ':' | '_' | '-'))
        .map_while(|letter| letter.to_digit(10))
        .take(6)
        .collect();
    let two = |at: usize| digits.get(at..at + 2).map_or(0, |pair| pair[0] * 10 + pair[1]);
    (two(0) * 3_600 + two(2) * 60 + two(4)).min(86_399)
}

/// The last stamp in a file's name, such as `…_2020-05-18T12_18_38.xml`.
fn stamp_in_name(name: &str) -> Option<Stamp> {
    let bytes = name.as_bytes();
    (10..bytes.len())
        .rev()
        .filter(|&at| bytes[at] == b'T')
        .find_map(|at| {
            let date: Date = name.get(at - 10..at)?.parse().ok()?;
            let time = name.get(at + 1..)?;
            let digits = time.chars().filter(|letter| !matches!(letter, ':' | '_' | '-'));
            let is_time = digits.take(4).filter(char::is_ascii_digit).count() == 4;
            is_time.then(|| Stamp {
                date,
                second: second_of_day(time),
            })
        })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_name_gives_the_stamp_that_the_header_lacks() {
        let show = |name: &str| {
            stamp_in_name(name).map_or_else(
                || "none".to_owned(),
                |stamp| format!("{} {}", stamp.date, stamp.second),
            )
        };
        let table = [
            (
                "COSD_INFOFLEX(BR)_RTH_2020-03-01_2020-03-31_2020-05-18T12_18_38.xml",
                "2020-05-18 44318",
            ),
            ("COSD_RTH_2020-05-18T121838.xml", "2020-05-18 44318"),
            ("cosd/COSD_RTH_2020-05-18T12:18.xml", "2020-05-18 44280"),
            ("COSD_RTH_2020-03-01_2020-03-31.xml", "none"),
            ("COSD_RTH_2020-13-41T12_18_38.xml", "none"),
            ("cosd_v10-0-1_breast_sample.xml", "none"),
            ("2020-05-18TEST.xml", "none"),
            ("é2020-05-18T12", "none"),
        ];
        for (name, expected) in table {
            assert_eq!(show(name), expected, "{name}");
        }
    }

    #[test]
    fn the_header_outranks_the_name_and_the_first_value_stands() {
        let mut header = Header::of_name("COSD_RTH_2020-05-18T12_18_38.xml");
        assert!(header.created_from_name);
        header.learn(HeaderFact::Created, "2020-05-19T01:00:00.123+01:00");
        header.learn(HeaderFact::Created, "2021-01-01");
        header.learn(HeaderFact::PeriodStart, "soon");
        header.learn(HeaderFact::Organisation, " rth ");
        assert_eq!(
            header.created.map(|stamp| (stamp.date.to_string(), stamp.second)),
            Some(("2020-05-19".to_owned(), 3_600))
        );
        assert!(!header.created_from_name);
        assert_eq!(header.organisation.as_deref(), Some("RTH"));
        assert_eq!(header.unreadable, [HeaderFact::PeriodStart]);
    }
}
