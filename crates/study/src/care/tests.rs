#![allow(clippy::unwrap_used)]

use super::*;

/// A row of `standards`: nation, organisation, year, indicator, yes, known, missing, excluded.
type Drawn = (
    &'static str,
    &'static str,
    &'static str,
    &'static str,
    i64,
    i64,
    i64,
    i64,
);

fn written(rows: &[Drawn]) -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let schema = layouts::tables::standards();
    let mut table = engine::TableWriter::create(&folder.path().join("standards.parquet"), &schema).unwrap();
    for (nation, organisation, period, indicator, yes, known, missing, excluded) in rows {
        let numbers = [yes, known, missing, excluded].map(|number| Some(*number));
        let population = known + missing + excluded;
        let mut row: Vec<vocabulary::table::Value<'_>> = vec![
            (*nation).into(),
            (*organisation).into(),
            (*period).into(),
            vocabulary::table::Value::from(1_i64),
            (*indicator).into(),
        ];
        row.extend(numbers.into_iter().flatten().map(vocabulary::table::Value::from));
        row.push(population.into());
        row.resize_with(schema.columns.len(), Default::default);
        table.row(&row).unwrap();
    }
    table.finish().unwrap();
    folder
}

fn read(rows: &[Drawn]) -> Care {
    care(written(rows).path(), &Policy::hes().unwrap()).unwrap()
}

fn about(table: &RawTable) -> Vec<String> {
    let text = |value: &RawValue| match value {
        RawValue::Text(text) => text.clone(),
        RawValue::Integer(number) => number.to_string(),
        _ => "-".to_owned(),
    };
    let row = |row: &Vec<RawValue>| {
        let wanted = (0..4).chain(8..row.len());
        wanted.map(|at| text(&row[at])).collect::<Vec<_>>().join(" ")
    };
    table.rows.iter().map(row).collect()
}

#[test]
fn only_years_of_nations_leave_and_no_outcome() {
    let Care { tables, .. } = read(&[
        ("North", "all", "2024", "nurse", 50, 80, 10, 5),
        ("all", "all", "2024", "nurse", 50, 80, 10, 5),
        ("North", "AAA", "2024", "nurse", 50, 80, 10, 5),
        ("North", "all", "all", "nurse", 50, 80, 10, 5),
        (
            "North",
            "all",
            "2024",
            "died-within-30-days-of-starting",
            3,
            80,
            0,
            5,
        ),
        ("North", "all", "2024", "team-discussion", 30, 30, 60, 5),
        ("North", "all", "2024", "emergency-route", 15, 90, 0, 5),
        // Ten are asked, and all of them were discussed.
        ("South", "all", "2024", "team-discussion", 10, 10, 0, 30),
        // Of 28 to 32 people, all shown as 30, the answers are told alike; of 25 seven may be left out, though nobody or two are.
        ("East", "all", "2024", "emergency-route", 9, 28, 0, 0),
        ("South", "all", "2024", "emergency-route", 9, 25, 0, 2),
        ("West", "all", "2024", "emergency-route", 9, 32, 0, 0),
        ("West", "all", "2023", "emergency-route", 9, 27, 0, 0),
    ]);
    assert_eq!(
        about(&tables[0]),
        ["nation North nurse 2024 95 5 - 80 50 - - - - - - - -"]
    );
    assert_eq!(
        about(&tables[1]),
        [
            "nation East emergency-route 2024 28 0 - 9 - - - -",
            "nation North emergency-route 2024 95 5 - 15 - - - -",
            "nation South emergency-route 2024 27 2 - - - - - -",
            "nation West emergency-route 2023 27 0 - - - - - -",
            "nation West emergency-route 2024 32 0 - 9 - - - -"
        ]
    );
    assert_eq!(
        about(&tables[2]),
        [
            "nation North team-discussion 2024 95 5 - 30 - -",
            "nation South team-discussion 2024 40 30 - - - -"
        ]
    );
}

#[test]
fn questions_of_the_same_people_are_tied_to_one_another_and_to_the_counts() {
    let Care { links, .. } = read(&[
        ("North", "all", "2024", "nurse", 50, 80, 10, 5),
        ("North", "all", "2024", "key-worker", 50, 80, 10, 5),
        ("North", "all", "2024", "found-only-at-death", 5, 95, 0, 0),
    ]);
    let words = |link: &LinkRule| {
        let of = |only: &[(String, String)]| only.last().map_or("", |(_, value)| value.as_str()).to_owned();
        let same: Vec<String> = link.same.iter().map(|(a, b)| format!("{a}={b}")).collect();
        format!(
            "{} {} ~ {} {}: {}",
            link.left,
            of(&link.left_where),
            link.right,
            of(&link.right_where),
            same.join(" ")
        )
    };
    insta::assert_snapshot!(links.iter().map(words).collect::<Vec<_>>().join("\n"));
}

/// The pages show a share from one line on, whatever the question: each definition must ask for that line.
#[test]
fn pages_and_definitions_ask_for_as_many_answers() {
    let standards = Standards::built_in().unwrap();
    for indicator in standards
        .indicators
        .iter()
        .filter(|one| one.role != Role::Outcome)
    {
        let wanted = (100.0 * indicator.threshold).round() as u32;
        assert_eq!(wanted, publish::ENOUGH_PERCENT, "{}", indicator.id);
    }
}
