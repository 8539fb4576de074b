//! Postcodes in the one form in which they are compared, and the places that they name.

/// A postcode that names a place: outward part, one space, inward part.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Postcode(String);

/// Outward parts that name no place, besides those that begin with ZZ. Scottish records (SMR) write `NK010AA` for not known,
/// `NF1 1AB` for no fixed abode and `BF010AA` for the forces without an address in the United Kingdom. BF1 is also a true
/// postcode district, that of the British Forces' post: people of all places get letters there, and nobody lives there.
const NO_PLACE: [&[u8]; 5] = [b"BF01", b"BF1", b"NF1", b"NK01", b"NK1"];

impl Postcode {
    /// Reads a postcode in any spacing; none for blanks, for what has not its shape, and for the
    /// pseudo codes that stand for "no fixed abode", "not known" and other countries: sharing one says nothing.
    pub fn read(text: &str) -> Option<Self> {
        let (letters, width) = packed(text)?;
        let (outward, inward) = letters.get(..width)?.split_at_checked(width.checked_sub(3)?)?;
        if !is_outward(outward) || !is_inward(inward) || names_no_place(outward) {
            return None;
        }
        let mut postcode = String::with_capacity(8);
        postcode.extend(outward.iter().map(|&byte| char::from(byte)));
        postcode.push(' ');
        postcode.extend(inward.iter().map(|&byte| char::from(byte)));
        Some(Self(postcode))
    }

    /// Whether a text is one of the pseudo codes, or begins as those with ZZ do.
    pub fn is_pseudo(text: &str) -> bool {
        let mut start = text.bytes().filter(|byte| !matches!(byte, b' ' | b'\t'));
        let start = [start.next(), start.next(), start.next()];
        if let [Some(b'Z' | b'z'), Some(b'Z' | b'z'), Some(b'0'..=b'9')] = start {
            return true;
        }
        let Some((letters, width)) = packed(text) else {
            return false;
        };
        let parts = letters
            .get(..width)
            .and_then(|all| all.split_at_checked(width.checked_sub(3)?));
        parts.is_some_and(|(outward, inward)| is_inward(inward) && names_no_place(outward))
    }

    /// The whole postcode; it may identify a household.
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// The district: the part before the space.
    pub fn outward(&self) -> &str {
        self.0.split(' ').next().unwrap_or_default()
    }

    /// The area: the letters in front.
    pub fn area(&self) -> &str {
        let end = self.0.find(|c: char| c.is_ascii_digit()).unwrap_or(self.0.len());
        &self.0[..end]
    }

    /// The sector: the district and the first digit after the space.
    pub fn sector(&self) -> &str {
        &self.0[..self.0.len() - 2]
    }
}

impl std::fmt::Debug for Postcode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("[redacted]")
    }
}

/// The letters and figures of a postcode without its spaces, in upper case, and how many they are; none where they are too
/// many.
fn packed(text: &str) -> Option<([u8; 7], usize)> {
    let (mut letters, mut width) = ([0_u8; 7], 0);
    for byte in text.bytes().filter(|byte| !matches!(byte, b' ' | b'\t')) {
        *letters.get_mut(width)? = byte.to_ascii_uppercase();
        width += 1;
    }
    Some((letters, width))
}

fn names_no_place(outward: &[u8]) -> bool {
    outward.starts_with(b"ZZ") || NO_PLACE.contains(&outward)
}

/// One or two letters, a digit, and perhaps a digit or a letter.
fn is_outward(bytes: &[u8]) -> bool {
    matches!(
        bytes,
        [b'A'..=b'Z', b'0'..=b'9']
            | [b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9' | b'A'..=b'Z']
            | [b'A'..=b'Z', b'A'..=b'Z', b'0'..=b'9']
            | [b'A'..=b'Z', b'A'..=b'Z', b'0'..=b'9', b'0'..=b'9' | b'A'..=b'Z']
    )
}

/// A digit and two letters.
fn is_inward(bytes: &[u8]) -> bool {
    matches!(bytes, [b'0'..=b'9', b'A'..=b'Z', b'A'..=b'Z'])
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn postcodes_in_one_form() {
        let table = [
            ("sw1a1aa", Some("SW1A 1AA")),
            ("M1 1AE", Some("M1 1AE")),
            ("  b33  8th ", Some("B33 8TH")),
            ("W1A 0AX", Some("W1A 0AX")),
            ("EC1A1BB", Some("EC1A 1BB")),
            ("CR26XH", Some("CR2 6XH")),
            ("DN551PT", Some("DN55 1PT")),
            ("ZZ99 3VZ", None),
            ("zz993cz", None),
            // Of Scottish records: not known, no fixed abode, the forces, an area of long ago.
            ("NK010AA", None),
            ("nk1 0aa", None),
            ("NF1 1AB", None),
            ("BF010AA", None),
            ("BF1 2AT", None),
            ("ZZ61 1AA", None),
            // Near them.
            ("NF11 1AB", Some("NF11 1AB")),
            ("BF10 1AA", Some("BF10 1AA")),
            // A district alone, a slip of O for 0, a street.
            ("SW1A", None),
            ("M1 OAE", None),
            ("WXO9Epup", None),
            ("12345", None),
            ("1AA", None),
            ("M1-1AE", None),
            ("Straße 1", None),
            ("", None),
        ];
        for (text, wanted) in table {
            assert_eq!(
                Postcode::read(text).as_ref().map(Postcode::reveal),
                wanted,
                "{text}"
            );
        }
    }

    #[test]
    fn stand_ins_are_told_from_slips() {
        for text in [
            "ZZ99 3VZ", "zz99", "Z Z993CZ", "NK010AA", "NF1 1AB", "BF1 1AA", "ZZ01",
        ] {
            assert!(
                Postcode::is_pseudo(text) && Postcode::read(text).is_none(),
                "{text}"
            );
        }
        for text in ["SW1A 1AA", "NK1", "NK2 1AA", "ZZTOP", "ZZ", "not a postcode", ""] {
            assert!(!Postcode::is_pseudo(text), "{text}");
        }
    }

    #[test]
    fn the_parts_of_a_postcode() {
        let read = Postcode::read("SW1A 1AA").map(|p| [p.area(), p.outward(), p.sector()].map(str::to_owned));
        assert_eq!(read, Some(["SW", "SW1A", "SW1A 1"].map(str::to_owned)));
        assert_eq!(format!("{:?}", Postcode::read("SW1A 1AA")), "Some([redacted])");
    }

    proptest! {
        #[test]
        fn spaces_and_case_do_not_matter(outward in "[A-Y]{1,2}[0-9]([0-9]|[A-Z])?", inward in "[0-9][A-Z]{2}", gap in " {0,2}") {
            prop_assume!(!names_no_place(outward.as_bytes()));
            let wanted = Some(format!("{outward} {inward}"));
            let read = Postcode::read(&format!("{outward}{gap}{inward}").to_lowercase());
            prop_assert_eq!(read.as_ref().map(Postcode::reveal), wanted.as_deref());
            prop_assert_eq!(read.clone(), Postcode::read(&format!(" {outward}{inward}")));
            let read = read.unwrap();
            prop_assert!(read.outward().starts_with(read.area()) && read.sector().starts_with(read.outward()));
        }

        #[test]
        fn no_text_makes_the_reader_panic(text in "\\PC{0,12}") {
            let _ = Postcode::read(&text);
        }
    }
}
