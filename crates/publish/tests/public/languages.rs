//! Sites on which between them every sentence of the public pages stands, and what of their Welsh pages is still English.

use std::collections::BTreeMap;
use std::sync::OnceLock;

use protect::{Policy, RawRelease, RawTable, RawValue, Release, State};
use publish::{Answer, Before, Outline, Question, SiteFacts, Told, render_texts};

use crate::support::reading::site;
use crate::support::{self, Hospital, told};
use crate::{changes, networks, who};

type Site = BTreeMap<String, String>;

/// The sites, each with a name: made once, and then remembered.
pub(crate) fn sites() -> &'static [(&'static str, Site)] {
    static MADE: OnceLock<Vec<(&str, Site)>> = OnceLock::new();
    MADE.get_or_init(|| {
        let few = support::facts_of(&changes::few(), Outline::AroundPoints);
        let (was, now) = changes::two();
        let approved_on = "2024-03-05";
        let after = |release| Before::Release { release, approved_on };
        let unmeasured = released(&unmeasured());
        vec![
            ("invented", site(true, false)),
            ("approved", site(false, true)),
            ("after one", made(now, after(was), &few)),
            (
                "after another",
                made(&support::release(false, true), after(&other()), &support::facts()),
            ),
            ("after nothing", made(now, after(&unmeasured), &few)),
            (
                "after a survey",
                made(&unmeasured, after(&unmeasured), &told::facts()),
            ),
            ("not kept", made(now, Before::NotKept { approved_on }, &few)),
            ("surveyed", made(&unmeasured, Before::Nothing, &told::facts())),
            (
                "of groups",
                made(&released(&who::with_groups()), Before::Nothing, &support::facts()),
            ),
            ("of networks", networks::site().clone()),
            ("kingdom", kingdom(&hospitals_of_the_kingdom())),
            ("kingdom with small nations", kingdom(&small_nations())),
            ("part of the kingdom", part_of_the_kingdom([0, 0])),
            ("few recorded in Wales", part_of_the_kingdom([3, 105])),
        ]
    })
}

fn made(release: &Release, before: Before<'_>, facts: &SiteFacts) -> Site {
    render_texts(release, before, facts).unwrap()
}

fn released(raw: &RawRelease) -> Release {
    protect::release(raw, &Policy::hes().unwrap()).unwrap()
}

/// An approved study of which nothing was measured.
fn unmeasured() -> RawRelease {
    RawRelease {
        manifest: support::manifest(false, true),
        tables: Vec::new(),
        links: Vec::new(),
    }
}

/// A release that was made in another way, by another rule and of other records, a year before.
fn other() -> Release {
    let mut raw = support::raw(&changes::few(), false, true);
    raw.tables[0]
        .rows
        .retain(|row| row[2] == "2023".into() || row[2] == "2023-12-31".into());
    raw.manifest.as_of = "2023-12-31".into();
    raw.manifest.definition = "uk-mbc/2025.1".into();
    raw.manifest.program = "counted 0.0.1".into();
    raw.manifest.coverage = "3 nations, 2019 to 2023, 6 kinds of record".into();
    protect::release(&raw, &Policy::named("suppress").unwrap()).unwrap()
}

/// The site of the kingdom with invented people: of one nation nearly all are recorded, and each kind of organisation is there.
fn kingdom(hospitals: &[Hospital]) -> Site {
    let mut facts = support::facts_of(hospitals, Outline::UnitedKingdom);
    facts.country_name = "the United Kingdom".into();
    let kinds = [
        "specialist_trust",
        "acute_trust",
        "cancer_centre_trust",
        "hsc_trust",
    ];
    for (organisation, kind) in facts.organisations.iter_mut().zip(kinds) {
        organisation.kind = kind.into();
        organisation.network = String::new();
    }
    let answer = |at: usize, question, told| Answer {
        organisation: hospitals[at].code.clone(),
        asked_on: "2025-01-10".into(),
        answered_on: (told != Told::NoResponse).then(|| "2025-01-20".into()),
        question,
        told,
        source_url: "https://example.org/answers".into(),
    };
    facts.answers = vec![
        answer(0, Question::EnoughNurses, Told::NoResponse),
        answer(2, Question::RecordsSecondary, Told::No),
        answer(2, Question::EnoughNurses, Told::Partly),
    ];
    made(
        &released(&records_of_the_kingdom(hospitals)),
        Before::Nothing,
        &facts,
    )
}

/// A year that is not over, a hospital that sent nothing, and one of which less is recorded of the cancers that came back.
fn records_of_the_kingdom(hospitals: &[Hospital]) -> RawRelease {
    let mut raw = support::raw(hospitals, false, true);
    let year = "2024";
    raw.manifest.state_period = year.into();
    // Whole numbers of people are enough here, and are protected sooner than those of each age.
    let counts = &mut raw.tables[0].rows;
    counts.retain(|row| row[4..7].iter().all(|value| *value == "all".into()));
    for row in counts.iter_mut() {
        if row[3] == "died".into() && row[2] == year.into() {
            row[2] = "2024-01-01/2024-09-30".into();
        }
    }
    for row in &mut raw.tables[1].rows {
        row[1] = year.into();
        let of = hospitals.iter().find(|h| row[0] == h.code.as_str().into());
        if of.is_some_and(|h| h.breast_service && h.share.is_none()) {
            row[3] = RawValue::Missing(State::NotReported);
            row[7] = RawValue::Missing(State::NotReported);
            row[12] = RawValue::Missing(State::NotComputable);
        }
        if row[0] == "RA7".into() {
            let parts = [("all", 54), ("de_novo", 18), ("recurrent", 36)];
            let part = parts.into_iter().find(|(kind, _)| row[2] == (*kind).into());
            row[7] = part.map_or(RawValue::Null, |(_, recorded)| recorded.into());
        }
        // Of another all are recorded in whom it had spread at first, and nobody in whom it came back.
        if row[0] == "INV25".into() {
            let recorded = if row[2] == "recurrent".into() { 0 } else { 8 };
            row[7] = recorded.into();
        }
    }
    tables_of_a_study(&mut raw);
    raw
}

/// All tables that a study releases, each with the words that it has there; those that are added have no rows.
fn tables_of_a_study(raw: &mut RawRelease) {
    let added = |name: &str, columns| RawTable {
        name: name.into(),
        version: 1,
        about: String::new(),
        columns,
        rows: Vec::new(),
        sums: Vec::new(),
    };
    raw.tables.push(added("checks", protect::checks_columns()));
    raw.tables
        .push(added("care_of_all", protect::care_of_all_columns()));
    for table in &mut raw.tables {
        table.about = protect::about(&table.name).into();
    }
}

/// Hospitals of the four nations, two of them under codes that had others before.
fn hospitals_of_the_kingdom() -> Vec<Hospital> {
    let mut hospitals = changes::few();
    for (at, hospital) in hospitals.iter_mut().enumerate() {
        hospital.nation = ["Scotland", "England", "Wales", "Northern Ireland"][at % 4].into();
        if hospital.nation == "England" {
            hospital.share = Some(0.97);
        }
    }
    hospitals[1].code = "RA7".into();
    hospitals[2].code = "7A4".into();
    hospitals
}

/// The same, with hardly anybody outside England: the numbers of nations are hidden.
fn small_nations() -> Vec<Hospital> {
    let mut hospitals = hospitals_of_the_kingdom();
    let outside = hospitals
        .iter_mut()
        .filter(|hospital| hospital.nation != "England");
    outside.for_each(|hospital| hospital.people = 1);
    hospitals
}

/// The kingdom, and nothing estimated. Northern Ireland has no records; of Scotland nobody can say who is living, in Wales so many
/// were recorded and found, all of them women. One hospital sent records with which nothing can be compared, another has too few
/// people.
fn part_of_the_kingdom(wales: [i64; 2]) -> Site {
    let hospitals = hospitals_of_the_kingdom();
    let mut facts = support::facts_of(&hospitals, Outline::UnitedKingdom);
    facts.country_name = "the United Kingdom".into();
    let living = |kind: &str, place: &str, people: [RawValue; 2]| -> Vec<RawValue> {
        let all = ["all"; 5].map(RawValue::from);
        let about = [kind, place, "2024-12-31", "living"].map(RawValue::from);
        let numbers = people.into_iter().chain(std::iter::repeat_n(RawValue::Null, 3));
        let words = ["found", "not_estimated"].map(RawValue::from);
        about.into_iter().chain(all).chain(numbers).chain(words).collect()
    };
    let unknown = || {
        [
            RawValue::Missing(State::NotComputable),
            RawValue::Missing(State::NotComputable),
        ]
    };
    let table = |name: &str, columns, rows| RawTable {
        name: name.into(),
        version: 1,
        about: protect::about(name).into(),
        columns,
        rows,
        sums: Vec::new(),
    };
    let people = |recorded: i64, found: i64| [recorded, found].map(RawValue::from);
    let by_sex = |sex: &str, [recorded, found]: [i64; 2]| {
        let mut row = living("nation", "Wales", people(recorded, found));
        row[5] = sex.into();
        row
    };
    let [recorded, found] = wales;
    let counts = vec![
        living("country", "all", people(895 + recorded, 1000 + found)),
        living("nation", "England", people(895, 1000)),
        living("nation", "Scotland", unknown()),
        living("nation", "Wales", people(recorded, found)),
        by_sex("female", wales),
        by_sex("male", [0, 0]),
        by_sex("not_known", [0, 0]),
    ];
    let completeness = vec![
        of_hospital(&hospitals[0].code, unknown()),
        of_hospital(&hospitals[1].code, people(15, 10)),
    ];
    let raw = RawRelease {
        manifest: support::manifest(false, true),
        tables: vec![
            table("counts", protect::counts_columns(), counts),
            table(
                "completeness",
                protect::completeness_columns(90, 10, 20),
                completeness,
            ),
        ],
        links: Vec::new(),
    };
    made(&released(&raw), Before::Nothing, &facts)
}

/// A row of `completeness` of 40 people found, with those found elsewhere and the recorded among them.
fn of_hospital(code: &str, elsewhere: [RawValue; 2]) -> Vec<RawValue> {
    let texts = [code, "2023-10-01/2024-09-30", "all"].map(RawValue::from);
    let [recorded, found, at_death] = [30_i64, 40, 10].map(RawValue::from);
    let null = |columns| std::iter::repeat_n(RawValue::Null, columns);
    let values = texts.into_iter().chain([recorded.clone(), found]).chain(null(1));
    let values = values.chain(elsewhere).chain(null(4)).chain([at_death, recorded]);
    values.chain([RawValue::from(45.0), RawValue::from("")]).collect()
}

/// The elements of a Welsh page that keep English words, without the sentence that says who made the Welsh and the way back.
pub(crate) fn english(html: &str) -> Vec<String> {
    let mut found = Vec::new();
    for (at, _) in html.match_indices(" lang=\"en-GB\"") {
        let start = html[..at].rfind('<').unwrap();
        let name = html[start + 1..].split([' ', '>']).next().unwrap();
        let text = words(element(&html[start..], name));
        if text != "English" && !text.starts_with("This Welsh was made by a machine") {
            found.push(text);
        }
    }
    found
}

/// A Welsh page without the elements that keep English words.
pub(crate) fn without_english(html: &str) -> String {
    let mut rest = html;
    let mut kept = String::new();
    while let Some(at) = rest.find(" lang=\"en-GB\"") {
        let start = rest[..at].rfind('<').unwrap();
        let name = rest[start + 1..].split([' ', '>']).next().unwrap();
        kept.push_str(&rest[..start]);
        rest = &rest[start + element(&rest[start..], name).len()..];
    }
    kept + rest
}

/// An element from its first sign to its last.
fn element<'h>(html: &'h str, name: &str) -> &'h str {
    let (opens, closes) = (format!("<{name}"), format!("</{name}>"));
    let mut at = 0;
    let mut depth = 0;
    loop {
        let close = at + html[at..].find(&closes).unwrap();
        let open = html[at..].find(&opens).map_or(usize::MAX, |open| at + open);
        if open < close {
            let after = html[open + opens.len()..].chars().next().unwrap();
            depth += usize::from(matches!(after, ' ' | '>'));
            at = open + opens.len();
        } else {
            depth -= 1;
            at = close + closes.len();
            if depth == 0 {
                return &html[..at];
            }
        }
    }
}

/// The words of a page without its elements.
pub(crate) fn words(html: &str) -> String {
    let mut text = String::new();
    let mut inside = false;
    for sign in html.chars() {
        match sign {
            '<' => inside = true,
            '>' => {
                inside = false;
                text.push(' ');
            }
            _ if !inside => text.push(sign),
            _ => {}
        }
    }
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}
