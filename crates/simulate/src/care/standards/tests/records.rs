//! What admissions and COSD records say agrees with the truth.

use super::*;

#[test]
fn admissions_agree_with_the_truth_of_palliative_care_and_of_the_route() {
    let (mut with, mut without, mut emergencies) = (0, 0, 0);
    for (life, care) in &nation().told {
        let Some((_, line)) = care.standards.find(Event::Secondary, Item::Palliative) else {
            continue;
        };
        let early = line.date..=line.date.plus_days(90);
        let shows = |e: &Episode| {
            early.contains(&e.admitted) && (e.specialty == "315" || e.diagnoses.contains(&"Z515"))
        };
        let shown = care.episodes.iter().any(shows);
        assert!(line.truth || !shown, "{line:?}");
        assert_eq!(line.admission.is_some(), shown);
        with += usize::from(shown);
        without += usize::from(line.truth && !shown);
        if let Some((_, death)) = care.standards.find(Event::Death, Item::PalliativeBeforeDeath) {
            assert!(
                death.truth || (!line.truth && death.admission.is_none()),
                "{death:?}"
            );
            assert_eq!(Some(death.date), life.death.as_ref().map(|d| d.date));
        }
        let (_, route) = care
            .standards
            .find(Event::Secondary, Item::EmergencyRoute)
            .unwrap();
        let spread = life.spread.as_ref().unwrap();
        assert_eq!(route.truth, care.found_in_emergency);
        emergencies += usize::from(route.truth);
        let (_, cord) = care
            .standards
            .find(Event::Secondary, Item::CordCompression)
            .unwrap();
        assert!(!cord.truth || (route.truth && !spread.sites.is_empty()));
    }
    assert!(
        with > 100 && without > 100 && emergencies > 300,
        "{with} {without} {emergencies}"
    );
}

#[test]
fn records_carry_the_codes_of_their_lines_and_of_no_other_event() {
    let mut carried = 0;
    for (life, care) in &nation().told {
        let de_novo = life.spread.as_ref().is_some_and(|s| s.kind == Kind::DeNovo);
        for statement in &care.statements {
            let own: Vec<&Line> = statement
                .says
                .iter()
                .map(|place| &care.standards.lines[*place])
                .collect();
            // Only records of what no standard asks for keep a nurse without a truth: local returns, cancers in situ.
            let asked = match statement.what {
                What::Primary { .. } => statement.icd.starts_with("C50"),
                What::Return { .. } => life.local.is_none(),
            };
            let said = own
                .iter()
                .any(|l| matches!(l.item, Item::Nurse | Item::NurseAtPrimary));
            assert!(said == statement.nurse.is_some() || !asked, "{statement:?}");
            for line in &own {
                carried += 1;
                assert_eq!(line.hospital, statement.hospital, "{line:?}");
                let code = line.code.unwrap();
                let found = match line.item {
                    Item::NurseAtPrimary | Item::Nurse => statement.nurse == Some(code),
                    Item::MeetingAtPrimary | Item::Meeting => {
                        statement.meetings.iter().any(|m| m.kind == code)
                    }
                    Item::AimAtPrimary | Item::Aim => statement.plan.intent == Some(code),
                    Item::AssessmentAtPrimary | Item::Assessment => statement
                        .assessments
                        .iter()
                        .any(|a| format!("{}/{}", a.offered, a.status) == code),
                    Item::CarePlanAtPrimary | Item::CarePlan => {
                        statement.assessments.iter().any(|a| a.status == code)
                    }
                    Item::CordCompression => statement.acute.iter().any(|a| a.1 == code),
                    Item::Palliative | Item::EmergencyRoute => matches!(
                        &statement.what,
                        What::Return { referral, palliative, .. } if [referral, palliative].contains(&&code)
                    ),
                    _ => Item::FORM.contains(&line.item),
                };
                assert!(found, "{line:?} {statement:?}");
                // A nurse has no date: only the record of its own event may hold it.
                if line.item == Item::Nurse
                    && let What::Primary { progression, .. } = &statement.what
                {
                    assert!(progression.is_none() && de_novo, "{statement:?}");
                }
            }
        }
    }
    assert!(carried > 20_000, "{carried}");
    let last = nation().plan.as_of;
    assert!(lines().all(|line| line.date <= last));
}
