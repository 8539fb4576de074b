//! Reads what was put on a site beside its twin: a statement, a mark in a chart, a table.
//!
//! A place that the tables do not give need not be a leak: somebody may have added a label that says once more what the tables
//! show. So whatever was added is read, and it passes where every number in it can be traced to a released cell, a period or
//! an axis, and agrees. A number that cannot be traced is refused, whatever it is: that is how a leak is found that nobody
//! thought of.
//!
//! Invariant: only additions are read. Where something was changed or taken away, the tables were contradicted.

mod added;
pub(crate) mod cells;
mod drawn;
mod known;
pub(crate) mod numbers;
mod statement;

pub(crate) use added::added;
pub(crate) use cells::Cells;
pub(crate) use known::Known;

/// Why a number does not pass.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Doubt {
    /// It cannot be traced to anything.
    Untraced,
    /// It speaks of a figure that is hidden; which one.
    Hidden(String),
    /// It says something else than the tables; of which figure.
    Otherwise(String),
    /// It is in an order that no released column gives.
    Order,
}
