//! What plants are put on: a clean site, and ways to change it.

use std::sync::OnceLock;

use attacker::{Bytes, FindingKind, Report};
use protect::Policy;

use super::support::{Island, Published, attacked};

#[derive(Clone)]
pub(crate) struct Stage {
    pub(crate) island: Island,
    pub(crate) policy: Policy,
    pub(crate) published: Published,
}

impl Stage {
    /// The same for all plants: made once.
    pub(crate) fn new() -> Self {
        static MADE: OnceLock<Stage> = OnceLock::new();
        MADE.get_or_init(Self::made).clone()
    }

    fn made() -> Self {
        let island = Island::drawn(11, 8);
        let policy = Policy::hes().unwrap();
        let published = island.publish(&policy, &[]);
        Self {
            island,
            policy,
            published,
        }
    }

    pub(crate) fn text(&self, file: &str) -> &str {
        self.published
            .bytes
            .text(file)
            .unwrap_or_else(|| panic!("no {file}"))
    }

    /// The figure of an organisation in a column of completeness, for everybody, as it stands in the table.
    pub(crate) fn cell(&self, organisation: &str, column: &str) -> String {
        let text = self.text("data/completeness.csv");
        let mut lines = text.lines().map(|line| line.split(',').collect::<Vec<_>>());
        let header = lines.next().unwrap();
        let at = |name: &str| header.iter().position(|h| *h == name).unwrap();
        let row = lines.find(|row| row[at("organisation")] == organisation && row[at("kind")] == "all");
        row.unwrap()[at(column)].to_owned()
    }

    /// Two organisations whose figure in a column is shown, and hidden.
    pub(crate) fn shown_and_hidden(&self, column: &str) -> (Organisation, Organisation) {
        let all = self.island.facts().organisations;
        let find = |shown: bool| {
            let state = if shown { "shown" } else { "suppressed" };
            let is =
                |o: &&publish::PublicOrganisation| self.cell(&o.code, &format!("{column}_state")) == state;
            let one = all.iter().find(is).unwrap_or_else(|| panic!("none {state}"));
            Organisation {
                code: one.code.clone(),
                name: one.short_name.clone(),
                page: format!("hospitals/{}.html", one.code),
            }
        };
        (find(true), find(false))
    }

    pub(crate) fn attack(&self, bytes: &Bytes) -> Report {
        let mut published = self.published.clone();
        published.bytes = bytes.clone();
        attacked(&[published.known()], &self.island.facts(), &self.policy)
    }

    /// The site with one passage of a file put in place of another.
    pub(crate) fn with(&self, file: &str, from: &str, to: &str) -> Bytes {
        let text = self.text(file);
        assert!(text.contains(from), "{file} has no {from}");
        let mut bytes = self.published.bytes.clone();
        bytes.put(file, text.replacen(from, to, 1).as_bytes());
        bytes
    }

    /// The site with markup put in before the end of the main part of a page.
    pub(crate) fn with_markup(&self, page: &str, markup: &str) -> Bytes {
        self.with(page, "</main>", &format!("{markup}</main>"))
    }

    /// The plant is found, as a finding of this kind in this file, in words without its value; the twin passes.
    pub(crate) fn found(&self, plant: &Bytes, twin: &Bytes, kind: FindingKind, file: &str) {
        // The site as it was made is a twin of many plants: it is attacked once.
        static CLEAN: OnceLock<Report> = OnceLock::new();
        let clean = if *twin == self.published.bytes {
            CLEAN.get_or_init(|| self.attack(twin)).clone()
        } else {
            self.attack(twin)
        };
        assert!(
            clean.findings.is_empty(),
            "the clean twin: {:#?}",
            super::support::lines(&clean)
        );
        let report = self.attack(plant);
        let hit = report.findings.iter().any(|f| f.kind == kind && f.file == file);
        assert!(
            hit,
            "not found: {kind:?} in {file}; {:#?}",
            super::support::lines(&report)
        );
    }
}

pub(crate) struct Organisation {
    pub(crate) code: String,
    pub(crate) name: String,
    pub(crate) page: String,
}
