//! A nation of invented people, with the errors that hospitals make, and who is who.

use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::row::Row;

/// A record with the person it truly belongs to.
pub(crate) struct Entry {
    pub(crate) row: Row,
    pub(crate) person: u32,
    pub(crate) source: &'static str,
}

struct Person {
    number: u64,
    born: u32,
    maiden: String,
    married: Option<String>,
    given: String,
    sex: char,
    postcodes: Vec<String>,
}

const GIVEN: &str = "MARGARET SUSAN CHRISTINE PATRICIA ELIZABETH MARY JEAN ANN LINDA CAROL SANDRA BARBARA MAUREEN \
JUDITH PAMELA JANET SHIRLEY SHEILA KATHLEEN VALERIE DOROTHY GILLIAN PAULINE JACQUELINE JULIE KAREN DEBORAH TRACEY \
JANE HELEN DIANE SHARON SARAH ALISON CAROLINE AMANDA NICOLA CLAIRE REBECCA VICTORIA JOANNE SAMANTHA FATIMA YASMIN \
AYESHA KATARZYNA NGOZI WEI MEI PRIYA SUNITA IFEOMA GRACE HAZEL IRIS JOYCE BERYL EDNA GLADYS DORIS HILDA NORA RUTH";
const PARTS: &str = "BAL BEN BRAD CAR CLAY COL DAL DUN EAST FAR GAR HAL HAR KEL LANG LOM MAR MID NOR OAK PEN RED ROS \
SAN SEL STAN THOR TUR WAL WES WIN YAR";
const ENDS: &str = "BY COTT DALE DEN FIELD FORD GATE HAM HURST LAND LEY LOW MAN MERE MORE RIDGE SHAW SON STEAD STONE TON \
WELL WICK WOOD WORTH";

pub(crate) struct World {
    chance: ChaCha8Rng,
    hospitals: u32,
}

impl World {
    pub(crate) fn new(seed: u64, hospitals: u32) -> Self {
        Self {
            chance: ChaCha8Rng::seed_from_u64(seed),
            hospitals,
        }
    }

    /// All records of `people` people, source after source as files come.
    pub(crate) fn entries(&mut self, people: u32) -> Vec<Entry> {
        let mut former: Option<Person> = None;
        let mut entries = Vec::new();
        for number in 0..people {
            let person = self.person(number, former.as_ref());
            self.records(number, &person, former.as_ref(), &mut entries);
            former = Some(person);
        }
        entries.sort_by_key(|entry| entry.source);
        entries
    }

    fn happens(&mut self, share: f64) -> bool {
        self.chance.random_bool(share)
    }

    fn below(&mut self, end: u32) -> u32 {
        self.chance.random_range(0..end)
    }

    /// A rank with weight 1 / (rank + offset).
    fn rank(&mut self, ranks: f64, offset: f64) -> f64 {
        let share: f64 = self.chance.random();
        offset * ((ranks + offset) / offset).powf(share) - offset
    }

    fn family(&mut self) -> String {
        let (parts, ends): (Vec<&str>, Vec<&str>) = (PARTS.split(' ').collect(), ENDS.split(' ').collect());
        let rank = self.rank(12_000.0, 15.0) as usize;
        let third = if rank >= 800 { parts[rank / 800 % 32] } else { "" };
        format!("{}{third}{}", parts[rank % 32], ends[rank / 32 % 25])
    }

    fn given(&mut self) -> String {
        let names: Vec<&str> = GIVEN.split_ascii_whitespace().collect();
        let rank = self.rank(names.len() as f64, 6.0) as usize;
        names[rank.min(names.len() - 1)].to_owned()
    }

    fn postcode(&mut self) -> String {
        let letters = b"ABDEFGHJLNPQRSTUWXYZ";
        let mut letter = || letters[self.chance.random_range(0..20)] as char;
        let (x, y) = (letter(), letter());
        format!(
            "Z{}{} {}{x}{y}",
            (b'A' + self.below(6) as u8) as char,
            1 + self.below(42),
            1 + self.below(9)
        )
    }

    fn date(&mut self) -> u32 {
        let year = 1925 + self.below(25) + self.below(36);
        let (month, day) = if self.happens(0.006) {
            (1, 1)
        } else {
            (1 + self.below(12), 1 + self.below(28))
        };
        year * 10_000 + month * 100 + day
    }

    /// A number's check digit is not looked at here: what fails it would arrive as missing.
    fn person(&mut self, number: u32, former: Option<&Person>) -> Person {
        let twin = former.filter(|_| self.happens(0.016));
        let household = former.filter(|_| self.happens(0.02));
        let sex = if self.happens(0.97) { 'F' } else { 'M' };
        let mut given = self.given();
        let mut postcodes = vec![self.postcode()];
        let (mut born, mut maiden) = (self.date(), self.family());
        if let Some(twin) = twin {
            (born, maiden) = (twin.born, twin.maiden.clone());
            while given == twin.given {
                given = self.given();
            }
        }
        if let Some(near) = twin.or(household).filter(|_| twin.is_none() || self.happens(0.4)) {
            postcodes[0].clone_from(&near.postcodes[0]);
        }
        if household.is_some_and(|_| self.happens(0.5)) {
            maiden.clone_from(&former.unwrap().maiden);
        }
        for _ in 0..3 {
            if self.happens(0.22) {
                postcodes.push(self.postcode());
            }
        }
        let married = if self.happens(0.04) {
            Some(self.family())
        } else {
            None
        };
        Person {
            number: 4_000_000_000 + u64::from(number) * 97,
            born,
            maiden,
            married,
            given,
            sex,
            postcodes,
        }
    }

    /// What one hospital's index says about a person, for good and ill.
    fn index(&mut self, person: &Person, other: Option<&Person>, hospital: u32, late: bool) -> Row {
        let latest = if self.happens(0.9) {
            person.postcodes.len() - 1
        } else {
            0
        };
        let at = if late {
            latest
        } else {
            self.below(1 + latest as u32) as usize
        };
        let mut row = Row {
            number: person.number.to_string(),
            born: person.born,
            family: person
                .married
                .clone()
                .filter(|_| late)
                .unwrap_or_else(|| person.maiden.clone()),
            given: person.given.clone(),
            sex: person.sex,
            postcode: person.postcodes[at].clone(),
            organisation: format!("X{hospital:02}"),
            local: format!("{}", 100_000 + self.below(900_000)),
            key: String::new(),
            decided: 0,
        };
        if self.happens(0.019) {
            row.number.clear();
        } else if let Some(other) = other.filter(|_| self.happens(0.0004)) {
            row.number = other.number.to_string();
        }
        self.slips(&mut row);
        row
    }

    fn slips(&mut self, row: &mut Row) {
        if self.happens(0.004) {
            row.born = self.wrong_date(row.born);
        }
        if self.happens(0.001) {
            row.born = 0;
        }
        if self.happens(0.012) {
            row.family = self.slip(&row.family.clone());
        }
        if self.happens(0.03) {
            row.given = match self.below(3) {
                0 => row.given.chars().take(1).collect(),
                1 => row.given.chars().take(4).collect(),
                _ => self.slip(&row.given.clone()),
            };
        }
        if self.happens(0.006) {
            row.sex = ' ';
        } else if self.happens(0.001) {
            row.sex = if row.sex == 'F' { 'M' } else { 'F' };
        }
        if self.happens(0.006) {
            row.postcode = self.postcode();
        } else if self.happens(0.004) {
            row.postcode.clear();
        }
    }

    fn wrong_date(&mut self, born: u32) -> u32 {
        let (year, month, day) = (born / 10_000, born / 100 % 100, born % 100);
        match self.below(5) {
            0 if day <= 12 => year * 10_000 + day * 100 + month,
            1 => (year + 1) * 10_000 + month * 100 + day,
            2 => (year - 10) * 10_000 + month * 100 + day,
            3 => self.date(),
            _ => year * 10_000 + month * 100 + 1 + day % 28,
        }
    }

    fn slip(&mut self, name: &str) -> String {
        let mut letters: Vec<u8> = name.bytes().collect();
        let at = 1 + self.below(letters.len() as u32 - 1) as usize;
        match self.below(4) {
            0 => letters[at] = b'A' + self.below(26) as u8,
            1 => drop(letters.remove(at)),
            2 => letters.insert(at, letters[at]),
            _ => letters.swap(at - 1, at),
        }
        String::from_utf8(letters).unwrap()
    }

    fn records(&mut self, number: u32, person: &Person, former: Option<&Person>, entries: &mut Vec<Entry>) {
        let home = self.below(self.hospitals);
        let centre = home % (self.hospitals / 6).max(1);
        let late = self.happens(0.5);
        let first = self.index(person, former, home, false);
        let later = if self.happens(0.3) {
            self.index(person, former, home, late)
        } else {
            first.clone()
        };
        let treating = self.index(person, former, centre, late);
        let mut put = |source: &'static str, row: Row| {
            entries.push(Entry {
                row,
                person: number,
                source,
            })
        };
        put(
            "registrations",
            Row {
                local: String::new(),
                ..first.clone()
            },
        );
        put("cosd", later.clone());
        let nameless = |row: &Row| Row {
            family: String::new(),
            given: String::new(),
            local: String::new(),
            ..row.clone()
        };
        let missing = |chance: &mut ChaCha8Rng, share: f64, row: Row| {
            if chance.random_bool(share) {
                Row {
                    number: String::new(),
                    ..row
                }
            } else {
                row
            }
        };
        let chance = &mut self.chance;
        for visit in 0..chance.random_range(1..9) {
            let row = nameless(if visit < 3 { &first } else { &later });
            put("admissions", missing(chance, 0.006, row));
        }
        for _ in 0..chance.random_range(0..4) {
            let row = Row {
                postcode: String::new(),
                ..treating.clone()
            };
            put("sact", missing(chance, 0.006, row));
        }
        for _ in 0..chance.random_range(0..3) {
            put("rtds", missing(chance, 0.012, nameless(&treating)));
        }
        for _ in 0..chance.random_range(1..3) {
            let row = Row {
                sex: ' ',
                postcode: String::new(),
                ..nameless(if chance.random_bool(0.5) {
                    &first
                } else {
                    &treating
                })
            };
            put("cwt", missing(chance, 0.02, row));
        }
        if chance.next_u32() % 5 < 2 {
            let row = self.index(person, None, home, true);
            entries.push(Entry {
                row: Row {
                    organisation: String::new(),
                    local: String::new(),
                    ..row
                },
                person: number,
                source: "deaths",
            });
        }
    }
}
