//! An invented town: families, twins and people who live alone, and what careful and careless desks write of them.

use crate::weigh::counts::chance;
use crate::weigh::{Field, Kind, Table};

pub(super) const FIELDS: [(&str, Kind); 6] = [
    ("given", Kind::GivenName),
    ("family", Kind::FamilyName),
    ("born", Kind::BirthDate),
    ("sex", Kind::Sex),
    ("postcode", Kind::Postcode),
    ("number", Kind::Number),
];

/// What a record says, in the order of the fields.
pub(super) type Row = [String; 6];

/// Records, and by record whose it is.
pub(super) struct Town {
    pub(super) rows: Vec<Row>,
    pub(super) person: Vec<usize>,
}

const WOMEN: &str = "MARY SUSAN MARGARET ANNE JEAN PATRICIA ELIZABETH CHRISTINE DOROTHY JOAN HELEN RUTH ALICE EDITH \
GRACE IRENE JULIE KAREN LINDA MAUREEN NORA OLIVE PAULINE RITA SHEILA TERESA URSULA VERA WENDY YVONNE AISHA FATIMA PRIYA \
SIOBHAN NIAMH MEI AGNIESZKA";
const MEN: &str = "JOHN WILLIAM DAVID PETER JAMES ROBERT MICHAEL THOMAS GEORGE ARTHUR BRIAN COLIN DEREK ERIC FRANK \
GORDON HAROLD IAN KEITH LESLIE NORMAN OSCAR PHILIP RONALD STANLEY TREVOR VICTOR WALTER IMRAN MOHAMMED RAJESH PATRICK \
SEAN WEI TOMASZ";
const FAMILIES: &str = "SMITH JONES WILLIAMS TAYLOR BROWN DAVIES EVANS THOMAS WILSON JOHNSON ROBERTS ROBINSON WRIGHT \
THOMPSON WHITE WALKER EDWARDS HUGHES GREEN HALL WOOD HARRIS LEWIS MARTIN JACKSON CLARKE TURNER HILL SCOTT COOPER MORRIS \
WARD MOORE KING WATSON BAKER HARRISON MORGAN ALLEN PATEL KHAN AHMED BEGUM SINGH OKAFOR MURPHY KELLY NOWAK CHEN WONG";
const FIRST: &str = "ASH BLACK BRAD BROM CLAY CRAN DAL DEN ETHER FAIR GAR HAL HAW HOL KEL LANG LIN MAR MID NOR OAK PEM \
RAD ROW SHAF STAN THORN WAL WHIT WIN";
const LAST: &str = "BOURNE BRIDGE BURY BY COMBE CROFT DALE DEN FIELD FORD GATE HAM HURST INGHAM LEY LOW MAN OVER RIDGE \
SHAW STEAD STOCK TON WALL WELL WICK WOOD WORTH";
/// Short forms that desks use.
const SHORT: [(&str, &str); 8] = [
    ("SUSAN", "SUE"),
    ("MARGARET", "PEGGY"),
    ("PATRICIA", "PAT"),
    ("ELIZABETH", "BETTY"),
    ("WILLIAM", "BILL"),
    ("ROBERT", "BOB"),
    ("MICHAEL", "MIKE"),
    ("THOMAS", "TOM"),
];

/// Throws of dice that depend on the seed alone.
pub(super) struct Dice(pub(super) u64);

impl Dice {
    pub(super) fn below(&mut self, sides: usize) -> usize {
        self.0 += 1;
        (chance(self.0) % sides as u64) as usize
    }

    fn happens(&mut self, share: f64) -> bool {
        (self.below(1 << 30) as f64) < share * f64::from(1 << 30)
    }

    /// A word of a list; those in front are drawn more often.
    fn word(&mut self, list: &'static str) -> String {
        let words: Vec<&str> = list.split(' ').filter(|word| !word.is_empty()).collect();
        let (one, other) = (self.below(words.len()), self.below(words.len()));
        words[one.min(other)].to_owned()
    }

    fn born(&mut self, from: usize, to: usize) -> [usize; 3] {
        [
            from + self.below(to - from),
            1 + self.below(12),
            1 + self.below(28),
        ]
    }

    /// One character of a text wrong, gone, or changed round with the next.
    fn slip(&mut self, text: &str, letters: &str) -> String {
        let mut text: Vec<char> = text.chars().collect();
        let at = self.below(text.len().max(2) - 1);
        match self.below(3) {
            0 => text[at] = letters.chars().nth(self.below(letters.len())).unwrap(),
            1 if letters.len() > 10 => drop(text.remove(at)),
            _ => text.swap(at, at + 1),
        }
        text.into_iter().collect()
    }
}

struct Person {
    given: String,
    family: String,
    born: [usize; 3],
    woman: bool,
    home: usize,
    number: String,
}

fn person(dice: &mut Dice, number: usize, people: usize) -> Person {
    let woman = dice.happens(0.5);
    let composed = dice.happens(0.6);
    Person {
        given: dice.word(if woman { WOMEN } else { MEN }),
        family: if composed {
            dice.word(FIRST) + &dice.word(LAST)
        } else {
            dice.word(FAMILIES)
        },
        born: dice.born(1925, 1990),
        woman,
        home: dice.below(people.div_ceil(3)),
        number: format!("{}", 8_000_000_000 + chance(number as u64) % 1_000_000_000),
    }
}

/// Of four people who follow each other, some are couples, parents and children, or twins.
fn household(dice: &mut Dice, first: usize, people: usize) -> [Person; 4] {
    let mut four = [0, 1, 2, 3].map(|place| person(dice, first + place, people));
    let (shape, [head, second, third, _]) = (dice.below(100), &mut four);
    if shape < 48 {
        (second.family, second.home) = (head.family.clone(), head.home);
    }
    match shape {
        ..4 => second.born = head.born,
        4..28 => second.woman = !head.woman,
        28..40 => second.born[0] = head.born[0] - 22 - dice.below(15),
        40..48 => {
            second.woman = !head.woman;
            (third.family, third.home) = (head.family.clone(), head.home);
            third.born[0] = head.born[0] + 22 + dice.below(15);
        }
        _ => {}
    }
    second.given = dice.word(if second.woman { WOMEN } else { MEN });
    four
}

fn postcode(home: usize) -> String {
    let letter = |of: usize| char::from(b"ABDEFGHJLN"[of % 10]);
    let (area, rest) = (letter(home), home / 10);
    format!(
        "Z{area}{} {}{}{}",
        1 + rest % 9,
        1 + rest / 9 % 9,
        letter(rest / 81),
        letter(rest / 810)
    )
}

/// What one desk writes of a person.
fn record(dice: &mut Dice, person: &Person, people: usize) -> Row {
    const LETTERS: &str = "ABCDEFGHIJKLMNOPRSTUVWY";
    let desk = if dice.happens(0.15) { 2.76 } else { 0.69 };
    let [mut year, mut month, mut day] = person.born;
    let mut happens = |share: f64| dice.happens(share * desk);
    let (short, wrong_sex, no_number) = (happens(0.02), happens(0.003), happens(0.05));
    let (typed, other_typed, swapped) = (happens(0.04), happens(0.04), happens(0.01));
    let (wrong_date, turned, no_date, wrong_number) =
        (happens(0.015), happens(0.012), happens(0.02), happens(0.01));
    let missing = [
        happens(0.01),
        happens(0.005),
        no_date,
        happens(0.02),
        happens(0.03),
        no_number,
    ];
    let (married, moved) = (person.woman && dice.happens(0.02), dice.happens(0.1));
    let mut given = person.given.clone();
    if short {
        let form = SHORT.iter().find(|(long, _)| *long == given);
        given = form.map_or_else(|| given[..1].to_owned(), |(_, form)| (*form).to_owned());
    } else if typed {
        given = dice.slip(&given, LETTERS);
    }
    let mut family = if married {
        dice.word(FIRST) + &dice.word(LAST)
    } else {
        person.family.clone()
    };
    family = if other_typed {
        dice.slip(&family, LETTERS)
    } else {
        family
    };
    if swapped {
        (given, family) = (family, given);
    }
    match dice.below(3) {
        0 if wrong_date => year = year / 10 * 10 + dice.below(10),
        1 if wrong_date => month = 1 + dice.below(12),
        2 if wrong_date => day = 1 + dice.below(28),
        _ if turned && day <= 12 => (month, day) = (day, month),
        _ => {}
    }
    let mut row = [
        given,
        family,
        format!("{year}-{month:02}-{day:02}"),
        if person.woman == wrong_sex { "M" } else { "F" }.to_owned(),
        postcode(if moved {
            dice.below(people.div_ceil(3))
        } else {
            person.home
        }),
        if wrong_number {
            dice.slip(&person.number, "0123456789")
        } else {
            person.number.clone()
        },
    ];
    for (cell, missing) in row.iter_mut().zip(missing) {
        if missing {
            cell.clear();
        }
    }
    row
}

impl Town {
    /// So many people, with one to four records each, which lie in no order.
    pub(super) fn invented(people: usize, seed: u64) -> Self {
        let mut dice = Dice(seed << 32);
        let mut records: Vec<(u64, usize, Row)> = Vec::new();
        for first in (0..people).step_by(4) {
            for (place, person) in household(&mut dice, first, people).iter().enumerate() {
                let many = [1, 1, 1, 1, 1, 1, 2, 2, 3, 4][dice.below(10)];
                for _ in 0..many {
                    let row = record(&mut dice, person, people);
                    records.push((chance(seed ^ (records.len() as u64) << 20), first + place, row));
                }
            }
        }
        records.sort_by_key(|(place, _, _)| *place);
        let (person, rows) = records.into_iter().map(|(_, person, row)| (person, row)).unzip();
        Self { rows, person }
    }

    pub(super) fn table(&self) -> Table {
        table(&FIELDS, &self.rows)
    }
}

/// A table of these columns.
pub(super) fn table<const N: usize>(fields: &[(&str, Kind); N], rows: &[[String; N]]) -> Table {
    let fields = fields.map(|(name, kind)| Field {
        name: name.to_owned(),
        kind,
    });
    let mut table = Table::new(fields.to_vec());
    for row in rows {
        table.push(row.iter().map(String::as_str)).unwrap();
    }
    table.close();
    table
}
