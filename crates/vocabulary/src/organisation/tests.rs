//! The registry's rules on small drawn tables, and what `countries/uk` promises.

use proptest::prelude::*;

use super::*;

const HEAD: &str = "code,name,short_name,nation,kind,network,latitude,longitude,opened,closed,breast_service,treats_only,predecessors";

fn table(rows: &[&str]) -> String {
    format!("{HEAD}\n{}\n", rows.join("\n"))
}

fn body(code: &str, predecessors: &str) -> String {
    format!("{code},Body {code},{code},Averland,acute_trust,North,51.50,-1.20,,,yes,no,{predecessors}")
}

fn resolved(registry: &Registry, code: &str) -> String {
    match registry.resolve(code) {
        Resolved::Known(organisation) => organisation.code.clone(),
        Resolved::Outside(code) => format!("outside {code}"),
    }
}

#[test]
fn codes_lead_to_the_body_of_today() {
    let registry = Registry::uk().unwrap();
    for (code, wanted) in [
        ("RTH", "RTH"),
        (" rth ", "RTH"),
        // Sites: two characters more; English ones however long.
        ("RTH08", "RTH"),
        ("RTH0801", "RTH"),
        ("7A1A1", "7A1"),
        ("REM21", "REM"),
        // Successors, and sites of bodies that ended.
        ("RVJ", "RA7"),
        ("RVJ01", "RA7"),
        // A chain of three: Southmead's neighbours, Brighton, Pennine.
        ("RXH", "RYR"),
        ("RPS", "RYR"),
        ("RMK", "RM3"),
        // Mergers that the registry's own script for radiotherapy lists (domain.md 7.3).
        ("RH1", "R1H"),
        ("RNL", "RNN"),
        ("RGQ", "RDE"),
        ("RQ8", "RAJ"),
        ("RDD", "RAJ"),
        ("RBA", "RH5"),
        ("RA3", "RA7"),
        ("RDZ", "R0D"),
        ("RD3", "R0D"),
        ("RNJ", "R1H"),
        // Second codes of one body.
        ("S08000021", "S08000031"),
        ("W11000023", "7A1"),
        // Bodies outside: an independent hospital, a body that went three ways, nonsense.
        ("NT345", "outside NT345"),
        ("RYQ", "outside RYQ"),
        ("RTH8", "outside RTH8"),
        ("é", "outside é"),
        ("aéa", "outside AéA"),
        ("", "outside "),
    ] {
        assert_eq!(resolved(&registry, code), wanted, "{code}");
    }
}

#[test]
fn the_uk_has_160_bodies_each_with_a_place() {
    let registry = Registry::uk().unwrap();
    let count = |nation: &str| registry.organisations().filter(|o| o.nation == nation).count();
    assert_eq!(
        ["England", "Scotland", "Wales", "Northern Ireland"].map(count),
        [133, 14, 8, 5]
    );
    for o in registry.organisations() {
        assert!(
            (49.8..61.0).contains(&o.latitude) && (-8.2..1.8).contains(&o.longitude),
            "{}",
            o.code
        );
        assert!(
            !o.network.is_empty() && !o.short_name.is_empty() && o.closed.is_none(),
            "{}",
            o.code
        );
    }
    let treats_only: Vec<_> = registry
        .organisations()
        .filter(|o| o.treats_only)
        .map(|o| &o.code[..])
        .collect();
    assert_eq!(treats_only, ["RBV", "REN", "RPY", "RQF"]);
    assert_eq!(registry.organisations().filter(|o| o.breast_service).count(), 143);
}

/// Every chain of the compiled table ends in one of the 160, and both tables tell one story.
#[test]
fn every_succession_leads_to_a_body() {
    let registry = Registry::uk().unwrap();
    assert!(registry.successions().count() > 150);
    for succession in registry.successions() {
        assert!(registry.body(&succession.old).is_some(), "{}", succession.old);
        let listed = registry
            .get(&succession.new)
            .is_none_or(|new| new.predecessors.contains(&succession.old));
        assert_eq!(
            listed,
            succession.date.is_some() || registry.get(&succession.new).is_none(),
            "{}",
            succession.old
        );
    }
    let dates: Vec<_> = registry
        .successions()
        .filter(|s| s.old == "RVJ")
        .map(|s| s.date)
        .collect();
    assert_eq!(dates, [Date::new(2026, 7, 1)]);
}

#[test]
fn a_table_with_a_fault_is_refused_with_its_place() {
    let refused = |text: &str| Registry::from_csv(text).unwrap_err().to_string();
    let cases = [
        (
            table(&[&body("AAA", ""), &body("aaa", "")]),
            "organisations, row 2: the code `AAA` stands twice; keep one",
        ),
        (
            table(&["AAA,,A,Averland,acute_trust,North,51,1,,,yes,no,"]),
            "organisations, row 1: an organisation needs a code, a name and a nation",
        ),
        (
            table(&["AAA,A,A,Averland,acute_trust,North,51,1,,,maybe,no,"]),
            "organisations, row 1: `breast_service` is yes or no",
        ),
        (
            table(&["AAA,A,A,Averland,acute_trust,North,510,1,,,yes,no,"]),
            "organisations, row 1: `latitude` lies between -90 and 90, `longitude` between -180 and 180",
        ),
        (
            table(&["AAA,A,A,Averland,acute_trust,North,51,1,1/4/1999,,yes,no,"]),
            "organisations, row 1: `opened` is a date (YYYY-MM-DD) or blank",
        ),
        (
            table(&[&body("AAA", "CCC"), &body("BBB", "CCC")]),
            "organisations, predecessors of `BBB`: `CCC` is said to live on in `AAA` and in `BBB`; keep the larger part",
        ),
        (
            table(&[&body("AAA", "BBB"), &body("BBB", "")]),
            "organisations, predecessors of `AAA`: `BBB` is an organisation of the registry and cannot have a successor",
        ),
        (
            table(&[]),
            "organisations: there is none; give a header and a row for each organisation",
        ),
    ];
    for (text, wanted) in cases {
        assert_eq!(refused(&text), wanted);
    }
    assert!(refused("code,name\nAAA,A\n").starts_with("organisations, row 1: not a row of organisations: "));
}

#[test]
fn successions_with_a_fault_are_refused() {
    let registry = Registry::from_csv(&table(&[&body("AAA", "BBB")])).unwrap();
    for (rows, wanted) in [
        (
            "BBB,CCC,",
            "successions, row 2: `BBB` is said to live on in `AAA` and in `CCC`; keep the larger part",
        ),
        (
            "AAA,CCC,",
            "successions, row 2: `AAA` is an organisation of the registry and cannot have a successor",
        ),
        (
            "CCC,AAA,yesterday",
            "successions, row 2: `date` is a date (YYYY-MM-DD) or blank",
        ),
        (",AAA,", "successions, row 2: needs an old and a new code"),
        (
            "CCC,DDD,\nDDD,CCC,",
            "successions: the successors of `CCC` run in a circle; a chain ends in an organisation",
        ),
        (
            "CCC,CCC,",
            "successions: the successors of `CCC` run in a circle; a chain ends in an organisation",
        ),
    ] {
        let mut registry = registry.clone();
        let refused = registry
            .add_successions(&format!("old,new,date\nEEE,AAA,\n{rows}\n"))
            .unwrap_err();
        // Nothing of a refused table stays.
        assert_eq!(
            registry.successions().map(|s| &s.old[..]).collect::<Vec<_>>(),
            ["BBB"]
        );
        assert_eq!(refused.to_string(), wanted);
    }
}

#[test]
fn a_table_from_excel_is_read() {
    let text = format!(
        "\u{feff}{}",
        table(&[&body("aaa", "bbb; ccc")]).replace('\n', "\r\n")
    );
    let mut registry = Registry::from_csv(&text).unwrap();
    registry
        .add_successions("old,new,date,note\nbbb,aaa,2020-04-01,a fact that comes with its day\n")
        .unwrap();
    assert_eq!(registry.get("AAA").unwrap().predecessors, ["BBB", "CCC"]);
    let days: Vec<_> = registry.successions().map(|s| (&s.old[..], s.date)).collect();
    assert_eq!(days, [("BBB", Date::new(2020, 4, 1)), ("CCC", None)]);
    assert_eq!(resolved(&registry, "bbb"), "AAA");
}

proptest! {
    #[test]
    fn no_code_makes_it_panic_and_none_is_lost(code in "\\PC{0,8}|R[A-Z0-9]{0,6}") {
        let registry = Registry::uk().unwrap();
        match registry.resolve(&code) {
            Resolved::Known(body) => prop_assert_eq!(resolved(&registry, &body.code), body.code.clone()),
            Resolved::Outside(kept) => prop_assert_eq!(kept, code.trim().to_ascii_uppercase()),
        }
    }
}
