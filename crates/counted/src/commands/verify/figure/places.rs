//! Places of the table `counts`, for whoever asks for one that it does not have.

use std::collections::BTreeSet;

/// So many names are suggested at most.
const MOST: usize = 5;

/// The nearest names of places, or else which there are. Places are pairs of kind and name.
pub(super) fn instead(places: &BTreeSet<(String, String)>, asked: &str) -> String {
    let (kind, name) = match asked.split_once(':') {
        Some((kind, name)) => (Some(kind), name),
        None => (None, asked),
    };
    let wanted = name.to_lowercase();
    let steps = |known: &str| strsim::damerau_levenshtein(&known.to_lowercase(), &wanted);
    let near: Vec<(usize, &(String, String))> = places
        .iter()
        .map(|place| (steps(&place.1), place))
        .filter(|(steps, place)| *steps <= 1 + place.1.len() / 4)
        .collect();
    let Some(least) = near.iter().map(|(steps, _)| *steps).min() else {
        return possible(places);
    };
    let names: BTreeSet<String> = near
        .iter()
        .filter(|(steps, _)| *steps == least)
        .map(|(_, (of_kind, known))| match kind {
            // Of another kind it may be the very name that was asked for.
            Some(_) => format!("`{of_kind}:{known}`"),
            None => format!("`{known}`"),
        })
        .collect();
    let names: Vec<String> = names.into_iter().take(MOST).collect();
    format!("did you mean {}?", names.join(" or "))
}

/// Which places there are: names of nations and networks, and an example of a code.
fn possible(places: &BTreeSet<(String, String)>) -> String {
    let of_kind = |kind: &str| -> Vec<&str> {
        let of_it = places.iter().filter(|(own, _)| own == kind);
        of_it.map(|(_, name)| name.as_str()).collect()
    };
    let mut there = Vec::new();
    if !of_kind("country").is_empty() {
        there.push("all".to_owned());
    }
    for (kind, words) in [("nation", "the nations"), ("network", "the networks")] {
        let names = of_kind(kind);
        if !names.is_empty() {
            there.push(format!("{words} {}", names.join(", ")));
        }
    }
    if let Some(code) = of_kind("organisation").first() {
        there.push(format!("organisations by their codes, such as {code}"));
    }
    format!("it has {}", there.join("; "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_is_near_is_suggested_and_else_what_there_is() {
        let places: BTreeSet<(String, String)> = [
            ("country", "all"),
            ("nation", "Averland"),
            ("network", "Averland North"),
            ("network", "Corrow"),
            ("organisation", "SIM01"),
            ("organisation", "SIM11"),
        ]
        .map(|(kind, name)| (kind.to_owned(), name.to_owned()))
        .into();
        for (asked, said) in [
            ("Averlnd", "did you mean `Averland`?"),
            ("corrow", "did you mean `Corrow`?"),
            ("SIM21", "did you mean `SIM01` or `SIM11`?"),
            ("nation:all", "did you mean `country:all`?"),
            (
                "Nowhere Known",
                "it has all; the nations Averland; the networks Averland North, Corrow; organisations by their codes, such as SIM01",
            ),
        ] {
            assert_eq!(instead(&places, asked), said);
        }
    }
}
