//! COSD submissions: XML files by network and period, each in the version of its time.
//!
//! Networks submit for their hospitals: a file each quarter, monthly in the last two years. A record goes into
//! the first file whose period ends on or after the day it was ready; the file is made some five to seven weeks
//! after its period (the standard asks for 25 working days). What is not yet in a file on the date of the study
//! is not there.
//!
//! Dirt that only files have: a byte-order mark (two networks), UTF-16 (one file in sixty), no line breaks (one
//! network), ids in mixed case (one) or counted anew in each file (one), a wrong record count (1 in 80), no
//! FileCreationDateTime (1 in 30), the whole file sent again some weeks later (1 in 40). All are assumptions; the
//! mark and the mixed case are in the registry's own sample.

mod shapes;
mod xml;

use super::{Person, Source};
use crate::care::standards::SentLines;
use crate::chance::{Chance, Purpose};
use crate::geography::{NETWORKS, Nation, has_cosd};
use crate::plan::Plan;
use crate::write::{Truth, join};
use fs_err as fs;
use shapes::{Told, Version};
use std::collections::BTreeMap;
use std::io::{self, Write as _};
use std::path::{Path, PathBuf};
use vocabulary::date::Date;
use xml::Xml;

/// Version 8.1 before this month, 9.0.1 from it.
fn v9_from() -> Date {
    Date::new(2020, 7, 1).unwrap_or_else(|| Date::from_days(18_444))
}

/// Version 10.0.1 from this month (in England, July 2024).
pub(crate) fn v10_from() -> Date {
    Date::new(2024, 7, 1).unwrap_or_else(|| Date::from_days(19_905))
}

/// Bytes a file holds in memory before it goes to disk.
const HELD: usize = 1 << 16;

/// A file's period.
#[derive(Debug, Clone, Copy)]
struct Period {
    start: Date,
    end: Date,
}

impl Period {
    fn version(self) -> Version {
        match self.start {
            d if d < v9_from() => Version::V8,
            d if d < v10_from() => Version::V9,
            _ => Version::V10,
        }
    }
}

/// The body of one file, on its way to disk.
struct Body {
    xml: Xml,
    owners: Vec<(String, u64)>,
    records: u64,
}

pub(super) struct Cosd {
    root: PathBuf,
    spill: PathBuf,
    seed: u64,
    as_of: Date,
    hosts: [&'static str; NETWORKS.len()],
    periods: Vec<Period>,
    bodies: BTreeMap<(usize, usize), Body>,
}

impl Cosd {
    pub(super) fn create(root: &Path, plan: &Plan, nation: &Nation) -> io::Result<Cosd> {
        let spill = root.join("truth").join("cosd-parts");
        fs::create_dir_all(&spill)?;
        fs::create_dir_all(root.join("cosd"))?;
        let mut hosts = ["SIM01"; NETWORKS.len()];
        for hospital in nation.hospitals.iter().rev() {
            hosts[hospital.body.network] = hospital.body.code;
        }
        Ok(Cosd {
            root: root.to_path_buf(),
            spill,
            seed: plan.seed,
            as_of: plan.as_of,
            hosts,
            periods: periods(plan),
            bodies: BTreeMap::new(),
        })
    }

    pub(super) fn show(
        &mut self,
        person: &Person<'_>,
        sent: &mut SentLines,
        truth: &mut Truth,
    ) -> io::Result<()> {
        let lines = &person.care.standards.lines;
        let mut slip = person.slips(Source::Cosd);
        for statement in &person.care.statements {
            let body = &person.nation.at(statement.hospital).body;
            let Some(n) = self.periods.iter().position(|p| p.end >= statement.ready) else {
                continue;
            };
            let key = (body.network, n);
            if !has_cosd(body) || self.created(key) > self.as_of {
                continue;
            }
            let seen = person.desk(statement.hospital).show(
                person.identity,
                statement.ready,
                person.plan.dirt.row_number_missing * 1.5,
                &mut slip,
            );
            let period = self.periods[n];
            let file = self.bodies.entry(key).or_insert_with(|| Body::new(body.network));
            let id = record_id(body.network, file.records, &mut slip);
            let provider = person.nation.code(statement.hospital, statement.ready, &mut slip);
            let site = format!("{provider}01");
            let ethnicity = person.identity.ethnicity;
            let told = Told {
                id: &id,
                seen: &seen,
                provider,
                ethnicity,
                statement,
                site: &site,
            };
            shapes::record(period.version(), &told, &mut file.xml);
            for place in &statement.says {
                if let Some(line) = lines.get(*place) {
                    sent.note(*place, shapes::says(period.version(), &statement.what, line.item));
                }
            }
            file.owners.push((id, person.place));
            file.records += 1;
            truth.taken += 1;
            if file.xml.text.len() > HELD {
                file.spill(&part(&self.spill, key))?;
            }
        }
        Ok(())
    }

    /// When a file was made.
    fn created(&self, key: (usize, usize)) -> Date {
        let mut chance = self.file_chance(key);
        self.periods[key.1].end.plus_days(33 + chance.below(16) as i32)
    }

    fn file_chance(&self, key: (usize, usize)) -> Chance {
        Chance::of(self.seed, Purpose::Nation, (key.0 as u64) << 20 | key.1 as u64, 1)
    }

    /// Writes the files and their truth; the number of records.
    pub(super) fn finish(mut self, truth: &mut Truth) -> io::Result<u64> {
        let mut records = 0;
        for (key, mut body) in std::mem::take(&mut self.bodies) {
            let part = part(&self.spill, key);
            body.spill(&part)?;
            let text = fs::read_to_string(&part)?;
            let owners = fs::read_to_string(part.with_extension("owners"))?;
            let mut chance = self.file_chance(key);
            let _ = chance.word();
            let created = self.created(key);
            records += self.write(key, created, &text, &owners, body.records, &mut chance, truth)?;
            let again = created.plus_days(20 + chance.below(40) as i32);
            if chance.happens(1.0 / 40.0) && again <= self.as_of {
                records += self.write(key, again, &text, &owners, body.records, &mut chance, truth)?;
            }
            fs::remove_file(&part)?;
            fs::remove_file(part.with_extension("owners"))?;
        }
        fs::remove_dir_all(&self.spill)?;
        Ok(records)
    }

    #[allow(clippy::too_many_arguments, reason = "what a file consists of")]
    fn write(
        &self,
        key: (usize, usize),
        created: Date,
        body: &str,
        owners: &str,
        records: u64,
        chance: &mut Chance,
        truth: &mut Truth,
    ) -> io::Result<u64> {
        let period = self.periods[key.1];
        let time = format!(
            "{:02}:{:02}:{:02}",
            8 + chance.below(9),
            chance.below(60),
            chance.below(60)
        );
        let host = self.hosts[key.0];
        let path = format!(
            "cosd/COSD_SIMSYS(BR)_{host}_{}_{}_{created}T{}.xml",
            period.start,
            period.end,
            time.replace(':', "_")
        );
        let text = document(key.0, period, host, created, &time, body, records, chance);
        let mut file = fs::File::create(join(&self.root, &path))?;
        if chance.happens(1.0 / 60.0) {
            file.write_all(&[0xFF, 0xFE])?;
            let wide: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            file.write_all(&wide)?;
        } else {
            if matches!(key.0, 0 | 3) {
                file.write_all("\u{feff}".as_bytes())?;
            }
            file.write_all(text.as_bytes())?;
        }
        let mut written = 0;
        for line in owners.lines() {
            if let Some((id, place)) = line.split_once(' ') {
                truth.record("cosd", &path, id, place.parse().unwrap_or(0))?;
                written += 1;
            }
        }
        Ok(written)
    }
}

impl Body {
    fn new(network: usize) -> Body {
        Body {
            xml: Xml::below_root(network == 2),
            owners: Vec::new(),
            records: 0,
        }
    }

    /// Moves what is in memory to the end of the part on disk.
    fn spill(&mut self, part: &Path) -> io::Result<()> {
        let append = |path: &Path, text: &str| -> io::Result<()> {
            let mut file = fs::OpenOptions::new().create(true).append(true).open(path)?;
            file.write_all(text.as_bytes())
        };
        append(part, &self.xml.text)?;
        let owners: String = self
            .owners
            .iter()
            .map(|(id, place)| format!("{id} {place}\n"))
            .collect();
        append(&part.with_extension("owners"), &owners)?;
        self.xml.text.clear();
        self.owners.clear();
        Ok(())
    }
}

fn part(spill: &Path, key: (usize, usize)) -> PathBuf {
    spill.join(format!("{}-{:04}.part", key.0, key.1))
}

#[allow(clippy::too_many_arguments, reason = "what a header consists of")]
fn document(
    network: usize,
    period: Period,
    host: &str,
    created: Date,
    time: &str,
    body: &str,
    records: u64,
    chance: &mut Chance,
) -> String {
    let version = period.version();
    let mut head = Xml::below_root(network == 2);
    if version != Version::V10 {
        // The file has an id of its own: it is not a record.
        head.root(&uuid(chance).to_uppercase());
    }
    let wrong = if chance.happens(1.0 / 80.0) {
        1 + chance.below(3) as u64
    } else {
        0
    };
    head.extension("OrganisationIdentifierCodeOfSubmittingOrganisation", host)
        .value("RecordCount", &(records + wrong).to_string())
        .text("ReportingPeriodStartDate", &period.start.to_string())
        .text("ReportingPeriodEndDate", &period.end.to_string());
    if !chance.happens(1.0 / 30.0) {
        head.text("FileCreationDateTime", &format!("{created}T{time}"));
    }
    let declaration = if chance.happens(0.5) {
        "<?xml version=\"1.0\"?>\n"
    } else {
        ""
    };
    let schema = "xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\"";
    format!(
        "{declaration}<COSD:COSD {schema} xmlns:COSD=\"{}\">{}{body}\n</COSD:COSD>\n",
        version.namespace(),
        head.text,
    )
}

/// A record's id, as the network's system makes them.
fn record_id(network: usize, n: u64, slip: &mut Chance) -> String {
    let id = uuid(slip);
    match network {
        // Counted anew in each file: unique only within it.
        4 => format!("00000000-0000-4000-8000-{n:012}"),
        1 => id
            .char_indices()
            .map(|(i, c)| if i % 3 == 0 { c.to_ascii_uppercase() } else { c })
            .collect(),
        _ => id.to_uppercase(),
    }
}

fn uuid(chance: &mut Chance) -> String {
    let (a, b) = (chance.word(), chance.word());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        (a >> 16) & 0xffff,
        a & 0xfff,
        b >> 52,
        b & 0xffff_ffff_ffff
    )
}

/// Quarters, then months in the last two years.
fn periods(plan: &Plan) -> Vec<Period> {
    let monthly_from = plan.as_of.plus_days(1).plus_months(-24);
    let mut periods = Vec::new();
    let mut start = plan.start();
    while start <= plan.as_of {
        let months = if start < monthly_from { 3 } else { 1 };
        let end = start.plus_months(months).plus_days(-1);
        periods.push(Period { start, end });
        start = end.plus_days(1);
    }
    periods
}
