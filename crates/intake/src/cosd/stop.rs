//! Why a COSD file cannot be used as a whole.

use std::fmt;

use crate::error::IntakeError;

/// A limit that a file ran into.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Limit {
    /// One tag, text or comment is too long.
    Token,
    /// The file is too long.
    Total,
    /// Elements lie too deep in one another.
    Depth,
    /// One record has too many elements.
    Elements,
    /// One element has too many attributes.
    Attributes,
    /// One value is too long.
    Cell,
    /// One record repeats its sections too often.
    Repeats,
    /// One record is too long.
    Record,
}

/// Why reading stopped; none of it quotes the file.
#[derive(Debug)]
pub(super) enum Stop {
    /// The file could not be read from the disk.
    Io(std::io::Error),
    /// A scratch file of ours could not be written.
    Scratch(std::io::Error),
    /// A limit was met.
    Limit(Limit),
    /// There is a document type definition.
    Doctype,
    /// There is an entity that is not one of the five of XML.
    Entity,
    /// The file ends in the middle.
    Truncated,
    /// The file is not well-formed XML.
    Malformed(&'static str),
    /// The root says no version of COSD.
    NoVersion,
    /// The version is none that we can read: its major number.
    Version(String),
}

impl Stop {
    /// What to do about it.
    pub(super) fn fix(&self) -> &'static str {
        match self {
            Self::Io(_) | Self::Scratch(_) => "check that the file is there and may be read",
            Self::Limit(_) => {
                "check what made the file; a COSD file of a real hospital stays far below every limit"
            }
            Self::Doctype | Self::Entity => "write the file again without a DOCTYPE; COSD needs none",
            Self::Truncated => "copy or export the file again; it was cut off",
            Self::Malformed(_) => "export the file again; its XML is damaged",
            Self::NoVersion => {
                "export the file as COSD XML; its root must name the namespace …/messages/COSD-v…"
            }
            Self::Version(_) => "export the file as COSD 8.1, 9.0.1 or 10.0.1",
        }
    }
}

impl fmt::Display for Stop {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Io(error) | Self::Scratch(error) => write!(f, "{error}"),
            Self::Limit(Limit::Token) => f.write_str("one tag or text is longer than the limit"),
            Self::Limit(Limit::Total) => f.write_str("the file is larger than the limit"),
            Self::Limit(Limit::Depth) => f.write_str("elements lie deeper in one another than the limit"),
            Self::Limit(Limit::Elements) => f.write_str("a record has more elements than the limit"),
            Self::Limit(Limit::Attributes) => f.write_str("an element has more attributes than the limit"),
            Self::Limit(Limit::Cell) => f.write_str("a value is longer than the limit"),
            Self::Limit(Limit::Repeats) => {
                f.write_str("a record repeats its sections more often than the limit")
            }
            Self::Limit(Limit::Record) => f.write_str("a record is longer than the limit"),
            Self::Doctype => f.write_str("it has a document type definition, which is refused"),
            Self::Entity => f.write_str("it uses an entity that XML does not define"),
            Self::Truncated => f.write_str("it ends before its root element is closed"),
            Self::Malformed(what) => write!(f, "it is not well-formed XML: {what}"),
            Self::NoVersion => f.write_str("its root element names no version of COSD"),
            Self::Version(version) => write!(f, "COSD version {version} is not known"),
        }
    }
}

impl Stop {
    /// The error of the file, as the run or the check reports it.
    pub(super) fn of_file(self, path: &str) -> IntakeError {
        let (path, fix) = (path.to_owned(), self.fix().to_owned());
        match self {
            Self::Scratch(error) => super::spool::scratch_error(error),
            Self::Io(error) if error.kind() == std::io::ErrorKind::NotFound => IntakeError::Missing {
                path,
                kind: "cosd".to_owned(),
            },
            Self::Io(_) | Self::Truncated | Self::Malformed(_) => IntakeError::CannotRead {
                path,
                what: self.to_string(),
                fix,
            },
            Self::Limit(_) | Self::Doctype | Self::Entity => IntakeError::Refused {
                path,
                what: self.to_string(),
                fix,
            },
            Self::NoVersion => IntakeError::UnknownVersion {
                path,
                version: "a root without a COSD namespace".to_owned(),
                fix,
            },
            Self::Version(version) => IntakeError::UnknownVersion {
                path,
                version: format!("COSD {version}"),
                fix,
            },
        }
    }
}
