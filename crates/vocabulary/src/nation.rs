//! Nations by name. Simulated countries have nations of their own, so a nation is a text; the
//! four of the United Kingdom are constants.

/// England.
pub const ENGLAND: &str = "England";
/// Scotland.
pub const SCOTLAND: &str = "Scotland";
/// Wales.
pub const WALES: &str = "Wales";
/// Northern Ireland.
pub const NORTHERN_IRELAND: &str = "Northern Ireland";

/// A nation by its name.
pub type Nation = String;
