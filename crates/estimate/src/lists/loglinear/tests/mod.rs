//! Golden numbers, a naive oracle, and tables with holes.

mod golden;
mod holes;
mod models;
mod oracle;
