//! Names of people in the one form in which they are compared.

/// Words that stand where a name should, in their normal form. `NA` and `X` are names of real people too: they lose
/// a link by name, which is safer than being linked to everyone else whose name is missing.
const NO_NAME: [&str; 29] = [
    "ANON",
    "ANONYMOUS",
    "BABY",
    "BABYBOY",
    "BABYGIRL",
    "BLANK",
    "DUMMY",
    "FEMALE",
    "INFANT",
    "MALE",
    "NA",
    "NIL",
    "NK",
    "NONAME",
    "NONE",
    "NOTAPPLICABLE",
    "NOTAVAILABLE",
    "NOTGIVEN",
    "NOTKNOWN",
    "NOTRECORDED",
    "NOTSTATED",
    "NULL",
    "PATIENT",
    "TEST",
    "TESTPATIENT",
    "UNK",
    "UNKNOWN",
    "UNNAMED",
    "WITHHELD",
];

/// A name in upper case, without accents, spaces, hyphens and apostrophes; empty when the text is
/// a placeholder.
pub fn normalise_name(text: &str) -> String {
    let mut name = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            'a'..='z' => name.push(character.to_ascii_uppercase()),
            'A'..='Z' => name.push(character),
            _ => push_folded(character, &mut name),
        }
    }
    if says_nothing(&name) {
        name.clear();
    }
    name
}

/// A placeholder, a row of X or Z, or figures only.
fn says_nothing(name: &str) -> bool {
    let all = |letter: u8| name.bytes().all(|byte| byte == letter);
    NO_NAME.binary_search(&name).is_ok()
        || all(b'X')
        || all(b'Z')
        || name.bytes().all(|byte| byte.is_ascii_digit())
}

/// Latin letters lose their accents (Welsh and Vietnamese ones too); letters of other alphabets are kept as they
/// are, and so are digits, which are slips. Marks, accents that stand alone among them, go.
fn push_folded(character: char, name: &mut String) {
    let folded = match character {
        'À'..='Å' | 'à'..='å' | 'Ā'..='ą' | 'Ạ'..='ặ' => "A",
        'Æ' | 'æ' => "AE",
        'Ç' | 'ç' | 'Ć'..='č' => "C",
        'Ð' | 'ð' | 'Ď'..='đ' => "D",
        'È'..='Ë' | 'è'..='ë' | 'Ē'..='ě' | 'Ẹ'..='ệ' => "E",
        'Ĝ'..='ģ' => "G",
        'Ĥ'..='ħ' => "H",
        'Ì'..='Ï' | 'ì'..='ï' | 'Ĩ'..='ı' | 'Ỉ'..='ị' => "I",
        'Ĵ' | 'ĵ' => "J",
        'Ķ' | 'ķ' => "K",
        'Ĺ'..='ł' => "L",
        'Ñ' | 'ñ' | 'Ń'..='ň' => "N",
        'Ò'..='Ö' | 'Ø' | 'ò'..='ö' | 'ø' | 'Ō'..='ő' | 'Ơ' | 'ơ' | 'Ọ'..='ợ' => "O",
        'Œ' | 'œ' => "OE",
        'Ŕ'..='ř' => "R",
        'Ś'..='š' | 'Ș' | 'ș' => "S",
        'ß' | 'ẞ' => "SS",
        'Ţ'..='ŧ' | 'Ț' | 'ț' => "T",
        'Þ' | 'þ' => "TH",
        'Ù'..='Ü' | 'ù'..='ü' | 'Ũ'..='ų' | 'Ư' | 'ư' | 'Ụ'..='ự' => "U",
        'Ŵ' | 'ŵ' | 'Ẁ'..='ẅ' => "W",
        'Ý' | 'ý' | 'ÿ' | 'Ŷ'..='Ÿ' | 'Ỳ'..='ỹ' => "Y",
        'Ź'..='ž' => "Z",
        // Apostrophes and other marks that count as letters: U+02BC in `DʼArcy`.
        '\u{2b0}'..='\u{2ff}' => "",
        _ => {
            // A letter may have no capital of its own: that of `ŉ` is `ʼN`, an apostrophe and a letter.
            name.extend(character.to_uppercase().filter(|upper| {
                let mark = ('\u{2b0}'..='\u{2ff}').contains(upper);
                character.is_alphanumeric() && upper.is_alphanumeric() && !mark
            }));
            return;
        }
    };
    name.push_str(folded);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn names_in_one_form() {
        let table = [
            ("O'Brien", "OBRIEN"),
            ("O\u{2019}Brien", "OBRIEN"),
            ("D\u{2bc}Arcy", "DARCY"),
            ("D\u{2018}Arcy", "DARCY"),
            ("Smith-Jones", "SMITHJONES"),
            (" van der Berg ", "VANDERBERG"),
            ("Siân", "SIAN"),
            // The same name with its accent as a character of its own.
            ("Sia\u{302}n", "SIAN"),
            ("Łukasz", "LUKASZ"),
            ("Straßer", "STRASSER"),
            ("Müller", "MULLER"),
            ("Ŵyn", "WYN"),
            ("Nguyễn", "NGUYEN"),
            ("Åse Þórsdóttir", "ASETHORSDOTTIR"),
            ("Ὀδυσσεύς", "ὈΔΥΣΣΕΎΣ"),
            ("ZZTOP", "ZZTOP"),
            ("Unknown", ""),
            ("Not known", ""),
            ("N/A", ""),
            ("xxxx", ""),
            ("0000", ""),
            ("Baby", ""),
            ("Babyak", "BABYAK"),
            ("-", ""),
            ("", ""),
        ];
        for (text, wanted) in table {
            assert_eq!(normalise_name(text), wanted, "{text}");
        }
    }

    #[test]
    fn the_placeholders_are_in_order_and_in_normal_form() {
        assert!(NO_NAME.is_sorted());
        for word in NO_NAME {
            assert!(word.bytes().all(|byte| byte.is_ascii_uppercase()), "{word}");
        }
    }

    #[test]
    fn no_character_has_two_normal_forms() {
        for character in '\0'..=char::MAX {
            let name = normalise_name(&format!("A{character}"));
            assert_eq!(
                normalise_name(&name),
                name,
                "A{character} (U+{:04X})",
                u32::from(character)
            );
        }
        assert_eq!(normalise_name("ŉtombi ẚli"), "NTOMBIALI");
    }

    proptest! {
        #[test]
        fn the_normal_form_is_reached_at_once(text in "[\\p{Latin} '’-]{0,16}|\\PC{0,16}") {
            let name = normalise_name(&text);
            prop_assert_eq!(&normalise_name(&name), &name);
            prop_assert!(!name.contains([' ', '-', '\'']));
        }

        /// In the alphabets of western and central Europe nothing but A to Z is left.
        #[test]
        fn no_accent_is_left(text in "[À-ÖØ-öø-\u{131}\u{134}-\u{137}\u{139}-\u{148}\u{14c}-\u{17e}Ạ-ỹ]{1,12}") {
            let name = normalise_name(&text);
            prop_assert!(name.bytes().all(|byte| byte.is_ascii_uppercase()), "{text} became {name}");
        }
    }
}
