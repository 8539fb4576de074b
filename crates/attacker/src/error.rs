//! What stands in the way of an attack. A leak is no error: it is what the attack is for.

/// Why released bytes could not be attacked. Whoever cannot attack a release cannot call it safe.
#[derive(Debug, thiserror::Error)]
pub enum AttackError {
    /// A file or folder could not be read.
    #[error("{0}")]
    File(#[from] std::io::Error),
    /// A file name is no Unicode.
    #[error("a file name in the released folder is not Unicode: it cannot be read")]
    Name,
    /// Something in the folder is neither a file nor a folder.
    #[error("{path}: a link, not a file: what it leads to is not part of the release")]
    Link {
        /// Where.
        path: String,
    },
    /// A folder in it holds nothing.
    #[error("{path}: an empty folder: it has a name, and no part of the release lies in it")]
    EmptyFolder {
        /// Where.
        path: String,
    },
    /// The folder is no site of ours.
    #[error("the folder holds more than any site: it is not a released one")]
    Size,
    /// The released tables are not there, or are not in the form in which they are released.
    #[error("{file}: {what}; without the released tables nothing can be compared")]
    Tables {
        /// The file.
        file: String,
        /// What is wrong.
        what: &'static str,
    },
    /// The tables say that they were protected by another policy than the one whose attacker this is.
    #[error("the release names another disclosure policy than the one that was given")]
    Policy,
    /// The tables could not be protected or rendered again.
    #[error("the released tables cannot be released again: {0}")]
    Protect(#[from] protect::ProtectError),
    /// The tables could not be rendered again.
    #[error("the released tables cannot be rendered again: {0}")]
    Publish(#[from] publish::PublishError),
}
