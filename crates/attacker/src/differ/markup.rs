//! A strict reader of our own markup: pages, pictures and the feed, taken apart to the last attribute and comment.
//!
//! Invariant: every byte of the text belongs to one atom, so what is hidden in a comment or an attribute is an atom like any
//! other. What this reader does not understand is an error, and an error is a finding.

/// What stands at one place.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) enum What {
    Open(String),
    Attribute(String, String),
    Text(String),
    Comment(String),
    Close(String),
}

/// An element, with its own text and attributes.
#[derive(Clone, Debug, Default)]
pub(crate) struct Node {
    pub(crate) tag: String,
    pub(crate) attributes: Vec<(String, String)>,
    pub(crate) parent: Option<usize>,
    pub(crate) children: Vec<usize>,
    /// The text directly inside it.
    pub(crate) text: String,
}

/// A file of markup: its elements, and its atoms in order, each with the element it belongs to and its bytes.
#[derive(Debug, Default)]
pub(crate) struct Markup {
    pub(crate) nodes: Vec<Node>,
    pub(crate) atoms: Vec<What>,
    pub(crate) owners: Vec<usize>,
    /// How each atom is written: the end of a start tag belongs to its beginning, blanks before an attribute to the attribute.
    pub(crate) written: Vec<String>,
}

/// Elements without an end tag in pages.
const VOID: [&str; 6] = ["meta", "link", "br", "wbr", "input", "img"];

impl Markup {
    pub(crate) fn read(text: &str) -> Result<Self, &'static str> {
        let mut markup = Self {
            nodes: vec![Node::default()],
            ..Self::default()
        };
        let mut open = vec![0_usize];
        let mut rest = text;
        while let Some(start) = rest.find('<') {
            let here = open.last().copied().unwrap_or_default();
            let (before, tag) = rest.split_at(start);
            markup.text(here, before);
            if let Some(comment) = tag.strip_prefix("<!--") {
                let end = comment.find("-->").ok_or("a comment without an end")?;
                rest = &comment[end + 3..];
                let written = &tag[..tag.len() - rest.len()];
                markup.push(here, What::Comment(comment[..end].to_owned()), written);
                continue;
            }
            let end = end_of_tag(tag).ok_or("a tag without an end")?;
            let inside = &tag[1..end];
            let written = &tag[..=end];
            rest = &tag[end + 1..];
            if inside.starts_with(['!', '?']) {
                markup.push(here, What::Comment(inside.to_owned()), written);
            } else if let Some(name) = inside.strip_prefix('/') {
                let node = open.pop().filter(|node| *node > 0).ok_or("an end tag too many")?;
                if markup.nodes.get(node).map(|n| n.tag.as_str()) != Some(name) {
                    return Err("end tags out of order");
                }
                markup.push(node, What::Close(name.to_owned()), written);
            } else {
                let node = markup.element(here, inside)?;
                let void = markup
                    .nodes
                    .get(node)
                    .is_some_and(|n| VOID.contains(&n.tag.as_str()));
                if !void && !inside.ends_with('/') {
                    open.push(node);
                }
            }
        }
        markup.text(0, rest);
        if open.len() == 1 {
            Ok(markup)
        } else {
            Err("an element without an end")
        }
    }

    fn push(&mut self, owner: usize, what: What, written: &str) {
        self.atoms.push(what);
        self.owners.push(owner);
        self.written.push(written.to_owned());
    }

    fn text(&mut self, owner: usize, written: &str) {
        if !written.is_empty() {
            let text = plain(written);
            if let Some(node) = self.nodes.get_mut(owner) {
                node.text.push_str(&text);
            }
            self.push(owner, What::Text(text), written);
        }
    }

    fn element(&mut self, parent: usize, inside: &str) -> Result<usize, &'static str> {
        let (bare, strokes) = inside.split_at(inside.trim_end_matches('/').len());
        let (tag, mut left) = bare.split_at(bare.find(char::is_whitespace).unwrap_or(bare.len()));
        let at = self.nodes.len();
        let opened = self.written.len();
        self.push(at, What::Open(tag.to_owned()), tag);
        let mut node = Node {
            tag: tag.to_owned(),
            parent: Some(parent),
            ..Node::default()
        };
        while !left.trim_start().is_empty() {
            let attributes = left.trim_start();
            let end = attributes
                .find(|c: char| c == '=' || c.is_whitespace())
                .unwrap_or(attributes.len());
            let (name, after) = attributes.split_at(end);
            let (value, after) = match after.strip_prefix("=\"") {
                Some(quoted) => {
                    let close = quoted.find('"').ok_or("an attribute without an end")?;
                    (plain(&quoted[..close]), &quoted[close + 1..])
                }
                None if after.starts_with('=') => return Err("an attribute without quotes"),
                None => (String::new(), after),
            };
            let written = &left[..left.len() - after.len()];
            self.push(at, What::Attribute(name.to_owned(), value.clone()), written);
            node.attributes.push((name.to_owned(), value));
            left = after;
        }
        // Blanks and strokes before the end of the tag.
        if let Some(written) = self.written.get_mut(opened) {
            written.push_str(left);
            written.push_str(strokes);
        }
        self.nodes.push(node);
        if let Some(parent) = self.nodes.get_mut(parent) {
            parent.children.push(at);
        }
        Ok(at)
    }

    pub(crate) fn attribute(&self, node: usize, name: &str) -> Option<&str> {
        let attributes = &self.nodes.get(node)?.attributes;
        attributes
            .iter()
            .find(|(n, _)| n == name)
            .map(|(_, v)| v.as_str())
    }

    /// All text inside an element, its own first.
    pub(crate) fn words(&self, node: usize) -> String {
        let Some(of) = self.nodes.get(node) else {
            return String::new();
        };
        let mut words = of.text.trim().to_owned();
        for child in &of.children {
            let inner = self.words(*child);
            if !inner.is_empty() && !words.is_empty() {
                words.push(' ');
            }
            words.push_str(&inner);
        }
        words
    }

    /// The element and all it stands in, innermost first.
    pub(crate) fn line(&self, node: usize) -> Vec<usize> {
        let mut line = vec![node];
        let mut at = node;
        while let Some(parent) = self.nodes.get(at).and_then(|n| n.parent) {
            line.push(parent);
            at = parent;
        }
        line
    }

    /// Where an element stands: its tags from the outside in.
    pub(crate) fn path(&self, node: usize) -> String {
        let mut names: Vec<String> = Vec::new();
        for at in self.line(node).into_iter().rev() {
            let Some(of) = self.nodes.get(at).filter(|n| !n.tag.is_empty()) else {
                continue;
            };
            let class = self.attribute(at, "class").and_then(|c| c.split(' ').next());
            names.push(match class.filter(|c| c.chars().all(|l| !l.is_ascii_digit())) {
                Some(class) => format!("{}.{class}", of.tag),
                None => of.tag.clone(),
            });
        }
        names.join("/")
    }
}

/// Where a tag ends: not at a `>` inside quotes.
fn end_of_tag(tag: &str) -> Option<usize> {
    let mut quoted = false;
    tag.char_indices().find_map(|(at, c)| {
        quoted ^= c == '"';
        (c == '>' && !quoted).then_some(at)
    })
}

/// The text that a reader sees. Numeric references are left as they are: we write none, so each is a difference.
fn plain(text: &str) -> String {
    if !text.contains('&') {
        return text.to_owned();
    }
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
    fn every_place_is_an_atom() {
        let text = "<!DOCTYPE html><p class=\"a\" title=\"x &gt; 1\">one<!-- two --><br>three <b hidden>four</b></p>";
        let markup = Markup::read(text).unwrap();
        assert_eq!(markup.atoms.len(), 13);
        assert!(markup.atoms.contains(&What::Comment(" two ".to_owned())));
        assert!(
            markup
                .atoms
                .contains(&What::Attribute("title".to_owned(), "x > 1".to_owned()))
        );
        assert_eq!(markup.words(1), "onethree four");
        assert_eq!(markup.path(3), "p.a/b");
    }

    #[test]
    fn every_byte_belongs_to_an_atom() {
        let clean = "<h1 class=\"a\">one &gt; two<br></h1>";
        let of = |text: &str| Markup::read(text).unwrap();
        for other in [
            "<h1 class=\"a\"   >one &gt; two<br></h1>",
            "<h1\nclass=\"a\">one &gt; two<br></h1>",
            "<h1 class=\"a\">one > two<br></h1>",
            "<h1 class=\"a\">one &gt; two<br/></h1>",
        ] {
            assert_eq!(of(other).atoms, of(clean).atoms, "{other}");
            assert_ne!(of(other).written, of(clean).written, "{other}");
        }
        // What was added is taken out, and what is left is as it was.
        let added = of("<h1 class=\"a\" id=\"b\">one &gt; two<br></h1>");
        let left =
            |at: &usize| added.atoms.get(*at) != Some(&What::Attribute("id".to_owned(), "b".to_owned()));
        let kept = (0..added.atoms.len()).filter(left);
        let kept: Vec<&String> = kept.filter_map(|at| added.written.get(at)).collect();
        assert_eq!(kept, of(clean).written.iter().collect::<Vec<_>>());
    }

    #[test]
    fn what_is_not_understood_is_an_error() {
        for text in [
            "<p>",
            "</p>",
            "<p><b></p></b>",
            "<p class=a></p>",
            "<!-- x",
            "<p title=\"",
            "<",
        ] {
            assert!(Markup::read(text).is_err(), "{text}");
        }
    }
}
