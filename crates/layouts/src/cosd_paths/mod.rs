//! Where the COSD XML says what: our selection of its element paths, per version, as data.
//!
//! The Cancer Outcomes and Services Data set (DAPB1521) is sent as XML. No schema may be shipped,
//! so this table is compiled by us from facts seen in public material: the paths of 8.1 and 9.0.1
//! that real files were read by, those of 10.0.1 in the registry's own mapping, and the national
//! user guide for the meaning of the items. Of some 450 items it keeps the fifty that bear on
//! secondary breast cancer. Intake reads by it and the simulator writes by it, so that neither
//! can drift from the other.
//!
//! Invariants: paths are relative to the element that carries the sections and have no namespace
//! prefix; in version 8 the leading `<Group>Core` of every section name is left out (see
//! [`Version::section_prefix`]); an element whose spelling nobody has shown us in a file is marked
//! `seen: false`: it is read where it occurs and never written.

mod field;
mod table;

pub use field::Field;
pub use table::{ELEMENTS, SECTIONS};

/// A major version of COSD that can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Version {
    /// COSD 8, known in detail as 8.1.
    V8,
    /// COSD 9, known in detail as 9.0.1.
    V9,
    /// COSD 10, known in detail as 10.0.1.
    V10,
}

impl Version {
    /// The version of this major number whose paths are known in detail, as dots write it.
    pub fn known(self) -> &'static str {
        match self {
            Self::V8 => "8.1",
            Self::V9 => "9.0.1",
            Self::V10 => "10.0.1",
        }
    }

    /// The namespace of the root element of the version known in detail.
    pub fn namespace(self) -> &'static str {
        match self {
            Self::V8 => "http://www.datadictionary.nhs.uk/messages/COSD-v8-1",
            Self::V9 => "http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1",
            Self::V10 => "http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1",
        }
    }

    /// What stands before the first name of every path in a breast file of this version.
    pub fn section_prefix(self) -> &'static str {
        match self {
            Self::V8 => "Breast/BreastCore/BreastCore",
            Self::V9 | Self::V10 => "",
        }
    }

    /// The linkage block, without which no element is a record.
    pub fn linkage_block(self) -> &'static str {
        match self {
            Self::V8 | Self::V9 => "LinkagePatientId",
            Self::V10 => "PatientIdentityDetails",
        }
    }
}

/// Where an element holds its value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Held {
    /// In the attribute `code`.
    Code,
    /// In the attribute `extension`.
    Extension,
    /// As text.
    Text,
}

impl Held {
    /// The attribute's name; none when the value is the element's text.
    pub fn attribute(self) -> Option<&'static str> {
        match self {
            Self::Code => Some("code"),
            Self::Extension => Some("extension"),
            Self::Text => None,
        }
    }
}

/// A group of elements that stands for one thing and may be repeated.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
#[repr(u8)]
pub enum Section {
    /// The primary cancer pathway; its presence is the fact.
    PrimaryPathway,
    /// The diagnosis of the primary, with what had spread by then.
    AtDiagnosis,
    /// Progression on the primary pathway, with a date of its own (new in version 10).
    PrimaryProgression,
    /// The non primary cancer pathway, with its date.
    NonPrimaryPathway,
    /// Recurrence.
    Recurrence,
    /// Progression on the non primary pathway.
    Progression,
    /// The one block of version 8 that holds recurrence and progression alike.
    Route,
    /// One metastatic type and site that belong together.
    Pair,
    /// One treatment.
    Treatment,
    /// One discussion by a multidisciplinary team.
    Meeting,
    /// One assessment by acute oncology.
    AcuteOncology,
    /// One holistic needs assessment.
    Assessment,
}

/// One element of one version.
#[derive(Debug, Clone, Copy)]
pub struct Element {
    /// The version it belongs to.
    pub version: Version,
    /// Its path below the record (for version 8 below the `Core` element, see the module).
    pub path: &'static str,
    /// What it says.
    pub field: Field,
    /// Where it holds that.
    pub held: Held,
    /// Whether its spelling was seen in public material; if not it is read and never written.
    pub seen: bool,
}

/// A path at which a section begins.
#[derive(Debug, Clone, Copy)]
pub struct SectionAt {
    /// The version it belongs to.
    pub version: Version,
    /// The path of the element that is the section.
    pub path: &'static str,
    /// Which section.
    pub section: Section,
    /// Whether its spelling was seen in public material.
    pub seen: bool,
}

/// The elements of a version, in the order of the table.
pub fn elements(version: Version) -> impl Iterator<Item = &'static Element> {
    ELEMENTS.iter().filter(move |element| element.version == version)
}

/// The places where sections begin in a version.
pub fn sections(version: Version) -> impl Iterator<Item = &'static SectionAt> {
    SECTIONS.iter().filter(move |section| section.version == version)
}

#[cfg(test)]
mod tests;
