//! `counted explain`: why somebody is a case, in words.

use std::process::ExitCode;

use casefind::CaseAccount;
use linkage::{Agreement, ExplainedField, Explanation, Fit, LinkageError, weigh};
use serde_json::{Value, json};
use study::Study;

use crate::arguments::{ExplainArguments, Format};
use crate::exit::Failure;
use crate::{access_log, tell};

/// Prints the account of one person.
pub(crate) fn explain(arguments: &ExplainArguments, format: Format) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study)?;
    let person = arguments.person.trim().to_uppercase();
    // What was typed may be an identifier of a person, so it is never shown again.
    let number = person
        .strip_prefix('P')
        .filter(|digits| (8..=10).contains(&digits.len()))
        .and_then(|digits| digits.parse().ok())
        .filter(|number| casefind::person_id(i64::from(*number)) == person);
    let number = number.ok_or_else(|| Failure::call("that is no id of a person; ids look like P00000042"))?;
    let account = casefind::explain(&study.tables()?, &person)?;
    let (intake, folder) = study.stage_folders()?;
    let linked = match linkage::explain(&folder, &intake, number, arguments.identifiers) {
        Err(gone @ LinkageError::NoPerson { .. }) => {
            return Err(match study.merged_into(&person)? {
                Some((into, operation)) => Failure::call(format!(
                    "{person} was merged into {into} (operation {operation} of state/people/operations.jsonl): ask for {into}"
                )),
                None => gone.into(),
            });
        }
        other => other?,
    };
    if arguments.identifiers {
        access_log::write(&study, "explain --identifiers", &person)?;
    }
    match format {
        Format::Json => tell::json(
            &json!({ "notice": casefind::NOTICE, "person_id": person, "case": account, "records": as_json(&linked) }),
        ),
        Format::Text => {
            tell::line(casefind::NOTICE);
            tell::line("");
            match &account {
                Some(account) => case(account),
                None => tell::line(&format!(
                    "{person} is no case: no evidence of secondary breast cancer, or no known breast cancer."
                )),
            }
            tell::line("");
            records(&linked);
        }
    }
    Ok(ExitCode::SUCCESS)
}

/// How each record came to this person: its step, and how its fields agree with the others.
fn records(linked: &Explanation) {
    tell::line(&format!(
        "{} of this person, and how each agrees with the others:",
        tell::counted(linked.records.len() as u64, "record", "records")
    ));
    for record in &linked.records {
        let joined = if record.step == linkage::ALONE {
            "joined to nothing".to_owned()
        } else {
            format!("joined by {}", record.step)
        };
        tell::line(&format!("  {} [{}] {joined}", record.source, record.record_id));
        let fields: Vec<String> = record.fields.iter().map(words).collect();
        tell::line(&format!("      {}", fields.join("; ")));
        if let Some(fit) = &record.fit {
            fitting(fit, linked);
        }
    }
}

/// The weights of a record against the one that it fits best, as a waterfall.
fn fitting(fit: &Fit, linked: &Explanation) {
    let with = &linked.records[fit.with].record_id;
    let chance = weigh::chance(fit.account.odds);
    tell::line(&format!(
        "      {chance} by the built-in model, against [{with}]:"
    ));
    for line in fit.account.waterfall() {
        tell::line(&format!("      {}", line.trim_end()));
    }
}

fn words(field: &ExplainedField) -> String {
    let value = field
        .value
        .as_ref()
        .map(|value| format!(" ({})", value.reveal()))
        .unwrap_or_default();
    format!("{} {}{value}", field.field.words(), agreement(field.agreement))
}

fn agreement(level: Agreement) -> &'static str {
    match level {
        Agreement::Exact => "the same",
        Agreement::OneEdit => "one slip away",
        Agreement::Form => "another form of the same",
        Agreement::Differs => "differs",
        Agreement::Missing => "missing here",
        Agreement::OnlyHere => "only here",
    }
}

fn as_json(linked: &Explanation) -> Value {
    let records = linked.records.iter().map(|record| {
        let fields = record.fields.iter().map(|field| {
            json!({
                "field": field.field.words(),
                "agreement": field.agreement,
                "value": field.value.as_ref().map(|value| value.reveal().clone()),
            })
        });
        json!({
            "source": record.source, "record_id": record.record_id, "step": record.step,
            "probability": record.probability, "fields": fields.collect::<Vec<_>>(),
            "best_fit": record.fit.as_ref().map(|fit| fit_json(fit, linked)),
        })
    });
    records.collect()
}

/// Weights in bits: 1 doubles the odds.
fn fit_json(fit: &Fit, linked: &Explanation) -> Value {
    let mut account = serde_json::to_value(&fit.account).unwrap_or_default();
    for (at, field) in fit.account.fields.iter().enumerate() {
        let values = field.values.as_ref();
        account["fields"][at]["values"] = values
            .map(|[one, other]| json!([one.reveal(), other.reveal()]))
            .unwrap_or_default();
    }
    json!({ "with": linked.records[fit.with].record_id, "account": account })
}

fn case(account: &CaseAccount) {
    let date =
        |date: Option<vocabulary::date::Date>| date.map_or("not known".to_owned(), |date| date.to_string());
    let kind = match account.kind.as_str() {
        "de_novo" => "secondary when breast cancer was first found",
        "recurrent" => "found after an earlier breast cancer",
        _ => "not known whether first or later",
    };
    let tier = match account.tier.as_str() {
        "A" => "stated",
        "B" => "two independent sources",
        "C" => "one strong sign",
        _ => "to be reviewed; not counted",
    };
    tell::line(&format!("{}: tier {} ({tier})", account.person_id, account.tier));
    tell::line(&format!("  kind          {kind}"));
    tell::line(&format!(
        "  first date    {} (between {} and {})",
        date(account.date),
        date(account.date_low),
        date(account.date_high)
    ));
    tell::line(&format!(
        "  organisation  {}",
        account.organisation.as_deref().unwrap_or("none")
    ));
    let recorded = if account.recorded {
        format!("yes, first sent {}", date(account.recorded_date))
    } else {
        "no".to_owned()
    };
    tell::line(&format!("  recorded      {recorded}"));
    if let Some(death) = account.death_date {
        tell::line(&format!("  died          {death}"));
    }
    if !account.sites.is_empty() {
        tell::line(&format!("  sites         {}", account.sites.join(", ")));
    }
    tell::line(&format!("  because       {}", account.reasons.join("; ")));
    tell::line("Evidence:");
    for line in &account.evidence {
        let body = line
            .organisation
            .as_deref()
            .map(|body| format!(", {body}"))
            .unwrap_or_default();
        tell::line(&format!(
            "  {}  {:<10} {}{body} [{}]",
            date(line.date),
            line.strength,
            line.words,
            line.record_id
        ));
    }
}
