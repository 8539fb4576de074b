//! One organisation's people who were found and are not recorded.
//!
//! Only people of whom the organisation has itself sent a record appear, named by its own
//! identifiers, and of these only those whose case is its own or of whom it sent a sign: who had a cataract there, and was
//! found elsewhere, is none of its business. What other bodies sent is told as kind and month only: a day or a site that no record
//! of the organisation's own holds is not suggested either. Suggested values are for a clinician to
//! confirm; none is accepted beforehand.

use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

use engine::{Session, TableReader};
use vocabulary::date::Date;
use vocabulary::organisation::{Registry, Resolved};
use vocabulary::redact::Secret;

use crate::cases::{number, person_id};
use crate::error::CasefindError;
use crate::explain::{CaseAccount, EvidenceAccount, explain_all};
use crate::judge::tells_of_a_death;
use crate::lists::Lists;

/// The sentence that stands over every work list.
pub const NOTICE: &str = "For checking records. A person listed here may not have secondary breast cancer. \
Do not tell or contact anyone because of it; ask their clinical team.";

/// What a work list is made from.
pub struct WorklistRequest<'a> {
    /// Folder of the tables of the run.
    pub tables: &'a Path,
    /// Folder of the tables that intake wrote.
    pub intake: &'a Path,
    /// Folder of the tables that linkage wrote.
    pub linkage: &'a Path,
    /// The organisations.
    pub registry: &'a Registry,
    /// Code of the organisation.
    pub organisation: &'a str,
    /// A session with no tables of other stages.
    pub session: &'a Session,
}

/// A work list: the living first, then the strongest evidence, then the latest.
#[derive(Debug, Default)]
pub struct Worklist {
    /// The people.
    pub people: Vec<WorkItem>,
    /// Cases of the organisation that it has sent no record of; they cannot be listed here.
    pub unnamed: usize,
    /// People of whom all evidence is from before the organisation's COSD records begin: these could not hold them, so that
    /// nobody is asked.
    pub earlier: usize,
}

/// One person of a work list.
#[derive(Debug)]
pub struct WorkItem {
    /// The person's id in the study.
    pub person_id: String,
    /// The organisation's own identifiers of the person.
    pub own: Secret<OwnIdentity>,
    /// Tier of the case.
    pub tier: String,
    /// Whether the case is the organisation's.
    pub is_its_own: bool,
    /// Whether some record says that the person has died.
    pub died: bool,
    /// Whether the death is the first that is known of the disease.
    pub only_at_death: bool,
    /// Suggested place in COSD: `at diagnosis`, `recurrence or progression`, or `to be decided`.
    pub suggested_pathway: &'static str,
    /// Suggested date: the day where a record of the organisation's own has it, else the month.
    pub suggested_date: String,
    /// Suggested metastatic sites that its own records name, as COSD codes with their words.
    pub suggested_sites: String,
    /// Evidence in the organisation's own records; what says the same again is counted.
    pub own_evidence: Vec<String>,
    /// Evidence elsewhere, as kind and month.
    pub other_evidence: Vec<String>,
}

/// How an organisation names a person in its own records.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct OwnIdentity {
    /// Its local patient identifier.
    pub local_id: String,
    /// The number, as it sent it.
    pub number: String,
    /// Family name.
    pub family_name: String,
    /// Given name.
    pub given_name: String,
    /// Birth date.
    pub birth_date: String,
}

/// One person as an organisation knows them from its own records.
#[derive(Debug, Clone, Default)]
pub struct OwnPerson {
    /// How it names the person.
    pub identity: Secret<OwnIdentity>,
    /// The records that it sent: file and row.
    pub records: BTreeSet<(i64, i64)>,
}

/// Makes the work list of an organisation; the lists are those of the definition that found the people.
pub fn worklist(request: &WorklistRequest<'_>, lists: &Lists) -> Result<Worklist, CasefindError> {
    let missing = missing_cases(request)?;
    let wanted = missing.keys().copied().collect();
    let own = own_people(request, &wanted)?;
    let (_, recording) = own_codes(request)?;
    let named = own.keys().map(|person| person_id(*person)).collect();
    let mut accounts = explain_all(request.tables, &named)?;
    let mut list = Worklist::default();
    for (person, of_organisation) in &missing {
        let account = accounts.remove(&person_id(*person));
        match own.get(person).zip(account) {
            Some((own, account)) => {
                let own = own.identity.reveal().clone();
                let earlier = recording.is_some_and(|first| is_before(&account, first));
                let item = item(request, lists, account, own);
                let concerns = item.is_its_own || !item.own_evidence.is_empty();
                list.earlier += usize::from(concerns && earlier);
                if concerns && !earlier {
                    list.people.push(item);
                }
            }
            None => list.unnamed += usize::from(*of_organisation),
        }
    }
    list.people.sort_by(|a, b| {
        let sure = |item: &WorkItem| (item.died, item.tier.clone());
        let latest = b.suggested_date.cmp(&a.suggested_date);
        sure(a)
            .cmp(&sure(b))
            .then(latest)
            .then_with(|| a.person_id.cmp(&b.person_id))
    });
    Ok(list)
}

/// People found and not recorded: their number, and whether the case is the organisation's.
fn missing_cases(request: &WorklistRequest<'_>) -> Result<BTreeMap<i64, bool>, CasefindError> {
    let mut missing = BTreeMap::new();
    for batch in TableReader::open(&request.tables.join("cases.parquet"))? {
        let batch = batch?;
        let (people, organisation) = (batch.text("person_id")?, batch.text("organisation")?);
        let (recorded, counted) = (batch.flag("recorded")?, batch.flag("counted")?);
        for row in 0..batch.rows() {
            let missed = recorded.get(row) == Some(false) && counted.get(row) == Some(true);
            if let Some(number) = people.get(row).and_then(number).filter(|_| missed) {
                missing.insert(number, organisation.get(row) == Some(request.organisation));
            }
        }
    }
    Ok(missing)
}

/// Whether the case and all evidence of it are from before a day. A certificate of death is no evidence that asks for a record.
fn is_before(account: &CaseAccount, day: Date) -> bool {
    let in_life = account.evidence.iter().filter(|line| line.source != "deaths");
    let mut dates = in_life
        .filter_map(|line| line.date)
        .chain(account.date)
        .peekable();
    dates.peek().is_some() && dates.all(|date| date < day)
}

/// The codes under which the organisation sent records itself, and since when its COSD records tell of anybody.
fn own_codes(request: &WorklistRequest<'_>) -> Result<(BTreeSet<String>, Option<Date>), CasefindError> {
    let mut codes = BTreeSet::new();
    let mut recording: Option<Date> = None;
    let columns = ["kind", "organisation", "first_month"];
    for batch in TableReader::open_columns(&request.intake.join("coverage.parquet"), &columns)? {
        let batch = batch?;
        let (kind, sent, first) = (
            batch.text("kind")?,
            batch.text("organisation")?,
            batch.date("first_month")?,
        );
        for (row, code) in (0..batch.rows()).filter_map(|row| Some((row, sent.get(row)?))) {
            let own = match request.registry.resolve(code) {
                Resolved::Known(organisation) => organisation.code == request.organisation,
                Resolved::Outside(code) => code == request.organisation,
            };
            if own {
                codes.insert(code.to_owned());
                let first = first.get(row).filter(|_| kind.get(row) == Some("cosd"));
                recording = match (recording, first.map(Date::first_of_month)) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
    }
    Ok((codes, recording))
}

/// What an organisation has itself sent of each of these people, by person number: its own, latest identifiers, and
/// which records. Whoever is not in it must not be named to the organisation.
pub fn own_people(
    request: &WorklistRequest<'_>,
    wanted: &BTreeSet<i64>,
) -> Result<BTreeMap<i64, OwnPerson>, CasefindError> {
    let (codes, _) = own_codes(request)?;
    let mut found: BTreeMap<i64, (OwnIdentity, BTreeSet<(i64, i64)>)> = BTreeMap::new();
    if codes.is_empty() {
        return Ok(BTreeMap::new());
    }
    let session = request.session;
    session.table("identities", &request.intake.join("identities"))?;
    session.table("links", &request.linkage.join("links.parquet"))?;
    let list: Vec<String> = codes
        .iter()
        .map(|code| format!("'{}'", code.replace('\'', "''")))
        .collect();
    // Registrations and death records are sent by others than the hospital they name.
    let sql = format!(
        "select l.person, i.file, i.row, i.local_id, i.number_as_sent, i.family_name, i.given_name, i.birth_date \
         from identities i join links l on l.file = i.file and l.row = i.row \
         where i.organisation in ({}) and i.source not in ('registrations', 'deaths') \
         order by l.person, i.event_date nulls first, i.file, i.row",
        list.join(", ")
    );
    for batch in session.query("reading an organisation's own records", &sql)? {
        let batch = batch?;
        let person = batch.integer("person")?;
        let texts = ["local_id", "number_as_sent", "family_name", "given_name"].map(|name| batch.text(name));
        let [local, number, family, given] = texts;
        let (local, number, family, given) = (local?, number?, family?, given?);
        let birth = batch.date("birth_date")?;
        let (file, record) = (batch.integer("file")?, batch.integer("row")?);
        for row in 0..batch.rows() {
            let Some(person) = person.get(row).filter(|person| wanted.contains(person)) else {
                continue;
            };
            let (known, records) = found.entry(person).or_default();
            records.extend(file.get(row).zip(record.get(row)));
            let later = |field: &mut String, value: Option<&str>| {
                if let Some(value) = value.filter(|value| !value.is_empty()) {
                    value.clone_into(field);
                }
            };
            later(&mut known.local_id, local.get(row));
            later(&mut known.number, number.get(row));
            later(&mut known.family_name, family.get(row));
            later(&mut known.given_name, given.get(row));
            later(
                &mut known.birth_date,
                birth.get(row).map(|date| date.to_string()).as_deref(),
            );
        }
    }
    let own = found.into_iter().map(|(person, (identity, records))| {
        let identity = Secret::new(identity);
        (person, OwnPerson { identity, records })
    });
    Ok(own.collect())
}

fn item(request: &WorklistRequest<'_>, lists: &Lists, account: CaseAccount, own: OwnIdentity) -> WorkItem {
    let (sent, others): (Vec<&EvidenceAccount>, Vec<&EvidenceAccount>) =
        account.evidence.iter().partition(|line| is_own(request, line));
    let other_evidence: BTreeSet<String> = others
        .iter()
        .map(|line| {
            let month = line.date.map_or("no date".to_owned(), month);
            format!("{} in {month}", kind_words(&line.source))
        })
        .collect();
    WorkItem {
        suggested_pathway: match account.kind.as_str() {
            "de_novo" => "at diagnosis",
            "recurrent" => "recurrence or progression",
            _ => "to be decided",
        },
        suggested_date: suggested_date(account.date, &sent),
        suggested_sites: suggested_sites(lists, &account.sites, &sent),
        own: Secret::new(own),
        is_its_own: account.organisation.as_deref() == Some(request.organisation),
        died: account.death_date.is_some() || account.reasons.iter().any(|reason| tells_of_a_death(reason)),
        only_at_death: account.only_at_death,
        own_evidence: in_lines(&sent, account.date),
        other_evidence: other_evidence.into_iter().collect(),
        person_id: account.person_id,
        tier: account.tier,
    }
}

/// What records say, in the order of their days: the first that says it, and how many say it again. A course of treatment has
/// a record for each day of it, and a spreadsheet has no room for them. What is from the day of the case on begins a line of its
/// own, so that the sign of that day stands there.
fn in_lines(sent: &[&EvidenceAccount], of_case: Option<Date>) -> Vec<String> {
    let before = |line: &EvidenceAccount| line.date < of_case;
    let day = |line: &EvidenceAccount| line.date.map_or("no date".to_owned(), |date| date.to_string());
    let mut lines: Vec<(&EvidenceAccount, Vec<&EvidenceAccount>)> = Vec::new();
    for line in sent {
        match lines
            .iter_mut()
            .find(|(first, _)| first.words == line.words && before(first) == before(line))
        {
            Some((_, again)) => again.push(line),
            None => lines.push((line, Vec::new())),
        }
    }
    let said = lines.into_iter().map(|(first, again)| {
        let mut said = format!("{}: {} ({})", day(first), first.words, first.record_id);
        if let Some(last) = again.last() {
            let more = again.len();
            said.push_str(&format!(
                ", and {more} more up to {} ({})",
                day(last),
                last.record_id
            ));
        }
        said
    });
    said.collect()
}

/// Whether the organisation itself sent a record. Registrations and death records are sent by others than the hospital
/// they name.
fn is_own(request: &WorklistRequest<'_>, line: &EvidenceAccount) -> bool {
    let names_it = |code: &str| match request.registry.resolve(code) {
        Resolved::Known(organisation) => organisation.code == request.organisation,
        Resolved::Outside(code) => code == request.organisation,
    };
    line.source != "registrations"
        && line.source != "deaths"
        && line.organisation.as_deref().is_some_and(names_it)
}

fn month(date: Date) -> String {
    let day = date.to_string();
    day.get(..7).unwrap_or("no date").to_owned()
}

/// The date of a case, as far as the organisation may know it: another body's day is told as its month.
fn suggested_date(date: Option<Date>, own: &[&EvidenceAccount]) -> String {
    match date {
        Some(day) if own.iter().any(|line| line.date == Some(day)) => day.to_string(),
        Some(day) => month(day),
        None => String::new(),
    }
}

fn kind_words(source: &str) -> &'static str {
    match source {
        "admissions" => "hospital admission",
        "sact" => "systemic treatment",
        "rtds" => "radiotherapy",
        "cwt" => "cancer waiting times",
        "registrations" => "cancer registration",
        "deaths" => "death registration",
        "cosd" => "cancer outcomes record",
        _ => "another record",
    }
}

/// The places in the body of a case that the organisation's own records name, as COSD's metastatic site codes. What its
/// records name and the case does not have was judged to be of another cancer.
fn suggested_sites(lists: &Lists, of_case: &[String], own: &[&EvidenceAccount]) -> String {
    let named = own
        .iter()
        .flat_map(|line| line.sites.split(' '))
        .filter_map(|code| lists.site(code))
        .filter(|site| of_case.iter().any(|of_case| of_case == site))
        .filter_map(cosd_site);
    let sites: BTreeSet<&str> = named.collect();
    sites.into_iter().collect::<Vec<_>>().join("; ")
}

/// A place in the body, in the words of the definition's `site_names`, as COSD's metastatic site code. "Several" has had
/// none since its code was retired.
fn cosd_site(site: &str) -> Option<&'static str> {
    Some(match site {
        "brain" => "02 brain",
        "liver" => "03 liver",
        "lung" => "04 lung",
        "skin" => "08 skin",
        "distant nodes" => "09 distant lymph nodes",
        "bone" => "10 bone",
        "bone marrow" => "11 bone marrow",
        "not known" => "07 not known",
        "several" => return None,
        _ => "98 other",
    })
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use super::*;

    fn line(day: Option<Date>, sites: &str) -> EvidenceAccount {
        EvidenceAccount {
            rule: String::new(),
            words: String::new(),
            strength: String::new(),
            source: "admissions".to_owned(),
            date: day,
            organisation: None,
            record_id: String::new(),
            sites: sites.to_owned(),
        }
    }

    fn lists() -> Lists {
        let definition = crate::Definition::load("uk-mbc/2026.1", Path::new(""));
        definition.unwrap().lists
    }

    #[test]
    fn a_day_is_told_only_to_who_has_it() {
        let day = Date::new(2024, 3, 9);
        let (same, other) = (line(day, ""), line(Date::new(2024, 3, 10), ""));
        assert_eq!(suggested_date(day, &[&other, &same]), "2024-03-09");
        for own in [&[][..], &[&other], &[&line(None, "")]] {
            assert_eq!(suggested_date(day, own), "2024-03");
        }
        assert_eq!(suggested_date(None, &[&same]), "");
    }

    #[test]
    fn a_site_is_told_only_to_who_has_it() {
        let lists = lists();
        let case: Vec<String> = ["bone", "liver", "peritoneum", "several"]
            .map(str::to_owned)
            .to_vec();
        let sites = |own: &[&str]| {
            let lines: Vec<EvidenceAccount> = own.iter().map(|sites| line(None, sites)).collect();
            suggested_sites(&lists, &case, &lines.iter().collect::<Vec<_>>())
        };
        assert_eq!(sites(&[]), "");
        assert_eq!(sites(&[""]), "");
        assert_eq!(sites(&["C795 C793", "03/03"]), "03 liver; 10 bone");
        assert_eq!(sites(&["03/01 99/10"]), "10 bone");
        assert_eq!(sites(&["C7860"]), "98 other");
        // No place of the case, and none that COSD has a code for.
        assert_eq!(sites(&["C7970"]), "");
        assert_eq!(sites(&["06"]), "");
        // The brain is of another cancer.
        assert_eq!(sites(&["C793"]), "");
    }

    /// A place that COSD has a code for is suggested by it, whatever code the record has.
    #[test]
    fn words_of_the_definition_have_their_codes() {
        for (code, site) in &lists().names["site_names"] {
            let suggested = cosd_site(site);
            let said = format!("{code} {site}: {suggested:?}");
            match code.as_str() {
                "01" => assert_eq!(suggested, Some("10 bone"), "{said}"),
                "06" => assert_eq!(suggested, None, "{said}"),
                code if code.len() == 2 => {
                    assert!(
                        suggested.is_some_and(|suggested| suggested.starts_with(code)),
                        "{said}"
                    );
                }
                _ => assert!(suggested.is_some(), "{said}"),
            }
        }
    }

    fn account(of_case: Option<Date>, evidence: Vec<EvidenceAccount>) -> CaseAccount {
        CaseAccount {
            person_id: String::new(),
            tier: "B".to_owned(),
            kind: "recurrent".to_owned(),
            date: of_case,
            date_low: None,
            date_high: None,
            organisation: None,
            recorded: false,
            recorded_date: None,
            death_date: None,
            only_at_death: false,
            sites: Vec::new(),
            reasons: Vec::new(),
            evidence,
        }
    }

    /// Whom COSD of 2025 could not hold is not asked for; who is treated since can still be recorded.
    #[test]
    fn nobody_is_asked_for_of_before_the_records() {
        let [before, since] = [2012, 2025].map(|year| Date::new(year, 3, 9));
        let first = Date::new(2025, 1, 1).unwrap();
        let death = EvidenceAccount {
            source: "deaths".to_owned(),
            ..line(since, "")
        };
        for (of_case, evidence, earlier) in [
            (before, vec![line(before, "")], true),
            (before, vec![line(before, ""), death], true),
            (before, vec![line(before, ""), line(since, "")], false),
            (since, vec![line(since, "")], false),
            (None, vec![line(None, "")], false),
        ] {
            assert_eq!(is_before(&account(of_case, evidence), first), earlier);
        }
    }
}
