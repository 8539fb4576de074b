//! A COSD record as a hospital fills it in, before a version of the standard gives it its shape.

use vocabulary::date::Date;

/// One COSD record.
#[derive(Debug, Clone)]
pub(crate) struct Statement {
    pub(crate) hospital: usize,
    /// The day the record was ready; the next file carries it.
    pub(crate) ready: Date,
    /// The pathway date, as stated.
    pub(crate) date: Date,
    pub(crate) icd: &'static str,
    pub(crate) side: &'static str,
    pub(crate) what: What,
    pub(crate) nurse: Option<&'static str>,
    pub(crate) plan: Plan,
    pub(crate) meetings: Vec<Meeting>,
    /// Acute oncology: date and type.
    pub(crate) acute: Vec<(Date, &'static str)>,
    pub(crate) assessments: Vec<Assessment>,
    /// Treatments: date, modality, intent, event type.
    pub(crate) treatments: Vec<(Date, &'static str, &'static str, &'static str)>,
    pub(crate) death: Option<Date>,
    /// The lines of the truth whose codes it carries, by position.
    pub(crate) says: Vec<usize>,
}

/// A care plan: the day the team discussed it, and its intent.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Plan {
    pub(crate) discussed: Option<Date>,
    pub(crate) intent: Option<&'static str>,
}

/// A meeting of the team: type (CR3190) and how the person came before it (CR8110, not known when empty).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Meeting {
    pub(crate) date: Date,
    pub(crate) kind: &'static str,
    pub(crate) discussion: &'static str,
}

/// A needs assessment: point of the pathway (CR7940), offer (CR7900) and status (CR7920).
#[derive(Debug, Clone, Copy)]
pub(crate) struct Assessment {
    pub(crate) date: Date,
    pub(crate) point: &'static str,
    pub(crate) offered: &'static str,
    pub(crate) status: &'static str,
}

/// Metastatic type and site.
pub(crate) type Pair = (&'static str, &'static str);

/// The pathway of a record.
#[derive(Debug, Clone)]
pub(crate) enum What {
    /// A primary: stage grouping and M category where stated, pairs at diagnosis, a later progression.
    Primary {
        stage: &'static str,
        m: &'static str,
        pairs: Vec<Pair>,
        progression: Option<(Date, Vec<Pair>)>,
    },
    /// A recurrence, or progression on the non-primary pathway.
    Return {
        progression: bool,
        pairs: Vec<Pair>,
        referral: &'static str,
        palliative: &'static str,
        seen: Date,
    },
}
