//! Through the XML, once, keeping one record at a time.
//!
//! A record is the innermost element that has an `Id` child and, at any depth below, a linkage
//! block. That is known for certain only when the element ends, so what is said is gathered from
//! the first section on and given away at that moment; the `Id` of a file header is never taken
//! for a record's, because an inner element ends first. A linkage block that no element with an
//! `Id` encloses is still a person: it is given away without an id when the child of the root in
//! which it lies ends.

use std::io::Read;

use layouts::cosd_paths::{Field, Section};
use quick_xml::Reader;
use quick_xml::events::{BytesStart, Event};

use super::feed::{Feed, FeedLimits, Oddities};
use super::header::{Header, HeaderFact};
use super::raw::RawRecord;
use super::stop::{Limit, Stop};
use super::trie::{DEAD, ROOT, Trie, is_linkage};
use super::version::FileVersion;
use super::xml::{local, resolve, stop_of, unescape};

/// What one file may hold.
#[derive(Debug, Clone, Copy)]
pub(super) struct WalkLimits {
    /// Bytes of the file and of one token.
    pub(super) feed: FeedLimits,
    /// Elements open at once.
    pub(super) depth: usize,
    /// Elements of one record.
    pub(super) elements: u64,
    /// Attributes of an element that is read.
    pub(super) attributes: usize,
    /// Bytes of one value.
    pub(super) cell: usize,
    /// Sections and pairs of one record.
    pub(super) repeats: usize,
    /// Bytes from the end of one record to the end of the next.
    pub(super) record: u64,
}

/// What was learnt of a file that was read to its end.
#[derive(Debug)]
pub(super) struct Walked {
    pub(super) version: FileVersion,
    pub(super) header: Header,
    pub(super) records: u64,
    pub(super) hash: String,
    pub(super) oddities: Oddities,
}

/// Takes each record as it ends.
pub(super) trait Sink {
    /// The record, and the header as far as it was read.
    fn record(&mut self, record: &RawRecord, header: &Header, version: &FileVersion) -> Result<(), Stop>;
}

/// An open element.
struct Frame {
    state: u16,
    place: u16,
    pair: Option<u16>,
    says: Says,
    id: Option<Box<str>>,
}

/// What the text of an element is.
#[derive(Clone, Copy)]
enum Says {
    Nothing,
    Field(Field),
    Header(HeaderFact),
    Id,
}

struct Walk<'a, S> {
    sink: &'a mut S,
    limits: WalkLimits,
    trie: &'static Trie,
    version: Option<FileVersion>,
    header: Header,
    record: RawRecord,
    frames: Vec<Frame>,
    /// Text of the element that is being listened to.
    heard: String,
    /// How deep the linkage block lay that waits for its record to end.
    linkage: Option<usize>,
    elements: u64,
    /// Bytes read when the record before ended.
    since: u64,
    closed: bool,
}

/// Reads a whole file, giving each record to `sink`.
pub(super) fn walk<R: Read, S: Sink>(
    source: R,
    name: &str,
    limits: WalkLimits,
    sink: &mut S,
) -> Result<Walked, Stop> {
    let mut reader = Reader::from_reader(Feed::new(source, limits.feed));
    let mut walk = Walk::new(name, limits, sink);
    let mut buffer = Vec::new();
    loop {
        buffer.clear();
        reader.get_mut().mark();
        let event = match reader.read_event_into(&mut buffer) {
            Ok(event) => event,
            Err(error) => return Err(stop_of(reader.get_mut(), &error)),
        };
        if matches!(event, Event::Eof) {
            break;
        }
        let before = walk.record.row;
        walk.event(&event)?;
        if walk.record.row != before {
            walk.since = reader.buffer_position();
        } else if reader.buffer_position() - walk.since > limits.record {
            return Err(Stop::Limit(Limit::Record));
        }
    }
    if !walk.closed {
        return Err(Stop::Truncated);
    }
    let Walk {
        version,
        header,
        record,
        ..
    } = walk;
    let version = version.ok_or(Stop::NoVersion)?;
    let feed = reader.get_mut();
    Ok(Walked {
        version,
        header,
        records: record.row,
        hash: feed.hash(),
        oddities: feed.oddities(),
    })
}

impl<'a, S: Sink> Walk<'a, S> {
    /// Before the first element of a file.
    fn new(name: &str, limits: WalkLimits, sink: &'a mut S) -> Self {
        Self {
            sink,
            limits,
            trie: Trie::for_version(layouts::cosd_paths::Version::V10),
            version: None,
            header: Header::of_name(name),
            record: RawRecord::default(),
            frames: Vec::with_capacity(limits.depth.min(64)),
            heard: String::new(),
            linkage: None,
            elements: 0,
            since: 0,
            closed: false,
        }
    }
}

impl<S: Sink> Walk<'_, S> {
    fn event(&mut self, event: &Event<'_>) -> Result<(), Stop> {
        match event {
            Event::Start(tag) => self.start(tag),
            Event::Empty(tag) => {
                self.start(tag)?;
                self.end()
            }
            Event::End(_) => self.end(),
            Event::Text(text) => self.hear(text),
            Event::CData(text) => self.hear(text),
            Event::GeneralRef(reference) => {
                let letter = resolve(reference)?;
                self.hear(letter.encode_utf8(&mut [0; 4]))
            }
            Event::DocType(_) => Err(Stop::Doctype),
            Event::Comment(_) | Event::Decl(_) | Event::PI(_) | Event::Eof => Ok(()),
        }
    }

    fn start(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        if self.closed {
            return Err(Stop::Malformed("it has more than one root element"));
        }
        if self.frames.is_empty() {
            return self.root(tag);
        }
        if self.frames.len() >= self.limits.depth {
            return Err(Stop::Limit(Limit::Depth));
        }
        if self.frames.len() == 1 && self.linkage.is_none() {
            self.forget();
        }
        self.elements += 1;
        if self.elements > self.limits.elements {
            return Err(Stop::Limit(Limit::Elements));
        }
        let name = local(tag);
        if name == "Id" {
            self.start_id(tag)
        } else {
            self.start_element(tag, name)
        }
    }

    fn start_element(&mut self, tag: &BytesStart<'_>, name: &str) -> Result<(), Stop> {
        let Some(parent) = self.frames.last() else {
            return Ok(());
        };
        let mut frame = Frame {
            state: DEAD,
            id: None,
            ..*parent
        };
        let above = parent.state;
        if above == DEAD && !is_linkage(name) {
            self.frames.push(frame);
            return Ok(());
        }
        frame.state = self.trie.enter(above, name);
        if is_linkage(name) {
            self.start_linkage()?;
        }
        match self.trie.section(frame.state) {
            Some(Section::Pair) => frame.pair = Some(self.record.open_pair(frame.place)),
            Some(section) => frame.place = self.record.open(section, frame.place),
            None => {}
        }
        if let Some((field, held)) = self.trie.leaf(frame.state) {
            frame.says = Says::Field(field);
            self.heard.clear();
            self.attribute(tag, held.attribute())?;
        } else if frame.state == ROOT
            && let Some(fact) = HeaderFact::of(name)
        {
            frame.says = Says::Header(fact);
            self.heard.clear();
            self.attribute(tag, None)?;
        }
        self.frames.push(frame);
        Ok(())
    }

    fn root(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        for attribute in tag.attributes().with_checks(false).take(self.limits.attributes) {
            let attribute = attribute.map_err(|_| Stop::Malformed("an attribute of the root"))?;
            let value: &str = &attribute.value;
            if attribute.key.0.starts_with("xmlns")
                && self.version.is_none()
                && let Some(version) = FileVersion::of_namespace(value)
            {
                let version = version?;
                self.trie = Trie::for_version(version.major);
                self.version = Some(version);
            }
        }
        if self.version.is_none() {
            return Err(Stop::NoVersion);
        }
        self.frames.push(Frame {
            state: ROOT,
            place: 0,
            pair: None,
            says: Says::Nothing,
            id: None,
        });
        Ok(())
    }

    fn start_id(&mut self, tag: &BytesStart<'_>) -> Result<(), Stop> {
        self.heard.clear();
        self.attribute(tag, Some("root"))?;
        self.frames.push(Frame {
            state: DEAD,
            place: 0,
            pair: None,
            says: Says::Id,
            id: None,
        });
        Ok(())
    }

    fn start_linkage(&mut self) -> Result<(), Stop> {
        let owned = self.frames.iter().skip(1).any(|frame| frame.id.is_some());
        if self.linkage.is_some() && !owned {
            self.emit(None)?;
        }
        self.linkage = Some(self.frames.len());
        self.record.linkages += 1;
        Ok(())
    }

    /// Hears the value of the wanted attribute, or of the likeliest other one.
    fn attribute(&mut self, tag: &BytesStart<'_>, wanted: Option<&str>) -> Result<(), Stop> {
        const LIKELY: [&str; 4] = ["code", "extension", "value", "root"];
        let mut best = usize::MAX;
        // The check for repeated names costs the square of their number, and nothing here needs it.
        for (number, attribute) in tag.attributes().with_checks(false).enumerate() {
            if number >= self.limits.attributes {
                return Err(Stop::Limit(Limit::Attributes));
            }
            let attribute = attribute.map_err(|_| Stop::Malformed("an attribute"))?;
            let key = attribute.key.0;
            let rank = if wanted == Some(key) {
                0
            } else {
                LIKELY
                    .iter()
                    .position(|likely| *likely == key)
                    .map_or(usize::MAX, |at| at + 1)
            };
            if rank < best && !attribute.value.trim().is_empty() {
                best = rank;
                self.heard.clear();
                unescape(&attribute.value, &mut self.heard)?;
            }
        }
        if self.heard.len() > self.limits.cell {
            return Err(Stop::Limit(Limit::Cell));
        }
        Ok(())
    }

    fn hear(&mut self, text: &str) -> Result<(), Stop> {
        let Some(frame) = self.frames.last() else {
            return if text.trim().is_empty() {
                Ok(())
            } else {
                Err(Stop::Malformed("there is text outside the root element"))
            };
        };
        if !matches!(frame.says, Says::Nothing) {
            self.heard.push_str(text);
            if self.heard.len() > self.limits.cell {
                return Err(Stop::Limit(Limit::Cell));
            }
        }
        Ok(())
    }

    fn end(&mut self) -> Result<(), Stop> {
        let Some(frame) = self.frames.pop() else {
            return Err(Stop::Malformed("a tag is closed that was not open"));
        };
        let outer = !self
            .frames
            .last()
            .is_some_and(|parent| !matches!(parent.says, Says::Nothing));
        if outer {
            self.said(&frame)?;
        }
        self.closed = self.frames.is_empty();
        if self.linkage.is_some() {
            if frame.id.is_some() && self.linkage > Some(self.frames.len()) {
                self.emit(frame.id)?;
            } else if self.frames.len() <= 1 && self.linkage > Some(self.frames.len()) {
                self.emit(None)?;
            }
        }
        Ok(())
    }

    /// The outermost element that was listened to has ended.
    fn said(&mut self, frame: &Frame) -> Result<(), Stop> {
        match frame.says {
            Says::Nothing => {}
            Says::Header(fact) => self.header.learn(fact, &self.heard),
            Says::Id => {
                let value = self.heard.trim();
                if let (Some(parent), false) = (self.frames.last_mut(), value.is_empty()) {
                    parent.id.get_or_insert_with(|| value.into());
                }
            }
            Says::Field(field) => {
                let place = self.record.say(frame.place, frame.pair, field, &self.heard);
                if place != frame.place {
                    for open in self.frames.iter_mut().filter(|open| open.place == frame.place) {
                        open.place = place;
                    }
                }
                if self.record.sections() > self.limits.repeats {
                    return Err(Stop::Limit(Limit::Repeats));
                }
            }
        }
        Ok(())
    }

    fn emit(&mut self, id: Option<Box<str>>) -> Result<(), Stop> {
        self.record.row += 1;
        self.record.id = id;
        let version = self.version.as_ref().ok_or(Stop::NoVersion)?;
        self.sink.record(&self.record, &self.header, version)?;
        self.linkage = None;
        self.forget();
        Ok(())
    }

    fn forget(&mut self) {
        self.record.clear();
        self.elements = 0;
        for frame in &mut self.frames {
            frame.place = 0;
            frame.pair = None;
        }
    }
}
