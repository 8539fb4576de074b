//! How many organisations said what when they were asked, in words and as JSON.

use serde_json::{Value, json};
use study::Asked;

use crate::tell;

/// One line a question and nation.
pub(crate) fn words(asked: &[Asked]) {
    for of_question in asked.chunk_by(|one, two| one.question == two.question) {
        if let Some(first) = of_question.first() {
            tell::line(&format!("Asked directly: {}", first.question.words()));
        }
        for own in of_question {
            tell::line(&format!(
                "  {}: {} asked; {} yes, {} partly, {} no, {} silent{}",
                own.nation.as_deref().unwrap_or("All nations"),
                own.asked(),
                own.yes,
                own.partly,
                own.no,
                own.silent,
                shares(own)
            ));
        }
        tell::line("");
    }
}

fn shares(own: &Asked) -> String {
    match (own.share(), own.bounds()) {
        (Some(share), Some((low, high))) if own.silent > 0 => format!(
            "; yes from {:.0} % of those that answered, between {:.0} and {:.0} % of all whatever the silent would say",
            100.0 * share,
            100.0 * low,
            100.0 * high
        ),
        (Some(share), _) => format!("; yes from {:.0} %", 100.0 * share),
        _ => String::new(),
    }
}

pub(crate) fn as_json(own: &Asked) -> Value {
    json!({
        "nation": own.nation.as_deref().unwrap_or(audit::ALL),
        "question": own.question.key(),
        "asked": own.asked(),
        "answered": own.answered(),
        "yes": own.yes,
        "partly": own.partly,
        "no": own.no,
        "silent": own.silent,
        "share_yes": own.share(),
        "share_yes_low": own.bounds().map(|(low, _)| low),
        "share_yes_high": own.bounds().map(|(_, high)| high),
    })
}
