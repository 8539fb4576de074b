//! What single pieces of XML mean: names, references, and the errors of the XML reader.

use std::io::Read;

use quick_xml::events::{BytesRef, BytesStart};

use super::feed::Feed;
use super::stop::Stop;

/// The name of an element without its prefix.
pub(super) fn local<'a>(tag: &'a BytesStart<'_>) -> &'a str {
    let name = tag.name().0;
    name.rfind(':').map_or(name, |at| &name[at + 1..])
}

/// Resolves the references in an attribute's value.
pub(super) fn unescape(value: &str, into: &mut String) -> Result<(), Stop> {
    if !value.contains('&') {
        into.push_str(value);
        return Ok(());
    }
    let text = quick_xml::escape::unescape_with(value, quick_xml::escape::resolve_xml_entity)
        .map_err(|_| Stop::Entity)?;
    into.push_str(&text);
    Ok(())
}

/// The character that a reference in text stands for; only the five of XML and numbers are known.
pub(super) fn resolve(reference: &BytesRef<'_>) -> Result<char, Stop> {
    if let Some(letter) = reference
        .resolve_char_ref()
        .map_err(|_| Stop::Malformed("a character reference"))?
    {
        return Ok(letter);
    }
    let name: &str = reference;
    match name {
        "amp" => Ok('&'),
        "lt" => Ok('<'),
        "gt" => Ok('>'),
        "quot" => Ok('"'),
        "apos" => Ok('\''),
        _ => Err(Stop::Entity),
    }
}

/// What an error of the XML reader means for the file; its text, which may quote the file, is
/// dropped.
pub(super) fn stop_of<R: Read>(feed: &mut Feed<R>, error: &quick_xml::Error) -> Stop {
    use quick_xml::errors::{IllFormedError, SyntaxError};
    if let Some(stop) = feed.take_stop() {
        return stop;
    }
    match error {
        quick_xml::Error::Io(error) => Stop::Io(std::io::Error::new(error.kind(), error.to_string())),
        quick_xml::Error::Syntax(SyntaxError::InvalidBangMarkup) => {
            Stop::Malformed("a tag that begins with `<!`")
        }
        quick_xml::Error::Syntax(SyntaxError::UnclosedDoctype) => Stop::Doctype,
        quick_xml::Error::Syntax(_) => Stop::Truncated,
        quick_xml::Error::IllFormed(IllFormedError::MissingDoctypeName) => Stop::Doctype,
        quick_xml::Error::IllFormed(
            IllFormedError::MismatchedEndTag { .. } | IllFormedError::UnmatchedEndTag(_),
        ) => Stop::Malformed("a closing tag does not match the open one"),
        quick_xml::Error::IllFormed(IllFormedError::UnclosedReference) => Stop::Malformed("a lone `&`"),
        quick_xml::Error::IllFormed(_) => Stop::Malformed("its declaration or a tag"),
        quick_xml::Error::InvalidAttr(_) => Stop::Malformed("an attribute"),
        quick_xml::Error::Encoding(_) => Stop::Malformed("its characters"),
        quick_xml::Error::Escape(_) => Stop::Entity,
        quick_xml::Error::Namespace(_) => Stop::Malformed("a namespace"),
    }
}
