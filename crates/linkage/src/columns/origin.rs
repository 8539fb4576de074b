//! Where the text of a field comes from in a row.

/// Where in the rows of one file a field stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Origin {
    /// The file does not have it.
    Nowhere,
    /// A column as it is.
    Column(usize),
    /// The given names in a column of full names.
    GivenOf(usize),
    /// The family name in a column of full names.
    FamilyOf(usize),
    /// A date whose year, month and day stand in columns of their own.
    Date([Option<usize>; 3]),
}

impl Origin {
    /// The text of the field in a row. `date` holds it where it must be put together.
    pub fn text<'a>(self, cell: impl Fn(usize) -> &'a str, date: &'a str) -> &'a str {
        match self {
            Self::Nowhere => "",
            Self::Column(column) => cell(column),
            Self::GivenOf(column) => split(cell(column)).0,
            Self::FamilyOf(column) => split(cell(column)).1,
            Self::Date(_) => date,
        }
    }

    /// Puts a date together, where this is one: `1971-06-24`, or as far as it is known.
    pub fn date<'a>(self, cell: impl Fn(usize) -> &'a str, out: &mut String) {
        let Self::Date(parts) = self else { return };
        out.clear();
        for (part, width) in parts.into_iter().zip([4, 2, 2]) {
            let text = part.map(&cell).unwrap_or_default();
            // Numbers come out of spreadsheets and data frames as 6 and as 6.0.
            let text = text.strip_suffix(".0").unwrap_or(text);
            if text.is_empty() || text.len() > width || !text.bytes().all(|byte| byte.is_ascii_digit()) {
                return;
            }
            if !out.is_empty() {
                out.push('-');
            }
            (text.len()..width).for_each(|_| out.push('0'));
            out.push_str(text);
        }
    }

    /// The columns that it reads.
    pub fn columns(self) -> impl Iterator<Item = usize> {
        let columns = match self {
            Self::Nowhere => [None; 3],
            Self::Column(column) | Self::GivenOf(column) | Self::FamilyOf(column) => {
                [Some(column), None, None]
            }
            Self::Date(parts) => parts,
        };
        columns.into_iter().flatten()
    }
}

/// Given names and family name: "Anna Maria Smith", or "SMITH, Anna Maria". A single word is a family name.
fn split(name: &str) -> (&str, &str) {
    if let Some((family, given)) = name.split_once(',') {
        return (given.trim(), family.trim());
    }
    match name.rsplit_once(char::is_whitespace) {
        Some((given, family)) => (given.trim_end(), family),
        None => ("", name),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn full_names_are_split() {
        assert_eq!(split("Anna Maria Smith"), ("Anna Maria", "Smith"));
        assert_eq!(split("SMITH, Anna Maria"), ("Anna Maria", "SMITH"));
        assert_eq!(split("van der Berg , Jan"), ("Jan", "van der Berg"));
        assert_eq!(split("Smith"), ("", "Smith"));
        assert_eq!(split(""), ("", ""));
    }

    #[test]
    fn dates_are_put_together_as_far_as_they_are_known() {
        let put = |cells: [&str; 3]| {
            let mut out = "from the row before".to_owned();
            Origin::Date([Some(0), Some(1), Some(2)]).date(|column| cells[column], &mut out);
            out
        };
        assert_eq!(put(["1971", "6", "24"]), "1971-06-24");
        assert_eq!(put(["1971.0", "6.0", "4"]), "1971-06-04");
        assert_eq!(put(["1971", "6", ""]), "1971-06");
        assert_eq!(put(["1971", "June", "24"]), "1971");
        assert_eq!(put(["", "6", "24"]), "");
    }
}
