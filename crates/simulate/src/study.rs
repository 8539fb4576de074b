//! The whole: people one by one, through every source, into a study folder.

use crate::care;
use crate::care::standards::SentLines;
use crate::care_truth::CareTruth;
use crate::error::SimulateError;
use crate::geography::Nation;
use crate::identity::{Identity, Numbers};
use crate::life::{Group, Life, Who};
use crate::plan::Plan;
use crate::sources::{Person, Sources};
use crate::staffing;
use crate::write::{Truth, person_name};
use fs_err as fs;
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use vocabulary::date::Date;

/// How far the writing has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Progress {
    /// People drawn.
    pub done: u64,
    /// People to draw; an estimate when rows decide.
    pub of: u64,
}

/// What was written.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Summary {
    /// People with at least one record.
    pub people: u64,
    /// Of them, metastatic by the date of the study.
    pub metastatic: u64,
    /// Of them, metastatic and alive on the date of the study.
    pub living: u64,
    /// Rows by source.
    pub rows: BTreeMap<String, u64>,
    /// All rows: the length of `truth/records.csv`.
    pub records: u64,
}

/// Women diagnosed in the twenty-two years before, for each one diagnosed in a year of the cover.
const EARLIER_YEARS: f64 = 11.0;
/// People with another cancer, for each primary.
const OTHER_CANCERS: f64 = 0.30;
/// People without cancer, for each primary, when no number of rows is asked for.
const WITHOUT_CANCER: f64 = 0.5;

/// Writes a complete study folder, simulated and saying so. The folder must be empty or absent.
pub fn simulate(
    plan: &Plan,
    out: &Path,
    progress: &mut dyn FnMut(Progress),
) -> Result<Summary, SimulateError> {
    plan.check()?;
    refuse_if_used(out)?;
    fs::create_dir_all(out)?;
    let nation = Nation::draw(plan.seed, merged_on(plan));
    fs::write(out.join("organisations.csv"), nation.organisations_csv())?;
    fs::write(out.join("staffing.csv"), staffing::csv(plan, &nation))?;
    let writer = Writer {
        plan,
        nation: &nation,
        numbers: Numbers::draw(plan.seed),
        truth: Truth::create(out)?,
        sources: Sources::create(out, plan, &nation)?,
        sent: SentLines::default(),
        care_truth: CareTruth::create(out, &nation)?,
        place: 0,
        deaths: BTreeMap::new(),
        summary: Summary {
            people: 0,
            metastatic: 0,
            living: 0,
            rows: BTreeMap::new(),
            records: 0,
        },
    };
    let (summary, deaths) = writer.people(progress)?;
    fs::write(out.join("study.toml"), study_toml(plan, &summary.rows, &deaths))?;
    Ok(summary)
}

struct Writer<'a> {
    plan: &'a Plan,
    nation: &'a Nation,
    numbers: Numbers,
    truth: Truth,
    sources: Sources,
    /// What the files said of one person's care.
    sent: SentLines,
    care_truth: CareTruth,
    place: u64,
    /// Everyone's deaths with breast cancer as underlying cause, by year: what a nation would publish.
    deaths: BTreeMap<i32, u64>,
    summary: Summary,
}

impl Writer<'_> {
    /// Everyone; gives what was written, and the deaths of the nation.
    fn people(
        mut self,
        progress: &mut dyn FnMut(Progress),
    ) -> Result<(Summary, BTreeMap<i32, u64>), SimulateError> {
        let primaries = u64::from(self.plan.primaries);
        let share = |times: f64| (primaries as f64 * times).ceil() as u64;
        let earlier = share(EARLIER_YEARS / f64::from(self.plan.years));
        let groups = [
            (Group::Breast, primaries),
            (Group::Earlier, earlier),
            (Group::OtherCancer, share(OTHER_CANCERS)),
        ];
        let without = share(WITHOUT_CANCER);
        let of = primaries + earlier + share(OTHER_CANCERS) + without;
        let mut done = 0;
        for (group, count) in groups {
            for n in 0..count {
                self.person(Who { group, n })?;
                done += 1;
                if done % 256 == 0 {
                    progress(Progress { done, of });
                }
            }
        }
        let mut n = 0;
        while self.wants_more(n, without) {
            self.person(Who {
                group: Group::NoCancer,
                n,
            })?;
            n += 1;
            if n % 256 == 0 {
                progress(Progress {
                    done: done + n,
                    of: of.max(done + n),
                });
            }
        }
        progress(Progress {
            done: done + n,
            of: done + n,
        });
        self.finish()
    }

    fn wants_more(&self, n: u64, usual: u64) -> bool {
        match self.plan.admissions_rows {
            Some(rows) => self.sources.admissions_taken() < rows,
            None => n < usual,
        }
    }

    fn person(&mut self, who: Who) -> Result<(), SimulateError> {
        let Some(life) = Life::draw(self.plan, who) else {
            return Ok(());
        };
        if self.place >= self.numbers.len() {
            return Err(SimulateError::TooManyPeople {
                people: self.place + 1,
                numbers: self.numbers.len(),
            });
        }
        let identity = Identity::draw(self.plan, self.nation, who, &life);
        let care = care::tell(self.plan, self.nation, who, &life, &identity);
        let place = self.place;
        self.place += 1;
        self.count_death(&life);
        let person = Person::new(
            self.plan,
            self.nation,
            &self.numbers,
            who,
            place,
            &life,
            &identity,
            &care,
        );
        let before = self.truth.taken;
        self.sources.show(&person, &mut self.sent, &mut self.truth)?;
        if self.truth.taken > before {
            self.known(place, &life, &identity)?;
            self.care_truth
                .person(self.nation, place, &care.standards, &self.sent)?;
        }
        Ok(())
    }

    fn count_death(&mut self, life: &Life) {
        if let Some(death) = &life.death
            && death.underlying == "C509"
            && (self.plan.start()..=self.plan.as_of).contains(&death.date)
        {
            *self.deaths.entry(death.date.year()).or_default() += 1;
        }
    }

    /// A line of the truth about a person who left a record.
    fn known(&mut self, place: u64, life: &Life, identity: &Identity) -> Result<(), SimulateError> {
        let as_of = self.plan.as_of;
        let spread = life.spread.as_ref().filter(|s| s.date <= as_of);
        let death = life.death.as_ref().map(|d| d.date).filter(|d| *d <= as_of);
        let metastatic = spread.is_some();
        self.summary.people += 1;
        self.summary.metastatic += u64::from(metastatic);
        self.summary.living += u64::from(metastatic && death.is_none());
        let (kind, date, organisation) = match spread {
            Some(s) => (
                s.kind.as_str(),
                s.date.to_string(),
                self.nation.at(identity.home_on(s.date)).body.code,
            ),
            None => ("", String::new(), ""),
        };
        let death = death.map(|d| d.to_string()).unwrap_or_default();
        self.truth.person(&format!(
            "{},{},{kind},{date},{death},{organisation}",
            person_name(place),
            if metastatic { "true" } else { "false" },
        ))?;
        Ok(())
    }

    fn finish(mut self) -> Result<(Summary, BTreeMap<i32, u64>), SimulateError> {
        let rows = self.sources.finish(&mut self.truth)?;
        self.summary.rows = rows
            .into_iter()
            .map(|(source, count)| (source.to_owned(), count))
            .collect();
        self.summary.records = self.truth.record_count;
        self.truth.finish()?;
        self.care_truth.finish()?;
        Ok((self.summary, self.deaths))
    }
}

/// The merger takes place in the middle of the cover.
fn merged_on(plan: &Plan) -> Date {
    plan.start().plus_months(6 * i32::from(plan.years) - 9)
}

/// Nothing that is there is ever overwritten.
pub(crate) fn refuse_if_used(out: &Path) -> Result<(), SimulateError> {
    if out.exists() && fs::read_dir(out)?.next().is_some() {
        return Err(SimulateError::NotEmpty {
            path: out.display().to_string(),
        });
    }
    Ok(())
}

/// Counts are shown for the last seven years, or all but the first two of a short cover. A source without a row is left out, as
/// happens in a nation of a handful of people: a study that names one cannot be run.
fn study_toml(plan: &Plan, rows: &BTreeMap<String, u64>, deaths: &BTreeMap<i32, u64>) -> String {
    let shown = i32::from(plan.years).saturating_sub(2).clamp(1, 7);
    let from = plan.as_of.plus_days(1).plus_months(-12 * shown);
    let mut text = format!(
        "# Invented people and hospitals.\n[study]\nname = \"The island of Hesperay, simulated with seed {}\"\ncountry = \"uk\"\n\
         as_of = {}\nperiod = [{from}, {}]\ndefinition = \"uk-mbc/2026.1\"\nsimulated = true\norganisations = \"organisations.csv\"\n",
        plan.seed, plan.as_of, plan.as_of,
    );
    let has_rows = |kind: &str| rows.get(kind).is_some_and(|count| *count > 0);
    for (kind, path) in SOURCES.into_iter().filter(|(kind, _)| has_rows(kind)) {
        text.push_str(&format!("\n[[source]]\nkind = \"{kind}\"\npath = \"{path}\"\n"));
    }
    let whole = plan.as_of.plus_days(1).year() > plan.as_of.year();
    let last = plan.as_of.year() - i32::from(!whole);
    let first = plan.start().plus_days(-1).year() + 1;
    let counts: Vec<String> = (first..=last)
        .map(|year| deaths.get(&year).copied().unwrap_or(0).to_string())
        .collect();
    text.push_str(&format!(
        "\n# As a nation publishes them: an outside check, in no estimate.\n[estimate]\n\
         national_deaths = {{ first_year = {first}, counts = [{}] }}\n",
        counts.join(", ")
    ));
    text
}

const SOURCES: [(&str, &str); 8] = [
    ("registrations", "registrations.csv"),
    ("cosd", "cosd/*.xml"),
    ("sact", "sact.csv"),
    ("rtds", "rtds.csv"),
    ("admissions", "admissions/*.csv"),
    ("cwt", "cwt.csv"),
    ("deaths", "deaths.csv"),
    ("form", "form.csv"),
];
