//! Hostile bytes from well-formed examples: cut, doubled, spliced, flipped, and sown with what breaks parsers.
//!
//! The same seed gives the same bytes, so that a failure can be had again.

/// A small generator of even quality (SplitMix64), so that a seed means the same for ever.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed)
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    /// A number below `end`; 0 when there is none.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        if end == 0 {
            0
        } else {
            (self.next() % end as u64) as usize
        }
    }

    fn range(&mut self, bytes: &[u8], longest: usize) -> std::ops::Range<usize> {
        let from = self.below(bytes.len() + 1);
        let until = (from + self.below(longest)).min(bytes.len());
        from..until
    }
}

/// Pieces that have hurt parsers before.
const TOKENS: &[&[u8]] = &[
    b"<!DOCTYPE x [<!ENTITY a \"aaaa\"><!ENTITY b \"&a;&a;&a;\">]>",
    b"<!DOCTYPE x SYSTEM \"file:///etc/hostname\">",
    b"&b;",
    b"&#0;",
    b"&#x110000;",
    b"<![CDATA[",
    b"]]>",
    b"<!--",
    b"<?xml version=\"1.0\" encoding=\"ebcdic\"?>",
    b"</",
    b"/>",
    b"<a xmlns:a='' a:b=\"",
    b"\"",
    b"\"\"",
    b"\n\"",
    b"\r",
    b"\0",
    b"\xEF\xBB\xBF",
    b"\xFF\xFE",
    b"\xC3\x28",
    b"\xE2\x80\xAE",
    b",,,,,,,,,,,,,,,,",
    b";\t|",
    b"=1+1",
    b"99999999999999999999",
    b"-1",
    b"1e309",
    b"NaN",
    b"0000-00-00",
    b"9999-12-31",
    b"-292275055-05-16",
    b"../../",
    b"(((((((((((((((((((((((((((((((((",
    b"'",
    b" or 1=1 --",
    b"[[source]]",
    b"= [[[[[[[[[[[[[[[[",
];

/// One input: an example, changed in a few places.
pub(crate) fn mutated(seeds: &[Vec<u8>], chance: &mut Chance) -> Vec<u8> {
    let mut bytes = seeds[chance.below(seeds.len())].clone();
    for _ in 0..=chance.below(6) {
        change(&mut bytes, seeds, chance);
    }
    bytes
}

fn change(bytes: &mut Vec<u8>, seeds: &[Vec<u8>], chance: &mut Chance) {
    let at = chance.below(bytes.len() + 1);
    match chance.below(9) {
        0 => bytes.truncate(at),
        1 => drop(bytes.drain(chance.range(bytes, 64))),
        2 => {
            let again = bytes[chance.range(bytes, 256)].to_vec();
            bytes.splice(at..at, again);
        }
        3 => {
            let other = &seeds[chance.below(seeds.len())];
            let piece = other[chance.range(other, 256)].to_vec();
            bytes.splice(at..at, piece);
        }
        4 => {
            let spot = at.min(bytes.len().saturating_sub(1));
            if let Some(byte) = bytes.get_mut(spot) {
                *byte ^= 1 << chance.below(8);
            }
        }
        5 => bytes.insert(at, chance.below(256) as u8),
        6 => {
            // Much of the same: a field, a row or an element without end.
            let piece = bytes[chance.range(bytes, 32)].to_vec();
            let times = 1 << chance.below(11);
            bytes.splice(at..at, piece.repeat(times));
        }
        _ => {
            let token = TOKENS[chance.below(TOKENS.len())];
            bytes.splice(at..at, token.iter().copied());
        }
    }
}
