//! What an attack found. A finding names files, places and cells, never a value: a report may be read by more people than the
//! numbers.

use std::fmt;

/// What kind of leak, by the kind of place where it was found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum FindingKind {
    /// A file that the tables do not give: its name, or that it is there, says something.
    FileName,
    /// A file that the tables give, and that is not there.
    MissingFile,
    /// A text.
    Text,
    /// A title, a tooltip, a description, a label that is heard.
    Title,
    /// Another attribute.
    Attribute,
    /// A place or a size in a drawing.
    Coordinate,
    /// The order of a table, a list or of files for programs.
    Order,
    /// A comment, which nobody sees and anybody can read.
    Comment,
    /// A key or a value of a file for programs.
    Metadata,
    /// A cell of a table to download, or of its copies beside charts.
    Cell,
    /// A fingerprint that is none of the release's own: a small number is found by trying.
    Hash,
    /// Bytes that cannot be read, or that differ where what they say is the same.
    Bytes,
    /// A released cell that the policy gives for no number.
    Impossible,
    /// A number in the run's own words that no reviewed sentence accounts for.
    Words,
    /// A hidden or rounded figure, or a difference, that the released figures together give away.
    Ranges,
}

impl FindingKind {
    fn words(self) -> &'static str {
        match self {
            Self::FileName => "a file that the released tables do not give",
            Self::MissingFile => "a file that the released tables give is not there",
            Self::Text => "a text that does not follow from the released tables",
            Self::Title => "a title or label that does not follow from the released tables",
            Self::Attribute => "an attribute that does not follow from the released tables",
            Self::Coordinate => "a place in a drawing that does not follow from the released tables",
            Self::Order => "an order that does not follow from the released tables",
            Self::Comment => "a comment",
            Self::Metadata => "a key or value that does not follow from the released tables",
            Self::Cell => "a cell that does not follow from the released tables",
            Self::Hash => "a fingerprint that is not of the release",
            Self::Bytes => "bytes that do not follow from the released tables",
            Self::Impossible => "a cell that the policy gives for no number",
            Self::Words => "a number in words of the run that nothing accounts for",
            Self::Ranges => "figures that give away another",
        }
    }
}

/// One thing that was found.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Finding {
    /// What kind.
    pub kind: FindingKind,
    /// The file; empty where it is about all tables together.
    pub file: String,
    /// Where in the file.
    pub at: String,
    /// What is known beside: the cell it speaks of, the figures that prove it.
    pub about: String,
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.kind.words())?;
        for (before, part) in [(": ", &self.file), (" at ", &self.at), ("; ", &self.about)] {
            if !part.is_empty() {
                write!(f, "{before}{part}")?;
            }
        }
        Ok(())
    }
}

/// What was read, and what was found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// Files of the newest release that were compared, byte for byte.
    pub files: usize,
    /// Figures of all releases that the programs looked at.
    pub figures: usize,
    /// What was found, in order; empty if nothing was.
    pub findings: Vec<Finding>,
}
