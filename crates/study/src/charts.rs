//! `charts.csv`: how many charts were read of people of each tier, and of people without evidence, and what they showed.

use std::path::Path;

use count::{Confirmed, Of, Review, Reviewed};
use vocabulary::organisation::Registry;

use crate::beside::{self, rows, wrong};
use crate::config::Estimate;
use crate::error::StudyError;
use crate::responses::organisation;

/// The file, in the study folder. A study need not have one.
pub(crate) const FILE: &str = "charts.csv";

const COLUMNS: [&str; 7] = [
    "of",
    "organisation",
    "people",
    "reviewed",
    "confirmed",
    "first_year",
    "last_year",
];

/// Reads and checks the file of a study folder.
pub(crate) fn read(study: &Path, estimate: &Estimate, registry: &Registry) -> Result<Review, StudyError> {
    let mut review = Review {
        samples: Vec::new(),
        reviewer: estimate
            .reviewer
            .as_ref()
            .map(|reviewer| (reviewer.sensitivity, reviewer.specificity)),
    };
    if let Some(bytes) = beside::read(&study.join(FILE))? {
        review.samples = parse(&bytes, registry)?;
    }
    Ok(review)
}

fn parse(bytes: &[u8], registry: &Registry) -> Result<Vec<Reviewed>, StudyError> {
    let mut samples: Vec<Reviewed> = Vec::new();
    for (line, cells) in rows(FILE, bytes, &COLUMNS)? {
        let fault = |what: &str| wrong(FILE, line, what);
        let cell = |at: usize| cells.get(at).map(String::as_str).unwrap_or_default();
        let number = |at: usize| {
            let what = format!("`{}` is a whole number", COLUMNS[at]);
            cell(at).parse::<u64>().map_err(|_| fault(&what))
        };
        let sample = Reviewed {
            of: of(cell(0), cell(5), cell(6)).map_err(fault)?,
            organisation: match cell(1) {
                "" => None,
                code => Some(organisation(FILE, line, code, registry)?),
            },
            people: number(2)?,
            reviewed: number(3)?,
            confirmed: number(4)?,
        };
        if sample.confirmed > sample.reviewed || sample.reviewed > sample.people {
            return Err(fault(
                "confirmed are among the reviewed, and the reviewed among the people",
            ));
        }
        for other in &samples {
            if let Some(what) = contradicts(&other.of, &sample.of) {
                return Err(fault(what));
            }
            if other.of != sample.of {
                continue;
            }
            if other.organisation.is_none() || sample.organisation.is_none() {
                return Err(fault(
                    "charts come either from everywhere, in one line without an organisation, or hospital by hospital",
                ));
            }
            if other.organisation == sample.organisation {
                return Err(fault("this organisation stands in a line above"));
            }
        }
        samples.push(sample);
    }
    Ok(samples)
}

fn of(word: &str, first: &str, last: &str) -> Result<Of, &'static str> {
    let year = |text: &str| {
        text.parse::<i32>()
            .ok()
            .filter(|year| (1900..=2200).contains(year))
    };
    match (word.to_uppercase().as_str(), year(first), year(last)) {
        (word, ..) if TIERS.contains(&word.get(..1).unwrap_or_default()) => {
            if first.is_empty() && last.is_empty() {
                tier(word)
            } else {
                Err("years belong to charts of people without evidence only")
            }
        }
        ("NONE", Some(first), Some(last)) if first <= last => {
            Ok(Of::NoEvidence(Confirmed::Established(first, last)))
        }
        ("NONE", ..) => Err(
            "charts of people without evidence need `first_year` and `last_year` of the disease, or are `none living`",
        ),
        ("NONE LIVING", ..) if first.is_empty() && last.is_empty() => Ok(Of::NoEvidence(Confirmed::Living)),
        ("NONE LIVING", ..) => Err(
            "charts of living people without evidence have no years: whoever has the disease is confirmed",
        ),
        _ => Err(UNKNOWN),
    }
}

const TIERS: [&str; 4] = ["A", "B", "C", "D"];

const UNKNOWN: &str = "`of` is a tier, A to D, alone or with `living` or `died` after it, or `none` or `none living` for \
                       people without any evidence";

/// A tier, and whether its charts were read apart for the living and the dead.
fn tier(word: &str) -> Result<Of, &'static str> {
    let (tier, alive) = word.split_once(' ').unwrap_or((word, ""));
    if !TIERS.contains(&tier) {
        return Err(UNKNOWN);
    }
    let alive = match alive.trim() {
        "" if tier == "D" => {
            return Err(
                "charts of tier D are drawn apart, `D living` and `D died`: people wrongly taken for ill live longer, \
                 so one share for both would count too many living",
            );
        }
        "" => None,
        "LIVING" => Some(true),
        "DIED" => Some(false),
        _ => return Err(UNKNOWN),
    };
    Ok(Of::Tier(tier.to_owned(), alive))
}

/// What two lines must not say beside each other.
fn contradicts(one: &Of, other: &Of) -> Option<&'static str> {
    match (one, other) {
        (Of::NoEvidence(..), Of::NoEvidence(..)) if one != other => {
            Some("all charts of people without evidence are of the same years, or all of the living")
        }
        (Of::Tier(tier, None), Of::Tier(same, Some(_))) | (Of::Tier(tier, Some(_)), Of::Tier(same, None))
            if tier == same =>
        {
            Some("charts of a tier are drawn from all of it, or apart from the living and the dead")
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(bytes: &[u8]) -> Result<Vec<Reviewed>, StudyError> {
        let registry = Registry::uk().expect("the registry of the United Kingdom");
        super::parse(bytes, &registry)
    }

    const GOOD: &str = "of,organisation,people,reviewed,confirmed,first_year,last_year\n\
                        B,,5423,200,190,,\n\
                        c,RX1,300,40,30,,\n\
                        c,rth08,200,40,35,,\n\
                        d Living,,1589,100,9,,\n\
                        none,,120000,800,3,2019,2025\n";

    #[test]
    fn charts_are_read() {
        let found = parse(GOOD.as_bytes()).expect("five samples");
        assert_eq!(found.len(), 5);
        assert_eq!(found[1].of, Of::Tier("C".to_owned(), None));
        assert_eq!(found[2].organisation.as_deref(), Some("RTH"));
        assert_eq!(found[3].of, Of::Tier("D".to_owned(), Some(true)));
        assert_eq!(found[4].of, Of::NoEvidence(Confirmed::Established(2019, 2025)));
        assert_eq!(
            (found[4].people, found[4].reviewed, found[4].confirmed),
            (120_000, 800, 3)
        );
    }

    #[test]
    fn a_frame_of_the_living_has_no_years() {
        let living = GOOD.replacen("none,,120000,800,3,2019,2025", "None living,,120000,800,3,,", 1);
        let found = parse(living.as_bytes()).expect("five samples");
        assert_eq!(found[4].of, Of::NoEvidence(Confirmed::Living));
    }

    /// A mistake, and what the message must name.
    #[test]
    fn every_mistake_is_named() {
        let table = [
            ("of,", "tier,", "line 1: no column `tier`"),
            ("B,,5423", "E,,5423", "line 2: `of` is a tier"),
            ("d Living", "D", "line 5: charts of tier D are drawn apart"),
            (
                "d Living",
                "B living",
                "line 5: charts of a tier are drawn from all",
            ),
            ("d Living", "D alive", "line 5: `of` is a tier"),
            ("200,190", "200,201", "line 2: confirmed are among the reviewed"),
            ("5423,200", "about 5000,200", "line 2: `people` is a whole number"),
            ("c,rth08", "c,", "line 4: charts come either from everywhere"),
            ("c,rth08", "c,RX1", "line 4: this organisation stands"),
            (
                "c,RX1",
                "c,NOBODY",
                "line 3: `organisation` is not a code of a trust or board of this study",
            ),
            ("190,,", "190,2019,2020", "line 2: years belong to"),
            ("2019,2025", ",", "line 6: charts of people without evidence need"),
            (
                "3,2019,2025\n",
                "3,2019,2025\nnone,RX1,9,1,0,2020,2025\n",
                "line 7: all charts of people",
            ),
            (
                "none,,",
                "none living,,",
                "line 6: charts of living people without evidence have no years",
            ),
            ("none,,", "none dead,,", "line 6: `of` is a tier"),
            (
                "3,2019,2025\n",
                "3,2019,2025\nnone living,RX1,9,1,0,,\n",
                "line 7: all charts of people",
            ),
        ];
        for (from, to, named) in table {
            let error = parse(GOOD.replacen(from, to, 1).as_bytes()).expect_err(to);
            assert!(error.to_string().contains(named), "{to}: {error}");
            assert_eq!(error.exit_code(), 2);
        }
    }
}
