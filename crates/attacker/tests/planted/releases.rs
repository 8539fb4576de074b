//! Leaks of the tables themselves, alone or together: rendered again from tables that were badly protected.

use attacker::FindingKind;
use protect::{Policy, RawRelease, RawValue, State, release};

use super::support::{Island, Published, attacked, lines};

/// A policy under which nothing is hidden for another's sake, of the same name.
fn careless(name: &str) -> Policy {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/../../definitions/disclosure/");
    let text = fs_err::read_to_string(format!("{folder}{name}.toml")).unwrap();
    let text = text
        .replace("mode = \"always\"", "mode = \"never\"")
        .replace("min_feasible = 5", "min_feasible = 1")
        .replace("contributors = true", "contributors = false");
    Policy::from_toml(name, &text).unwrap()
}

fn ranges(report: &attacker::Report) -> usize {
    report
        .findings
        .iter()
        .filter(|f| f.kind == FindingKind::Ranges)
        .count()
}

fn rendered(raw: &RawRelease, policy: &Policy, island: &Island) -> Published {
    Published::of(&release(raw, policy).unwrap(), &island.facts())
}

/// One release: the careful one passes, the careless one does not, whether its relations are known or worked out.
fn beside(raw: &RawRelease, careful: &Published, leaky: &Policy, strict: &Policy, island: &Island) {
    let report = attacked(&[careful.known()], &island.facts(), strict);
    assert!(
        report.findings.is_empty(),
        "the clean twin: {:#?}",
        lines(&report)
    );
    let leaky = rendered(raw, leaky, island);
    // Whether what holds between the figures is known, or worked out as a stranger would.
    for seen in [leaky.known(), leaky.seen()] {
        let report = attacked(&[seen], &island.facts(), strict);
        assert!(ranges(&report) > 0, "not found: {:#?}", lines(&report));
    }
}

#[test]
fn a_nested_geography() {
    // One small hospital hidden in a network whose total and other hospitals are shown.
    let strict = Policy::named("suppress").unwrap();
    let island = Island::drawn(5, 8);
    let careful = island.publish(&strict, &[]);
    beside(&island.raw(), &careful, &careless("suppress"), &strict, &island);
}

#[test]
fn a_zero_complement() {
    // Everybody new in a nation is of one kind, so the other kind is nobody, whatever is hidden.
    let strict = Policy::hes().unwrap();
    let mut island = Island::drawn(7, 8);
    island
        .people
        .iter_mut()
        .filter(|(key, _)| key.3 == 1)
        .for_each(|(_, n)| *n = (0, 0));
    let careful = island.publish(&strict, &[]);
    let report = attacked(&[careful.seen()], &island.facts(), &strict);
    assert!(
        report.findings.is_empty(),
        "the clean twin: {:#?}",
        lines(&report)
    );
    let exact = Policy::named("suppress").unwrap();
    let mut raw = island.raw();
    let columns: Vec<String> = raw.tables[0].columns.iter().map(|c| c.name.clone()).collect();
    let at = |name: &str| columns.iter().position(|c| c == name).unwrap();
    let (place, kind, found) = (at("place_kind"), at("kind"), at("found"));
    for row in &mut raw.tables[0].rows {
        if row[place] == "nation".into() && row[kind] == "recurrent".into() {
            row[found] = RawValue::Missing(State::Suppressed);
        }
    }
    raw.tables[0].sums.clear();
    let leaky = rendered(&raw, &exact, &island);
    let report = attacked(&[leaky.seen()], &island.facts(), &exact);
    assert!(ranges(&report) > 0, "not found: {:#?}", lines(&report));
}

/// Two releases of exact numbers: one that knows of the other passes, two that do not know of each other leak.
fn two(first: &Island, second: &Island) {
    let policy = Policy::named("suppress").unwrap();
    let early = first.publish(&policy, &[]);
    let late = second.publish(&policy, std::slice::from_ref(&early.publication));
    let report = attacked(&[early.known(), late.known()], &second.facts(), &policy);
    assert!(
        report.findings.is_empty(),
        "the clean twin: {:#?}",
        lines(&report)
    );
    let unaware = second.publish(&policy, &[]);
    let report = attacked(&[early.known(), unaware.known()], &second.facts(), &policy);
    assert!(ranges(&report) > 0, "not found: {:#?}", lines(&report));
    // Each alone is clean: only together do they leak.
    let alone = attacked(&[unaware.known()], &second.facts(), &policy);
    assert!(alone.findings.is_empty(), "{:#?}", lines(&alone));
}

#[test]
fn a_difference_between_months() {
    let first = Island::drawn(3, 4);
    let mut second = first.clone();
    // Three people more in one hospital, and in every total above it.
    let key = (0, 1, 0, 1, 1);
    second.people.get_mut(&key).unwrap().1 += 3;
    two(&first, &second);
}

#[test]
fn two_definitions_side_by_side() {
    let first = Island::drawn(9, 4);
    let mut second = first.clone();
    second.definition = "uk-mbc/2026.2";
    // The wider definition finds a few people more.
    for key in [(0, 1, 0, 0, 0), (2, 0, 2, 1, 0)] {
        second.people.get_mut(&key).unwrap().1 += 2;
    }
    two(&first, &second);
}

#[test]
fn what_is_left_of_a_total_of_rows() {
    let policy = Policy::hes().unwrap();
    let island = Island::drawn(11, 8);
    // 1,833 to 1,837 rows were read, and as many are in use: 1 to 4 were set aside.
    let clean = island.publish(&policy, &[]);
    let report = attacked(&[clean.seen()], &island.facts(), &policy);
    assert!(
        report.findings.is_empty(),
        "the clean twin: {:#?}",
        lines(&report)
    );
    let file = "data/manifest.json";
    let text = clean.bytes.text(file).unwrap();
    assert!(
        text.contains("          1835,\n          \"suppressed\",\n          \"suppressed\""),
        "{text}"
    );
    let told = text.replace("1835,\n          \"suppressed\"", "1835,\n          1835");
    let mut leaky = clean.clone();
    leaky.bytes.put(file, told.as_bytes());
    let report = attacked(&[leaky.seen()], &island.facts(), &policy);
    assert!(ranges(&report) > 0, "not found: {:#?}", lines(&report));
}
