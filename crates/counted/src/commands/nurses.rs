//! `counted nurses`: nurses in post, people for each of them, and what a caseload or hours set by the user would need.

use std::process::ExitCode;

use audit::nurses::{Growth, Hours, Model, Need, Range, growth, need};
use engine::TableReader;
use serde_json::{Value, json};
use study::{Asked, Question, Study};

use super::asked;
use crate::arguments::{Format, NursesArguments};
use crate::exit::Failure;
use crate::tell;

/// One line of the table `nurses`.
struct Post {
    nation: String,
    organisation: String,
    secondary: f64,
    living: Option<(String, Range)>,
    new: Option<Range>,
    each: Option<Range>,
    in_scope: i64,
    answered: i64,
    dedicated: i64,
    share: Option<Range>,
}

/// A need now, or after some years under one scenario.
struct Line {
    words: String,
    years: u32,
    need: Need,
}

/// Prints nurses and need.
pub(crate) fn nurses(arguments: &NursesArguments, format: Format) -> Result<ExitCode, Failure> {
    let study = Study::open(&arguments.study)?;
    let tables = study.tables()?;
    study.staffing_is_as_it_was_run()?;
    let model = model(arguments)?;
    let code = |code: &str| code.trim().to_uppercase();
    let wanted = arguments.organisation.as_deref().map(code);
    let posts: Vec<Post> = read(&tables.join("nurses.parquet"))?
        .into_iter()
        .filter(|post| wanted.as_ref().is_none_or(|code| post.organisation == *code))
        .collect();
    let asked = match &wanted {
        None => of_nurses(study.asked()),
        Some(_) => Vec::new(),
    };
    if posts.is_empty() && asked.is_empty() {
        return Err(Failure::call(match wanted {
            Some(code) => format!("staffing.csv says nothing of `{code}`; give the code of a trust or board that stands there"),
            None => "this study has no nurses in post: lay a staffing.csv beside study.toml (organisation, date, primary_wte, \
                     secondary_wte, generic_wte, support_wte) and run it again"
                .to_owned(),
        }));
    }
    let growth = growth(&tables.join("projection.parquet"))?;
    let ahead = ahead(&growth, arguments.years)?;
    if model.is_some() {
        other_day(&posts, &ahead);
    }
    let mut lines = Vec::new();
    for post in &posts {
        lines.push(match &model {
            Some(model) => needs(post, model, &ahead)?,
            None => Vec::new(),
        });
    }
    match format {
        Format::Json => {
            let places: Vec<Value> = posts
                .iter()
                .zip(&lines)
                .map(|(post, lines)| as_json(post, lines))
                .collect();
            let asked: Vec<Value> = asked.iter().map(asked::as_json).collect();
            tell::json(&json!({ "places": places, "asked": asked }));
        }
        Format::Text => {
            posts
                .iter()
                .zip(&lines)
                .for_each(|(post, lines)| words(post, lines));
            asked::words(&asked);
        }
    }
    if !posts.is_empty() && model.is_none() && matches!(format, Format::Text) {
        tell::note(
            "There is no official caseload. To see what is needed, set your own: --caseload N, or --hours-each, --hours-new, \
             --hours-administration and --hours-of-a-nurse.",
        );
    }
    Ok(ExitCode::SUCCESS)
}

/// The answers that are about nurses.
fn of_nurses(asked: Vec<Asked>) -> Vec<Asked> {
    let about = |asked: &Asked| asked.question != Question::RecordsSecondary;
    asked.into_iter().filter(about).collect()
}

/// The model that the call sets, if it sets one.
fn model(arguments: &NursesArguments) -> Result<Option<Model>, Failure> {
    let hours = [
        arguments.hours_each,
        arguments.hours_of_a_nurse,
        arguments.hours_new,
        arguments.hours_administration,
    ];
    match (arguments.caseload, hours) {
        (Some(caseload), [None, None, None, None]) => Ok(Some(Model::Caseload(caseload))),
        (None, [Some(each_person), Some(of_a_nurse), each_new, administration]) => {
            Ok(Some(Model::Hours(Hours {
                each_person,
                each_new: each_new.unwrap_or_default(),
                administration: administration.unwrap_or_default(),
                of_a_nurse,
            })))
        }
        (None, [None, None, None, None]) => Ok(None),
        (Some(_), _) => Err(Failure::call("give either --caseload or hours, not both")),
        _ => Err(Failure::call(
            "the hours model needs both --hours-each and --hours-of-a-nurse",
        )),
    }
}

/// The growth after so many years, by how new cases go on; nothing for 0 years.
fn ahead(growth: &Result<Vec<Growth>, String>, years: u32) -> Result<Vec<&Growth>, Failure> {
    let growth = match growth {
        _ if years == 0 => return Ok(Vec::new()),
        Ok(growth) => growth,
        Err(reason) => {
            tell::note(&format!("Years ahead cannot be given, because {reason}."));
            return Ok(Vec::new());
        }
    };
    let then: Vec<&Growth> = growth.iter().filter(|growth| growth.years == years).collect();
    if then.is_empty() {
        return Err(Failure::call(format!(
            "no projection reaches {years} years ahead; 1 to {} can be asked for",
            growth.iter().map(|growth| growth.years).max().unwrap_or_default()
        )));
    }
    Ok(then)
}

/// Says where people living are of another day than the one from which growth is counted.
fn other_day(posts: &[Post], ahead: &[&Growth]) {
    let from = ahead.first().and_then(|growth| growth.base());
    let mut days = posts.iter().filter_map(|post| post.living.as_ref());
    if let Some(from) = from
        && let Some((day, _)) = days.find(|(day, _)| *day != from)
    {
        tell::note(&format!(
            "People living are of {day}, and growth is counted from {from}, the end of the last whole year: what changed between \
             the two days is in the years ahead twice."
        ));
    }
}

/// The need now and after some years, by how new cases go on.
fn needs(post: &Post, model: &Model, ahead: &[&Growth]) -> Result<Vec<Line>, Failure> {
    let Some((_, living)) = &post.living else {
        return Ok(Vec::new());
    };
    let model = &model.of_services(post.answered);
    let wrong = |error: audit::nurses::NeedError| Failure::call(error.to_string());
    let mut lines = vec![Line {
        words: "now".to_owned(),
        years: 0,
        need: need(model, *living, post.new, post.secondary).map_err(wrong)?,
    }];
    for growth in ahead {
        let grown = |range: Range| range.times(growth.times);
        lines.push(Line {
            words: format!("at the end of {} if {}", growth.year(), growth.words),
            years: growth.years,
            need: need(model, grown(*living), post.new.map(grown), post.secondary).map_err(wrong)?,
        });
    }
    Ok(lines)
}

fn read(path: &std::path::Path) -> Result<Vec<Post>, Failure> {
    let mut posts = Vec::new();
    for batch in TableReader::open(path)? {
        let batch = batch?;
        let (nation, organisation, living_on) = (
            batch.text("nation")?,
            batch.text("organisation")?,
            batch.text("living_on")?,
        );
        let range = |names: [&str; 3], row: usize| -> Result<Option<Range>, Failure> {
            let [value, low, high] = names;
            let cell = |name: &str| batch.real(name).map(|column| column.get(row));
            let (value, low, high) = (cell(value)?, cell(low)?, cell(high)?);
            Ok(value
                .zip(low)
                .zip(high)
                .map(|((value, low), high)| Range { value, low, high }))
        };
        for row in 0..batch.rows() {
            let living = range(["living", "living_low", "living_high"], row)?;
            posts.push(Post {
                nation: nation.get(row).unwrap_or_default().to_owned(),
                organisation: organisation.get(row).unwrap_or_default().to_owned(),
                secondary: batch.real("secondary_wte")?.get(row).unwrap_or_default(),
                living: living_on.get(row).map(str::to_owned).zip(living),
                new: range(["new_a_year", "new_low", "new_high"], row)?,
                each: range(
                    [
                        "people_per_nurse",
                        "people_per_nurse_low",
                        "people_per_nurse_high",
                    ],
                    row,
                )?,
                in_scope: batch.integer("in_scope")?.get(row).unwrap_or_default(),
                answered: batch.integer("answered")?.get(row).unwrap_or_default(),
                dedicated: batch
                    .integer("with_dedicated_nurse")?
                    .get(row)
                    .unwrap_or_default(),
                share: range(["share_with_dedicated_nurse", "share_low", "share_high"], row)?,
            });
        }
    }
    Ok(posts)
}

fn three(range: Range) -> Value {
    json!({ "value": range.value, "low": range.low, "high": range.high })
}

fn as_json(post: &Post, lines: &[Line]) -> Value {
    json!({
        "nation": post.nation,
        "organisation": post.organisation,
        "secondary_wte": post.secondary,
        "living_on": post.living.as_ref().map(|(day, _)| day),
        "living": post.living.as_ref().map(|(_, living)| three(*living)),
        "new_a_year": post.new.map(three),
        "people_per_nurse": post.each.map(three),
        "in_scope": post.in_scope,
        "answered": post.answered,
        "with_dedicated_nurse": post.dedicated,
        "share_with_dedicated_nurse": post.share.map(three),
        "need": lines.iter().map(|line| json!({
            "when": line.words, "years": line.years,
            "needed": three(line.need.needed), "gap": three(line.need.gap),
        })).collect::<Vec<_>>(),
    })
}

fn words(post: &Post, lines: &[Line]) {
    let name = match (post.nation.as_str(), post.organisation.as_str()) {
        (audit::ALL, _) => "All nations".to_owned(),
        (nation, audit::ALL) => nation.to_owned(),
        (nation, code) => format!("{code} ({nation})"),
    };
    tell::line(&name);
    tell::line(&format!(
        "  nurses for secondary breast cancer: {:.1} whole-time equivalents",
        post.secondary
    ));
    if let Some(share) = post.share {
        tell::line(&format!(
            "  with at least one: {} of {} that answered, of {} with a breast service ({:.0} %, {:.0} to {:.0} %)",
            post.dedicated,
            post.answered,
            post.in_scope,
            100.0 * share.value,
            100.0 * share.low,
            100.0 * share.high
        ));
    }
    match &post.living {
        Some((day, living)) => tell::line(&format!(
            "  people living on {day}{}: {:.0} ({:.0} to {:.0})",
            if post.organisation == audit::ALL {
                ", at those that answered"
            } else {
                ""
            },
            living.value,
            living.low,
            living.high
        )),
        None => tell::line("  people living: not estimated for this place"),
    }
    match post.each {
        Some(each) => tell::line(&format!(
            "  people for each nurse: {:.0} ({:.0} to {:.0})",
            each.value, each.low, each.high
        )),
        None if post.secondary <= 0.0 => tell::line("  people for each nurse: nobody is in post"),
        None => {}
    }
    for line in lines {
        let (needed, gap) = (line.need.needed, line.need.gap);
        tell::line(&format!(
            "  needed {}: {:.1} ({:.1} to {:.1}); gap {:.1} ({:.1} to {:.1})",
            line.words, needed.value, needed.low, needed.high, gap.value, gap.low, gap.high
        ));
    }
    tell::line("");
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use clap::Parser;

    use super::*;
    use crate::arguments::{Arguments, Command};

    fn called(more: &str) -> NursesArguments {
        let call = format!("counted nurses my-study {more}");
        match Arguments::parse_from(call.split_whitespace()).command {
            Command::Nurses(arguments) => arguments,
            _ => panic!("{call}"),
        }
    }

    /// No hours of a call are dropped without a word.
    #[test]
    fn hours_are_taken_or_refused() {
        for (call, told) in [
            ("--caseload 60 --hours-new 10", "not both"),
            ("--caseload 60 --hours-administration 300", "not both"),
            (
                "--caseload 60 --hours-each 20 --hours-of-a-nurse 1500",
                "not both",
            ),
            ("--hours-new 10 --hours-administration 300", "needs both"),
            ("--hours-each 20 --hours-new 10", "needs both"),
        ] {
            let refused = format!("{:?}", model(&called(call)).unwrap_err());
            assert!(
                refused.contains("code: 2") && refused.contains(told),
                "{call}: {refused}"
            );
        }
        let hours = |each_new, administration| {
            Model::Hours(Hours {
                each_person: 20.0,
                each_new,
                administration,
                of_a_nurse: 1_500.0,
            })
        };
        for (call, wanted) in [
            ("", None),
            ("--caseload 60", Some(Model::Caseload(60.0))),
            ("--hours-each 20 --hours-of-a-nurse 1500", Some(hours(0.0, 0.0))),
            (
                "--hours-each 20 --hours-of-a-nurse 1500 --hours-new 10 --hours-administration 300",
                Some(hours(10.0, 300.0)),
            ),
        ] {
            assert_eq!(model(&called(call)).unwrap(), wanted, "{call}");
        }
    }
}
