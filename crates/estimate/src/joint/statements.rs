//! The assumptions in words for people, each with its reason and with what could refute it.

use super::assumptions::{Assumptions, EvidenceClass, Ppv, Statement};
use super::result::Status;

fn statement(what: String, why: &str, refuted_by: Option<&'static str>) -> Statement {
    Statement {
        what,
        why: why.to_owned(),
        refuted_by,
    }
}

/// Everything that this estimate takes for granted.
pub(super) fn statements(assumptions: &Assumptions, status: Status) -> Vec<Statement> {
    let mut found: Vec<Statement> = assumptions
        .classes
        .iter()
        .filter_map(EvidenceClass::statement)
        .collect();
    found.extend(of_deaths_and_lists(assumptions));
    let (growth, spread) = assumptions.growth_before;
    found.push(statement(
        format!(
            "before the records new cases grew by {:.1} % a year (standard deviation {:.1})",
            100.0 * growth,
            100.0 * spread
        ),
        "primaries and the ageing of the population grew at about this pace",
        Some("a longer series of records"),
    ));
    found.push(statement(
        "people of before the records were found as often as new people, or are as many as growth and survival say: \
         as many draws are proposed of each, and kept as far as certificates allow"
            .to_owned(),
        "nothing else says which is nearer to the truth",
        Some("a longer series of records"),
    ));
    found.push(statement(
        "after the years watched, the families of survival are equally likely".to_owned(),
        "the years watched fit them alike, and their tails differ",
        Some("a longer follow-up"),
    ));
    if status == Status::LowerBound {
        found.push(statement(
            "nobody is living whom no list could ever show".to_owned(),
            "it cannot be looked at; the number is therefore called a lower bound",
            None,
        ));
    }
    found
}

/// What is assumed of deaths and of lists.
fn of_deaths_and_lists(assumptions: &Assumptions) -> Vec<Statement> {
    let prior = assumptions.without_metastasis;
    vec![
        statement(
        format!(
            "of 100 people who die of breast cancer, about {:.0} had no phase of distant metastasis (Beta({}, {}))",
            100.0 * prior.mean(),
            prior.alpha,
            prior.beta
        ),
        "certificates of very old people name breast cancer where frailty was the cause; Northern Ireland found fewer \
         new cases than deaths",
        Some("a review of charts of people who died of breast cancer without any other record of metastasis"),
    ),
        statement(
            "of those who died of it without any other record, nobody had metastases but people on no list, or as many as that \
             share leaves: in half of the draws each; they are new in the year of their death"
                .to_owned(),
            "whom no list reaches leaves a certificate too, and nothing tells how many these are",
            Some("a review of charts of people who died of breast cancer without any other record of metastasis"),
        ),
        statement(
            "a class is as often right among those who live long as among those who die soon".to_owned(),
            "no validation tells them apart; people wrongly taken for ill live longer, so this may count too many living",
            Some("charts of each class, drawn at random among the living"),
        ),
        statement(
        format!(
            "a list that could show a person does so within {:.0} days after metastasis was established",
            assumptions.window * 365.25
        ),
        "treatment and registration begin soon; a longer window leaves fewer years that are complete",
        Some("the same estimate with another window"),
    ),
        statement(
        "within one closed set people differ no more in their chance to be listed than the estimators allow"
            .to_owned(),
        "sets are split by nation, years, kind and age; several estimators with different beliefs are mixed",
        Some("a random review of charts of people without evidence"),
    ),
        statement(
        "people on no list live as long as people of the same kind who were found".to_owned(),
        "nobody has followed them",
        Some("a random review of charts of people without evidence, with their follow-up"),
    ),
    ]
}

impl EvidenceClass {
    /// How often it is right, in words; nothing where it is certain.
    pub fn statement(&self) -> Option<Statement> {
        let chart = Some("charts of this class, drawn at random");
        match &self.ppv {
            Ppv::Certain => None,
            Ppv::Prior(prior, source) => Some(statement(
                format!(
                    "{}: {:.0} % are right (Beta({}, {}))",
                    self.name,
                    100.0 * prior.mean(),
                    prior.alpha,
                    prior.beta
                ),
                source,
                chart,
            )),
            Ppv::OnlyReviewed => Some(statement(
                format!("{}: counts only as far as charts were read", self.name),
                "no published figure carries over to such weak evidence",
                chart,
            )),
        }
    }
}
