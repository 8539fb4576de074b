//! What two identities weigh together, by the model that comes with the program: the probabilistic steps of the
//! cascade rest on it.
//!
//! Each field agrees at a level, and a level weighs `log2(m/u)`: how much more often it is met among records of one
//! person than among strangers (Fellegi and Sunter 1969). The weights are of `definitions/linkage`, pinned and
//! reviewed; nothing is learnt here. Whether a step that rests on them may be used on the data at hand is for its trial.

use std::sync::LazyLock;

use crate::weigh::{Kind, LEVELS, Level, built_in, level_of_dates, level_of_texts};

use super::birth::Born;
use super::identity::Identity;
use super::intern::{NO_WORD, Words};

/// Two strangers drawn from a nation are one person's records with odds of about one in two million: some three
/// identities a person, in five million.
const PRIOR: f64 = -21.0;
/// The odds, log2, from which on a step joins: 128 to 1.
const ENOUGH: f64 = 7.0;

/// True when what two identities say makes it as good as certain that they are one person's. Twins share all but the
/// given name and the number: where the given name differs, nothing else makes up for it.
pub(crate) fn enough(words: &Words, a: &Identity, b: &Identity) -> bool {
    let (x, y) = (a.given, b.given);
    let changed_round = a.named() && x == b.family && y == a.family;
    let may_be = |x: &str, y: &str| level_of_texts(Kind::GivenName, x, y) > DIFFERS;
    let given =
        x == NO_WORD || y == NO_WORD || x == y || changed_round || may_be(words.text(x), words.text(y));
    given && PRIOR + weight(words, a, b) >= ENOUGH
}

/// The weights of all fields together, log2. A missing value weighs nothing.
pub(crate) fn weight(words: &Words, a: &Identity, b: &Identity) -> f64 {
    let text = |kind: Kind, x: u32, y: u32| match (x, y) {
        (NO_WORD, _) | (_, NO_WORD) => 0.0,
        _ if x == y => of(kind, SAME),
        _ => of(kind, level_of_texts(kind, words.text(x), words.text(y))),
    };
    let names = if a.named() && b.named() && a.family == b.given && a.given == b.family && a.family != a.given
    {
        of(Kind::GivenName, SWAPPED)
    } else {
        text(Kind::GivenName, a.given, b.given) + text(Kind::FamilyName, a.family, b.family)
    };
    let sex = match (a.sex, b.sex) {
        (0, _) | (_, 0) => 0.0,
        (x, y) => of(Kind::Sex, if x == y { SAME } else { DIFFERS }),
    };
    names + sex + born(a.born, b.born) + text(Kind::Postcode, a.postcode, b.postcode)
}

fn born(a: Born, b: Born) -> f64 {
    if !a.is_some() || !b.is_some() {
        0.0
    } else if a == b {
        // Of a date that is known in part only the part is the same.
        of(Kind::BirthDate, if a.is_whole() { SAME } else { PARTIAL })
    } else {
        of(Kind::BirthDate, level_of_dates(a, b))
    }
}

const DIFFERS: Level = crate::weigh::DIFFERS;
const SAME: Level = crate::weigh::SAME;
const SWAPPED: Level = crate::weigh::SWAPPED;
const PARTIAL: Level = crate::weigh::PARTIAL;

/// Nine records in ten come from a careful desk.
const CAREFUL: f64 = 0.9;

fn of(kind: Kind, level: Level) -> f64 {
    static WEIGHTS: LazyLock<Vec<(Kind, [f64; LEVELS])>> = LazyLock::new(|| {
        let model = built_in();
        let fields = model.fields.iter().enumerate();
        fields
            .map(|(field, of)| {
                let share = |desk: usize, level: usize| model.matches[desk][field][level];
                let weight = |level: usize| {
                    let m = CAREFUL * share(0, level) + (1.0 - CAREFUL) * share(1, level);
                    (m.max(1e-12) / model.random[field][level].max(1e-12)).log2()
                };
                // Nothing speaks more against two records than that a field differs altogether.
                let least = weight(DIFFERS as usize);
                let mut weights = [0.0; LEVELS];
                for (level, _) in of.kind.levels() {
                    weights[*level as usize] = weight(*level as usize).max(least);
                }
                (of.kind, weights)
            })
            .collect()
    });
    let of_kind = WEIGHTS.iter().find(|(other, _)| *other == kind);
    of_kind.map_or(0.0, |(_, weights)| weights[level as usize])
}

#[cfg(test)]
mod tests {
    use super::{enough, weight};
    use crate::cascade::Identity;
    use crate::cascade::birth::Born;
    use crate::cascade::intern::Words;

    fn identity(words: &mut Words, given: &str, family: &str, born: u32, postcode: &str) -> Identity {
        Identity {
            given: words.word(given),
            family: words.word(family),
            born: Born(born),
            postcode: words.word(postcode),
            sex: 1,
            ..Identity::default()
        }
    }

    #[test]
    fn enough_is_when_little_is_left_to_chance() {
        let mut words = Words::new();
        let mut say = |given: &str, family: &str, born: u32, postcode: &str| {
            identity(&mut words, given, family, born, postcode)
        };
        let susan = say("SUSAN", "PEMBROKE", 19500312, "ZA1 1AA");
        let cases = [
            (say("SUSAN", "PEMBROKE", 19500312, ""), true),
            (say("SUSNA", "PEMBROKE", 19500312, ""), true),
            (say("SUSNA", "PEMBROKE", 19500312, "ZB2 2BB"), false),
            (say("PEMBROKE", "SUSAN", 19500312, "ZA1 1AA"), true),
            // A twin, a namesake, a mother.
            (say("BETH", "PEMBROKE", 19500312, "ZA1 1AA"), false),
            (say("SUSAN", "PEMBROKE", 19710905, ""), false),
            (say("SUSAN", "PEMBROKE", 19220730, "ZA1 1AA"), false),
            (say("", "", 19500312, "ZA1 1AA"), true),
            (say("", "", 0, ""), false),
        ];
        for (at, (other, wanted)) in cases.iter().enumerate() {
            let found = weight(&words, &susan, other);
            assert_eq!(enough(&words, &susan, other), *wanted, "case {at}: {found:.1}");
            assert!((found - weight(&words, other, &susan)).abs() < 1e-9, "case {at}");
        }
    }
}
