//! The ground on which everything stands: days that may be partial, days that are covered, codes, organisations,
//! people's numbers with their check digits, and values that cannot be printed by accident.
//!
//! No crate lies below this one. Nothing here reads a clock, an environment or a network.

pub mod code;
pub mod cover;
pub mod date;
pub mod name;
pub mod nation;
pub mod number;
pub mod organisation;
pub mod postcode;
pub mod redact;
pub mod sex;
pub mod spreadsheet;
pub mod stage;
pub mod table;
