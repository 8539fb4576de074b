//! Paper: a report as an accessible PDF, set from the words and drawings of its page.
//!
//! # What it is for
//! A board gets two sheets, a minister a report, a patient a card: as a file that prints the same everywhere and that a
//! screen reader can walk through.
//!
//! # The invariant
//! A document has the words, figures and drawings of its page and no others: it is [read](crate::markup) from the page as it was
//! written, so nothing is said twice in the program. The same page gives the same bytes: no clock, no font of the machine, no chance.
//!
//! # Standard followed
//! PDF/UA-1 (ISO 14289-1): title, language, headings in order, lists, tables with their heads, pictures with a text, links,
//! bookmarks; what has no meaning is marked as such. Some of it only a person can judge: whether a text says what its picture
//! shows.
//!
//! # How it is made
//! | module | from | to |
//! |---|---|---|
//! | `crate::markup` | a page | its elements |
//! | `story` | elements | headings, paragraphs, lists, tables, pictures |
//! | `setting`, `table`, `face` | these | lines and pieces in a column |
//! | `sheets` | pieces | sheets of A4 |
//! | `structure`, `writing` | sheets | a tagged PDF |

mod face;
mod piece;
mod setting;
mod sheets;
mod story;
mod structure;
mod table;
mod writing;

use crate::PublishError;
use crate::markup;
use crate::page::{Page, Paper};
use crate::site::Site;
use crate::words;

pub(crate) use face::DRAWN;

use face::Faces;
use setting::{Drawings, Frame, Setter};
use sheets::Sheet;
use story::{Block, Run, Style};
use structure::Structure;
use writing::{About, MARGIN, SHEET};

/// How much smaller a document may become so that it fits its sheets, in steps of two in a hundred.
const STEPS: u16 = 25;

/// The path of a page's document, and its bytes.
pub(crate) fn document(
    site: &Site<'_>,
    page: &Page,
    paper: Paper,
) -> Result<(String, Vec<u8>), PublishError> {
    let failed = |reason: &str| PublishError::Paper {
        path: page.path.clone(),
        reason: reason.to_owned(),
    };
    let main = markup::main_of(&page.html).ok_or_else(|| failed("its page cannot be read"))?;
    let faces = Faces::new().ok_or_else(|| failed("its font cannot be read"))?;
    let mut story = notices(site);
    story.extend(story::story(&main, paper));
    clean(&mut story, &faces);
    let (structure, sheets) = set(&story, &faces, paper)
        .ok_or_else(|| failed("it does not fit its sheets, however small its words are set"))?;
    let path = path(&page.path);
    let title = faces.shown(&page.title);
    let manifest = site.manifest;
    let rest = format!(
        "Records up to {}. Release {}.",
        words::date(&manifest.as_of),
        manifest.release
    );
    let about = About {
        title: &title,
        language: "en-GB",
        day: &manifest.as_of,
        id: format!("counted:{}:{path}", manifest.release),
        program: &manifest.program,
        head: site.manifest.notice().unwrap_or_default(),
        foot: [format!("Counted. {title}. {rest}"), format!("Counted. {rest}")],
        of: "of",
    };
    let bytes = writing::written(&faces, &about, &structure, &sheets).map_err(|reason| failed(&reason))?;
    Ok((path, bytes))
}

/// Where the document of a page lies: beside it.
pub(crate) fn path(page: &str) -> String {
    format!("{}.pdf", page.strip_suffix(".html").unwrap_or(page))
}

/// What must be said before anything else.
fn notices(site: &Site<'_>) -> Vec<Block> {
    let style = Style {
        bold: true,
        ..Style::BODY
    };
    let one = |notice: &&str| {
        Block::Paragraph(vec![Run {
            text: (*notice).to_owned(),
            style,
            link: None,
        }])
    };
    site.manifest.notices.iter().map(one).collect()
}

/// The largest setting that fits; none where the smallest does not.
fn set(story: &[Block], faces: &Faces, paper: Paper) -> Option<(Structure, Vec<Sheet>)> {
    let room = (SHEET.0 - 2.0 * MARGIN.0, SHEET.1 - 2.0 * MARGIN.1);
    let drawings = Drawings::default();
    for step in 0..STEPS {
        let scale = 1.0 - f32::from(step) / 50.0;
        let mut setter = Setter {
            faces,
            drawings: &drawings,
            scale,
            structure: Structure::new(),
            heads: Vec::new(),
        };
        let frame = Frame {
            x: 0.0,
            width: room.0,
        };
        let pieces = setter.blocks(story, frame, Structure::ROOT);
        let sheets = sheets::fill(pieces, &setter.heads, room.1);
        if paper.fits(sheets.len()) {
            return Some((setter.structure, sheets));
        }
    }
    None
}

/// Takes from a story what the fonts do not have.
fn clean(blocks: &mut [Block], faces: &Faces) {
    let all = |runs: &mut Vec<Run>| {
        for run in runs {
            run.text = faces.shown(&run.text);
        }
    };
    for block in blocks {
        match block {
            Block::Sheet => {}
            Block::Heading { runs, .. } | Block::Paragraph(runs) | Block::Write(runs) => all(runs),
            Block::List { items } => items.iter_mut().for_each(|(_, runs)| all(runs)),
            Block::Terms(terms) => {
                for term in terms {
                    all(&mut term.term);
                    all(&mut term.about);
                }
            }
            Block::Table(table) => {
                all(&mut table.caption);
                let cells = table.head.iter_mut().chain(table.rows.iter_mut().flatten());
                cells.for_each(|cell| all(&mut cell.runs));
            }
            Block::Picture(picture) => picture.about = faces.shown(&picture.about),
            Block::Columns { columns, .. } => columns.iter_mut().for_each(|column| clean(column, faces)),
            Block::Signed { blocks, .. } => clean(blocks, faces),
        }
    }
}
