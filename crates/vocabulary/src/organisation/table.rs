//! Reading the two tables of a country, and refusing those that would break a promise of the registry.

use serde::Deserialize;

use super::{Organisation, Registry, RegistryError, Succession};
use crate::date::Date;

#[derive(Deserialize)]
struct Row {
    code: String,
    name: String,
    short_name: String,
    nation: String,
    kind: String,
    network: String,
    latitude: f64,
    longitude: f64,
    #[serde(default)]
    opened: String,
    #[serde(default)]
    closed: String,
    breast_service: String,
    treats_only: String,
    #[serde(default)]
    predecessors: String,
}

#[derive(Deserialize)]
struct SuccessionRow {
    old: String,
    new: String,
    #[serde(default)]
    date: String,
}

impl Registry {
    /// Reads a table of organisations (see `countries/uk/README.md` for its columns; further columns are passed over).
    pub fn from_csv(text: &str) -> Result<Self, RegistryError> {
        let mut registry = Self::default();
        for (index, row) in reader(text).deserialize::<Row>().enumerate() {
            let wrong = |why: String| RegistryError {
                place: format!("organisations, row {}", index + 1),
                why,
            };
            let row = row.map_err(|error| wrong(format!("not a row of organisations: {error}")))?;
            let organisation = organisation(row).map_err(wrong)?;
            let code = organisation.code.clone();
            if registry
                .organisations
                .insert(code.clone(), organisation)
                .is_some()
            {
                return Err(wrong(format!("the code `{code}` stands twice; keep one")));
            }
        }
        if registry.organisations.is_empty() {
            let why = "there is none; give a header and a row for each organisation".to_owned();
            return Err(RegistryError {
                place: "organisations".to_owned(),
                why,
            });
        }
        registry.add_predecessors()?;
        Ok(registry)
    }

    fn add_predecessors(&mut self) -> Result<(), RegistryError> {
        let bodies = self.organisations.values();
        let former: Vec<_> = bodies
            .flat_map(|body| {
                body.predecessors
                    .iter()
                    .map(|old| (old.clone(), body.code.clone()))
            })
            .collect();
        for (old, new) in former {
            let place = format!("organisations, predecessors of `{new}`");
            self.add_succession(Succession { old, new, date: None }, &place)?;
        }
        self.check_chains("organisations")
    }

    /// Adds successions: a table with the columns `old`, `new` and `date` (blank where it is not known). A table
    /// with a fault adds nothing.
    pub fn add_successions(&mut self, text: &str) -> Result<(), RegistryError> {
        let before = self.successions.clone();
        let added = self.try_successions(text);
        if added.is_err() {
            self.successions = before;
        }
        added
    }

    fn try_successions(&mut self, text: &str) -> Result<(), RegistryError> {
        for (index, row) in reader(text).deserialize::<SuccessionRow>().enumerate() {
            let place = format!("successions, row {}", index + 1);
            let wrong = |why: String| RegistryError {
                place: place.clone(),
                why,
            };
            let row = row.map_err(|error| wrong(format!("not a row of successions: {error}")))?;
            let date = day(&row.date, "date").map_err(wrong)?;
            let [old, new] = [row.old, row.new].map(|code| code.to_ascii_uppercase());
            self.add_succession(Succession { old, new, date }, &place)?;
        }
        self.check_chains("successions")
    }

    fn add_succession(&mut self, succession: Succession, place: &str) -> Result<(), RegistryError> {
        let wrong = |why: String| {
            Err(RegistryError {
                place: place.to_owned(),
                why,
            })
        };
        let Succession { old, new, .. } = &succession;
        if old.is_empty() || new.is_empty() {
            return wrong("needs an old and a new code".to_owned());
        }
        if self.organisations.contains_key(old) {
            return wrong(format!(
                "`{old}` is an organisation of the registry and cannot have a successor"
            ));
        }
        match self.successions.get(old) {
            Some(known) if known.new != *new => wrong(format!(
                "`{old}` is said to live on in `{}` and in `{new}`; keep the larger part",
                known.new
            )),
            // The same fact, perhaps with its day this time.
            Some(known) if known.date.is_some() => Ok(()),
            _ => {
                self.successions.insert(old.clone(), succession);
                Ok(())
            }
        }
    }

    fn check_chains(&self, place: &str) -> Result<(), RegistryError> {
        for start in self.successions.keys() {
            let mut code = start;
            for _ in 0..self.successions.len() {
                let Some(next) = self.successions.get(code) else {
                    break;
                };
                code = &next.new;
            }
            if self.successions.contains_key(code) {
                let why =
                    format!("the successors of `{start}` run in a circle; a chain ends in an organisation");
                return Err(RegistryError {
                    place: place.to_owned(),
                    why,
                });
            }
        }
        Ok(())
    }
}

fn reader(text: &str) -> csv::Reader<&[u8]> {
    // Excel writes a mark before the first header.
    let text = text.trim_start_matches('\u{feff}');
    csv::ReaderBuilder::new()
        .trim(csv::Trim::All)
        .from_reader(text.as_bytes())
}

/// A day, or none where the cell is blank.
fn day(text: &str, column: &str) -> Result<Option<Date>, String> {
    match text {
        "" => Ok(None),
        _ => text
            .parse()
            .map(Some)
            .map_err(|_| format!("`{column}` is a date (YYYY-MM-DD) or blank")),
    }
}

fn yes(text: &str, column: &str) -> Result<bool, String> {
    match text {
        "yes" => Ok(true),
        "no" => Ok(false),
        _ => Err(format!("`{column}` is yes or no")),
    }
}

fn organisation(row: Row) -> Result<Organisation, String> {
    if row.code.is_empty() || row.name.is_empty() || row.nation.is_empty() {
        return Err("an organisation needs a code, a name and a nation".to_owned());
    }
    if !(-90.0..=90.0).contains(&row.latitude) || !(-180.0..=180.0).contains(&row.longitude) {
        return Err("`latitude` lies between -90 and 90, `longitude` between -180 and 180".to_owned());
    }
    let predecessors = row
        .predecessors
        .split(';')
        .map(str::trim)
        .filter(|code| !code.is_empty());
    Ok(Organisation {
        opened: day(&row.opened, "opened")?,
        closed: day(&row.closed, "closed")?,
        breast_service: yes(&row.breast_service, "breast_service")?,
        treats_only: yes(&row.treats_only, "treats_only")?,
        predecessors: predecessors.map(str::to_ascii_uppercase).collect(),
        code: row.code.to_ascii_uppercase(),
        name: row.name,
        short_name: row.short_name,
        nation: row.nation,
        kind: row.kind,
        network: row.network,
        latitude: row.latitude,
        longitude: row.longitude,
    })
}
