//! What a hostile or broken file may cost before it is refused.

/// The limits of what is read. The defaults hold for every file that a hospital could mean to send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of one record: a row of CSV, or a COSD record.
    pub record_bytes: u64,
    /// Bytes of one cell, one element's text or one attribute.
    pub cell_bytes: usize,
    /// Columns of a header.
    pub columns: usize,
    /// Depth of nested elements in XML.
    pub depth: usize,
    /// Attributes of one element in XML.
    pub attributes: usize,
    /// Repeats of one section inside one COSD record.
    pub repeats: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            record_bytes: 16 << 20,
            cell_bytes: 32 << 10,
            columns: 4_096,
            depth: 64,
            attributes: 64,
            repeats: 1_000,
        }
    }
}
