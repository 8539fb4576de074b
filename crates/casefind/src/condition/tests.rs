//! Conditions that are accepted, conditions that are refused, and any text at all.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]

use std::path::Path;

use engine::{NamedSet, Phrase};
use proptest::prelude::*;
use vocabulary::code::CodeSet;
use vocabulary::date::Date;

use super::*;
use crate::definition::Definition;

fn compile(text: &str, columns: &[DocumentedColumn], lists: &Lists) -> Result<String, String> {
    let portable = Portable {
        dialect: Dialect::Standard,
        of: "r",
        sets: &lists.sets,
    };
    read(text, columns, lists).map(|condition| portable.condition(&condition))
}

/// Lists of one line each, under names of the definition's.
fn short_lists() -> Lists {
    let codes = |line: &str| NamedSet::Codes(Box::new(CodeSet::from_lines([line])));
    let phrase = Phrase {
        words: "T-DM1".to_owned(),
        from: None,
        until: Date::new(2020, 2, 29),
    };
    let sets = [
        ("breast", codes("C50")),
        ("type_distant", codes("03")),
        ("sites_distant", codes("10")),
        ("drugs_strong", NamedSet::Phrases(vec![phrase])),
    ];
    Lists {
        sets: sets.map(|(name, set)| (name.to_owned(), set)).into(),
        ..Lists::default()
    }
}

fn lists() -> Lists {
    Definition::load("uk-mbc/2026.1", Path::new("")).unwrap().lists
}

fn sact() -> &'static [DocumentedColumn] {
    layouts::documented("sact").unwrap()
}

#[test]
fn accepted_conditions_are_written_anew_with_every_name_quoted() {
    let accepted = [
        ("sact", "REGIMEN = 'FEC'"),
        ("sact", "REGIMEN <> 'FEC'"),
        ("sact", "REGIMEN in ('A', 'B')"),
        ("sact", "not REGIMEN in ('A')"),
        ("sact", "PRIMARY_DIAGNOSIS like 'C50%'"),
        ("sact", "REGIMEN is null"),
        ("sact", "REGIMEN is not null"),
        ("sact", "REGIMEN = 'O''BRIEN'"),
        (
            "sact",
            "START_DATE_OF_REGIMEN between '2020-01-01' and '2020-12-31'",
        ),
        ("sact", "(REGIMEN = 'A' or REGIMEN = 'B') and not REGIMEN = 'C'"),
        ("sact", "any_code(PRIMARY_DIAGNOSIS, 'breast')"),
        ("sact", "ANY_CODE(PRIMARY_DIAGNOSIS, 'breast')"),
        (
            "sact",
            "any_phrase(DRUG_NAME, START_DATE_OF_REGIMEN, 'drugs_strong')",
        ),
        (
            "cosd.metastasis",
            "any_pair(PAIRS, 'type_distant', 'sites_distant')",
        ),
        ("cosd.metastasis", "FUTURE is not true"),
        ("admissions", "DIAG_02 = 'C795'"),
    ];
    let mut drawn = String::new();
    for (table, text) in accepted {
        let sql = compile(text, layouts::documented(table).unwrap(), &short_lists()).unwrap();
        drawn.push_str(&format!("{text}\n    {sql}\n"));
    }
    insta::assert_snapshot!(drawn);
}

#[test]
fn refused_conditions_say_what_is_wrong() {
    let refused: &[(&str, &str)] = &[
        ("REGIME = 'A'", "no column `REGIME`; did you mean `REGIMEN`?"),
        ("regimen = 'A'", "no column `regimen`; did you mean `REGIMEN`?"),
        ("REGIMEN = REGIMN", "no column `REGIMN`; did you mean `REGIMEN`?"),
        (
            "START_DATE_OF_REGIMEN = 'C50'",
            "`C50` is not a date (YYYY-MM-DD)",
        ),
        (
            "START_DATE_OF_REGIMEN = 5",
            "5 is a number, and is compared with a date",
        ),
        ("REGIMEN = 5", "5 is a number, and is compared with text"),
        ("REGIMEN is true", "\"REGIMEN\" is text, not yes or no"),
        (
            "REGIMEN like '%A'",
            "`like` is for text and a prefix only, as in like 'C50%'",
        ),
        (
            "REGIMEN like 'A_%'",
            "`like` is for text and a prefix only, as in like 'C50%'",
        ),
        (
            "any_code(START_DATE_OF_REGIMEN, 'breast')",
            "`any_code` takes text, and \"START_DATE_OF_REGIMEN\" is a date",
        ),
        (
            "any_code(REGIMEN, 'brest')",
            "no list `brest`; did you mean `breast`?",
        ),
        (
            "any_code(REGIMEN, breast)",
            "the name of a list is a text in quotes",
        ),
        (
            "any_code(REGIMEN, 'drugs_strong')",
            "list `drugs_strong` is of the other sort (codes or phrases)",
        ),
        ("any_code(REGIMEN)", "the name of a list is a text in quotes"),
        (
            "any_code(REGIMEN, 'breast', 'breast')",
            "`any_code` takes 2 arguments",
        ),
        (
            "any_phrase(REGIMEN, REGIMEN, 'drugs_strong')",
            "the second argument of `any_phrase` is a date, and",
        ),
        (
            "upper(REGIMEN) = 'A'",
            "`upper(REGIMEN)` is not a column or a value",
        ),
        (
            "pg_sleep(10)",
            "no function `pg_sleep`; there are any_code, any_pair and any_phrase",
        ),
        ("REGIMEN = (select 1)", "`(SELECT 1)` is not a column or a value"),
        ("exists (select 1)", "`EXISTS (SELECT 1)` is not allowed"),
        (
            "REGIMEN in (select REGIMEN from sact)",
            "`REGIMEN IN (SELECT REGIMEN FROM sact)` is not allowed",
        ),
        (
            "REGIMEN = 'A' union select 1",
            "the condition goes on after its end, at `union`",
        ),
        (
            "REGIMEN = 'A'; drop table sact",
            "the condition goes on after its end, at `;`",
        ),
        ("REGIMEN = 'A' -- and so on\n or 1", "`1` is not allowed"),
        ("select 1", "the condition goes on after its end, at `1`"),
        (
            "REGIMEN || 'A' = 'B'",
            "`REGIMEN || 'A'` is not a column or a value",
        ),
        ("sact.REGIMEN = 'A'", "`sact.REGIMEN` is not a column or a value"),
        (
            "cast(REGIMEN as date) = '2020-01-01'",
            "`CAST(REGIMEN AS DATE)` is not a column or a value",
        ),
        ("REGIMEN = E'\\x41'", "is not allowed as a value"),
        ("true", "`true` is not allowed; a condition uses"),
        ("REGIMEN", "`REGIMEN` is not allowed; a condition uses"),
        ("", "the condition is not valid"),
    ];
    let mut wrong = Vec::new();
    for (text, wanted) in refused {
        match compile(text, sact(), &lists()) {
            Err(said) if said.contains(wanted) => {}
            other => wrong.push(format!("  {text}\n    wanted {wanted}\n    came   {other:?}")),
        }
    }
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

#[test]
fn names_in_double_quotes_are_columns_and_never_anything_else() {
    let quoted = compile("\"REGIMEN\" = 'A'", sact(), &lists());
    assert_eq!(quoted, compile("REGIMEN = 'A'", sact(), &lists()));
    let said = compile("REGIMEN = \"A\"", sact(), &lists()).unwrap_err();
    assert!(said.starts_with("no column `A`"), "{said}");
    let said = compile("\"REGIMEN\"\" or 1=1\" = 'A'", sact(), &lists()).unwrap_err();
    assert!(said.starts_with("no column `REGIMEN\" or 1=1`"), "{said}");
}

#[test]
fn a_column_is_there_and_of_its_kind_or_refused() {
    assert_eq!(
        column("START_DATE_OF_REGIMEN", Kind::Date, sact()).as_deref(),
        Ok("\"START_DATE_OF_REGIMEN\"")
    );
    let said = column("REGIMEN", Kind::Date, sact()).unwrap_err();
    assert_eq!(said, "column `REGIMEN` is text, not a date");
}

/// Words of the language, so that many of the texts come near to being conditions.
fn near_condition() -> impl Strategy<Value = String> {
    let words = prop::sample::select(vec![
        "REGIMEN",
        "PRIMARY_DIAGNOSIS",
        "START_DATE_OF_REGIMEN",
        "UNKNOWN",
        "'A'",
        "'2020-01-01'",
        "'breast'",
        "5",
        "=",
        "<>",
        "<",
        "in",
        "between",
        "like",
        "'C50%'",
        "is",
        "null",
        "true",
        "and",
        "or",
        "not",
        "(",
        ")",
        ",",
        ";",
        "select",
        "union",
        "from",
        "any_code",
        "any_pair",
        "any_phrase",
        "upper",
        "\"X\"",
        "--",
        "/*",
        "*",
    ]);
    prop::collection::vec(words, 0..14).prop_map(|words| words.join(" "))
}

fn is_closed(sql: &str) -> Result<(), TestCaseError> {
    // Outside texts in quotes stand only these words and names of columns.
    let words = [
        "coalesce",
        "false",
        "true",
        "is",
        "not",
        "null",
        "and",
        "or",
        "in",
        "between",
        "like",
        "date",
        "r",
        "regexp_like",
        "split_part",
        "nullif",
    ];
    let outside: String = sql.split('\'').step_by(2).collect::<Vec<_>>().join(" ");
    for (at, part) in outside.split('"').enumerate() {
        if at % 2 == 1 {
            prop_assert!(sact().iter().any(|column| column.name == part), "{part} in {sql}");
            continue;
        }
        for word in part
            .split(|c: char| !(c.is_alphanumeric() || c == '_'))
            .filter(|word| !word.is_empty())
        {
            prop_assert!(
                words.contains(&word) || word.chars().all(|c| c.is_ascii_digit()),
                "{word} in {sql}"
            );
        }
        prop_assert!(!part.contains([';', '*']) && !part.contains("--"), "{sql}");
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(3_000))]

    #[test]
    fn no_text_panics_and_what_passes_is_closed(text in prop_oneof![near_condition(), ".{0,60}"]) {
        if let Ok(sql) = compile(&text, sact(), &short_lists()) {
            is_closed(&sql)?;
        }
    }
}
