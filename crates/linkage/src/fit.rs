//! How well a person's records fit each other, in the weights of the built-in model.
//!
//! The cascade joins records by named steps; the model has no part in that. It gives a second opinion, in numbers that
//! can be followed: for each record, the account against the record of the same person that it fits best.

use crate::error::LinkageError;
use crate::weigh::{Among, PairAccount, Table, built_in};

/// A record's account against the one that it fits best.
#[derive(Debug, Clone, PartialEq)]
pub struct Fit {
    /// The other record, as a place in the person's list.
    pub with: usize,
    /// What speaks for and against.
    pub account: PairAccount,
}

/// What a record says in the fields of the built-in model: given name, family name, birth date, sex, postcode, number.
pub(crate) type Texts = [String; 6];

/// A record is held against so many others of its person at most.
const MOST: usize = 400;

/// The best fit of every record of a person; none where there is only one. `among` is how many records the study has.
pub(crate) fn fits(records: &[Texts], among: u64, values: bool) -> Result<Vec<Option<Fit>>, LinkageError> {
    let model = built_in();
    let mut table = Table::new(model.fields.clone());
    for record in records {
        table.push(record.iter().map(String::as_str))?;
    }
    table.close();
    let mut among = Among::new(&table, model, among)?;
    let mut best = |record: usize| {
        let others = (0..records.len()).filter(|other| *other != record).take(MOST);
        let accounts = others.map(|with| Fit {
            with,
            account: among.explain(record as u32, with as u32),
        });
        // The first of those that fit equally well.
        let best = accounts.reduce(|best, next| {
            if next.account.odds > best.account.odds {
                next
            } else {
                best
            }
        });
        best.map(|fit| Fit {
            account: if values {
                fit.account.with_values(&table)
            } else {
                fit.account
            },
            ..fit
        })
    };
    Ok((0..records.len()).map(&mut best).collect())
}
