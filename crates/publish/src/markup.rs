//! Reads a page of our own back into its elements, so that paper, screen and the Welsh pages are set from one text.
//!
//! Invariant: this is no reader of the web. It takes what `maud` writes, every attribute quoted and every element closed,
//! and refuses the rest.

/// A piece of a page.
#[derive(Debug, PartialEq)]
pub(crate) enum Node<'a> {
    Text(String),
    Element(Element<'a>),
}

/// An element and what is in it.
#[derive(Debug, PartialEq)]
pub(crate) struct Element<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: Vec<(&'a str, String)>,
    pub(crate) children: Vec<Node<'a>>,
    /// The element as it was written, from its first sign to its last.
    pub(crate) written: &'a str,
}

/// Elements that hold nothing and are not closed.
pub(crate) const VOID: [&str; 6] = ["meta", "link", "br", "wbr", "input", "hr"];

impl<'a> Element<'a> {
    pub(crate) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| *key == name);
        found.map(|(_, value)| value.as_str())
    }

    pub(crate) fn has_class(&self, class: &str) -> bool {
        let classes = self.attribute("class").unwrap_or_default();
        classes.split(' ').any(|one| one == class)
    }

    /// The elements directly in it.
    pub(crate) fn elements(&self) -> impl Iterator<Item = &Element<'a>> {
        self.children.iter().filter_map(|node| match node {
            Node::Element(element) => Some(element),
            Node::Text(_) => None,
        })
    }

    /// The first element of a name in it, however deep.
    pub(crate) fn find(&self, name: &str) -> Option<&Element<'a>> {
        self.elements().find_map(|one| {
            if one.name == name {
                Some(one)
            } else {
                one.find(name)
            }
        })
    }

    /// All words in it, one blank between them.
    pub(crate) fn words(&self) -> String {
        let mut text = String::new();
        self.collect(&mut text);
        text.split_whitespace().collect::<Vec<_>>().join(" ")
    }

    fn collect(&self, text: &mut String) {
        for node in &self.children {
            match node {
                Node::Text(words) => text.push_str(words),
                Node::Element(one) => one.collect(text),
            }
        }
    }
}

/// An element that is still open.
struct Open<'a> {
    name: &'a str,
    attributes: Vec<(&'a str, String)>,
    children: Vec<Node<'a>>,
    start: usize,
}

/// The main part of a page; none where the page is not as ours are.
pub(crate) fn main_of(page: &str) -> Option<Element<'_>> {
    let start = page.find("<main")?;
    let end = page.rfind("</main>")? + "</main>".len();
    element(page.get(start..end)?)
}

/// A whole page, without the line that says what kind of document it is.
pub(crate) fn page(text: &str) -> Option<Element<'_>> {
    element(text.get(text.find("<html")?..)?)
}

/// One element, written from its first sign to its last.
pub(crate) fn element(text: &str) -> Option<Element<'_>> {
    let mut open: Vec<Open<'_>> = Vec::new();
    let mut at = 0;
    loop {
        let next = at + text.get(at..)?.find('<')?;
        if next > at {
            let words = unescaped(text.get(at..next)?);
            open.last_mut()?.children.push(Node::Text(words));
        }
        let end = next + text.get(next..)?.find('>')?;
        let inside = text.get(next + 1..end)?;
        at = end + 1;
        let closed = if let Some(name) = inside.strip_prefix('/') {
            let done = open.pop().filter(|one| one.name == name)?;
            Some(done)
        } else {
            let (name, rest) = inside.split_once(' ').unwrap_or((inside, ""));
            let one = Open {
                name,
                attributes: attributes(rest)?,
                children: Vec::new(),
                start: next,
            };
            if VOID.contains(&name) {
                Some(one)
            } else {
                open.push(one);
                None
            }
        };
        if let Some(one) = closed {
            let element = Element {
                name: one.name,
                attributes: one.attributes,
                children: one.children,
                written: text.get(one.start..at)?,
            };
            match open.last_mut() {
                Some(parent) => parent.children.push(Node::Element(element)),
                None => return Some(element),
            }
        }
    }
}

fn attributes(mut text: &str) -> Option<Vec<(&str, String)>> {
    let mut attributes = Vec::new();
    loop {
        text = text.trim_start();
        if text.is_empty() {
            return Some(attributes);
        }
        let end = text.find(['=', ' ']).unwrap_or(text.len());
        let (key, rest) = text.split_at_checked(end)?;
        if let Some(value) = rest.strip_prefix("=\"") {
            let (value, rest) = value.split_once('"')?;
            attributes.push((key, unescaped(value)));
            text = rest;
        } else {
            attributes.push((key, String::new()));
            text = rest;
        }
    }
}

fn unescaped(text: &str) -> String {
    text.replace("&lt;", "<")
        .replace("&gt;", ">")
        .replace("&quot;", "\"")
        .replace("&amp;", "&")
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    #[test]
    fn a_page_is_read_as_it_was_written() {
        let page = "<!DOCTYPE html><html><body><main id=\"main\"><p class=\"a b\">At <strong>5 &amp; &lt;6</strong><wbr> \
                    <a href=\"x.csv\" download>x</a></p></main></body></html>";
        let main = main_of(page).unwrap();
        assert_eq!((main.name, main.attribute("id")), ("main", Some("main")));
        let p = main.find("p").unwrap();
        assert!(p.has_class("b") && !p.has_class("c"));
        assert_eq!(p.words(), "At 5 & <6 x");
        assert_eq!(p.find("a").unwrap().attribute("download"), Some(""));
        assert_eq!(
            p.find("strong").unwrap().written,
            "<strong>5 &amp; &lt;6</strong>"
        );
    }

    #[test]
    fn what_is_not_closed_is_refused() {
        for text in ["<p>", "<p></b></p>", "<p a=\"></p>", "<p", "words", ""] {
            assert_eq!(element(text), None, "{text}");
        }
    }
}
