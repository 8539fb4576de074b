//! What makes a folder of standards sound, beyond its grammar.

use std::collections::BTreeSet;

use vocabulary::table::Kind;

use super::read::suggestion;
use super::{
    Clause, DefinitionError, Excluded, Exclusion, FactSource, Indicator, Place, Population, Reported, Span,
    Standards, What,
};

pub(super) fn check(standards: &Standards) -> Result<(), DefinitionError> {
    let mut names = BTreeSet::new();
    for fact in &standards.facts {
        if !names.insert(&fact.name) {
            return Err(DefinitionError::new(
                "facts.toml",
                format!("two facts are called `{}`", fact.name),
            ));
        }
        columns(fact)
            .map_err(|why| DefinitionError::new("facts.toml", format!("fact `{}`: {why}", fact.name)))?;
    }
    let mut ids = BTreeSet::new();
    let delays = standards.delays.iter().map(|delay| &delay.id);
    for id in standards
        .indicators
        .iter()
        .map(|indicator| &indicator.id)
        .chain(delays)
    {
        if !ids.insert(id) {
            return Err(DefinitionError::new(
                "indicators",
                format!("two are called `{id}`"),
            ));
        }
    }
    for indicator in &standards.indicators {
        let wrong = |why| DefinitionError::new("indicators", format!("indicator `{}`: {why}", indicator.id));
        question(standards, indicator).map_err(wrong)?;
    }
    for delay in &standards.delays {
        let wrong = |why| DefinitionError::new("indicators", format!("delay `{}`: {why}", delay.id));
        dated(standards, &delay.span).map_err(wrong)?;
    }
    Ok(())
}

/// That a fact's columns are in its table and of the right kind.
fn columns(fact: &FactSource) -> Result<(), String> {
    let columns =
        layouts::documented(&fact.table).ok_or_else(|| format!("no table `{}` in any layout", fact.table))?;
    let kind = |name: &str| {
        let found = columns.iter().find(|column| column.name == name);
        found.map(|column| column.kind).ok_or_else(|| {
            let near = suggestion(name, columns.iter().map(|column| column.name.as_str()));
            format!("no column `{name}` in `{}`{near}", fact.table)
        })
    };
    if let Some(date) = &fact.date
        && kind(date)? != Kind::Date
    {
        return Err(format!("`{date}` is not a date"));
    }
    if let Some(code) = &fact.code
        && kind(code)? != Kind::Text
    {
        return Err(format!("`{code}` is not a code"));
    }
    let beside = fact.only.iter().map(|(column, _)| column);
    for column in beside.chain(fact.except.iter().map(|(column, _)| column)) {
        if kind(column)? != Kind::Text {
            return Err(format!("`{column}` is not a code"));
        }
    }
    if fact.code.is_none() && fact.date.is_none() {
        return Err("a fact needs a `date` or a `code`".to_owned());
    }
    Ok(())
}

fn question(standards: &Standards, indicator: &Indicator) -> Result<(), String> {
    if indicator.standard > 11 {
        return Err(format!("there are eleven standards, not {}", indicator.standard));
    }
    if !(0.0..=1.0).contains(&indicator.threshold) {
        return Err("threshold is a share from 0 to 1".to_owned());
    }
    if let Some(pair) = &indicator.pair {
        let same = standards
            .indicator(pair)
            .ok_or_else(|| format!("pair: no indicator `{pair}`"))?;
        if same.population != Population::Primary || indicator.population != Population::Secondary {
            return Err(
                "pair: a question about secondary disease names the same about primary disease".to_owned(),
            );
        }
    }
    let excluding = indicator
        .exclusions
        .iter()
        .filter_map(|exclusion| match &exclusion.when {
            Excluded::Fact(clause) => Some(clause),
            _ => None,
        });
    for clause in indicator
        .yes
        .iter()
        .chain(&indicator.no)
        .chain(&indicator.known)
        .chain(excluding)
    {
        place(&standards.facts, indicator.reported, clause)?;
    }
    first_is_known(indicator)
}

/// That nobody's event is called the first where the time before it was not seen.
fn first_is_known(indicator: &Indicator) -> Result<(), String> {
    let seen = |exclusion: &Exclusion| matches!(exclusion.when, Excluded::NotCoveredSinceDiagnosis(_));
    let first = matches!(indicator.population, Population::Fact { first: true, .. });
    if first && !indicator.exclusions.iter().any(seen) {
        return Err(
            "which is the `first` is known only where the time before was seen: an exclusion by \
             `not_covered_since_diagnosis` must stand here"
                .to_owned(),
        );
    }
    Ok(())
}

/// That a clause can mean what it says.
pub(super) fn place(facts: &[FactSource], reported: Reported, clause: &Clause) -> Result<(), String> {
    if clause.absent && clause.covered_by.is_empty() {
        return Err(
            "silence says nothing by itself: an `absent` clause needs `covered_by`, the sources whose silence counts"
                .to_owned(),
        );
    }
    let What::Fact(fact, _) = clause.what else {
        return Ok(());
    };
    let Some(fact) = facts.get(fact) else {
        return Ok(());
    };
    match clause.place {
        Place::Days(..) if fact.date.is_none() => Err(format!(
            "`{}` has no date, so it speaks of an event only inside its record: `in = \"record\"`",
            fact.name
        )),
        Place::Anywhere if fact.kind() != "form" => Err(format!(
            "`{}` may speak of any disease at any time; give `days` or `in = \"record\"`",
            fact.name
        )),
        _ if (fact.kind() == "form") != (reported == Reported::ByForm) => Err(
            "answers of a form (`reported = \"by_form\"`) and of national records are never mixed".to_owned(),
        ),
        _ => Ok(()),
    }
}

/// That what a delay runs to or from has a date.
fn dated(standards: &Standards, span: &Span) -> Result<(), String> {
    let facts: Vec<usize> = match span {
        Span::Before { fact, until, .. } => vec![*fact, *until],
        Span::After { facts, .. } | Span::Contacts { facts, .. } => {
            facts.iter().map(|(fact, _)| *fact).collect()
        }
    };
    for fact in facts.into_iter().filter_map(|fact| standards.facts.get(fact)) {
        if fact.date.is_none() {
            return Err(format!("`{}` has no date", fact.name));
        }
    }
    Ok(())
}
