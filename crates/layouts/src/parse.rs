//! From the text of a layout file to a [`Layout`], with every cross reference checked.

use std::collections::BTreeMap;

use serde::Deserialize;
use vocabulary::table::Kind;

use crate::bind::header_key;
use crate::column::{Cell, Column, Repeat, Role};
use crate::error::LayoutError;
use crate::layout::{DocumentedColumn, Format, Layout, Need, Section};

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct LayoutText {
    kind: String,
    version: u32,
    title: String,
    words: String,
    row: String,
    #[serde(default)]
    format: Option<String>,
    #[serde(default)]
    needs: Vec<NeedText>,
    #[serde(default, rename = "column")]
    columns: Vec<ColumnText>,
    #[serde(default, rename = "section")]
    sections: Vec<SectionText>,
    #[serde(default)]
    known: KnownText,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct NeedText {
    any_of: Vec<String>,
    words: String,
}

#[derive(Deserialize, Default)]
#[serde(deny_unknown_fields)]
struct KnownText {
    #[serde(default)]
    names: Vec<String>,
    #[serde(default)]
    groups: Vec<RepeatText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct RepeatText {
    to: u32,
    #[serde(default = "one")]
    width: usize,
    forms: Vec<String>,
}

fn one() -> usize {
    1
}

fn rank_one() -> u32 {
    1
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ColumnText {
    name: String,
    #[serde(default)]
    aliases: Vec<String>,
    #[serde(default)]
    fallbacks: Vec<String>,
    item: Option<String>,
    cell: String,
    #[serde(default)]
    roles: Vec<String>,
    #[serde(default = "rank_one")]
    rank: u32,
    #[serde(default)]
    required: bool,
    without: Option<String>,
    #[serde(default)]
    instead: Vec<String>,
    #[serde(default)]
    extra: bool,
    #[serde(default)]
    upper: bool,
    #[serde(default)]
    lower: bool,
    #[serde(default)]
    values: Vec<String>,
    #[serde(default)]
    means: BTreeMap<String, String>,
    table: Option<String>,
    repeat: Option<RepeatText>,
    words: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct SectionText {
    name: String,
    words: String,
    columns: Vec<DocumentedText>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct DocumentedText {
    name: String,
    kind: String,
    item: Option<String>,
    words: String,
}

/// Reads one layout.
pub(crate) fn read(kind: &str, text: &str) -> Result<Layout, LayoutError> {
    let unreadable = |what: String| LayoutError::Unreadable {
        kind: kind.to_owned(),
        what,
    };
    let text: LayoutText = toml::from_str(text).map_err(|error| unreadable(error.to_string()))?;
    if text.kind != kind {
        return Err(unreadable(format!("the file says kind `{}`", text.kind)));
    }
    let format = match text.format.as_deref() {
        None => Format::Table,
        Some("xml") => Format::Xml,
        Some(other) => return Err(unreadable(format!("unknown format `{other}`"))),
    };
    let columns = text
        .columns
        .into_iter()
        .map(|column| column_of(kind, column))
        .collect::<Result<Vec<_>, _>>()?;
    let mut sections = text
        .sections
        .into_iter()
        .map(|section| section_of(kind, section))
        .collect::<Result<Vec<_>, _>>()?;
    if format == Format::Table {
        sections.insert(0, table_of(&text.kind, &text.words, &columns));
    }
    let known = known_of(text.known);
    let layout = Layout {
        kind: text.kind,
        version: text.version,
        title: text.title,
        words: text.words,
        row: text.row,
        format,
        columns,
        needs: text
            .needs
            .into_iter()
            .map(|need| Need {
                any_of: need.any_of,
                words: need.words,
            })
            .collect(),
        known,
        sections,
    };
    check(&layout)?;
    Ok(layout)
}

/// All headers that are known and not used.
fn known_of(text: KnownText) -> Vec<String> {
    let mut known = text.names;
    for group in text.groups.into_iter().map(repeat_of) {
        for n in 1..=group.to {
            known.extend(group.headers(n));
        }
    }
    known
}

fn repeat_of(text: RepeatText) -> Repeat {
    Repeat {
        to: text.to,
        width: text.width,
        forms: text.forms,
    }
}

fn column_of(kind: &str, text: ColumnText) -> Result<Column, LayoutError> {
    let unreadable = |what: String| LayoutError::Unreadable {
        kind: kind.to_owned(),
        what,
    };
    let cell = Cell::read(&text.cell)
        .ok_or_else(|| unreadable(format!("`{}`: no such cell kind `{}`", text.name, text.cell)))?;
    let mut roles = Vec::new();
    for word in &text.roles {
        roles.push(
            Role::read(word).ok_or_else(|| unreadable(format!("`{}`: no such role `{word}`", text.name)))?,
        );
    }
    Ok(Column {
        name: text.name,
        aliases: text.aliases,
        fallbacks: text.fallbacks,
        item: text.item,
        cell,
        roles,
        rank: text.rank,
        required: text.required,
        without: text.without,
        instead: text.instead,
        extra: text.extra,
        upper: text.upper,
        lower: text.lower,
        values: text.values,
        means: text.means,
        table: text.table,
        repeat: text.repeat.map(repeat_of),
        words: text.words,
    })
}

fn section_of(kind: &str, text: SectionText) -> Result<Section, LayoutError> {
    let mut columns = Vec::new();
    for column in text.columns {
        let value_kind = match column.kind.as_str() {
            "text" => Kind::Text,
            "date" => Kind::Date,
            "integer" => Kind::Integer,
            "flag" => Kind::Flag,
            other => {
                return Err(LayoutError::Unreadable {
                    kind: kind.to_owned(),
                    what: format!("`{}`: no such kind of value `{other}`", column.name),
                });
            }
        };
        columns.push(DocumentedColumn {
            name: column.name,
            kind: value_kind,
            words: column.words,
            item: column.item,
            elements: Vec::new(),
        });
    }
    Ok(Section {
        name: text.name,
        words: text.words,
        columns,
    })
}

/// The table of a row-and-column layout: the columns that are kept, in layout order.
fn table_of(kind: &str, words: &str, columns: &[Column]) -> Section {
    let columns = columns
        .iter()
        .filter_map(|column| {
            let name = column.table.clone()?;
            Some(DocumentedColumn {
                name,
                kind: column.cell.kind(),
                words: column.words.clone(),
                item: column.item.clone(),
                elements: column.repeat.as_ref().map(Repeat::names).unwrap_or_default(),
            })
        })
        .collect();
    Section {
        name: kind.to_owned(),
        words: words.to_owned(),
        columns,
    }
}

/// No header fits two columns; every name that is referred to exists.
fn check(layout: &Layout) -> Result<(), LayoutError> {
    let mut taken: BTreeMap<String, &str> = BTreeMap::new();
    for column in &layout.columns {
        for n in 1..=column.size() {
            for header in column.headers(n) {
                if let Some(first) = taken.insert(header_key(&header), &column.name) {
                    return Err(LayoutError::Twice {
                        kind: layout.kind.clone(),
                        header,
                        first: first.to_owned(),
                        second: column.name.clone(),
                    });
                }
            }
        }
        for other in &column.instead {
            exists(layout, &column.name, other)?;
        }
    }
    for column in &layout.columns {
        for header in column.fallbacks.iter() {
            if let Some(first) = taken.get(&header_key(header)) {
                return Err(LayoutError::Twice {
                    kind: layout.kind.clone(),
                    header: header.clone(),
                    first: (*first).to_owned(),
                    second: column.name.clone(),
                });
            }
        }
    }
    for need in &layout.needs {
        for other in &need.any_of {
            exists(layout, "needs", other)?;
        }
    }
    for header in &layout.known {
        if let Some(first) = taken.get(&header_key(header)) {
            return Err(LayoutError::Twice {
                kind: layout.kind.clone(),
                header: header.clone(),
                first: (*first).to_owned(),
                second: "known".to_owned(),
            });
        }
    }
    Ok(())
}

fn exists(layout: &Layout, column: &str, other: &str) -> Result<(), LayoutError> {
    if layout.columns.iter().any(|known| known.name == other) {
        return Ok(());
    }
    Err(LayoutError::Unknown {
        kind: layout.kind.clone(),
        column: column.to_owned(),
        other: other.to_owned(),
    })
}
