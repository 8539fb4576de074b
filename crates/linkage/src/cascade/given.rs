//! What the cascade is given besides identities, and what it leaves besides people.

use super::StepReport;
use super::facts::Reason;
use super::names_in_use::NamesInUse;
use super::shared::{Shared, SharedValues};
use super::step::Step;
use super::trial::{StandsDown, Trial};

/// What is known before the cascade starts.
#[derive(Clone, Copy, Default)]
pub(crate) struct Given<'a> {
    /// Decided people (see `Identity::decided`) that must not be one.
    pub(crate) apart: &'a [(u32, u32)],
    /// What was found out about all identities, where only some of them are linked. Their shared values are blank
    /// already, and common names marked.
    pub(crate) verdicts: Option<&'a [Verdict]>,
    /// Ends when names in use are to be counted.
    pub(crate) early_only: bool,
}

/// How a step did on all identities, in the order of the steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Verdict {
    pub(crate) trial: Trial,
    pub(crate) stands_down: Option<StandsDown>,
}

/// A contradiction, by identities of the two people.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Conflict {
    pub(crate) reason: Reason,
    pub(crate) step: Step,
    pub(crate) a: u32,
    pub(crate) b: u32,
}

/// The outcome of the cascade.
#[derive(Default)]
pub(crate) struct Linked {
    /// The first identity of the cluster that each identity belongs to.
    pub(crate) roots: Vec<u32>,
    /// The step that first joined the identity to another, or its own records to one another. Without one, each of
    /// its records is a person of its own.
    pub(crate) steps: Vec<Option<Step>>,
    /// The step that joined the cluster of which the identity was the first to an earlier one; none for roots.
    pub(crate) joined: Vec<Option<Step>>,
    /// The circle of each identity, by its first: identities that the cascade compared and found to agree, or that were
    /// in one group too large to tell, directly or through others. What becomes of one depends on its circle alone.
    pub(crate) circles: Vec<u32>,
    /// The roots at the time when names in use are counted.
    pub(crate) early: Vec<u32>,
    pub(crate) reports: Vec<StepReport>,
    pub(crate) conflicts: Vec<Conflict>,
    /// What each step refused, with the first identity of what it refused.
    pub(crate) refusals: Vec<(Step, u32)>,
    /// Values that too many people share, in words; and they themselves.
    pub(crate) shared_values: Vec<SharedValues>,
    pub(crate) shared: Shared,
    pub(crate) names: NamesInUse,
    /// People in all.
    pub(crate) people: u64,
}
