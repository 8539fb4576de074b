//! Why two records are, or are not, one person's: weight by weight.

use linkage::weigh::{Learnt, Linker, PairAccount, chance};
use serde_json::json;

use crate::arguments::Format;
use crate::exit::Failure;
use crate::tell;

use super::Job;
use super::reading::People;

/// The two records, by their ids. What was typed is not said again: an id may be a person's.
pub(super) fn records(people: &People, ids: &[String]) -> Result<(u32, u32), Failure> {
    let find = |which: &str, id: Option<&String>| {
        let found = id.and_then(|id| people.ids.find(id.trim()));
        found.map(|record| record as u32).ok_or_else(|| {
            let hint = match &people.id {
                Some(column) => format!("ids stand in the column {column}"),
                None => {
                    "records are numbered by row: 12, or FILE#12 where there are several files".to_owned()
                }
            };
            Failure::call(format!("--explain: no record has the {which} id; {hint}"))
        })
    };
    let (a, b) = (find("first", ids.first())?, find("second", ids.get(1))?);
    if a == b {
        return Err(Failure::call("--explain: give the ids of two different records"));
    }
    Ok((a, b))
}

/// Prints the account of a pair.
pub(super) fn explain(job: &Job<'_>, linker: &Linker<'_>, learnt: &Learnt, (a, b): (u32, u32)) {
    let mut account = linker.explain(learnt, a, b);
    if job.arguments.identifiers {
        account = account.with_values(&job.people.table);
    }
    match job.format {
        Format::Json => tell::json(&json!({ "account": account, "values": values(&account) })),
        Format::Text => words(&account),
    }
}

fn words(account: &PairAccount) {
    tell::line(&format!(
        "The chance that the two records are one person's: {}",
        chance(account.odds)
    ));
    tell::line("");
    account.waterfall().iter().for_each(|line| tell::line(line));
    let shown: Vec<_> = account
        .fields
        .iter()
        .filter(|field| field.values.is_some())
        .collect();
    if shown.is_empty() {
        return;
    }
    tell::line("");
    tell::line("What the records say (confidential):");
    for field in shown {
        if let Some([one, other]) = &field.values {
            tell::line(&format!(
                "  {}: {} | {}",
                field.name,
                one.reveal(),
                other.reveal()
            ));
        }
    }
}

/// By field, both values; only where they were asked for.
fn values(account: &PairAccount) -> serde_json::Value {
    let fields = account.fields.iter().filter_map(|field| {
        let [one, other] = field.values.as_ref()?;
        Some(json!({ "field": field.name, "values": [one.reveal(), other.reveal()] }))
    });
    fields.collect()
}
