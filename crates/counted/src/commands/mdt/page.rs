//! The list as a page to print: no script, nothing loaded from elsewhere, one sheet a part.

use std::fmt::Write;

use casefind::person_id;
use vocabulary::date::Date;

use super::{NOTICE, Named};
use crate::export::spaced;

/// What stands over the list.
pub(super) struct Head<'a> {
    pub organisation: &'a str,
    pub since: Date,
    pub as_of: Date,
    /// How far the agenda is agreed.
    pub status: &'a str,
    /// Whether the people and hospitals are invented.
    pub simulated: bool,
}

const STYLE: &str = "body{font:11pt/1.4 Arial,sans-serif;margin:1.5cm;color:#000;background:#fff}\
table{border-collapse:collapse;width:100%}caption{text-align:left;font-weight:bold}\
th,td{border:1px solid #555;padding:4px;text-align:left;vertical-align:top}tr{break-inside:avoid}\
.notice{border:2px solid #000;padding:8px;font-weight:bold}section+section{break-before:page}\
@page{size:A4 landscape;margin:1cm}";

/// The page.
pub(super) fn page(head: &Head<'_>, named: &Named<'_>) -> String {
    let mut out = format!(
        "<!DOCTYPE html>\n<html lang=\"en-GB\">\n<head>\n<meta charset=\"utf-8\">\n<title>Team meeting: {}</title>\n\
         <style>{STYLE}</style>\n</head>\n<body>\n",
        text(head.organisation)
    );
    let invented = if head.simulated {
        format!("<p class=\"notice\">{}</p>\n", protect::SIMULATED_NOTICE)
    } else {
        String::new()
    };
    for (part, people) in named.parts() {
        let (title, words) = match part {
            "complex" => (
                "Complex situations",
                "Something in the records makes these situations complex.",
            ),
            _ => (
                "A standard plan may do",
                "Nothing that the agenda looks for is in the records that were sent. The team may move anybody.",
            ),
        };
        // Writing into a text cannot fail.
        let _infallible = write!(
            out,
            "<section>\n<h1>{title}: {}</h1>\n{invented}<p class=\"notice\">{NOTICE}</p>\n<p>Since the meeting of {}; records up \
             to {}. {words} What makes a situation complex is {}.</p>\n",
            text(head.organisation),
            head.since,
            head.as_of,
            text(head.status)
        );
        table(&mut out, title, people, named);
        if part == "complex" && named.list.unnamed > 0 {
            let _infallible = writeln!(
                out,
                "<p>{} more belong to this organisation, which has itself sent no record of them; they are not listed.</p>",
                named.list.unnamed
            );
        }
        if part == "complex" && named.list.earlier > 0 {
            let _infallible = writeln!(out, "<p>{}</p>", earlier(named.list.earlier, head.since));
        }
        out.push_str("</section>\n");
    }
    out.push_str("</body>\n</html>\n");
    out
}

/// Files come weeks after what they tell of.
pub(super) fn earlier(people: usize, since: Date) -> String {
    let who = crate::tell::counted(people as u64, "person was", "people were");
    format!(
        "{who} diagnosed, progressed or changed treatment before {since}, and no review is known: their records may have come \
         since. A list with an earlier --since names them."
    )
}

fn table(out: &mut String, title: &str, people: &[audit::meeting::Listed], named: &Named<'_>) {
    if people.is_empty() {
        out.push_str("<p>Nobody.</p>\n");
        return;
    }
    let _infallible = writeln!(
        out,
        "<table>\n<caption>{title}, {}</caption>\n<tr><th scope=\"col\">Name</th><th scope=\"col\">Born</th>\
         <th scope=\"col\">Number</th><th scope=\"col\">Since the last meeting</th><th scope=\"col\">Why complex</th>\
         <th scope=\"col\">Decision</th></tr>",
        crate::tell::counted(people.len() as u64, "person", "people")
    );
    for listed in people {
        let own = named.identity(listed);
        let occasions: Vec<String> = listed
            .occasions
            .iter()
            .map(|said| text(&said.to_string()))
            .collect();
        let reasons: Vec<String> = listed.reasons.iter().map(|words| text(words)).collect();
        let name = [own.family_name.as_str(), own.given_name.as_str()];
        let name: Vec<&str> = name.into_iter().filter(|part| !part.is_empty()).collect();
        let numbers = [spaced(&own.number), own.local_id, person_id(listed.person)];
        let numbers: Vec<String> = numbers
            .iter()
            .filter(|number| !number.is_empty())
            .map(|number| text(number))
            .collect();
        let _infallible = writeln!(
            out,
            "<tr><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td>{}</td><td></td></tr>",
            text(&name.join(", ")),
            text(&own.birth_date),
            numbers.join("<br>"),
            occasions.join("<br>"),
            reasons.join("<br>")
        );
    }
    out.push_str("</table>\n");
}

/// Text that no browser takes for markup.
fn text(raw: &str) -> String {
    raw.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
        .replace('\'', "&#39;")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use std::collections::BTreeMap;

    use audit::meeting::{Listed, MeetingList, Said};
    use casefind::{OwnIdentity, OwnPerson};
    use vocabulary::redact::Secret;

    use super::*;

    #[test]
    fn the_page_has_a_sheet_a_part_no_script_and_no_markup_of_a_record() {
        let day: Date = "2025-06-02".parse().unwrap();
        let listed = |person, reasons: &[&str]| Listed {
            person,
            occasions: vec![Said::Own(day, "disease progressed".to_owned())],
            reasons: reasons.iter().map(|words| (*words).to_owned()).collect(),
        };
        let list = MeetingList {
            complex: vec![listed(1, &["spread to the brain"])],
            standard: vec![listed(2, &[])],
            unnamed: 3,
            earlier: 2,
        };
        let own = |family: &str| OwnPerson {
            identity: Secret::new(OwnIdentity {
                family_name: family.to_owned(),
                number: "9434765919".to_owned(),
                ..OwnIdentity::default()
            }),
            ..OwnPerson::default()
        };
        let own = BTreeMap::from([(1, own("<script>alert(1)</script>")), (2, own("O'Neill"))]);
        let head = Head {
            organisation: "A & B",
            since: day,
            as_of: day,
            status: "our own proposal",
            simulated: false,
        };
        let named = Named {
            list: &list,
            own: &own,
        };
        let invented = page(
            &Head {
                simulated: true,
                ..head
            },
            &named,
        );
        assert_eq!(invented.matches(protect::SIMULATED_NOTICE).count(), 2);
        let page = page(&head, &named);
        assert!(!page.contains(protect::SIMULATED_NOTICE));
        assert_eq!(page.matches("<section>").count(), 2);
        assert_eq!(page.matches("class=\"notice\"").count(), 2);
        assert!(!page.contains("<script") && !page.contains("http"), "{page}");
        assert!(
            page.contains("&lt;script&gt;") && page.contains("A &amp; B") && page.contains("O&#39;Neill")
        );
        assert!(page.contains("943 476 5919") && page.contains("3 more belong to this organisation"));
    }
}
