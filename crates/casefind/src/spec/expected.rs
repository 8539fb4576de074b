//! What must come of an example, and how what came differs from it.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use vocabulary::date::Date;

use super::read::date;

/// What must come of a person's records.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Expected {
    /// No case, not even one to review.
    None,
    /// A case.
    Case(Box<ExpectedCase>),
}

/// A case, as far as the example speaks of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ExpectedCase {
    /// Its tier.
    pub tier: char,
    /// Its kind, where said.
    pub kind: Option<String>,
    /// Its date, where said; `Some(None)` is a case without a date.
    pub date: Option<Option<Date>>,
    /// Its organisation, where said; `Some(None)` is nobody.
    pub organisation: Option<Option<String>>,
    /// Whether a hospital recorded it.
    pub recorded: bool,
    /// Whether it counts among the living but not among the new.
    pub living_only: bool,
    /// Whether the death is the first that is known of it.
    pub at_death: bool,
    /// The body that such a death counts against.
    pub last_seen: Option<String>,
    /// Earliest day on which it may have begun.
    pub low: Option<Date>,
    /// Latest such day.
    pub high: Option<Date>,
    /// The day of the first file that recorded it.
    pub recorded_on: Option<Date>,
    /// The body that recorded it first.
    pub recorded_by: Option<String>,
    /// Its nation.
    pub nation: Option<String>,
    /// Every site, where said.
    pub sites: Option<BTreeSet<String>>,
    /// Every body that sent evidence, where said.
    pub bodies: Option<BTreeSet<String>>,
    /// Why it is shown for review: impossible, competing, weak, refuted, after-death.
    pub because: BTreeSet<&'static str>,
}

/// What came of a person's records, as the table `cases` has it.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Found {
    /// Tier.
    pub tier: String,
    /// Kind.
    pub kind: String,
    /// Date.
    pub date: Option<Date>,
    /// Earliest date.
    pub low: Option<Date>,
    /// Latest date.
    pub high: Option<Date>,
    /// Organisation.
    pub organisation: Option<String>,
    /// Nation.
    pub nation: Option<String>,
    /// Recorded.
    pub recorded: bool,
    /// Day of the first file that recorded it.
    pub recorded_on: Option<Date>,
    /// The body that recorded it first.
    pub recorded_by: Option<String>,
    /// Whether it counts as new.
    pub new: bool,
    /// Whether it counts at all.
    pub counted: bool,
    /// Whether the death is the first that is known of it.
    pub at_death: bool,
    /// The body that such a death counts against.
    pub last_seen: Option<String>,
    /// Sites.
    pub sites: BTreeSet<String>,
    /// Bodies that sent evidence.
    pub bodies: BTreeSet<String>,
    /// Reasons.
    pub reasons: BTreeSet<String>,
}

/// The words for reasons: as drawn, and how the reason in the table begins.
const BECAUSE: [(&str, &str); 5] = [
    ("impossible", "impossible: "),
    ("competing", "another cancer could own the metastases"),
    ("weak", "one weak sign"),
    ("refuted", crate::judge::REFUTED),
    ("after-death", crate::judge::AFTER_DEATH),
];
const KINDS: [&str; 3] = ["de_novo", "recurrent", "not_known"];

impl FromStr for Expected {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if text == "none" {
            return Ok(Self::None);
        }
        let mut words = text.split_whitespace();
        let first = words.next().unwrap_or_default();
        let tier = match first {
            "A" | "B" | "C" | "D" => first.chars().next().unwrap_or('D'),
            _ => return Err(format!("`{first}` is no tier; write none, A, B, C or D")),
        };
        let mut case = ExpectedCase::of(tier);
        while let Some(word) = words.next() {
            case.word(word, &mut words)?;
        }
        if tier != 'D' && (case.kind.is_none() || case.date.is_none() || case.organisation.is_none()) {
            return Err("a counted case needs its kind, its date and its organisation".to_owned());
        }
        if tier == 'D' && case.because.is_empty() {
            return Err(
                "tier D needs its reason: impossible, competing, weak, refuted or after-death".to_owned(),
            );
        }
        Ok(Self::Case(Box::new(case)))
    }
}

impl ExpectedCase {
    fn of(tier: char) -> Self {
        Self {
            tier,
            kind: None,
            date: None,
            organisation: None,
            recorded: false,
            living_only: false,
            at_death: false,
            last_seen: None,
            low: None,
            high: None,
            recorded_on: None,
            recorded_by: None,
            nation: None,
            sites: None,
            bodies: None,
            because: BTreeSet::new(),
        }
    }

    fn word<'a>(&mut self, word: &str, rest: &mut impl Iterator<Item = &'a str>) -> Result<(), String> {
        let mut next = || rest.next().ok_or_else(|| format!("`{word}` lacks what it says"));
        let list = |text: &str| text.split(',').map(|item| item.replace('_', " ")).collect();
        match word {
            "recorded" => self.recorded = true,
            "living-only" => self.living_only = true,
            "at-death" => self.at_death = true,
            "undated" => self.date = Some(None),
            "nobody" => self.organisation = Some(None),
            "low" => self.low = Some(date(next()?)?),
            "high" => self.high = Some(date(next()?)?),
            "recorded-on" => self.recorded_on = Some(date(next()?)?),
            "recorded-by" => self.recorded_by = Some(next()?.to_owned()),
            "last-seen" => self.last_seen = Some(next()?.to_owned()),
            "nation" => self.nation = Some(next()?.to_owned()),
            "sites" => self.sites = Some(list(next()?)),
            "bodies" => self.bodies = Some(list(next()?)),
            kind if KINDS.contains(&kind) => self.kind = Some(kind.to_owned()),
            other => return self.name(other),
        }
        Ok(())
    }

    fn name(&mut self, word: &str) -> Result<(), String> {
        if let Some((drawn, _)) = BECAUSE.iter().find(|(drawn, _)| *drawn == word) {
            self.because.insert(drawn);
        } else if word.starts_with(|first: char| first.is_ascii_digit()) && word.contains('-') {
            self.date = Some(Some(date(word)?));
        } else if word.chars().all(|c| c.is_ascii_uppercase() || c.is_ascii_digit()) {
            self.organisation = Some(Some(word.to_owned()));
        } else {
            return Err(format!("`{word}` is not a word that an outcome may use"));
        }
        Ok(())
    }

    fn differences(&self, found: &Found) -> Vec<String> {
        let mut differences = Vec::new();
        let mut say = |what: &str, wanted: String, came: String| {
            if wanted != came {
                differences.push(format!("{what}: expected {wanted}, found {came}"));
            }
        };
        let day = |date: Option<Date>| date.map_or("nothing".to_owned(), |date| date.to_string());
        let name = |name: &Option<String>| name.clone().unwrap_or("nobody".to_owned());
        let yes = |flag: bool| if flag { "yes" } else { "no" }.to_owned();
        let list = |texts: &BTreeSet<String>| texts.iter().cloned().collect::<Vec<_>>().join(",");
        say("tier", self.tier.to_string(), found.tier.clone());
        say("counted", yes(self.tier != 'D'), yes(found.counted));
        say("recorded", yes(self.recorded), yes(found.recorded));
        say("at death", yes(self.at_death), yes(found.at_death));
        say("last seen", name(&self.last_seen), name(&found.last_seen));
        say("new", yes(self.tier != 'D' && !self.living_only), yes(found.new));
        if let Some(kind) = &self.kind {
            say("kind", kind.clone(), found.kind.clone());
        }
        if let Some(date) = self.date {
            say("date", day(date), day(found.date));
        }
        if let Some(organisation) = &self.organisation {
            say("organisation", name(organisation), name(&found.organisation));
        }
        let days = [
            ("low", self.low, found.low),
            ("high", self.high, found.high),
            ("recorded on", self.recorded_on, found.recorded_on),
        ];
        for (what, wanted, came) in days {
            if wanted.is_some() {
                say(what, day(wanted), day(came));
            }
        }
        let names = [
            ("nation", &self.nation, &found.nation),
            ("recorded by", &self.recorded_by, &found.recorded_by),
        ];
        for (what, wanted, came) in names {
            if wanted.is_some() {
                say(what, name(wanted), name(came));
            }
        }
        for (what, wanted, came) in [
            ("sites", &self.sites, &found.sites),
            ("bodies", &self.bodies, &found.bodies),
        ] {
            if let Some(wanted) = wanted {
                say(what, list(wanted), list(came));
            }
        }
        for (drawn, begins) in BECAUSE {
            let said = found.reasons.iter().any(|reason| reason.starts_with(begins));
            if self.tier == 'D' || self.because.contains(drawn) {
                say(drawn, yes(self.because.contains(drawn)), yes(said));
            }
        }
        differences
    }
}

impl Expected {
    /// How what came differs from what must come; nothing when it agrees.
    pub fn differences(&self, found: Option<&Found>) -> Vec<String> {
        match (self, found) {
            (Self::None, None) => Vec::new(),
            (Self::None, Some(found)) => vec![format!("expected nothing, found {found}")],
            (Self::Case(case), None) => vec![format!("expected a case of tier {}, found nothing", case.tier)],
            (Self::Case(case), Some(found)) => case.differences(found),
        }
    }
}

impl fmt::Display for Found {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} {}", self.tier, self.kind)?;
        match self.date {
            Some(date) => write!(out, " {date}")?,
            None => write!(out, " undated")?,
        }
        write!(out, " {}", self.organisation.as_deref().unwrap_or("nobody"))?;
        for (said, word) in [
            (self.recorded, " recorded"),
            (self.counted && !self.new, " living-only"),
            (self.at_death, " at-death"),
        ] {
            if said {
                out.write_str(word)?;
            }
        }
        if let Some(body) = &self.last_seen {
            write!(out, " last-seen {body}")?;
        }
        let reasons: Vec<&str> = self.reasons.iter().map(String::as_str).collect();
        write!(out, "   ({})", reasons.join("; "))
    }
}
