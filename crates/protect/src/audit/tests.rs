//! The audit against golden numbers and against counting every table there is.
#![allow(clippy::unwrap_used)]

use super::*;
use proptest::prelude::*;

/// A table of rows and columns with their totals: figures in reading order, totals last in each row and last row.
fn two_way(cells: &[Vec<Span>], row_totals: &[Span], column_totals: &[Span], all: Span) -> System {
    let (height, width) = (cells.len(), cells[0].len());
    let at = |row: usize, column: usize| row * (width + 1) + column;
    let mut system = System::default();
    for (row, spans) in cells.iter().enumerate() {
        system.figures.extend(spans);
        system.figures.push(row_totals[row]);
        let parts: Vec<usize> = (0..width).map(|column| at(row, column)).collect();
        system.rows.push(Row::sum(at(row, width), &parts));
    }
    system.figures.extend(column_totals);
    system.figures.push(all);
    for column in 0..=width {
        let parts: Vec<usize> = (0..height).map(|row| at(row, column)).collect();
        system.rows.push(Row::sum(at(height, column), &parts));
    }
    system
}

fn ends(system: &System, figures: &[usize]) -> Vec<(i64, i64)> {
    let questions: Vec<Question> = figures
        .iter()
        .map(|f| Question {
            of: vec![(*f, 1)],
            need: Need::Ends,
        })
        .collect();
    audit(system, &questions)
        .answers
        .iter()
        .map(|a| (a.values.low, a.values.high))
        .collect()
}

/// Rows [20 50 10|80] [8 19 22|49] [17 32 12|61], columns 45 101 44|190, with some cells hidden.
fn golden(hidden: &[(usize, usize)]) -> Vec<(i64, i64)> {
    const HIDDEN: Span = Span {
        low: 0,
        high: Span::OPEN,
    };
    let table = [[20, 50, 10], [8, 19, 22], [17, 32, 12]];
    let mut cells: Vec<Vec<Span>> = table
        .iter()
        .map(|row| row.iter().map(|n| Span::exactly(*n)).collect())
        .collect();
    for (row, column) in hidden {
        cells[row - 1][column - 1] = HIDDEN;
    }
    let system = two_way(
        &cells,
        &[80, 49, 61].map(Span::exactly),
        &[45, 101, 44].map(Span::exactly),
        Span::exactly(190),
    );
    let figures: Vec<usize> = hidden
        .iter()
        .map(|(row, column)| (row - 1) * 4 + column - 1)
        .collect();
    ends(&system, &figures)
}

#[test]
fn golden_intervals_of_the_three_by_three_table() {
    // The ranges of the worked table D21; a square of four hides, three in an L or one alone do not.
    assert_eq!(golden(&[(2, 1)]), [(8, 8)]);
    assert_eq!(
        golden(&[(2, 1), (2, 3), (3, 1), (3, 3)]),
        [(0, 25), (5, 30), (0, 25), (4, 29)]
    );
    assert_eq!(golden(&[(2, 1), (2, 3), (3, 1)]), [(8, 8), (22, 22), (17, 17)]);
}

#[test]
fn a_proof_names_the_figures_that_give_a_cell_away() {
    // 60 = ? + 40 + 17: each of the three others is needed.
    let system = System {
        figures: vec![
            Span::exactly(60),
            Span {
                low: 0,
                high: Span::OPEN,
            },
            Span::exactly(40),
            Span::exactly(17),
        ],
        guesses: Vec::new(),
        start: Vec::new(),
        rows: vec![Row::sum(0, &[1, 2, 3])],
    };
    let question = Question {
        of: vec![(1, 1)],
        need: Need::Values(5),
    };
    let audit = audit(&system, &[question]);
    assert_eq!(audit.answers[0].values, Span::exactly(3));
    assert_eq!(audit.answers[0].because, [0, 2, 3]);
}

#[test]
fn figures_that_contradict_each_other_are_left_out_and_said() {
    let system = System {
        figures: vec![Span::exactly(60), Span::exactly(10), Span::exactly(20)],
        guesses: Vec::new(),
        start: Vec::new(),
        rows: vec![Row::sum(0, &[1, 2])],
    };
    let question = Question {
        of: vec![(1, 1)],
        need: Need::Values(1),
    };
    assert_eq!(audit(&system, &[question]).contradicted, [0]);
}

#[test]
fn a_difference_of_two_pieces_is_audited_over_both() {
    let system = System {
        figures: vec![Span { low: 10, high: 12 }, Span { low: 13, high: 15 }],
        guesses: Vec::new(),
        start: Vec::new(),
        rows: Vec::new(),
    };
    let ask = |need| {
        let question = Question {
            of: vec![(1, 1), (0, -1)],
            need,
        };
        audit(&system, &[question]).answers[0].clone()
    };
    let small = ask(Need::NotSmall(7));
    assert_eq!((small.values, small.met), (Span { low: 1, high: 5 }, false));
    assert_eq!(small.because, [0, 1]);
    assert!(ask(Need::NotSmall(4)).met);
}

/// Every table of whole numbers that fits, counted one by one: the lowest and highest value of each cell.
fn counted(system: &System) -> Option<Vec<Span>> {
    fn walk(system: &System, values: &mut Vec<i64>, found: &mut Option<Vec<Span>>) {
        let at = values.len();
        if at == system.figures.len() {
            let holds = system.rows.iter().all(|row| {
                let sum: i64 = row.terms.iter().map(|(f, c)| c * values[*f]).sum();
                row.low.is_none_or(|n| n <= sum) && row.high.is_none_or(|n| sum <= n)
            });
            if holds {
                let spans = found.get_or_insert_with(|| values.iter().map(|v| Span::exactly(*v)).collect());
                for (span, value) in spans.iter_mut().zip(values.iter()) {
                    span.low = span.low.min(*value);
                    span.high = span.high.max(*value);
                }
            }
            return;
        }
        // A row whose figures but this one are known says what this one is.
        for value in system.figures[at].low..=system.figures[at].high {
            values.push(value);
            if system.rows.iter().all(|row| {
                row.terms.iter().map(|(f, _)| *f).max() != Some(at) || {
                    let sum: i64 = row.terms.iter().map(|(f, c)| c * values[*f]).sum();
                    row.low.is_none_or(|n| n <= sum) && row.high.is_none_or(|n| sum <= n)
                }
            }) {
                walk(system, values, found);
            }
            values.pop();
        }
    }
    let mut found = None;
    walk(system, &mut Vec::new(), &mut found);
    found
}

/// A published 2 by 3 table: some cells hidden (0 to 12), the others and the totals known to within two. Some sums say only that
/// the parts are among the total.
fn published() -> impl Strategy<Value = System> {
    let loose = prop::collection::vec(prop::bool::weighted(0.2), 6);
    (exact_sums(), loose).prop_map(|(mut system, loose)| {
        for (row, loose) in system.rows.iter_mut().zip(loose) {
            row.high = row.high.filter(|_| !loose);
        }
        system
    })
}

fn exact_sums() -> impl Strategy<Value = System> {
    let cells = prop::collection::vec((0_i64..12, 0_u8..3), 6);
    (cells, prop::collection::vec(0_i64..3, 6)).prop_map(|(cells, blurs)| {
        let span = |(n, how): (i64, u8)| match how {
            0 => Span { low: 0, high: 12 },
            1 => Span::exactly(n),
            _ => Span {
                low: (n - 1).max(0),
                high: n + 1,
            },
        };
        let rows: Vec<Vec<Span>> = cells
            .chunks(3)
            .map(|row| row.iter().map(|c| span(*c)).collect())
            .collect();
        let blurred = |n: i64, blur: i64| Span {
            low: (n - blur).max(0),
            high: n + blur,
        };
        let row_sum = |row: usize| cells[row * 3..row * 3 + 3].iter().map(|c| c.0).sum::<i64>();
        let column_sum = |column: usize| cells[column].0 + cells[column + 3].0;
        two_way(
            &rows,
            &[blurred(row_sum(0), blurs[0]), blurred(row_sum(1), blurs[1])],
            &[0, 1, 2].map(|c| blurred(column_sum(c), blurs[2 + c])),
            blurred(row_sum(0) + row_sum(1), blurs[5]),
        )
    })
}

/// The same with some figures published twice, the second time blurred to one side: rows that speak of one sum.
fn with_twins() -> impl Strategy<Value = System> {
    let twins = prop::collection::vec(0_u8..4, 12);
    (published(), twins).prop_map(|(mut system, twins)| {
        for (figure, twin) in twins.into_iter().enumerate() {
            let span = system.figures[figure];
            let (low, high) = match twin {
                0 => (0, 1),
                1 => (1, 0),
                _ => continue,
            };
            system.figures.push(Span {
                low: (span.low - low).max(0),
                high: span.high + high,
            });
            let place = system.figures.len() - 1;
            system.rows.push(Row::sum(place, &[figure]));
        }
        system
    })
}

/// The places of each side of a table of three sides, its total last.
const SIDE: usize = 4;

/// A table of three sides, three parts each, with every total over one side or more: all known exactly.
fn of_three_sides() -> impl Strategy<Value = System> {
    prop::collection::vec(prop_oneof![2 => Just(0_i64), 1 => 1_i64..12], 27).prop_map(|cells| {
        let all = || (0..SIDE * SIDE * SIDE).map(|at| [at / (SIDE * SIDE), at / SIDE % SIDE, at % SIDE]);
        let last = SIDE - 1;
        let within = |wanted: usize, own: usize| wanted == last || wanted == own;
        let figures = all().map(|place| {
            let parts = all().filter(|part| !part.contains(&last));
            let of_total = parts
                .zip(&cells)
                .filter(|(part, _)| (0..3).all(|side| within(place[side], part[side])));
            Span::exactly(of_total.map(|(_, count)| count).sum())
        });
        let rows = (0..3).flat_map(|side| {
            let step = [SIDE * SIDE, SIDE, 1][side];
            let totals = all().enumerate().filter(move |(_, place)| place[side] == last);
            totals.map(move |(total, _)| Row::sum(total, &[3, 2, 1].map(|back| total - back * step)))
        });
        System {
            figures: figures.collect(),
            rows: rows.collect(),
            ..System::default()
        }
    })
}

fn values(figures: usize, least: i64) -> Vec<Question> {
    let of = |figure| Question {
        of: vec![(figure, 1)],
        need: Need::Values(least),
    };
    (0..figures).map(of).collect()
}

const OPEN: Span = Span {
    low: 0,
    high: Span::OPEN,
};

/// Whether an audit that went on answers as one does that knows only what is published now.
fn says_what_a_new_one_says(
    auditor: &mut Auditor<'_>,
    now: &System,
    questions: &[Question],
) -> Result<(), TestCaseError> {
    let (goes_on, anew) = (auditor.audit(questions).answers, audit(now, questions).answers);
    for (one, other) in goes_on.iter().zip(&anew) {
        prop_assert_eq!((one.met, one.settled), (other.met, other.settled));
        prop_assert!(one.met || one.values == other.values, "{:?} {:?}", one, other);
    }
    Ok(())
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]
    /// An audit that goes on while figures are hidden, and some shown again, says what a new one says.
    #[test]
    fn an_audit_that_goes_on_says_what_a_new_one_says(
        system in with_twins(),
        changes in prop::collection::vec((0_usize..24, prop::bool::weighted(0.8)), 1..8),
        least in 2_i64..9,
    ) {
        let questions = values(system.figures.len(), least);
        let mut now = system.clone();
        let mut auditor = Auditor::new(Cow::Borrowed(&system));
        auditor.audit(&questions);
        for (figure, hide) in changes {
            let figure = figure % system.figures.len();
            now.figures[figure] = if hide { OPEN } else { system.figures[figure] };
            auditor.change(figure, now.figures[figure]);
            says_what_a_new_one_says(&mut auditor, &now, &questions)?;
        }
    }

    /// The same of a table in which every figure stands in three sums, and whatever is shown again has one value.
    #[test]
    fn so_it_does_in_a_table_of_three_sides(
        system in of_three_sides(),
        changes in prop::collection::vec(prop::collection::vec((0_usize..64, prop::bool::weighted(0.7)), 1..16), 8..16),
        least in 8_i64..60,
    ) {
        let questions = values(system.figures.len(), least);
        let mut now = system.clone();
        let mut auditor = Auditor::new(Cow::Borrowed(&system));
        // With everything known the table that questions start from is the true one: whatever is shown again is within.
        auditor.audit(&questions);
        for turn in changes {
            for (figure, hide) in turn {
                now.figures[figure] = if hide { OPEN } else { system.figures[figure] };
                auditor.change(figure, now.figures[figure]);
            }
            says_what_a_new_one_says(&mut auditor, &now, &questions)?;
        }
    }

    /// What a proof names is enough: with every other figure hidden, the ends are the same. The range of what is asked about is
    /// its own, and nobody is less than nobody.
    #[test]
    fn what_a_proof_names_is_enough(system in with_twins(), least in 2_i64..9) {
        let questions = values(system.figures.len(), least);
        for (figure, answer) in audit(&system, &questions).answers.iter().enumerate() {
            if answer.met {
                continue;
            }
            let named = |other: usize| other == figure || answer.because.contains(&other);
            let mut left = system.clone();
            for other in (0..left.figures.len()).filter(|other| !named(*other)) {
                left.figures[other] = OPEN;
            }
            let without = audit(&left, &questions[figure..=figure]).answers[0].clone();
            prop_assert_eq!(without.values, answer.values, "{} because {:?}", figure, &answer.because);
        }
    }

    /// The oracle: ends of two-way tables are those of counting every table of whole numbers.
    #[test]
    fn ends_are_those_of_counting_every_table(system in published()) {
        let all: Vec<usize> = (0..system.figures.len()).collect();
        let expected = counted(&system).unwrap();
        let expected: Vec<(i64, i64)> = expected.iter().map(|s| (s.low, s.high)).collect();
        prop_assert_eq!(ends(&system, &all), expected);
    }

    /// Asked together or alone, a need is met or not all the same.
    #[test]
    fn together_or_alone_the_answer_is_the_same(system in published(), least in 1_i64..9) {
        let ends = ends(&system, &(0..system.figures.len()).collect::<Vec<_>>());
        let questions: Vec<Question> = (0..system.figures.len())
            .map(|f| Question { of: vec![(f, 1)], need: Need::Values(least) })
            .collect();
        let answers = audit(&system, &questions).answers;
        for (answer, (low, high)) in answers.iter().zip(ends) {
            prop_assert_eq!(answer.met, high - low + 1 >= least);
            if !answer.met {
                prop_assert_eq!(answer.values, Span { low, high });
            }
        }
    }
}
