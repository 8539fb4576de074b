//! How names go wrong: forms people use, spellings that vary, slips of the finger.

use crate::chance::Chance;

/// Short and other forms of given names; each pair goes both ways.
const GIVEN_FORMS: &[(&str, &str)] = &[
    ("Margaret", "Maggie"),
    ("Margaret", "Peggy"),
    ("Elizabeth", "Liz"),
    ("Elizabeth", "Betty"),
    ("Susan", "Sue"),
    ("Patricia", "Pat"),
    ("Christine", "Chris"),
    ("Catherine", "Katherine"),
    ("Catherine", "Cath"),
    ("Kathleen", "Kath"),
    ("Deborah", "Debbie"),
    ("Jacqueline", "Jackie"),
    ("Jennifer", "Jenny"),
    ("Barbara", "Barb"),
    ("Gillian", "Jill"),
    ("Pamela", "Pam"),
    ("Valerie", "Val"),
    ("Dorothy", "Dot"),
    ("Sandra", "Sandie"),
    ("Amanda", "Mandy"),
    ("Victoria", "Vicky"),
    ("Rebecca", "Becky"),
    ("Samantha", "Sam"),
    ("Joanne", "Jo"),
    ("Nicola", "Nicky"),
    ("Theresa", "Teresa"),
    ("Ann", "Anne"),
    ("Carol", "Carole"),
    ("Lynn", "Lynne"),
    ("Sarah", "Sara"),
    ("Tracey", "Tracy"),
    ("Claire", "Clare"),
    ("Alison", "Allison"),
    ("Lesley", "Leslie"),
    ("Marjorie", "Margery"),
    ("Eileen", "Aileen"),
    ("Winifred", "Winnie"),
    ("Frances", "Fran"),
    ("Rosemary", "Rose"),
    ("Fatima", "Fatema"),
    ("Yasmin", "Yasmeen"),
    ("Nasreen", "Nasrin"),
    ("Mohammed", "Muhammad"),
    ("Ayesha", "Aisha"),
    ("Katarzyna", "Kasia"),
    ("Malgorzata", "Gosia"),
    ("Robert", "Bob"),
    ("William", "Bill"),
    ("Michael", "Mike"),
];

const FAMILY_FORMS: &[(&str, &str)] = &[
    ("Thompson", "Thomson"),
    ("Clark", "Clarke"),
    ("Davies", "Davis"),
    ("Stevens", "Stephens"),
    ("Brown", "Browne"),
    ("Reid", "Read"),
    ("Macdonald", "McDonald"),
    ("Johnston", "Johnson"),
    ("Matthews", "Mathews"),
    ("Gray", "Grey"),
    ("Philips", "Phillips"),
    ("Rees", "Reece"),
    ("Pearce", "Pierce"),
    ("Elliott", "Elliot"),
    ("Nicholson", "Nicolson"),
    ("O'Brien", "Obrien"),
    ("O'Connor", "O Connor"),
    ("O'Neill", "Oneill"),
    ("McCarthy", "MacCarthy"),
    ("Hussain", "Hussein"),
    ("Ahmed", "Ahmad"),
    ("Chaudhry", "Chowdhury"),
    ("Siddiqui", "Siddiqi"),
    ("Kaur", "Kour"),
    ("Mohamed", "Mohammed"),
    ("Lee", "Li"),
    ("Wong", "Wang"),
    ("Chan", "Chen"),
    ("Walsh", "Welsh"),
    ("Dunne", "Dunn"),
];

fn other_form<'a>(forms: &'a [(&'a str, &'a str)], name: &str, chance: &mut Chance) -> Option<&'a str> {
    let found: Vec<&str> = forms
        .iter()
        .filter_map(|(a, b)| {
            if *a == name {
                Some(*b)
            } else if *b == name {
                Some(*a)
            } else {
                None
            }
        })
        .collect();
    if found.is_empty() {
        None
    } else {
        Some(chance.pick(&found, ""))
    }
}

/// Another form of a given name, or its initial when there is none.
pub(crate) fn given_variant(name: &str, chance: &mut Chance) -> String {
    match other_form(GIVEN_FORMS, name, chance) {
        Some(form) => form.to_owned(),
        None => name.chars().take(1).collect(),
    }
}

/// Another spelling of a family name, or a slip when there is none.
pub(crate) fn family_variant(name: &str, chance: &mut Chance) -> String {
    match other_form(FAMILY_FORMS, name, chance) {
        Some(form) => form.to_owned(),
        None => mistyped(name, chance),
    }
}

/// One slip of the finger: a letter wrong, lost, doubled, or two changed round. Never returns the name itself
/// unless it is shorter than two letters.
pub(crate) fn mistyped(text: &str, chance: &mut Chance) -> String {
    let mut letters: Vec<char> = text.chars().collect();
    if letters.len() < 2 {
        return text.to_owned();
    }
    let at = chance.below(letters.len() - 1);
    match chance.weighted(&[0.4, 0.2, 0.2, 0.2]) {
        0 => replace(&mut letters, at + 1, chance),
        1 => {
            letters.remove(at + 1);
        }
        2 => letters.insert(at, letters[at]),
        _ if letters[at] != letters[at + 1] => letters.swap(at, at + 1),
        _ => replace(&mut letters, at + 1, chance),
    }
    letters.into_iter().collect()
}

/// The key beside the right one; the same case.
fn replace(letters: &mut [char], at: usize, chance: &mut Chance) {
    const ROWS: [&str; 4] = ["1234567890", "qwertyuiop", "asdfghjkl", "zxcvbnm"];
    let was = letters[at].to_ascii_lowercase();
    let near = ROWS
        .iter()
        .find_map(|row| row.find(was).map(|place| (row.as_bytes(), place)));
    let now = match near {
        Some((row, place)) => {
            let next = if place == 0 || (place + 1 < row.len() && chance.happens(0.5)) {
                place + 1
            } else {
                place - 1
            };
            row.get(next).map_or('e', |byte| *byte as char)
        }
        None => 'e',
    };
    letters[at] = if letters[at].is_ascii_uppercase() {
        now.to_ascii_uppercase()
    } else {
        now
    };
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::*;
    use crate::chance::Purpose;

    #[test]
    fn a_slip_changes_the_word_by_one_key() {
        let mut chance = Chance::of(1, Purpose::Slip, 0, 0);
        for word in ["Margaret", "O'Neill", "Ng", "9991234567", "ZA3 4QT"] {
            for _ in 0..200 {
                let wrong = mistyped(word, &mut chance);
                assert_ne!(wrong, word);
                assert!(wrong.len().abs_diff(word.len()) <= 1);
            }
        }
    }

    #[test]
    fn forms_go_both_ways() {
        let mut chance = Chance::of(1, Purpose::Slip, 0, 0);
        assert_eq!(given_variant("Sue", &mut chance), "Susan");
        assert_eq!(given_variant("Susan", &mut chance), "Sue");
        assert_eq!(given_variant("Ngozi", &mut chance), "N");
        assert_eq!(family_variant("Thomson", &mut chance), "Thompson");
    }
}
