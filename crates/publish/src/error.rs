//! What can go wrong on the way to a site.

/// Why a site could not be made.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// A file could not be written; the message names it.
    #[error(transparent)]
    File(#[from] std::io::Error),
    /// The release's own files could not be written.
    #[error(transparent)]
    Release(#[from] protect::ProtectError),
    /// Two organisations, networks or nations would have the same page.
    #[error("{kind} {first} and {second} would both be {address}; give one of them another code or name")]
    SameAddress {
        /// What they are.
        kind: &'static str,
        /// The one.
        first: String,
        /// The other.
        second: String,
        /// The page.
        address: String,
    },
    /// The file of public figures is not as it must be.
    #[error("public figures: {reason}")]
    PublicFigures {
        /// What is wrong with it.
        reason: String,
    },
    /// A page cannot be set on paper, or a chart not drawn in pixels.
    #[error("{path}: {reason}")]
    Paper {
        /// The page or chart, in the site.
        path: String,
        /// What is wrong with it.
        reason: String,
    },
    /// A file of sourced facts is not as it must be.
    #[error("{file}: {reason}")]
    Facts {
        /// The file, in the project.
        file: &'static str,
        /// What is wrong with it.
        reason: String,
    },
}

impl PublishError {
    pub(crate) fn public_figures(reason: String) -> Self {
        Self::PublicFigures { reason }
    }

    pub(crate) fn facts(file: &'static str, reason: String) -> Self {
        Self::Facts { file, reason }
    }
}
