//! Tables that a phone shows as cards: each cell says the name of its column, and each part what it is.
//!
//! Standard followed: WAI-ARIA, roles of tables. A style that takes a table apart may take away what it is to a screen reader, so
//! every part says it by itself.
//!
//! Invariant: no word of a page changes. Here it is done for all pages at once, so that no table is forgotten.

/// A page with the parts of its tables named. A table that names its own stays as it is.
pub(crate) fn named(html: &str) -> String {
    const END: &str = "</table>";
    let mut out = String::with_capacity(html.len() + html.len() / 4);
    let mut rest = html;
    while let Some(start) = rest.find("<table") {
        let (before, from) = rest.split_at(start);
        let end = from.find(END).map_or(from.len(), |at| at + END.len());
        let (table, after) = from.split_at(end);
        out.push_str(before);
        if attribute(table, " role=\"") {
            out.push_str(table);
        } else {
            parts(table, &mut out);
        }
        rest = after;
    }
    out.push_str(rest);
    out
}

/// Whether the first tag of a text has an attribute that begins so.
fn attribute(text: &str, begins: &str) -> bool {
    text.split('>').next().is_some_and(|tag| tag.contains(begins))
}

/// A table, tag by tag. No tag of ours has an angle bracket in it: in attributes they are escaped.
fn parts(table: &str, out: &mut String) {
    // A table that can be sorted keeps its heads in sight, and may be long: its cells need not say them again.
    let sorted = attribute(table, " data-sortable=\"");
    let mut heads: Vec<String> = Vec::new();
    let mut in_head = false;
    let mut column = 0;
    for piece in table.split_inclusive('>') {
        let (words, tag) = piece.split_at(piece.find('<').unwrap_or(piece.len()));
        if in_head && let Some(head) = heads.last_mut() {
            head.push_str(words);
        }
        out.push_str(words);
        let name: &str = tag
            .split(|sign: char| sign.is_whitespace() || sign == '>')
            .next()
            .unwrap_or_default();
        let role = match name {
            "<table" => "table",
            "<thead" | "<tbody" => "rowgroup",
            "<tr" => {
                column = 0;
                "row"
            }
            "<th" if attribute(tag, "scope=\"col\"") => {
                heads.push(String::new());
                in_head = true;
                "columnheader"
            }
            "<th" => "rowheader",
            "<td" => "cell",
            _ => "",
        };
        in_head &= name != "</th";
        let Some(open) = tag.strip_suffix('>').filter(|_| !role.is_empty()) else {
            out.push_str(tag);
            continue;
        };
        out.push_str(open);
        out.push_str(&format!(" role=\"{role}\""));
        if let Some(head) = heads.get(column).filter(|_| role == "cell" && !sorted) {
            out.push_str(&format!(" data-column=\"{head}\""));
        }
        out.push('>');
        column += usize::from(matches!(role, "cell" | "rowheader"));
    }
}

#[cfg(test)]
mod tests {
    use super::named;

    #[test]
    fn a_cell_says_its_column_and_a_part_what_it_is() {
        let table = "<p>1</p><table class=\"figures\"><caption>All</caption><thead><tr><th scope=\"col\">Year</th>\
                     <th scope=\"col\">New &amp; <em>old</em></th></tr></thead><tbody><tr id=\"a\"><th scope=\"row\">2024</th>\
                     <td class=\"number\">5<span>x</span></td></tr></tbody></table><p>2</p>";
        let right = "<p>1</p><table class=\"figures\" role=\"table\"><caption>All</caption><thead role=\"rowgroup\"><tr role=\"row\">\
                     <th scope=\"col\" role=\"columnheader\">Year</th><th scope=\"col\" role=\"columnheader\">New &amp; <em>old</em></th>\
                     </tr></thead><tbody role=\"rowgroup\"><tr id=\"a\" role=\"row\"><th scope=\"row\" role=\"rowheader\">2024</th>\
                     <td class=\"number\" role=\"cell\" data-column=\"New &amp; old\">5<span>x</span></td></tr></tbody></table><p>2</p>";
        assert_eq!(named(table), right);
        // Once is enough, and what is no table is left alone.
        assert_eq!(named(right), right);
        assert_eq!(named("<p>no table</p>"), "<p>no table</p>");
        let sorted = named(&table.replace("<table", "<table data-sortable=\"yes\""));
        assert!(sorted.contains("role=\"cell\"") && !sorted.contains("data-column"));
    }
}
