//! The element paths, compiled: where an element stands and what it says, without allocation.
//!
//! A state is a node of the tree of known paths. Above the known sections lie wrappers whose
//! names differ by tumour group and supplier; they leave the state at [`ROOT`]. Versions 9 and 10
//! share one tree, so that a supplier's 10.x file which keeps a spelling of 9 is still read.

use std::sync::LazyLock;

use layouts::cosd_paths::{Field, Held, Section, Version, elements, sections};

/// The state of elements above the sections.
pub(super) const ROOT: u16 = 0;
/// The state of elements of which nothing is read.
pub(super) const DEAD: u16 = u16::MAX;

/// The paths of one family of versions.
pub(super) struct Trie {
    nodes: Vec<Node>,
    linkage: u16,
    strips_core: bool,
}

#[derive(Default)]
struct Node {
    children: Vec<(&'static str, u16)>,
    section: Option<Section>,
    leaf: Option<(Field, Held)>,
}

static EIGHT: LazyLock<Trie> = LazyLock::new(|| Trie::of(&[Version::V8]));
static NINE_TEN: LazyLock<Trie> = LazyLock::new(|| Trie::of(&[Version::V9, Version::V10]));

impl Trie {
    /// The paths by which a version is read.
    pub(super) fn for_version(version: Version) -> &'static Self {
        match version {
            Version::V8 => &EIGHT,
            Version::V9 | Version::V10 => &NINE_TEN,
        }
    }

    fn of(versions: &[Version]) -> Self {
        let strips_core = versions.contains(&Version::V8);
        let mut trie = Self {
            nodes: vec![Node::default()],
            linkage: ROOT,
            strips_core,
        };
        for &version in versions {
            for at in sections(version) {
                let node = trie.node(at.path);
                trie.nodes[usize::from(node)].section = Some(at.section);
            }
            for element in elements(version) {
                let node = trie.node(element.path);
                trie.nodes[usize::from(node)].leaf = Some((element.field, element.held));
            }
            trie.linkage = trie.node(version.linkage_block());
        }
        trie
    }

    fn node(&mut self, path: &'static str) -> u16 {
        let mut state = ROOT;
        for name in path.split('/') {
            state = match self.child(state, name) {
                DEAD => {
                    let new = self.nodes.len() as u16;
                    self.nodes.push(Node::default());
                    self.nodes[usize::from(state)].children.push((name, new));
                    new
                }
                known => known,
            };
        }
        state
    }

    fn child(&self, state: u16, name: &str) -> u16 {
        let children = &self.nodes[usize::from(state)].children;
        children
            .iter()
            .find(|(known, _)| *known == name)
            .map_or(DEAD, |(_, child)| *child)
    }

    /// The state of an element called `name` (without prefix) inside an element of `state`.
    pub(super) fn enter(&self, state: u16, name: &str) -> u16 {
        if state == DEAD {
            return if is_linkage(name) { self.linkage } else { DEAD };
        }
        let name = if self.strips_core && state == ROOT {
            after_core(name)
        } else {
            name
        };
        match self.child(state, name) {
            DEAD if is_linkage(name) => self.linkage,
            DEAD if state == ROOT => ROOT,
            found => found,
        }
    }

    /// The section that begins with an element of this state.
    pub(super) fn section(&self, state: u16) -> Option<Section> {
        self.nodes.get(usize::from(state)).and_then(|node| node.section)
    }

    /// What an element of this state says.
    pub(super) fn leaf(&self, state: u16) -> Option<(Field, Held)> {
        self.nodes.get(usize::from(state)).and_then(|node| node.leaf)
    }
}

/// Whether an element of this name (without prefix) is a linkage block, in any version.
pub(super) fn is_linkage(name: &str) -> bool {
    name == "PatientIdentityDetails" || name.ends_with("LinkagePatientId")
}

/// What follows the last `Core` that ends a word: `BreastCoreDiagnosis` is `Diagnosis`.
fn after_core(name: &str) -> &str {
    match name.rfind("Core") {
        Some(at) if !name[at + 4..].starts_with(|next: char| next.is_ascii_lowercase()) => &name[at + 4..],
        _ => name,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn walk(version: Version, path: &str) -> Option<Field> {
        let trie = Trie::for_version(version);
        let state = path.split('/').fold(ROOT, |state, name| trie.enter(state, name));
        trie.leaf(state).map(|(field, _)| field)
    }

    #[test]
    fn wrappers_are_looked_through_and_unknown_sections_are_not() {
        let table = [
            (
                Version::V10,
                "BreastRecord/PatientIdentityDetails/NhsNumber",
                Some(Field::NhsNumber),
            ),
            (
                Version::V10,
                "PatientIdentityDetails/NhsNumber",
                Some(Field::NhsNumber),
            ),
            (
                Version::V10,
                "A/B/C/Demographics/PersonFamilyName",
                Some(Field::FamilyName),
            ),
            (
                Version::V10,
                "BreastRecord/PrimaryPathway/Odd/Staging/MCategoryFinalPretreatment",
                None,
            ),
            (
                Version::V10,
                "R/PrimaryPathway/Diagnosis/MetastaticTypeAndSiteDiagnosis/MetastaticType",
                Some(Field::MetastaticType),
            ),
            (
                Version::V9,
                "R/LinkagePatientId/NhsNumber",
                Some(Field::NhsNumber),
            ),
            (
                Version::V8,
                "R/Breast/BreastCore/BreastCoreLinkagePatientId/NHSNumber",
                Some(Field::NhsNumber),
            ),
            (
                Version::V8,
                "R/Colorectal/ColorectalCore/ColorectalCoreStaging/IntegratedStageMCategory",
                Some(Field::MIntegrated),
            ),
            (
                Version::V8,
                "R/Breast/BreastCore/BreastCoreDemographics/PersonGivenName/given",
                Some(Field::GivenName),
            ),
            (
                Version::V8,
                "R/Breast/BreastCore/BreastCoreOdd/MetastaticSite",
                None,
            ),
        ];
        for (version, path, expected) in table {
            assert_eq!(walk(version, path), expected, "{path}");
        }
    }

    #[test]
    fn core_ends_a_word() {
        let table = [
            ("BreastCoreDiagnosis", "Diagnosis"),
            ("BreastCore", ""),
            ("CoreLinkagePatientId", "LinkagePatientId"),
            ("Corelation", "Corelation"),
            ("AbbreviatedMentalTestScore", "AbbreviatedMentalTestScore"),
        ];
        for (name, expected) in table {
            assert_eq!(after_core(name), expected);
        }
    }
}
