//! Golden numbers, a naive oracle, and tables with holes.

mod golden;
