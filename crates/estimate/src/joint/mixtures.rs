//! What is averaged with equal weights, because no datum of its own tells which member is right; and what is left when each
//! average is held at one member: the generative core, which is a posterior. Certificates weigh whole draws, so they may
//! keep more of one member than of another.

/// An estimator of the people on no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Estimator {
    /// Log-linear models averaged by BIC; of two lists, Chapman's.
    LogLinear,
    /// Decomposable graphs, a posterior.
    Graphs,
    /// Latent classes, where [assumed](super::Assumptions::latent_classes).
    LatentClasses,
    /// Sample coverage.
    Coverage,
}

/// Estimators in an order that a uniform number says, each order as likely. Whoever takes the first that it has takes each of
/// its own as often, and no two who have both of two take different ones of them.
pub(super) fn in_order(estimators: &[Estimator], uniform: f64) -> Vec<Estimator> {
    let (mut left, mut level) = (estimators.to_vec(), uniform);
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let place = level * left.len() as f64;
        order.push(left.remove((place as usize).min(left.len() - 1)));
        level = place.fract();
    }
    order
}

/// A belief about people whose disease is older than the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Belief {
    /// They were found as often as new people are.
    FoundAlike,
    /// They are as many as growth and survival say.
    Index,
}

/// A belief about breast-cancer deaths found only on certificates, beyond those of people on no list.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OnCertificate {
    /// None of them had metastases.
    NobodyElse,
    /// As many had as the prior of deaths without metastasis leaves.
    AsThePrior,
}

/// Which members of each average are taken.
#[derive(Debug, Clone, Copy)]
pub(super) struct Mixtures {
    pub(super) estimators: &'static [Estimator],
    pub(super) beliefs: &'static [Belief],
    pub(super) on_certificates: &'static [OnCertificate],
}

impl Mixtures {
    /// All of them: what is published.
    pub(super) const ALL: Self = Self {
        estimators: &[
            Estimator::LogLinear,
            Estimator::Graphs,
            Estimator::LatentClasses,
            Estimator::Coverage,
        ],
        beliefs: &[Belief::FoundAlike, Belief::Index],
        on_certificates: &[OnCertificate::NobodyElse, OnCertificate::AsThePrior],
    };

    /// Whether an estimator is among them.
    pub(super) fn hold(self, estimator: Estimator) -> bool {
        self.estimators.contains(&estimator)
    }
}
