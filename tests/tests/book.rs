//! The book, kept true: what it prints from data is compared with the data.
//!
//! A page holds blocks between `<!-- printed: NAME -->` and `<!-- end -->`. This test makes each block anew from the layouts
//! and the definitions and compares. After changing the data, print the blocks again and look at the difference:
//!
//! ```text
//! BOOK_UPDATE=1 cargo test -p end-to-end --test book
//! ```

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    reason = "a test may stop the world"
)]

use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use layouts::{Column, DocumentedColumn, Format, Layout};
use vocabulary::table::Kind;

#[path = "book/released.rs"]
mod released;

const DEFINITION: &str = "definitions/uk-mbc/2026.1";

fn root() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .parent()
        .expect("tests stands in the workspace")
        .to_path_buf()
}

fn text(path: &str) -> String {
    fs_err::read_to_string(root().join(path)).expect("a file of the project")
}

/// What stands in the block of this name.
fn printed(name: &str) -> String {
    match name {
        "kinds" => kinds(),
        "layouts" => layouts::all()
            .iter()
            .filter(|l| l.format == Format::Table)
            .map(layout)
            .collect(),
        "sections" => sections("cosd"),
        "steps" => steps(),
        "switches" => as_toml(&part(
            &text(&format!("{DEFINITION}/definition.toml")),
            "[switches]",
        )),
        "rules" => rules(),
        "lists" => lists(),
        "cases" => cases(),
        "completeness" => as_toml(&text("definitions/completeness/status.toml")),
        "indicators" => indicators(),
        "meeting" => meeting(),
        "guidelines" => guidelines(),
        "care-examples" => care_examples(),
        "disclosure" => as_toml(&text("definitions/disclosure/hes.toml")),
        "released" => released::columns(),
        other => panic!("nothing prints a block called {other}"),
    }
}

fn kinds() -> String {
    let mut out = String::from("| kind | files | a record is |\n|---|---|---|\n");
    for layout in layouts::all() {
        writeln!(
            out,
            "| `{}` | {} | one {} |",
            layout.kind, layout.title, layout.row
        )
        .unwrap();
    }
    out
}

fn layout(layout: &Layout) -> String {
    let mut out = format!("## {}\n\n`{}`. {}\n\n", layout.title, layout.kind, layout.words);
    for need in &layout.needs {
        let names: Vec<_> = need.any_of.iter().map(|name| format!("`{name}`")).collect();
        writeln!(out, "A file needs {}: one of {}.\n", need.words, names.join(", ")).unwrap();
    }
    out.push_str("| column | | if it is missing |\n|---|---|---|\n");
    for column in &layout.columns {
        writeln!(
            out,
            "| {} | {}{} | {} |",
            names(column),
            cell(&column.words),
            other_headings(column),
            missing(column)
        )
        .unwrap();
    }
    out.push('\n');
    out
}

fn names(column: &Column) -> String {
    let Some(repeat) = &column.repeat else {
        return format!("`{}`", column.name);
    };
    let all = repeat.names();
    format!("`{}` … `{}`", all.first().unwrap(), all.last().unwrap())
}

/// Headings that mean the same column; of a numbered group with `#` in the place of the number.
fn other_headings(column: &Column) -> String {
    let forms = column
        .repeat
        .iter()
        .flat_map(|repeat| repeat.forms.iter().skip(1));
    let all: Vec<String> = column
        .aliases
        .iter()
        .chain(forms)
        .map(|heading| format!("`{heading}`"))
        .collect();
    if all.is_empty() {
        String::new()
    } else {
        format!(" Also read as {}.", all.join(", "))
    }
}

fn missing(column: &Column) -> String {
    match &column.without {
        _ if column.required => "the file cannot be read".to_owned(),
        Some(without) => cell(without),
        None => String::new(),
    }
}

fn sections(kind: &str) -> String {
    let mut out = String::new();
    for section in &layouts::layout(kind).expect("a shipped layout").sections {
        write!(
            out,
            "### `{}`\n\n{}\n\n| column | item | |\n|---|---|---|\n",
            section.name, section.words
        )
        .unwrap();
        for DocumentedColumn {
            name, item, words, ..
        } in &section.columns
        {
            writeln!(
                out,
                "| `{name}` | {} | {} |",
                item.as_deref().unwrap_or(""),
                cell(words)
            )
            .unwrap();
        }
        out.push('\n');
    }
    out
}

/// A value inside a table: no line break, no bar.
fn cell(words: &str) -> String {
    words
        .split_whitespace()
        .collect::<Vec<_>>()
        .join(" ")
        .replace('|', "\\|")
}

fn as_toml(text: &str) -> String {
    format!("```toml\n{}\n```\n", text.trim())
}

/// One table of a TOML file, its comments included.
fn part(text: &str, header: &str) -> String {
    let from = text.find(header).expect("the header");
    let rest = &text[from..];
    let until = rest[header.len()..]
        .find("\n[")
        .map_or(rest.len(), |end| end + header.len());
    rest[..until].to_owned()
}

fn steps() -> String {
    let mut out = String::from("| step | joins records with |\n|---|---|\n");
    for step in linkage::Step::ALL {
        writeln!(out, "| {} | {} |", step.name(), cell(step.words())).unwrap();
    }
    out
}

fn definition() -> toml::Table {
    text(&format!("{DEFINITION}/definition.toml"))
        .parse()
        .expect("the definition is TOML")
}

fn rules() -> String {
    let definition = definition();
    let mut out = String::new();
    for rule in definition["rule"].as_array().expect("rules") {
        let word = |key: &str| {
            rule.get(key)
                .and_then(toml::Value::as_str)
                .map(cell)
                .unwrap_or_default()
        };
        let flag = |key: &str, words: &'static str| {
            if rule.get(key).and_then(toml::Value::as_bool) == Some(true) {
                words
            } else {
                ""
            }
        };
        writeln!(out, "**{}** (`{}`)  ", word("words"), word("id")).unwrap();
        let date = if word("date").is_empty() {
            String::new()
        } else {
            format!(", dated by `{}`", word("date"))
        };
        write!(out, "{} · source `{}`{date}", word("strength"), word("source")).unwrap();
        write!(
            out,
            "{}{}",
            flag("recorded", ", counts as recorded"),
            flag("ambiguous", ", may belong to another cancer")
        )
        .unwrap();
        write!(out, "\n\n```sql\n{}\n```\n\n", word("when")).unwrap();
        if !word("of_record").is_empty() {
            write!(out, "of its record:\n\n```sql\n{}\n```\n\n", word("of_record")).unwrap();
        }
    }
    out
}

fn lists() -> String {
    let definition = definition();
    let mut out = String::new();
    for (name, list) in definition["lists"].as_table().expect("lists") {
        let file = list
            .as_str()
            .or_else(|| list.as_table()?.values().find_map(toml::Value::as_str))
            .expect("a file");
        let list = text(&format!("{DEFINITION}/lists/{file}"));
        let mut reader = csv::Reader::from_reader(list.as_bytes());
        let header = reader.headers().expect("a header").clone();
        // Codes that share their reason stand together.
        let mut entries = 0;
        let mut groups: Vec<(Vec<String>, String)> = Vec::new();
        for record in reader.records() {
            let record = record.expect("a row");
            let field = |name: &str| header.iter().position(|h| h == name).map_or("", |at| &record[at]);
            let dates = [("from", field("from")), ("until", field("until"))];
            let dates: String = dates
                .iter()
                .filter(|d| !d.1.is_empty())
                .map(|(w, d)| format!(" {w} {d}"))
                .collect();
            let (code, why) = (
                format!("`{}`{dates}", &record[0]),
                format!("{}{}", field("why"), field("site")),
            );
            entries += 1;
            match groups.last_mut() {
                Some((codes, same)) if *same == why => codes.push(code),
                _ => groups.push((vec![code], why)),
            }
        }
        let words: Vec<String> = groups
            .iter()
            .map(|(codes, why)| format!("{} {why}", codes.join(", ")).trim().to_owned())
            .collect();
        write!(out, "**`{name}`** ({entries}): {}\n\n", words.join("; ")).unwrap();
    }
    out
}

/// The drawn examples of the definition, theme by theme.
fn cases() -> String {
    let folder = root().join(DEFINITION).join("cases");
    let mut files: Vec<PathBuf> = match fs_err::read_dir(&folder) {
        Ok(entries) => entries
            .map(|entry| entry.expect("a file of examples").path())
            .collect(),
        Err(_) => Vec::new(),
    };
    files.sort();
    let mut out = String::new();
    for file in &files {
        let name = file.file_name().expect("a name").to_string_lossy();
        let text = fs_err::read_to_string(file).expect("examples");
        let chapter = casefind::spec::read(&name, &text).expect("drawn examples");
        write!(
            out,
            "## {}\n\n",
            file.file_stem()
                .expect("a name")
                .to_string_lossy()
                .replace(['-', '_'], " ")
        )
        .unwrap();
        let (first, last) = chapter.cover;
        write!(
            out,
            "{} Every source covers {first} to {last}.\n\n",
            cell(&chapter.introduction)
        )
        .unwrap();
        for example in &chapter.examples {
            write!(
                out,
                "**{}**\n\n```text\n{}\n```\n\n",
                example.title,
                example.drawing.trim_end()
            )
            .unwrap();
        }
    }
    if out.is_empty() {
        "There are none yet.".to_owned()
    } else {
        out
    }
}

/// The questions of care, standard by standard.
fn indicators() -> String {
    let standards = audit::definition::Standards::built_in().expect("the standards");
    let mut out = String::from(
        "| standard | question | asked about | items | beside the figure |\n|---|---|---|---|---|\n",
    );
    for indicator in &standards.indicators {
        let number = match indicator.standard {
            0 => "–".to_owned(),
            number => number.to_string(),
        };
        let items: Vec<_> = standards
            .facts_of(indicator)
            .into_iter()
            .map(|fact| fact.item.clone())
            .collect();
        writeln!(
            out,
            "| {number} | `{}`: {} | {} | {} | {} |",
            indicator.id,
            cell(&indicator.title),
            cell(&indicator.boards),
            items.join("; "),
            cell(&indicator.caution)
        )
        .unwrap();
    }
    out
}

/// What brings a person before the team, and what makes a situation complex.
fn meeting() -> String {
    let standards = audit::definition::Standards::built_in().expect("the standards");
    let agenda = standards.agenda.expect("an agenda");
    let mut out = String::from("| | |\n|---|---|\n");
    for occasion in &agenda.occasions {
        writeln!(out, "| on the list | {} |", cell(&occasion.words)).unwrap();
    }
    for reason in &agenda.reasons {
        writeln!(out, "| complex: `{}` | {} |", reason.id, cell(&reason.words)).unwrap();
    }
    out
}

/// What was advised first, and whether anybody has checked that.
fn guidelines() -> String {
    let standards = audit::definition::Standards::built_in().expect("the standards");
    let treatments = standards.treatments.expect("treatments");
    let mut out =
        String::from("| subtype | class | from | until | source | verified |\n|---|---|---|---|---|---|\n");
    for advice in &treatments.advice {
        let until = advice.until.map(|until| until.to_string()).unwrap_or_default();
        let verified = if advice.verified { "yes" } else { "no" };
        writeln!(
            out,
            "| `{}` | `{}` | {} | {until} | {} | {verified} |",
            advice.subtype,
            advice.class,
            advice.from,
            cell(&advice.source)
        )
        .unwrap();
    }
    out
}

/// The drawn examples of care, theme by theme.
fn care_examples() -> String {
    let standards = audit::definition::Standards::built_in().expect("the standards");
    let mut out = String::new();
    for chapter in audit::example::chapters(&standards).expect("drawn examples") {
        let theme = chapter
            .file
            .trim_start_matches("examples/")
            .trim_end_matches(".txt");
        let (first, last) = chapter.known;
        let without = if chapter.without.is_empty() {
            String::new()
        } else {
            format!(" Not in the study: {}.", chapter.without.join(", "))
        };
        write!(
            out,
            "## {}\n\n{} The sources cover {first} to {last}.{without}\n\n",
            theme.replace('-', " "),
            cell(&chapter.introduction)
        )
        .unwrap();
        for example in &chapter.examples {
            write!(
                out,
                "**{}**\n\n```text\n{}\n```\n\n",
                example.title,
                example.drawing.trim_end()
            )
            .unwrap();
        }
    }
    out
}

/// The page with every block printed anew.
fn reprinted(page: &str) -> String {
    let mut out = String::new();
    let mut rest = page;
    while let Some(at) = rest.find("<!-- printed: ") {
        let line_end = at + rest[at..].find('\n').expect("a line");
        let name = rest[at..line_end]
            .trim_start_matches("<!-- printed: ")
            .trim_end_matches(" -->");
        let end = rest.find("<!-- end -->").expect("every printed block ends");
        write!(out, "{}\n\n{}\n\n", &rest[..line_end], printed(name).trim()).unwrap();
        out.push_str("<!-- end -->");
        rest = &rest[end + "<!-- end -->".len()..];
    }
    out + rest
}

#[test]
fn printed_blocks_say_what_the_data_say() {
    #[allow(
        clippy::disallowed_methods,
        reason = "the switch for printing anew is meant for the person at the keyboard"
    )]
    let update = std::env::var_os("BOOK_UPDATE").is_some();
    let mut blocks = 0;
    for page in [
        "layouts-in",
        "case-definition",
        "drawn-examples",
        "linkage",
        "counts-and-completeness",
        "disclosure-control",
        "care",
        "care-examples",
        "tables-out",
    ] {
        let path = root().join("docs/src").join(page).with_extension("md");
        let written = fs_err::read_to_string(&path).expect("a page");
        blocks += written.matches("<!-- printed: ").count();
        let wanted = reprinted(&written);
        if update {
            fs_err::write(&path, wanted).expect("the page can be written");
        } else {
            let differs = wanted
                .lines()
                .zip(written.lines())
                .position(|(new, old)| new != old);
            assert!(
                wanted == written,
                "{page}.md differs from the data at line {}: run BOOK_UPDATE=1 cargo test -p end-to-end --test book",
                differs.unwrap_or(0) + 1
            );
        }
    }
    assert_eq!(blocks, 15, "a printed block was lost from the book");
}

/// `tables-out.md` explains each column by hand; here the columns themselves are compared.
#[test]
fn the_tables_of_the_book_are_those_of_the_program() {
    let page = text("docs/src/tables-out.md");
    let (confidential, _) = page
        .split_once("\n## Released\n")
        .expect("released tables stand after those of a run");
    let names: Vec<&str> = confidential
        .lines()
        .filter_map(|line| line.strip_prefix("### `")?.strip_suffix('`'))
        .collect();
    assert_eq!(names.len(), 25, "a table was lost from the book: {names:?}");
    for name in names {
        let schemas = layouts::tables::every();
        let schema = schemas
            .iter()
            .find(|schema| schema.name == name)
            .unwrap_or_else(|| panic!("no table is called {name}"));
        let wanted: Vec<_> = schema
            .columns
            .iter()
            .map(|c| (c.name.clone(), kind(c.kind).to_owned()))
            .collect();
        assert_eq!(
            explained(&page, name),
            wanted,
            "columns of `{name}` in tables-out.md"
        );
    }
}

fn kind(kind: Kind) -> &'static str {
    match kind {
        Kind::Text => "text",
        Kind::Date => "date",
        Kind::Integer => "integer",
        Kind::Real => "real",
        Kind::Flag => "yes or no",
        Kind::Texts => "list of text",
    }
}

/// The columns that a page lists under the heading of a table.
fn explained(page: &str, table: &str) -> Vec<(String, String)> {
    let heading = format!("### `{table}`\n");
    let from = page
        .find(&heading)
        .map(|at| at + heading.len())
        .expect("the heading of a table");
    let until = page[from..].find("\n#").map_or(page.len(), |end| from + end);
    let rows = page[from..until]
        .lines()
        .filter_map(|line| line.strip_prefix("| `"));
    rows.map(|row| {
        let (name, rest) = row.split_once("` | ").expect("a column");
        (
            name.to_owned(),
            rest.split(" |").next().expect("a kind").to_owned(),
        )
    })
    .collect()
}
