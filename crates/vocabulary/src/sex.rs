//! Sex as national data sets code it: 1 male, 2 female; everything else is not known.

/// Sex, where it is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Sex {
    /// Female.
    Female,
    /// Male.
    Male,
}

impl Sex {
    /// Reads a code or a word; 0, 9, X, U and blanks are not known.
    pub fn read(text: &str) -> Option<Self> {
        let text = text.trim();
        match text {
            "1" | "01" => Some(Self::Male),
            "2" | "02" => Some(Self::Female),
            _ if text.eq_ignore_ascii_case("m") || text.eq_ignore_ascii_case("male") => Some(Self::Male),
            _ if text.eq_ignore_ascii_case("f") || text.eq_ignore_ascii_case("female") => Some(Self::Female),
            _ => None,
        }
    }

    /// The word in tables.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Female => "female",
            Self::Male => "male",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_and_words() {
        use Sex::{Female, Male};
        for (text, wanted) in [
            ("1", Some(Male)),
            (" 2 ", Some(Female)),
            ("02", Some(Female)),
            ("m", Some(Male)),
            ("F", Some(Female)),
            ("Female", Some(Female)),
            ("0", None),
            ("9", None),
            ("X", None),
            ("U", None),
            ("3", None),
            ("", None),
        ] {
            assert_eq!(Sex::read(text), wanted, "{text}");
            if let Some(sex) = wanted {
                assert_eq!(Sex::read(sex.as_str()), wanted);
            }
        }
    }
}
