//! A page with its sentences exchanged.

use std::collections::BTreeSet;

use super::{Catalogue, welsh};
use crate::markup::{self, Element, Node, VOID};

/// The Welsh page of an English one; none where that is not as ours are. `there` are the pages that have one.
pub(super) fn exchanged(
    path: &str,
    html: &str,
    catalogue: &Catalogue,
    names: &BTreeSet<String>,
    there: &BTreeSet<&str>,
) -> Option<String> {
    let page = markup::page(html)?;
    let mut exchange = Exchange {
        path,
        catalogue,
        names,
        there,
        used: Vec::new(),
        out: String::from("<!DOCTYPE html>"),
    };
    exchange.element(&page, true);
    Some(exchange.out)
}

struct Exchange<'p> {
    path: &'p str,
    catalogue: &'p Catalogue,
    names: &'p BTreeSet<String>,
    there: &'p BTreeSet<&'p str>,
    used: Vec<String>,
    out: String,
}

/// The words of an element.
#[derive(Default)]
struct Unit<'e, 'a> {
    /// In Welsh, if there is any.
    welsh: Option<String>,
    /// The element after them, which is exchanged by itself.
    last: Option<&'e Element<'a>>,
    /// Whether English ones are kept.
    kept: bool,
}

impl Exchange<'_> {
    /// Writes an element; `sentences` is whether its words are still to be exchanged.
    fn element(&mut self, element: &Element<'_>, sentences: bool) {
        if element.has_class("language") {
            self.way_back();
            return;
        }
        let sentences = sentences && element.name != "code";
        let is_unit = sentences && element.children.iter().any(is_words);
        let unit = if is_unit {
            self.unit(element)
        } else {
            Unit::default()
        };
        self.open(element, unit.kept);
        if VOID.contains(&element.name) {
            return;
        }
        if element.name == "main" {
            self.notice();
        }
        match &unit.welsh {
            Some(welsh) => self.filled(welsh, element),
            None => {
                for node in &element.children {
                    match node {
                        Node::Text(text) => self.out.push_str(&escaped(text)),
                        Node::Element(one) => self.element(one, sentences && !is_unit),
                    }
                }
            }
        }
        if let Some(last) = unit.last {
            self.element(last, true);
        }
        self.out.push_str(&format!("</{}>", element.name));
    }

    /// An element's words in Welsh.
    fn unit<'e, 'a>(&mut self, element: &'e Element<'a>) -> Unit<'e, 'a> {
        let english = sentence(&element.children);
        let welsh = self.said(&english);
        let by_itself = if welsh.is_none() {
            self.but_last(element)
        } else {
            None
        };
        if let Some((welsh, last)) = by_itself {
            return Unit {
                welsh: Some(welsh),
                last: Some(last),
                kept: false,
            };
        }
        let neutral =
            self.names.contains(&english) || is_code(&english) || element.attribute("lang").is_some();
        Unit {
            kept: welsh.is_none() && !neutral,
            welsh,
            last: None,
        }
    }

    /// The words before the last element, where that is a remark by itself, as the mark of a table or what stands under a figure.
    fn but_last<'e, 'a>(&mut self, element: &'e Element<'a>) -> Option<(String, &'e Element<'a>)> {
        let (last, before) = element.children.split_last()?;
        let Node::Element(last) = last else {
            return None;
        };
        let english = sentence(before);
        let remark = last.name == "span" && !last.words().is_empty();
        let welsh = remark.then(|| self.said(&english))??;
        let blank = matches!(before.last(), Some(Node::Text(text)) if text.ends_with(' '));
        Some((if blank { format!("{welsh} ") } else { welsh }, last))
    }

    /// A sentence in Welsh; after the name of a place, what is said of it.
    fn said(&mut self, english: &str) -> Option<String> {
        let of_a_place = english
            .split_once(": ")
            .filter(|(bare, _)| self.names.contains(*bare));
        if let Some((bare, of_it)) = of_a_place
            && let Some(welsh) = self.catalogue.welsh(of_it, &mut self.used)
        {
            let name = self.catalogue.welsh(bare, &mut self.used);
            let name = name.as_deref().unwrap_or(bare);
            return Some(format!("{name}: {welsh}"));
        }
        self.catalogue.welsh(english, &mut self.used)
    }

    fn open(&mut self, element: &Element<'_>, kept: bool) {
        self.out.push('<');
        self.out.push_str(element.name);
        let neutral = element.attribute("hreflang").is_some();
        for (key, value) in &element.attributes {
            let value = match *key {
                "href" | "src" => self.moved(value, neutral),
                "lang" if element.name == "html" => "cy".to_owned(),
                "aria-label" | "title" | "alt" | "content" | "aria-description" | "data-column" => {
                    self.said(value).unwrap_or_else(|| value.clone())
                }
                _ => value.clone(),
            };
            if value.is_empty() {
                self.out.push_str(&format!(" {key}"));
            } else {
                self.out.push_str(&format!(" {key}=\"{}\"", escaped(&value)));
            }
        }
        if kept {
            self.out.push_str(" lang=\"en-GB\"");
        }
        self.out.push('>');
    }

    /// Puts a Welsh sentence in, with the elements that the English one has.
    fn filled(&mut self, welsh: &str, unit: &Element<'_>) {
        let mut inner = Vec::new();
        numbered(unit, &mut inner);
        let mut rest = welsh;
        while let Some((words, after)) = rest.split_once('<') {
            self.out.push_str(&escaped(words));
            let Some((tag, after)) = after.split_once('>') else {
                break;
            };
            rest = after;
            let number = tag.trim_matches('/').parse::<usize>().unwrap_or_default();
            let Some(element) = number.checked_sub(1).and_then(|at| inner.get(at)) else {
                continue;
            };
            if tag.ends_with('/') {
                self.element(element, false);
            } else if tag.starts_with('/') {
                self.out.push_str(&format!("</{}>", element.name));
            } else {
                self.open(element, false);
            }
        }
        self.out.push_str(&escaped(rest));
    }

    /// Where a link of an English page leads from its Welsh page: to the Welsh page where there is one.
    fn moved(&self, target: &str, neutral: bool) -> String {
        let elsewhere = ["#", "https:", "tel:", "mailto:"];
        if target.is_empty() || elsewhere.iter().any(|start| target.starts_with(start)) {
            return target.to_owned();
        }
        let (file, id) = target
            .split_once('#')
            .map_or((target, String::new()), |(file, id)| (file, format!("#{id}")));
        let mut at: Vec<&str> = self.path.split('/').collect();
        at.pop();
        for step in file.split('/') {
            if step == ".." {
                at.pop();
            } else {
                at.push(step);
            }
        }
        let mut to = at.join("/");
        if !neutral && self.there.contains(to.as_str()) {
            to = welsh(&to);
        }
        let up = "../".repeat(welsh(self.path).matches('/').count());
        format!("{up}{to}{id}")
    }

    fn way_back(&mut self) {
        let up = "../".repeat(welsh(self.path).matches('/').count());
        self.out.push_str(&format!(
            "<a class=\"language\" href=\"{up}{}\" hreflang=\"en-GB\" lang=\"en-GB\">English</a>",
            self.path
        ));
    }

    fn notice(&mut self) {
        let own = |key: &str| escaped(self.catalogue.own(key));
        let notice = format!(
            "<aside class=\"translated\" aria-label=\"{}\"><p><strong>{}</strong> {}</p><p lang=\"en-GB\">{}</p></aside>",
            own("label"),
            own("machine"),
            own("check"),
            own("in_english"),
        );
        self.out.push_str(&notice);
    }
}

/// Whether there are words of a sentence. Figures and signs are none: what stands beside them is exchanged by itself.
fn is_words(node: &Node<'_>) -> bool {
    matches!(node, Node::Text(text) if text.contains(char::is_alphabetic))
}

/// Whether it is no word of any language: a letter, a code, a list of codes, the name of a site.
fn is_code(english: &str) -> bool {
    if !english.contains(' ') && english.trim_end_matches('.').contains('.') {
        return true;
    }
    let letters = english.chars().filter(|sign| sign.is_alphabetic()).count();
    letters < 2 || !english.contains(char::is_lowercase)
}

/// Whether an element is put in as it is: it has no words, or is a drawing.
fn opaque(element: &Element<'_>) -> bool {
    element.name == "svg" || element.words().is_empty()
}

/// What stands between an element's tags as a sentence: one blank between words.
fn sentence(nodes: &[Node<'_>]) -> String {
    let mut english = String::new();
    message(nodes, &mut 0, &mut english);
    english.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A sentence with its elements numbered in the order in which they begin.
fn message(nodes: &[Node<'_>], count: &mut usize, text: &mut String) {
    for node in nodes {
        match node {
            Node::Text(words) => text.push_str(words),
            Node::Element(one) => {
                *count += 1;
                let number = *count;
                if opaque(one) {
                    text.push_str(&format!("<{number}/>"));
                } else {
                    text.push_str(&format!("<{number}>"));
                    message(&one.children, count, text);
                    text.push_str(&format!("</{number}>"));
                }
            }
        }
    }
}

fn numbered<'e, 'a>(element: &'e Element<'a>, all: &mut Vec<&'e Element<'a>>) {
    for one in element.elements() {
        all.push(one);
        if !opaque(one) {
            numbered(one, all);
        }
    }
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
