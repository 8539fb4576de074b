//! The joint estimate: one illness–death model, one set of draws, from which every published count comes.
//!
//! **Who is counted.** People, women and men, with true distant metastatic breast cancer, whatever the tier of their
//! evidence. Regional nodes and local recurrence are not. *New*: first distant metastasis clinically established in
//! the year. *Living*: established on or before a day, and alive at its end. *Died*: of any cause; with breast cancer
//! as the underlying cause apart. *Left*: emigrated or lost. *Place*: where the disease was established, for life.
//!
//! **The balance.** Living at the end = living at the start + new − died − left, in every draw, at every level.
//!
//! **Each datum enters once:**
//!
//! | datum | enters | must not feed as well |
//! |---|---|---|
//! | expected link errors of a person | the person's weight in the draw | the review's frame |
//! | class of evidence, and its charts | the class's PPV, one for all people of the class in a draw | sensitivity of a source |
//! | lists within the window | the unseen of the person's closed set | completeness of the same lists |
//! | deaths of people on lists | their own exits, and the survival of people not followed | the national check |
//! | deaths found only on certificates | weights of the draws, through f₀; the rates of silent organisations | the unseen once more |
//! | primaries registered | what to expect of silent organisations | new cases elsewhere |
//! | reporting triangle | reports to come in the last periods | the unseen (sets are closed before) |
//! | charts of people without evidence | the number unseen, in place of the lists' own | PPV |
//! | national deaths | nothing: the outside check | everything |

mod assumptions;
mod chance;
mod error;
mod result;
mod study;
mod warnings;

pub use assumptions::{Assumptions, BetaPrior, Delay, EvidenceClass, Ppv, Statement};
pub use chance::Cause;
pub use error::JointError;
pub use result::{
    AgeBand, Cell, Checks, Figures, Joint, Level, Measure, Route, RouteName, Settings, Status, Width, Year,
};
pub use study::{Charts, Exit, Kind, NationalDeaths, Person, Place, Sample, Sex, Study, Time, Unflagged};
pub use warnings::{Loudness, Warning, WarningCode};
