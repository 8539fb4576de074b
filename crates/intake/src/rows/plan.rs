//! How the rows of one file are read: which cell goes where. Made once a file, from its header.

use std::collections::BTreeMap;

use layouts::{BindError, Bound, Cell, Column, Layout, Renames, Role, header_key, is_column_name};

use crate::error::IntakeError;
use crate::problem::Problems;
use crate::rows::file::Job;
use crate::rules;

/// One column of the layout, or one element of a numbered group, as this file has it.
#[derive(Debug)]
pub(crate) struct Field {
    /// The name in problems: the national name of the column or of its group.
    pub(crate) name: &'static str,
    /// The header of this element, for a group.
    pub(crate) element: Option<String>,
    /// The layout column.
    pub(crate) column: &'static Column,
    /// File columns to look at: the first that is not blank counts.
    pub(crate) sources: Vec<usize>,
    /// How many of `sources` mean the very same and must agree.
    pub(crate) twins: usize,
    /// Whether its values say who the person is.
    pub(crate) identifies: bool,
}

/// A column of the table of the kind, in table order.
#[derive(Debug)]
pub(crate) enum Target {
    /// The file does not have it.
    Absent,
    /// One field.
    One(usize),
    /// A numbered group: fields in order.
    Group(Vec<usize>),
}

/// Where a pseudonym stands and in which space it holds.
#[derive(Debug)]
pub(crate) struct Key {
    pub(crate) source: usize,
    pub(crate) space: String,
}

/// The fields in each role, by index.
#[derive(Debug, Default)]
pub(crate) struct Roles {
    pub(crate) number: Option<usize>,
    pub(crate) birth_date: Option<usize>,
    pub(crate) birth_month: Option<usize>,
    pub(crate) family_name: Option<usize>,
    pub(crate) given_name: Option<usize>,
    pub(crate) sex: Option<usize>,
    pub(crate) postcode: Option<usize>,
    pub(crate) local_id: Option<usize>,
    pub(crate) organisation: Option<usize>,
    pub(crate) death_date: Option<usize>,
    pub(crate) vital_status: Option<usize>,
    pub(crate) vital_date: Option<usize>,
    pub(crate) discharge_method: Option<usize>,
    pub(crate) discharge_date: Option<usize>,
    pub(crate) ethnicity: Option<usize>,
    pub(crate) deprivation: Option<usize>,
    pub(crate) finding: Option<usize>,
    pub(crate) looked_on: Option<usize>,
    pub(crate) events: Vec<usize>,
    pub(crate) keys: Vec<Key>,
}

/// What study.toml says about the columns of a source.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct ColumnChoices {
    /// `[source.columns]`: national name to header.
    pub renames: Renames,
    /// `person_key`: the header of the pseudonym.
    pub person_key: Option<String>,
    /// `key_space`: where equal keys mean the same person.
    pub key_space: Option<String>,
}

/// How the rows of one file are read.
#[derive(Debug)]
pub(crate) struct Plan {
    pub(crate) layout: &'static Layout,
    pub(crate) header: Vec<String>,
    pub(crate) fields: Vec<Field>,
    /// Fields that hold dates and are used.
    pub(crate) dates: Vec<usize>,
    pub(crate) table: Vec<Target>,
    pub(crate) roles: Roles,
}

impl Plan {
    /// Lays the header against the layout; what is missing or unknown becomes a problem of the file.
    pub(crate) fn new(job: &Job, header: &[String], problems: &mut Problems) -> Result<Self, IntakeError> {
        let (layout, choices) = (job.layout, &job.choices);
        let names: Vec<&str> = header.iter().map(String::as_str).collect();
        let binding = layout
            .bind(&names, &choices.renames, choices.person_key.as_deref())
            .map_err(|error| refused(layout, &job.path, &error))?;
        for &index in &binding.missing {
            let column = &layout.columns[index];
            rules::COLUMN_MISSING.of_file(problems, &column.name, || {
                column.without.clone().unwrap_or_default()
            });
        }
        if !binding.unknown.is_empty() {
            rules::COLUMN_UNKNOWN.of_file(problems, "", || unknown(&binding.unknown, &names));
        }
        for &(column, index) in &binding.beyond {
            rules::COLUMN_BEYOND.of_file(problems, &layout.columns[column].name, || names[index].to_owned());
        }
        let fields: Vec<Field> = binding
            .bound
            .iter()
            .map(|bound| field(layout, header, bound))
            .collect();
        let named_key = binding.person_key.map(|index| Key {
            source: index,
            space: choices
                .key_space
                .clone()
                .unwrap_or_else(|| own_space(job, &header[index])),
        });
        let roles = roles(job, &fields, named_key);
        let table = table(layout, &fields);
        let dates = (0..fields.len())
            .filter(|&index| {
                let column = fields[index].column;
                column.cell == Cell::Date && (column.table.is_some() || !column.roles.is_empty())
            })
            .collect();
        Ok(Self {
            layout,
            header: header.to_vec(),
            fields,
            dates,
            table,
            roles,
        })
    }
}

/// A column map that names no column of the kind, or something twice, is a slip in study.toml; all else is the file's.
fn refused(layout: &Layout, path: &str, error: &BindError) -> IntakeError {
    match error {
        BindError::NoSuchColumn { .. } | BindError::Twice { .. } => IntakeError::Study {
            kind: layout.kind.clone(),
            what: error.to_string(),
        },
        _ => IntakeError::LacksColumn {
            path: path.to_owned(),
            what: error.to_string(),
        },
    }
}

fn field(layout: &'static Layout, header: &[String], bound: &Bound) -> Field {
    let column = &layout.columns[bound.column];
    let first = bound.sources().next();
    Field {
        name: &column.name,
        element: column
            .repeat
            .is_some()
            .then(|| first.map(|index| header[index].clone()).unwrap_or_default()),
        column,
        sources: bound.sources().collect(),
        twins: bound.headers.len(),
        identifies: column.identifies(),
    }
}

/// A pseudonym of a name that we do not know joins nothing outside its own source.
fn own_space(job: &Job, header: &str) -> String {
    let known = job
        .layout
        .columns
        .iter()
        .find(|column| header_key(&column.name) == header_key(header));
    let space = known.and_then(|column| {
        column.roles.iter().find_map(|role| match role {
            Role::PersonKey(space) => Some(space_in(space, job.nation.as_deref())),
            _ => None,
        })
    });
    space.unwrap_or_else(|| format!("source-{}", job.source))
}

/// The pseudonyms that each national registry gives out by itself: one text is another person in another nation.
const OF_A_REGISTRY: &str = "patientid";

/// The space of a column's pseudonyms in a nation. England's, and those of sources that name no one nation, go by the plain
/// name.
fn space_in(space: &str, nation: Option<&str>) -> String {
    match nation {
        Some(nation) if space == OF_A_REGISTRY && nation != vocabulary::nation::ENGLAND => {
            format!("{space}@{}", nation.to_lowercase().replace(' ', "-"))
        }
        _ => space.to_owned(),
    }
}

fn roles(job: &Job, fields: &[Field], named_key: Option<Key>) -> Roles {
    let layout = job.layout;
    let in_role = |fits: &dyn Fn(&Role) -> bool| -> Vec<usize> {
        let columns = layout.in_role(fits);
        columns
            .into_iter()
            .filter_map(|index| {
                fields
                    .iter()
                    .position(|field| std::ptr::eq(field.column, &layout.columns[index]))
            })
            .collect()
    };
    let one = |role: Role| in_role(&|other| *other == role).first().copied();
    let mut keys: Vec<Key> = named_key.into_iter().collect();
    for index in in_role(&|role| matches!(role, Role::PersonKey(_))) {
        let field = &fields[index];
        let space = field.column.roles.iter().find_map(|role| match role {
            Role::PersonKey(space) => Some(space_in(space, job.nation.as_deref())),
            _ => None,
        });
        let taken = field
            .sources
            .iter()
            .any(|source| keys.iter().any(|key| key.source == *source));
        if let (Some(space), false) = (space, taken) {
            // A space named for the source holds for its only key, too.
            let space = if keys.is_empty() {
                job.choices.key_space.clone().unwrap_or(space)
            } else {
                space
            };
            keys.extend(field.sources.iter().map(|&source| Key {
                source,
                space: space.clone(),
            }));
        }
    }
    Roles {
        number: one(Role::NhsNumber),
        birth_date: one(Role::BirthDate),
        birth_month: one(Role::BirthMonth),
        family_name: one(Role::FamilyName),
        given_name: one(Role::GivenName),
        sex: one(Role::Sex),
        postcode: one(Role::Postcode),
        local_id: one(Role::LocalId),
        organisation: one(Role::Organisation),
        death_date: one(Role::DeathDate),
        vital_status: one(Role::VitalStatus),
        vital_date: one(Role::VitalDate),
        discharge_method: one(Role::DischargeMethod),
        discharge_date: one(Role::DischargeDate),
        ethnicity: one(Role::Ethnicity),
        deprivation: one(Role::Deprivation),
        finding: one(Role::Finding),
        looked_on: one(Role::LookedOn),
        events: in_role(&|role| *role == Role::EventDate),
        keys,
    }
}

fn table(layout: &'static Layout, fields: &[Field]) -> Vec<Target> {
    let mut by_column: BTreeMap<*const Column, Vec<usize>> = BTreeMap::new();
    for (index, field) in fields.iter().enumerate() {
        by_column
            .entry(std::ptr::from_ref(field.column))
            .or_default()
            .push(index);
    }
    let columns = layout.columns.iter().filter(|column| column.table.is_some());
    columns
        .map(|column| match by_column.remove(&std::ptr::from_ref(column)) {
            None => Target::Absent,
            Some(indices) if column.repeat.is_some() => Target::Group(indices),
            Some(indices) => indices
                .first()
                .map_or(Target::Absent, |&index| Target::One(index)),
        })
        .collect()
}

/// The unknown headers by name. By place only where one of them does not look like a name: then the line end after the
/// header may be lost, or there is no header, and the rest may be somebody's row.
fn unknown(places: &[usize], names: &[&str]) -> String {
    let unknown = || places.iter().map(|&place| names[place]);
    if unknown().all(is_column_name) {
        return listed(unknown());
    }
    let places: Vec<String> = places
        .iter()
        .map(|place| format!("number {}", place + 1))
        .collect();
    format!(
        "{} (some do not look like names, so none is shown)",
        listed(places.iter().map(String::as_str))
    )
}

/// The first names of a list, and how many more there are.
pub(crate) fn listed<'a>(names: impl Iterator<Item = &'a str>) -> String {
    const SHOWN: usize = 20;
    // A header is somebody's text: only its beginning is shown.
    let names: Vec<String> = names.map(|name| name.chars().take(40).collect()).collect();
    let more = names.len().saturating_sub(SHOWN);
    let mut text = names[..names.len() - more].join(", ");
    if more > 0 {
        text.push_str(&format!(" and {more} more"));
    }
    text
}
