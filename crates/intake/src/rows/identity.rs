//! The row of identities: who a record is about, who sent it, and what is known of life and death.

use layouts::Role;
use vocabulary::date::{Date, PartialDate};
use vocabulary::number::PersonNumber;
use vocabulary::postcode::Postcode;
use vocabulary::sex::Sex;

use crate::rows::reader::{Cells, RowReader, first, pick};
use crate::rows::text::first_letter;
use crate::rules;

/// A hundred years in months.
const CENTURY: i32 = 1_200;
/// A longer life than this, in months, is a slip of the birth date: nobody in these records grows to 120 years.
const LONGEST_LIFE: i32 = 1_440;
/// A day so many months after the study's last one lies within no study for a long time.
const FAR_OFF: i32 = 240;

/// Who a record is about, as far as it says.
struct Who {
    number: Option<PersonNumber>,
    birth: Option<PartialDate>,
    family_name: String,
    given_name: String,
    sex: Option<Sex>,
    postcode: Option<Postcode>,
}

/// The dates of a row that must fit each other.
#[derive(Debug, Clone, Copy)]
struct Days {
    /// The date of the record.
    event: Option<Date>,
    birth: Option<PartialDate>,
    /// The date of the record where nothing in the row speaks against it: no other says which months a file covers.
    sure: Option<Date>,
    /// A date of death was there that cannot be.
    died_undated: bool,
}

/// Whether and when the person died or was last known to live.
#[derive(Debug, Default, Clone, Copy, PartialEq, Eq)]
struct Vital {
    status: &'static str,
    date: Option<Date>,
    death: Option<Date>,
}

impl RowReader<'_> {
    /// Appends the row of identities. The dates of the row are read already.
    pub(crate) fn identity(&mut self, cells: &impl Cells, row: u64) {
        let roles = &self.plan.roles;
        let days = self.days(cells);
        self.note_undated(cells, days.event);
        let who = self.who(cells, days);
        let vital = self.vital(cells, days);
        self.identities.integer(i64::from(self.setting.file));
        self.identities.integer(i64::try_from(row).unwrap_or(i64::MAX));
        self.identities.text(&self.plan.layout.kind);
        self.identities.null();
        self.push_number(who.number);
        self.verbatim(cells, roles.number);
        let out = &mut self.identities;
        out.date(who.birth.map(|birth| birth.earliest));
        out.date(who.birth.map(|birth| birth.latest));
        out.text(&who.family_name);
        out.text(&who.given_name);
        out.text(who.sex.map_or("", |sex| sex.as_str()));
        out.text(who.postcode.as_ref().map_or("", |postcode| postcode.reveal()));
        out.text(&self.organisation);
        let has_local_id = self.local_id(cells);
        let has_key = self.push_key(cells);
        let out = &mut self.identities;
        out.date(days.event);
        out.date(vital.death);
        out.text(vital.status);
        out.date(vital.date);
        self.verbatim(cells, roles.ethnicity);
        self.verbatim(cells, roles.deprivation);
        if who.number.is_none()
            && who.birth.is_none()
            && who.family_name.is_empty()
            && !has_local_id
            && !has_key
        {
            self.cells.note(rules::NOBODY, "");
        }
    }

    /// Says that the record has no date, or that nobody can tell when somebody looked and found none: a day of the disease is not
    /// the day of looking. A question that nobody has answered yet says nothing at all.
    fn note_undated(&mut self, cells: &impl Cells, event: Option<Date>) {
        let plan = self.plan;
        if self.found_none(cells) {
            let is_dated = plan
                .roles
                .looked_on
                .is_some_and(|field| self.dates[field].is_some());
            if !is_dated {
                let mut columns = plan.layout.columns.iter();
                let looked_on = columns.find(|column| column.roles.contains(&Role::LookedOn));
                self.cells.note(
                    rules::LOOKED_UNDATED,
                    looked_on.map_or("", |column| column.name.as_str()),
                );
            }
            return;
        }
        if event.is_none() && !self.is_unanswered(cells) {
            let field = plan.roles.events.first();
            let name = field.map_or("", |&field| plan.fields[field].name);
            self.cells.note(rules::EVENT_DATE_MISSING, name);
        }
    }

    fn who(&mut self, cells: &impl Cells, days: Days) -> Who {
        let plan = self.plan;
        let roles = &plan.roles;
        let limits = self.setting.limits;
        self.organisation.clear();
        if let Some(field) = roles.organisation {
            let cell = pick(&mut self.cells, plan, &limits, cells, field);
            self.cells
                .organisation(cell, &plan.fields[field], &mut self.organisation);
        }
        let postcode = roles.postcode.and_then(|field| {
            let cell = pick(&mut self.cells, plan, &limits, cells, field);
            self.cells.postcode(cell, &plan.fields[field])
        });
        let body = self.bodies.count(&self.organisation, days.sure);
        // Whether nine digits may be a number of Scotland without its zero: the source, the sender or the address says so.
        let from_address = || {
            postcode
                .as_ref()
                .filter(|p| p.area() == "BT")
                .map(|_| vocabulary::nation::NORTHERN_IRELAND)
        };
        let nation = self.setting.nation.or(body).or_else(from_address);
        let number = roles.number.and_then(|field| {
            let cell = pick(&mut self.cells, plan, &limits, cells, field);
            self.cells.number(cell, &plan.fields[field], nation)
        });
        let sex = roles.sex.and_then(|field| {
            let cell = pick(&mut self.cells, plan, &limits, cells, field);
            self.cells.sex(cell, &plan.fields[field])
        });
        let family_name = self.name(cells, roles.family_name);
        let given_name = self.name(cells, roles.given_name);
        Who {
            number,
            birth: days.birth,
            family_name,
            given_name,
            sex,
            postcode,
        }
    }

    fn name(&mut self, cells: &impl Cells, field: Option<usize>) -> String {
        let Some(field) = field else { return String::new() };
        let cell = pick(&mut self.cells, self.plan, &self.setting.limits, cells, field);
        self.cells.name(cell, &self.plan.fields[field])
    }

    /// The number and its kind, both null when there is no valid one.
    fn push_number(&mut self, number: Option<PersonNumber>) {
        let out = &mut self.identities;
        match number {
            Some(number) => {
                push_ten_digits(out.begin_text(), number.reveal());
                out.end_text();
                out.text(number.kind().as_str());
            }
            None => {
                out.null();
                out.null();
            }
        }
    }

    /// The space and the value of the first pseudonym that is there; whether there is one.
    fn push_key(&mut self, cells: &impl Cells) -> bool {
        let plan = self.plan;
        for key in &plan.roles.keys {
            let text = self.cells.key(cells.cell(key.source));
            if !text.is_empty() {
                self.identities.text(&key.space);
                self.identities.text(text);
                return true;
            }
        }
        self.identities.null();
        self.identities.null();
        false
    }

    /// The sender's own number of the person; whether there is one.
    fn local_id(&mut self, cells: &impl Cells) -> bool {
        let plan = self.plan;
        let field = plan.roles.local_id;
        let cell = field.map_or(b"".as_slice(), |field| first(&plan.fields[field], cells));
        let text = self.cells.key(cell);
        self.identities.text(text);
        !text.is_empty()
    }

    /// The cell as sent. It was checked where it was read for its meaning.
    fn verbatim(&mut self, cells: &impl Cells, field: Option<usize>) {
        let out = self.identities.begin_text();
        if let Some(field) = field {
            self.cells
                .identity_text(first(&self.plan.fields[field], cells), out);
        }
        self.identities.end_text();
    }

    /// Birth and the date of the record, without those that cannot be.
    ///
    /// Nobody has a record before being born, so of two dates that say so one is wrong. It is the record's where a hundred
    /// years more would put it right: 1922 stands there for 2022, and no birth date that was mistyped explains it. Otherwise
    /// it is taken to be the birth: a birth in 2015 for 1915, or the day of the record in both fields. The record keeps its
    /// date then, but the month does not count for the cover, whose beginning a single slip would move by years.
    fn days(&mut self, cells: &impl Cells) -> Days {
        let plan = self.plan;
        let as_of = self.setting.as_of;
        let birth = self.birth(cells);
        let died_undated = birth.is_some_and(|(_, birth)| self.leave_out_ends(birth));
        let mut event = None;
        for &field in &plan.roles.events {
            if birth.is_some_and(|(_, birth)| self.leave_out(field, birth)) {
                continue;
            }
            event = self.dates[field];
            if event.is_some() {
                break;
            }
        }
        // The study's last day in place of a later one tells of no month.
        let written = event.filter(|_| !self.looked_later);
        let mut days = Days {
            event,
            birth: None,
            sure: written,
            died_undated,
        };
        let Some((field, birth)) = birth else {
            return days;
        };
        let name = plan.fields[field].name;
        if birth.earliest > event.unwrap_or(as_of) {
            self.cells.note(rules::BIRTH_LATE, name);
            // A birth after the study's last day is wrong, whatever the record says.
            days.sure = written.filter(|_| birth.earliest > as_of);
        } else if event.is_some_and(|event| birth.latest.plus_months(LONGEST_LIFE) < event) {
            self.cells.note(rules::BIRTH_EARLY, name);
        } else {
            days.birth = Some(birth);
        }
        days
    }

    /// Leaves out the days of death, of the vital status and of discharge that lack a century; whether the first does.
    fn leave_out_ends(&mut self, birth: PartialDate) -> bool {
        let roles = &self.plan.roles;
        let others = [roles.vital_date, roles.discharge_date];
        let died = roles.death_date.is_some_and(|field| self.leave_out(field, birth));
        for field in others.into_iter().flatten() {
            self.leave_out(field, birth);
        }
        died
    }

    /// Leaves out a date where it lacks a century; whether it does.
    fn leave_out(&mut self, field: usize, birth: PartialDate) -> bool {
        let Some(date) = self.dates[field].filter(|date| *date < birth.earliest) else {
            return false;
        };
        // What becomes of it hangs on whether that day lies within the study: of no last day for a long time, where it is far
        // off, and the file need not be read again for it.
        let later = date.plus_months(CENTURY);
        if later <= self.setting.as_of.plus_months(FAR_OFF) {
            self.cells.saw(Some(later));
        }
        if !lacks_a_century(date, birth, self.setting.as_of) {
            return false;
        }
        self.dates[field] = None;
        self.cells
            .note(rules::DATE_BEFORE_BIRTH, self.plan.fields[field].name);
        true
    }

    /// Birth as it is written, to the day or the month, and its field.
    fn birth(&mut self, cells: &impl Cells) -> Option<(usize, PartialDate)> {
        let plan = self.plan;
        let day = plan
            .roles
            .birth_date
            .and_then(|field| Some((field, PartialDate::day(self.dates[field]?))));
        if day.is_some() {
            return day;
        }
        let field = plan.roles.birth_month?;
        let cell = pick(&mut self.cells, plan, &self.setting.limits, cells, field);
        Some((field, self.cells.month(cell, &plan.fields[field])?))
    }

    /// Life and death as they were on the study's last day.
    fn vital(&mut self, cells: &impl Cells, days: Days) -> Vital {
        let roles = &self.plan.roles;
        let as_of = self.setting.as_of;
        let dead = |date: Option<Date>| Vital {
            status: "dead",
            date,
            death: date,
        };
        if let Some(field) = roles.death_date {
            if days.died_undated {
                self.cells
                    .note(rules::DEATH_UNDATED, self.plan.fields[field].name);
                return dead(None);
            }
            if let Some(date) = self.used(field) {
                return dead(Some(date));
            }
        }
        if let Some(field) = roles.discharge_method
            && self.first_byte(cells, field) == Some(b'4')
        {
            let date = roles.discharge_date.and_then(|field| self.dates[field]);
            if date.is_some_and(|date| date > as_of) {
                return Vital::default();
            }
            if date.is_none() {
                self.cells
                    .note(rules::DEATH_UNDATED, self.plan.fields[field].name);
            }
            return dead(date);
        }
        self.stated(cells)
    }

    /// Life and death as a column for them says.
    fn stated(&mut self, cells: &impl Cells) -> Vital {
        let roles = &self.plan.roles;
        let as_of = self.setting.as_of;
        let Some(field) = roles.vital_status else {
            return Vital::default();
        };
        let Some(status) = self.first_byte(cells, field) else {
            return Vital::default();
        };
        let date = roles.vital_date.and_then(|field| self.dates[field]);
        // Whoever died or left after the last day was there on it.
        let still = Vital {
            status: "alive",
            date: date.map(|date| date.min(as_of)),
            death: None,
        };
        let later = date.is_some_and(|date| date > as_of);
        match status.to_ascii_uppercase() {
            b'A' => still,
            b'D' | b'X' if later => still,
            end @ (b'D' | b'X') => {
                let died = end == b'D';
                if date.is_none() {
                    let undated = if died {
                        rules::DEATH_UNDATED
                    } else {
                        rules::DEPARTURE_UNDATED
                    };
                    let field = roles.vital_date.unwrap_or(field);
                    self.cells.note(undated, self.plan.fields[field].name);
                }
                Vital {
                    status: if died { "dead" } else { "left" },
                    date,
                    death: date.filter(|_| died),
                }
            }
            _ => {
                let column = &self.plan.fields[field];
                self.cells.strange_status(first(column, cells), column);
                Vital::default()
            }
        }
    }

    fn first_byte(&self, cells: &impl Cells, field: usize) -> Option<u8> {
        first_letter(first(&self.plan.fields[field], cells))
    }
}

/// Whether a date before the birth would lie in the person's life if it were a hundred years later.
pub(crate) fn lacks_a_century(date: Date, birth: PartialDate, as_of: Date) -> bool {
    date < birth.earliest && (birth.earliest..=as_of).contains(&date.plus_months(CENTURY))
}

fn push_ten_digits(out: &mut String, number: u64) {
    let mut divisor = 1_000_000_000;
    while divisor > 0 {
        let digit = u32::try_from(number / divisor % 10).unwrap_or(0);
        out.extend(char::from_digit(digit, 10));
        divisor /= 10;
    }
}
