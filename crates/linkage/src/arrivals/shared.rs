//! Which values are nobody's, once new identities are there: counted again only where one of them is.

use rustc_hash::FxHashSet;

use crate::cascade::{
    Around, Identities, Identity, Options, Shared, Shares, born, key, local, postcode, value,
};

/// The shared values of all identities, of which those from `former` on are new; `shared` are those of the others.
pub(crate) fn grown(
    table: &Identities,
    former: usize,
    shared: &Shared,
    around: &Around,
    options: &Options,
) -> Shared {
    let mut now = shared.clone();
    let crowd = options.group as usize;
    let judge = |list: &mut Vec<u64>, shares: Shares, of: fn(&Identity) -> u64, most: u32, crowd: usize| {
        judge_again(
            list,
            (table, former),
            (shares, of),
            around,
            (most as usize, crowd),
        );
    };
    judge(
        &mut now.keys,
        Shares::Key,
        key,
        options.birth_dates_per_key,
        crowd,
    );
    judge(
        &mut now.numbers,
        Shares::Number,
        |row| row.number,
        options.birth_dates_per_number,
        crowd,
    );
    judge(
        &mut now.locals,
        Shares::LocalId,
        local,
        options.birth_dates_per_local_number,
        usize::MAX,
    );
    if now.numbers != shared.numbers {
        // Whoever goes by such a number goes by the name now: everybody behind dates and postcodes is counted again.
        return Shared::find(table, options);
    }
    let places = former as u32..table.rows.len() as u32;
    let grown = |counts: &mut Vec<(u64, u32)>, of: fn(&Identity) -> u64, by_name: Shares| {
        let mut more: Vec<u64> = places
            .clone()
            .filter(|place| is_first(table, *place, of, by_name, &now_person(shared), around))
            .map(|place| of(&table.rows[place as usize]))
            .collect();
        more.sort_unstable();
        add(counts, &more);
    };
    grown(&mut now.per_birth, born, Shares::NameBirthDate);
    grown(&mut now.per_postcode, postcode, Shares::NamePostcode);
    now.judge(options);
    now
}

/// Judges the values of the new identities again: one is nobody's with more than `most` birth dates, or more than `crowd`
/// identities.
fn judge_again(
    list: &mut Vec<u64>,
    (table, former): (&Identities, usize),
    (shares, of): (Shares, fn(&Identity) -> u64),
    around: &Around,
    (most, crowd): (usize, usize),
) {
    let new = &table.rows[former..];
    let touched: FxHashSet<u64> = new.iter().map(of).filter(|value| *value != 0).collect();
    list.retain(|value| !touched.contains(value));
    let before = list.len();
    #[allow(clippy::iter_over_hash_type, reason = "sorted below")]
    for wanted in touched {
        let members = around.group(shares, wanted);
        let mut births: Vec<u64> = members
            .iter()
            .map(|(_, place)| born(&table.rows[*place as usize]))
            .collect();
        births.retain(|born| *born != 0);
        births.sort_unstable();
        births.dedup();
        if births.len() > most || members.len() > crowd {
            list.push(wanted);
        }
    }
    if list.len() > before {
        list.sort_unstable();
    }
}

/// The person behind a row; numbers that are nobody's are the same as before here.
fn now_person(shared: &Shared) -> impl Fn(&Identity) -> u64 + '_ {
    |row| shared.person(row)
}

/// True when no earlier identity has the same value and the same person behind it.
fn is_first(
    table: &Identities,
    place: u32,
    of: fn(&Identity) -> u64,
    by_name: Shares,
    person: &dyn Fn(&Identity) -> u64,
    around: &Around,
) -> bool {
    let row = &table.rows[place as usize];
    let (wanted, whose) = (of(row), person(row));
    if wanted == 0 || whose == 0 {
        return false;
    }
    // Who goes by a number shares it; who goes by a name shares name and value.
    let shares = if whose == row.number {
        Shares::Number
    } else {
        by_name
    };
    let Some(group) = value(row, shares) else {
        return true;
    };
    !around
        .group(shares, group)
        .iter()
        .take_while(|(_, other)| *other < place)
        .map(|(_, other)| &table.rows[*other as usize])
        .any(|other| of(other) == wanted && person(other) == whose)
}

/// Adds one to the count of each value of a sorted list.
fn add(counts: &mut Vec<(u64, u32)>, values: &[u64]) {
    if values.is_empty() {
        return;
    }
    let mut new = Vec::with_capacity(counts.len() + values.len());
    let mut rest = counts.as_slice();
    for group in values.chunk_by(|a, b| a == b) {
        let end = rest.partition_point(|(value, _)| *value < group[0]);
        new.extend_from_slice(&rest[..end]);
        rest = &rest[end..];
        let mut count = group.len() as u32;
        if let Some((_, before)) = rest.first().filter(|(value, _)| *value == group[0]) {
            count += before;
            rest = &rest[1..];
        }
        new.push((group[0], count));
    }
    new.extend_from_slice(rest);
    *counts = new;
}
