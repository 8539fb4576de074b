use super::*;
use std::collections::BTreeSet;

#[test]
fn no_path_is_listed_twice_and_none_is_both_a_section_and_a_leaf() {
    let mut seen = BTreeSet::new();
    for element in ELEMENTS {
        assert!(seen.insert((element.version, element.path)), "{}", element.path);
    }
    for section in SECTIONS {
        assert!(seen.insert((section.version, section.path)), "{}", section.path);
    }
}

#[test]
fn each_version_says_who_what_and_when() {
    use Field::*;
    for version in [Version::V8, Version::V9, Version::V10] {
        let fields: BTreeSet<Field> = elements(version).filter(|e| e.seen).map(|e| e.field).collect();
        for needed in [
            NhsNumber,
            BirthDate,
            Provider,
            FamilyName,
            PrimaryDiagnosis,
            PrimaryDate,
            NonPrimaryDate,
            MetastaticSite,
            OriginalDiagnosis,
            MFinal,
            StageIntegrated,
            Nurse,
        ] {
            assert!(fields.contains(&needed), "{version:?} lacks {needed:?}");
        }
    }
}

#[test]
fn a_field_is_found_by_its_number() {
    for (number, field) in Field::ALL.iter().enumerate() {
        assert_eq!(*field as usize, number);
    }
}
