//! What hospitals of the invented nation answered when they were asked.

use publish::{Answer, Outline, Question, Response, SiteFacts, Told};

use super::{facts_of, hospitals};

fn answer(code: &str, question: Question, told: Told, day: Option<&str>) -> Answer {
    Answer {
        organisation: code.into(),
        asked_on: "2025-01-10".into(),
        answered_on: day.map(str::to_owned),
        question,
        told,
        source_url: format!("https://example.org/answers/{code}"),
    }
}

/// The invented nation, three of whose hospitals were asked, and one of which wrote.
pub(crate) fn facts() -> SiteFacts {
    let mut facts = facts_of(&hospitals(), Outline::AroundPoints);
    facts.answers = vec![
        answer("INV01", Question::RecordsSecondary, Told::No, Some("2025-01-20")),
        answer("INV01", Question::RecordsSecondary, Told::Yes, Some("2025-02-20")),
        answer("INV01", Question::DedicatedNurse, Told::No, Some("2025-02-20")),
        answer(
            "INV02",
            Question::RecordsSecondary,
            Told::Partly,
            Some("2025-02-03"),
        ),
        answer("INV03", Question::RecordsSecondary, Told::NoResponse, None),
    ];
    let text = "We now send <every> month.\n\nWe hope it helps.";
    facts.responses = vec![Response::read("INV02", Some("2025-04-02"), text, ["Ann Lee", "Bo Oak"]).unwrap()];
    facts
}
