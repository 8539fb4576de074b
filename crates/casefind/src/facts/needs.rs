//! What a definition can do without, for whoever reads for it alone.

use std::collections::BTreeMap;

use vocabulary::code::CodeSet;

use crate::definition::{Definition, Strength};
use crate::error::CasefindError;
use crate::facts::plan::{checked, plan};
use crate::tables::kind;

/// What a definition asks for; all other records may be missing, and it finds the same cases.
#[derive(Debug, Clone)]
pub struct Needs {
    /// The records that can say that somebody has, or had, a breast primary, without which nobody is a case. By kind:
    /// columns, and the codes of which there is one in such a record; without columns any record of the kind may be such
    /// a one. Of kinds that are not here none is.
    pub primaries: BTreeMap<String, Option<BTreeMap<String, CodeSet>>>,
    /// Whether no rule can be met by a record of admissions that speaks of no tumour.
    pub tumours_alone: bool,
}

/// What a definition needs: proved from its conditions, never from what it is called.
pub fn needs(definition: &Definition) -> Result<Needs, CasefindError> {
    let looks = plan(definition)?.looks;
    let mut with_excerpt = looks
        .iter()
        .filter(|look| layouts::tables::excerpt(kind(&look.table)).is_some());
    let tumours_alone = with_excerpt.all(|look| look.excerpt);
    let mut primaries: BTreeMap<String, Option<BTreeMap<String, CodeSet>>> = BTreeMap::new();
    for rule in &definition.rules {
        if rule.strength != Strength::Primary {
            continue;
        }
        let table = kind(&rule.source);
        // Of a section it is the record that is asked for, and the section does not say which it is of.
        let needed = checked(definition, rule)?
            .when
            .needed(&definition.lists.sets)
            .filter(|_| table == rule.source);
        let known = primaries
            .entry(table.to_owned())
            .or_insert_with(|| Some(BTreeMap::new()));
        *known = known
            .take()
            .zip(needed)
            .map(|(known, needed)| join(known, needed));
    }
    Ok(Needs {
        primaries,
        tumours_alone,
    })
}

fn join(mut known: BTreeMap<String, CodeSet>, needed: Vec<(String, CodeSet)>) -> BTreeMap<String, CodeSet> {
    for (column, codes) in needed {
        let set = known.entry(column).or_default();
        let all = [set.codes(), codes.codes()].concat();
        *set = CodeSet::from_lines(all.iter().map(String::as_str));
    }
    known
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
    use std::path::Path;

    use super::*;

    /// The definition, with another condition for its admissions that name a breast primary.
    fn with(when: &str) -> Definition {
        let mut definition = Definition::load("uk-mbc/2026.1", Path::new("")).unwrap();
        let rules = definition.rules.iter_mut();
        for rule in rules.filter(|rule| rule.id == "primary-admission") {
            when.clone_into(&mut rule.when);
        }
        definition
    }

    /// Kinds with the columns and codes, as far as there are some.
    fn drawn(definition: &Definition) -> Vec<String> {
        let needs = needs(definition).unwrap();
        let draw = |(kind, codes): (&String, &Option<BTreeMap<String, CodeSet>>)| {
            let Some(codes) = codes else {
                return format!("{kind}: any");
            };
            let columns = codes
                .iter()
                .map(|(column, set)| format!("{column} {}", set.codes().join(" ")));
            format!("{kind}: {}", columns.collect::<Vec<_>>().join(", "))
        };
        needs.primaries.iter().map(draw).collect()
    }

    #[test]
    fn primaries_are_named_by_codes_or_by_any_record_of_a_kind() {
        let definition = Definition::load("uk-mbc/2026.1", Path::new("")).unwrap();
        insta::assert_snapshot!(drawn(&definition).join("\n"), @r"
        admissions: DIAG C50 Z853
        cosd: ORIGINAL_DIAGNOSIS C50 D05, PRIMARY_DIAGNOSIS C50
        cwt: PRIMARY_DIAGNOSIS_ICD C50
        deaths: CAUSES C50, UNDERLYING C50
        form: any
        registrations: SITE_ICD10_O2 C50
        rtds: RADIOTHERAPYDIAGNOSISICD C50
        sact: PRIMARY_DIAGNOSIS C50
        ");
        assert!(needs(&definition).unwrap().tumours_alone);
    }

    /// What a condition can be met without is not needed.
    #[test]
    fn codes_are_needed_only_where_the_condition_cannot_be_met_without() {
        for (when, needed) in [
            ("any_code(DIAG, 'breast') and ADMIDATE > '2020-01-01'", "DIAG C50"),
            (
                "ADMIDATE > '2020-01-01' and (any_code(DIAG, 'breast'))",
                "DIAG C50",
            ),
            ("any_code(DIAG, 'breast') or ADMIDATE > '2020-01-01'", "any"),
            ("not any_code(DIAG, 'other_cancer')", "any"),
            ("DIAG like 'C50%'", "any"),
        ] {
            let all = drawn(&with(when));
            assert_eq!(all.first(), Some(&format!("admissions: {needed}")), "{when}");
        }
        // A set that holds other codes than those of tumours: nothing may be passed over for lacking one.
        assert!(!needs(&with("ADMIDATE is not null")).unwrap().tumours_alone);
    }
}
