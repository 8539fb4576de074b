//! The structure of a document for those who hear it: what is a heading, a list, a table, in the order of reading.
//!
//! Standard followed: the structure types of ISO 32000-1, 14.8.4, as PDF/UA-1 (ISO 14289-1) asks for them.

use std::num::NonZeroU16;

use krilla::tagging::{Identifier, ListNumbering, Node, TableHeaderScope, Tag, TagGroup, TagKind, TagTree};

/// One element of the structure.
#[derive(Clone, Debug)]
pub(super) enum Kind {
    Document,
    Heading { level: u16, words: String },
    Paragraph,
    List { numbered: bool },
    Item,
    Label,
    Body,
    Table { about: String },
    Head,
    Rows,
    Row,
    HeadOfColumn,
    HeadOfRow,
    Cell,
    Figure { about: String },
    Link,
}

/// An element's place in the [`Structure`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Place(usize);

/// Something drawn that belongs to an element.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark(usize);

#[derive(Clone, Copy)]
enum Child {
    Element(Place),
    Drawn(Mark),
}

/// The elements, and what is drawn of each.
pub(super) struct Structure {
    elements: Vec<(Kind, Vec<Child>)>,
    marks: usize,
}

impl Structure {
    pub(super) const ROOT: Place = Place(0);

    pub(super) fn new() -> Self {
        Self {
            elements: vec![(Kind::Document, Vec::new())],
            marks: 0,
        }
    }

    /// An element after all others in its parent.
    pub(super) fn element(&mut self, parent: Place, kind: Kind) -> Place {
        let place = Place(self.elements.len());
        self.elements.push((kind, Vec::new()));
        self.child(parent, Child::Element(place));
        place
    }

    /// Something that will be drawn in an element, after all else in it.
    pub(super) fn mark(&mut self, parent: Place) -> Mark {
        let mark = Mark(self.marks);
        self.marks += 1;
        self.child(parent, Child::Drawn(mark));
        mark
    }

    fn child(&mut self, parent: Place, child: Child) {
        if let Some((_, children)) = self.elements.get_mut(parent.0) {
            children.push(child);
        }
    }

    /// The tree, once everything is drawn.
    pub(super) fn tree(&self, drawn: &mut Drawn) -> TagTree {
        let mut tree = TagTree::new();
        for node in self.nodes(Self::ROOT, drawn) {
            tree.push(node);
        }
        tree
    }

    fn nodes(&self, place: Place, drawn: &mut Drawn) -> Vec<Node> {
        let children = self.elements.get(place.0).map(|(_, children)| children);
        let mut nodes = Vec::new();
        for child in children.into_iter().flatten() {
            match *child {
                Child::Drawn(mark) => nodes.extend(drawn.take(mark).into_iter().map(Node::from)),
                Child::Element(place) => {
                    let Some((kind, _)) = self.elements.get(place.0) else {
                        continue;
                    };
                    let mut group = TagGroup::new(tag(kind));
                    for node in self.nodes(place, drawn) {
                        group.push(node);
                    }
                    nodes.push(group.into());
                }
            }
        }
        nodes
    }
}

/// What was drawn for each mark, in order.
#[derive(Default)]
pub(super) struct Drawn(Vec<Vec<Identifier>>);

impl Drawn {
    pub(super) fn put(&mut self, mark: Mark, drawn: Identifier) {
        if self.0.len() <= mark.0 {
            self.0.resize_with(mark.0 + 1, Vec::new);
        }
        if let Some(place) = self.0.get_mut(mark.0) {
            place.push(drawn);
        }
    }

    fn take(&mut self, mark: Mark) -> Vec<Identifier> {
        self.0.get_mut(mark.0).map(std::mem::take).unwrap_or_default()
    }
}

fn tag(kind: &Kind) -> TagKind {
    match kind {
        Kind::Document => Tag::Div.into(),
        Kind::Heading { level, words } => {
            let level = NonZeroU16::new(*level).unwrap_or(NonZeroU16::MIN);
            Tag::Hn(level, Some(words.clone())).into()
        }
        Kind::Paragraph => Tag::P.into(),
        Kind::List { numbered: true } => Tag::L(ListNumbering::Decimal).into(),
        Kind::List { numbered: false } => Tag::L(ListNumbering::None).into(),
        Kind::Item => Tag::LI.into(),
        Kind::Label => Tag::Lbl.into(),
        Kind::Body => Tag::LBody.into(),
        Kind::Table { about } => Tag::Table.with_summary(Some(about.clone())).into(),
        Kind::Head => Tag::THead.into(),
        Kind::Rows => Tag::TBody.into(),
        Kind::Row => Tag::TR.into(),
        Kind::HeadOfColumn => Tag::TH(TableHeaderScope::Column).into(),
        Kind::HeadOfRow => Tag::TH(TableHeaderScope::Row).into(),
        Kind::Cell => Tag::TD.into(),
        Kind::Figure { about } => Tag::Figure(Some(about.clone())).into(),
        Kind::Link => Tag::Link.into(),
    }
}
