//! What came of a linkage, as far as the run has come; and as JSON. No cell is in it, only headings and counts.

use linkage::weigh::{Decided, Deciding, Model, Plan, Refusal, Settings};
use serde_json::{Value, json};

use crate::arguments::{Format, LinkArguments};
use crate::tell;

use super::reading::People;
use super::words::kind;

/// The summary, as far as the run has come.
pub(super) struct Summary<'a> {
    pub(super) people: &'a People,
    pub(super) deciding: Deciding,
    pub(super) plan: Option<Plan>,
    pub(super) model: Option<About>,
    pub(super) found: Option<Found>,
    pub(super) files: Vec<(&'static str, String)>,
}

/// What is said of a model.
pub(super) struct About {
    pub(super) given: bool,
    pub(super) records: u64,
    pub(super) steps: u32,
    pub(super) unproposed: f64,
}

/// What was found.
pub(super) struct Found {
    pub(super) people: u64,
    pub(super) alone: u64,
    pub(super) largest: u32,
    pub(super) review: u64,
    pub(super) refused: Vec<(Refusal, u64)>,
}

impl<'a> Summary<'a> {
    pub(super) fn new(people: &'a People, settings: &Settings) -> Self {
        Self {
            people,
            deciding: settings.deciding.clone(),
            plan: None,
            model: None,
            found: None,
            files: Vec::new(),
        }
    }

    pub(super) fn plan(mut self, plan: &Plan) -> Self {
        self.plan = Some(plan.clone());
        self
    }

    pub(super) fn model(mut self, model: &Model, given: bool) -> Self {
        self.model = Some(About {
            given,
            records: model.records,
            steps: model.steps,
            unproposed: model.unproposed(),
        });
        self
    }

    pub(super) fn decided(mut self, decided: &Decided) -> Self {
        let mut sizes = vec![0u32; decided.person.len()];
        decided.person.iter().for_each(|&root| sizes[root as usize] += 1);
        let count = |is: fn(u32) -> bool| sizes.iter().filter(|size| is(**size)).count() as u64;
        let refused = [Refusal::WeakChain, Refusal::TooLarge].map(|reason| {
            let pairs = decided.refused.iter().filter(|(_, other)| *other == reason);
            (reason, pairs.count() as u64)
        });
        self.found = Some(Found {
            people: count(|size| size > 0),
            alone: count(|size| size == 1),
            largest: decided.largest,
            review: decided.review.len() as u64,
            refused: refused.into_iter().filter(|(_, pairs)| *pairs > 0).collect(),
        });
        self
    }

    pub(super) fn files(mut self, arguments: &LinkArguments) -> Self {
        let model = arguments.model.as_ref().filter(|_| arguments.train);
        let all = [
            ("Persons (confidential)", arguments.output.as_ref()),
            ("Pairs (confidential)", arguments.pairs.as_ref()),
            ("Model", model),
        ];
        let written = all
            .into_iter()
            .filter_map(|(what, path)| Some((what, path?.display().to_string())));
        self.files = written.collect();
        self
    }

    /// Prints it.
    pub(super) fn say(&self, format: Format) {
        match format {
            Format::Json => tell::json(&self.as_json()),
            Format::Text => self.lines().iter().for_each(|line| tell::line(line)),
        }
    }

    fn as_json(&self) -> Value {
        let people = self.people;
        let files = people.files.iter().map(|file| {
            json!({
                "path": file.path, "records": file.records,
                "left_out": { "blank": file.blank, "more_cells_than_headings": file.long },
            })
        });
        let fields = people.columns.fields.iter().enumerate().map(|(at, field)| {
            json!({ "column": field.name, "kind": kind(field.kind), "in_files": !people.blank.contains(&at) })
        });
        let aside = people.columns.aside.iter();
        json!({
            "records": people.ids.len(),
            "files": files.collect::<Vec<_>>(),
            "id": people.id,
            "fields": fields.collect::<Vec<_>>(),
            "left_aside": aside.map(|aside| json!({ "column": aside.column, "why": aside.why })).collect::<Vec<_>>(),
            "plan": self.plan,
            "model": self.model.as_ref().map(|model| json!({
                "given": model.given, "records": model.records, "steps": model.steps,
                "share_that_no_rule_proposes": model.unproposed,
            })),
            "accept": self.deciding.accept,
            "review": self.deciding.review,
            "people": self.found.as_ref().map(Found::as_json),
            "written": self.files.iter().map(|(_, path)| path).collect::<Vec<_>>(),
        })
    }
}

impl Found {
    fn as_json(&self) -> Value {
        let refused = self
            .refused
            .iter()
            .map(|(reason, pairs)| json!({ "why": reason.words(), "pairs": pairs }));
        json!({
            "found": self.people, "with_one_record": self.alone, "records_of_the_largest": self.largest,
            "pairs_to_review": self.review, "pairs_refused": refused.collect::<Vec<_>>(),
        })
    }
}
