//! A small invented nation, drawn by hand, put through disclosure control as a run would.

#![allow(dead_code, reason = "each test uses what it needs")]

pub(crate) mod care;
pub(crate) mod reading;
pub(crate) mod told;

use std::collections::BTreeMap;

use protect::*;
use publish::{Outline, PublicOrganisation, SiteFacts, Thresholds};

/// A hospital of the invented nation: people a year, and the share recorded (none: sent no records).
#[derive(Clone, Debug)]
pub(crate) struct Hospital {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) nation: String,
    pub(crate) network: String,
    pub(crate) latitude: f64,
    pub(crate) longitude: f64,
    pub(crate) breast_service: bool,
    pub(crate) people: i64,
    pub(crate) share: Option<f64>,
}

/// code, name, nation, network, latitude, longitude, breast service, people a year, share recorded
type Line = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    f64,
    f64,
    bool,
    i64,
    Option<f64>,
);

#[rustfmt::skip]
const HOSPITALS: &[Line] = &[
    ("INV01", "Aldermere", "Averland", "North", 48.93, -19.93, true, 62, Some(0.95)),
    ("INV02", "Brackenhythe", "Averland", "North", 48.90, -20.30, true, 66, Some(0.52)),
    ("INV03", "Castlefell", "Averland", "North", 48.91, -20.26, true, 40, Some(0.08)),
    ("INV04", "Dunmarrow", "Averland", "North", 48.67, -20.62, true, 97, Some(0.93)),
    ("INV05", "Eskerby", "Averland", "North", 49.07, -20.19, true, 31, Some(0.91)),
    ("INV06", "Fallowick", "Averland", "North", 49.17, -19.89, true, 9, Some(0.50)),
    ("INV07", "Gannetsea", "Averland", "North", 48.96, -20.78, true, 84, None),
    ("INV08", "North Averland Oncology", "Averland", "North", 48.90, -20.40, false, 0, Some(0.0)),
    ("INV11", "Juniper Vale", "Averland", "Vale", 48.27, -19.62, true, 66, Some(0.61)),
    ("INV12", "Kestrelford", "Averland", "Vale", 48.38, -20.00, true, 71, Some(0.07)),
    ("INV13", "Larkhaven", "Averland", "Vale", 48.28, -20.24, true, 84, Some(0.94)),
    ("INV14", "Mossbridge", "Averland", "Vale", 48.58, -19.63, true, 115, Some(0.44)),
    ("INV15", "Netherquay", "Averland", "Vale", 48.20, -20.30, true, 88, Some(0.97)),
    ("INV16", "Orchard Sound", "Averland", "South", 47.36, -19.91, true, 49, Some(0.88)),
    ("INV17", "Pellow Bay", "Averland", "South", 47.79, -20.32, true, 57, Some(0.55)),
    ("INV18", "Quernstone", "Averland", "South", 47.79, -20.75, true, 110, Some(0.92)),
    ("INV19", "Rookhaven", "Averland", "South", 47.83, -20.23, true, 40, Some(0.05)),
    ("INV20", "Saltmarrow", "Averland", "South", 47.54, -20.67, true, 115, Some(0.48)),
    ("INV24", "Varrow Head", "Brennick", "Coast", 48.39, -18.98, true, 92, Some(0.90)),
    ("INV25", "Westering", "Brennick", "Coast", 48.35, -18.37, true, 31, Some(0.09)),
    ("INV26", "Yarrowby", "Brennick", "Coast", 48.63, -18.76, true, 40, Some(0.96)),
    ("INV28", "Ambergate Isle", "Brennick", "Coast", 48.39, -18.79, true, 84, Some(0.57)),
    ("INV31", "Cinderhill", "Brennick", "Hills", 47.89, -17.88, true, 97, Some(0.93)),
    ("INV33", "Elderscar", "Brennick", "Hills", 47.78, -17.76, true, 79, None),
    ("INV34", "Inchmarra", "Corrow", "Corrow", 47.13, -18.95, true, 79, Some(0.49)),
    ("INV35", "Kelpie Strand", "Corrow", "Corrow", 47.19, -18.82, true, 110, Some(0.94)),
    ("INV36", "Lochanbeg", "Corrow", "Corrow", 47.02, -19.28, true, 4, Some(0.5)),
    ("INV37", "Mirrowglen", "Corrow", "Corrow", 47.38, -19.18, true, 106, Some(0.08)),
];

/// The hospitals of the invented nation.
pub(crate) fn hospitals() -> Vec<Hospital> {
    HOSPITALS
        .iter()
        .map(
            |(code, name, nation, network, latitude, longitude, breast_service, people, share)| Hospital {
                code: (*code).into(),
                name: (*name).into(),
                nation: (*nation).into(),
                network: (*network).into(),
                latitude: *latitude,
                longitude: *longitude,
                breast_service: *breast_service,
                people: *people,
                share: *share,
            },
        )
        .collect()
}

const YEARS: [(&str, f64); 6] = [
    ("2019", 0.86),
    ("2020", 0.80),
    ("2021", 0.94),
    ("2022", 0.97),
    ("2023", 0.99),
    ("2024", 1.0),
];
const STATE_PERIOD: &str = "2023-10-01/2024-09-30";

pub(crate) fn facts() -> SiteFacts {
    facts_of(&hospitals(), Outline::AroundPoints)
}

pub(crate) fn facts_of(hospitals: &[Hospital], outline: Outline) -> SiteFacts {
    SiteFacts {
        country_name: "Hesperay".into(),
        nations: Vec::new(),
        outline,
        definition: vec![
            "We count everyone with breast cancer whose records show that it has spread beyond the breast and the lymph nodes near it.".into(),
            "One statement by a hospital is enough. Otherwise two records of different kinds must agree, or one record must be strong.".into(),
        ],
        usual_living_over_deaths: (2.0, 5.5),
        thresholds: Thresholds { collecting_percent: 90, not_collecting_percent: 10, fewest_people: 20 },
        organisations: hospitals
            .iter()
            .map(|h| PublicOrganisation {
                code: h.code.clone(),
                name: format!("{} Hospitals", h.name),
                short_name: h.name.clone(),
                nation: h.nation.clone(),
                network: h.network.clone(),
                kind: if h.nation == "Averland" { "acute_trust" } else { "health_board" }.into(),
                latitude: Some(h.latitude),
                longitude: Some(h.longitude),
                breast_service: h.breast_service,
            })
            .collect(),
        answers: Vec::new(),
        responses: Vec::new(),
    }
}

#[derive(Clone, Copy, Default)]
struct Tally {
    found: i64,
    recorded: i64,
}

/// Every count: (place kind, place, measure, period, kind, sex, age band) and its tally.
fn tallies(hospitals: &[Hospital]) -> BTreeMap<[String; 7], Tally> {
    let mut tallies: BTreeMap<[String; 7], Tally> = BTreeMap::new();
    let ages = [("under_50", 0.2), ("50_to_69", 0.45), ("70_and_over", 0.35)];
    for hospital in hospitals.iter().filter(|h| h.breast_service) {
        let place = (hospital.code.as_str(), hospital.nation.as_str());
        let share = hospital.share.unwrap_or(0.0);
        for (year, factor) in YEARS {
            let day = format!("{year}-12-31");
            for (measure, period, times) in [("new", year, 1.0), ("died", year, 0.9), ("living", &day, 3.1)] {
                for (kind, part) in [("de_novo", 0.28), ("recurrent", 0.66), ("not_known", 0.06)] {
                    let found = (hospital.people as f64 * factor * times * part).round();
                    for (age, part) in ages {
                        let cell = Tally {
                            found: (found * part).round() as i64,
                            recorded: (found * part * share).round() as i64,
                        };
                        add(&mut tallies, place, measure, period, (kind, "female", age), cell);
                    }
                }
            }
        }
    }
    let men = Tally {
        found: 9,
        recorded: 2,
    };
    for day in ["2022-12-31", "2024-12-31"] {
        let place = hospitals
            .last()
            .map_or(("", ""), |h| (h.code.as_str(), h.nation.as_str()));
        add(
            &mut tallies,
            place,
            "living",
            day,
            ("recurrent", "male", "50_to_69"),
            men,
        );
    }
    tallies
}

fn add(
    tallies: &mut BTreeMap<[String; 7], Tally>,
    (code, nation): (&str, &str),
    measure: &str,
    period: &str,
    (kind, sex, age): (&str, &str, &str),
    cell: Tally,
) {
    for (place_kind, place) in [
        ("organisation", code),
        ("nation", nation),
        ("country", "Hesperay"),
    ] {
        for kind in [kind, "all"] {
            for (sex, age) in [(sex, age), (sex, "all"), ("all", age), ("all", "all")] {
                let key = [place_kind, place, measure, period, kind, sex, age].map(str::to_owned);
                let tally = tallies.entry(key).or_default();
                tally.found += cell.found;
                tally.recorded += cell.recorded;
            }
        }
    }
}

fn counts(hospitals: &[Hospital]) -> RawTable {
    let mut inside = BTreeMap::new();
    for Hospital { code, nation, .. } in hospitals {
        inside.insert(Place::new("organisation", code), Place::new("nation", nation));
        inside.insert(Place::new("nation", nation), Place::new("country", "Hesperay"));
    }
    let mut sums = counts_sums();
    sums.push(SumRule::Places {
        kind: "place_kind".into(),
        place: "place".into(),
        inside,
    });
    let rows = tallies(hospitals)
        .into_iter()
        .map(|([place_kind, place, measure, period, kind, sex, age], tally)| {
            // Corrow stands for places without an estimate.
            let estimated = place != "Corrow";
            let part = |share: f64| estimated.then_some(tally.found as f64 * share);
            vec![
                place_kind.into(),
                place.into(),
                period.into(),
                measure.into(),
                kind.into(),
                sex.into(),
                age.into(),
                "all".into(),
                "all".into(),
                tally.recorded.into(),
                tally.found.into(),
                part(0.98).unwrap_or(tally.found as f64).into(),
                part(0.94).into(),
                part(1.07).into(),
                if estimated { "joint" } else { "found" }.into(),
                if estimated { "lower_bound" } else { "not_estimated" }.into(),
            ]
        })
        .collect();
    RawTable {
        name: "counts".into(),
        version: 1,
        about: "People new, living and died, by place and year.".into(),
        columns: counts_columns(),
        rows,
        sums,
    }
}

fn completeness(hospitals: &[Hospital]) -> RawTable {
    let mut rows = Vec::new();
    for Hospital {
        code,
        breast_service,
        people,
        share,
        ..
    } in hospitals
    {
        for (kind, part) in [("all", 1.0), ("de_novo", 0.3), ("recurrent", 0.7)] {
            let found = (*people as f64 * part).round() as i64;
            let elsewhere = (found as f64 * 0.9).round() as i64;
            let recorded = |n: i64| (n as f64 * share.unwrap_or(0.0)).round() as i64;
            let status = match (breast_service, share) {
                (false, _) => "not_in_scope",
                (true, None) => "no_response",
                _ => "",
            };
            rows.push(vec![
                code.as_str().into(),
                STATE_PERIOD.into(),
                kind.into(),
                recorded(found).into(),
                found.into(),
                RawValue::Null,
                elsewhere.into(),
                recorded(elsewhere).into(),
                RawValue::Null,
                found.into(),
                RawValue::Null,
                RawValue::Null,
                ((found as f64 * 0.12).round() as i64).into(),
                recorded(found).into(),
                45.0.into(),
                status.into(),
            ]);
        }
    }
    RawTable {
        name: "completeness".into(),
        version: 1,
        about: "How much each hospital trust or board recorded, in the 12 months on which its state rests."
            .into(),
        columns: completeness_columns(90, 10, 20),
        rows,
        sums: vec![SumRule::Column {
            column: "kind".into(),
            total: "all".into(),
        }],
    }
}

fn sections() -> Vec<RawSection> {
    let text = |t: &str| RawFact::Text(t.into());
    vec![
        RawSection {
            id: "sources".into(),
            title: "What was sent".into(),
            words: "Every record ends as exactly one of these: part of a person, or set aside for a reason that is counted.".into(),
            columns: vec!["Source".into(), "Records".into(), "In people".into(), "Set aside".into()],
            rows: vec![
                vec![text("Cancer outcomes and services data set (COSD)"), RawFact::Count(24_117), RawFact::Count(24_020), RawFact::Count(97)],
                vec![text("Hospital admissions"), RawFact::Count(210_466), RawFact::Count(210_466), RawFact::Count(0)],
                vec![text("Deaths"), RawFact::Count(8_230), RawFact::Count(8_226), RawFact::Count(4)],
            ],
        },
        RawSection {
            id: "switches".into(),
            title: "Choices and what they change".into(),
            words: "Each choice below could have been made otherwise.".into(),
            columns: vec!["Choice".into(), "Made so".into()],
            rows: vec![vec![text("Days after breast cancer was found that still count as first diagnosis"), text("120")]],
        },
    ]
}

pub(crate) fn manifest(simulated: bool, approved: bool) -> RawManifest {
    RawManifest {
        study: "A small invented nation".into(),
        as_of: "2024-12-31".into(),
        period: ("2019-01-01".into(), "2024-12-31".into()),
        country: if simulated { "hesperay" } else { "uk" }.into(),
        coverage: "3 nations, 2019 to 2024, 7 kinds of record".into(),
        definition: "uk-mbc/2026.1".into(),
        program: "counted 0.1.0".into(),
        simulated,
        approved,
        demonstration_keys: false,
        state_period: STATE_PERIOD.into(),
        sections: sections(),
    }
}

pub(crate) fn release(simulated: bool, approved: bool) -> Release {
    release_of(&hospitals(), simulated, approved)
}

pub(crate) fn raw(hospitals: &[Hospital], simulated: bool, approved: bool) -> RawRelease {
    RawRelease {
        manifest: manifest(simulated, approved),
        tables: [counts(hospitals), completeness(hospitals)]
            .into_iter()
            .chain(care::tables())
            .collect(),
        links: vec![counts_and_completeness_link()],
    }
}

pub(crate) fn release_of(hospitals: &[Hospital], simulated: bool, approved: bool) -> Release {
    let raw = raw(hospitals, simulated, approved);
    protect::release(&raw, &Policy::hes().expect("the policy is sound")).expect("the tables are sound")
}

/// A whole number as pages write it.
pub(crate) fn thousands(n: i64) -> String {
    let digits = n.to_string();
    let mut text = String::new();
    for (at, digit) in digits.chars().enumerate() {
        if at > 0 && (digits.len() - at).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}
