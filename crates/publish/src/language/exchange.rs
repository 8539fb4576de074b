//! A page with its sentences exchanged.

use std::collections::BTreeSet;

use super::{Catalogue, PAGES, welsh};
use crate::markup::{self, Element, Node, VOID};

/// The Welsh page of an English one; none where that is not as ours are.
pub(super) fn exchanged(
    path: &str,
    html: &str,
    catalogue: &Catalogue,
    names: &BTreeSet<String>,
) -> Option<String> {
    let page = markup::page(html)?;
    let mut exchange = Exchange {
        path,
        catalogue,
        names,
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
    used: Vec<String>,
    out: String,
}

impl Exchange<'_> {
    /// Writes an element; `sentences` is whether its words are still to be exchanged.
    fn element(&mut self, element: &Element<'_>, sentences: bool) {
        if element.has_class("language") {
            self.way_back();
            return;
        }
        let is_unit = sentences && element.children.iter().any(is_words);
        let (unit, kept) = if is_unit {
            self.unit(element)
        } else {
            (None, false)
        };
        self.open(element, kept);
        if VOID.contains(&element.name) {
            return;
        }
        if element.name == "main" {
            self.notice();
        }
        match unit {
            Some(welsh) => self.filled(&welsh, element),
            None => {
                for node in &element.children {
                    match node {
                        Node::Text(text) => self.out.push_str(&escaped(text)),
                        Node::Element(one) => self.element(one, sentences && !is_unit),
                    }
                }
            }
        }
        self.out.push_str(&format!("</{}>", element.name));
    }

    /// An element's words in Welsh, and whether it keeps English ones.
    fn unit(&mut self, element: &Element<'_>) -> (Option<String>, bool) {
        let mut english = String::new();
        message(element, &mut 0, &mut english);
        let english = english.split_whitespace().collect::<Vec<_>>().join(" ");
        let welsh = self.said(&english);
        let neutral = element.name == "code"
            || self.names.contains(&english)
            || english.chars().filter(|sign| sign.is_alphabetic()).count() < 2
            || element.attribute("lang").is_some();
        let kept = welsh.is_none() && !neutral;
        (welsh, kept)
    }

    /// A sentence in Welsh; after the name of a place, what is said of it.
    fn said(&mut self, english: &str) -> Option<String> {
        if let Some((name, of_it)) = english.split_once(": ")
            && self.names.contains(name)
        {
            let welsh = self.catalogue.welsh(of_it, &mut self.used)?;
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
                "href" | "src" => moved(self.path, value, neutral),
                "lang" if element.name == "html" => "cy".to_owned(),
                "aria-label" | "title" | "alt" | "content" | "aria-description" => {
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

fn is_words(node: &Node<'_>) -> bool {
    matches!(node, Node::Text(text) if !text.trim().is_empty())
}

/// Whether an element is put in as it is: it has no words, or is a drawing.
fn opaque(element: &Element<'_>) -> bool {
    element.name == "svg" || element.words().is_empty()
}

/// A sentence with its elements numbered in the order in which they begin.
fn message(element: &Element<'_>, count: &mut usize, text: &mut String) {
    for node in &element.children {
        match node {
            Node::Text(words) => text.push_str(words),
            Node::Element(one) => {
                *count += 1;
                let number = *count;
                if opaque(one) {
                    text.push_str(&format!("<{number}/>"));
                } else {
                    text.push_str(&format!("<{number}>"));
                    message(one, count, text);
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

/// Where a link of an English page leads from its Welsh page: to the Welsh page where there is one.
fn moved(path: &str, target: &str, neutral: bool) -> String {
    let elsewhere = ["#", "https:", "tel:", "mailto:"];
    if target.is_empty() || elsewhere.iter().any(|start| target.starts_with(start)) {
        return target.to_owned();
    }
    let (file, id) = target
        .split_once('#')
        .map_or((target, String::new()), |(file, id)| (file, format!("#{id}")));
    let mut at: Vec<&str> = path.split('/').collect();
    at.pop();
    for step in file.split('/') {
        if step == ".." {
            at.pop();
        } else {
            at.push(step);
        }
    }
    let mut to = at.join("/");
    if !neutral && PAGES.contains(&to.as_str()) {
        to = welsh(&to);
    }
    let up = "../".repeat(welsh(path).matches('/').count());
    format!("{up}{to}{id}")
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
