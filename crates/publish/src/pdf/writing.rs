//! Writes sheets as a tagged PDF.
//!
//! Standard followed: PDF/UA-1 (ISO 14289-1) on PDF 1.7; `krilla` refuses to finish a document that breaks a rule which a
//! program can check. No clock: the date is the last day of the records, the id follows from the release and the file.

use krilla::Document;
use krilla::SerializeSettings;
use krilla::action::{Action, LinkAction};
use krilla::annotation::{Annotation, LinkAnnotation, Target};
use krilla::color::rgb;
use krilla::configure::{Accessibility, ConfigurationBuilder, PdfVersion};
use krilla::destination::XyzDestination;
use krilla::geom::{PathBuilder, Point, Rect, Size, Transform};
use krilla::metadata::{DateTime, Metadata};
use krilla::num::NormalizedF32;
use krilla::outline::{Outline, OutlineNode};
use krilla::page::{Page, PageSettings};
use krilla::paint::{Fill, Stroke};
use krilla::surface::Surface;
use krilla::tagging::{Artifact, ArtifactType, ContentTag, SpanTag};
use krilla_svg::{SurfaceExt, SvgSettings};

use super::face::{Faces, Line};
use super::piece::{Area, Bookmark, Ink};
use super::sheets::Sheet;
use super::story::{Colour, Run, SOFT, Style};
use super::structure::{Drawn, Mark, Structure};

/// A4 in points, and what is left free around the text.
pub(super) const SHEET: (f32, f32) = (595.28, 841.89);
pub(super) const MARGIN: (f32, f32) = (45.0, 46.0);

/// How the top and the foot are set: from one line to the next, between the foot and the number beside it, and in how many lines
/// the foot stays clear of the text above.
const SMALL: Style = Style {
    size: 7.4,
    bold: false,
    colour: SOFT,
};
const LEADING: f32 = 9.0;
const APART: f32 = 18.0;
const FOOT_LINES: usize = 2;

/// What a document says of itself.
pub(super) struct About<'a> {
    pub(super) title: &'a str,
    pub(super) language: &'a str,
    /// The last day of the records, as `2024-12-31`.
    pub(super) day: &'a str,
    pub(super) id: String,
    pub(super) program: &'a str,
    /// At the top of each sheet but the first, whose story says it.
    pub(super) head: String,
    /// At the foot of each sheet, before its number; and the same without the title, where there is no room for it.
    pub(super) foot: [String; 2],
    /// Of sheets: `2 of 5` in the language of the document.
    pub(super) of: &'a str,
}

/// The whole document, or in words why it cannot be written.
pub(super) fn written(
    faces: &Faces,
    about: &About<'_>,
    structure: &Structure,
    sheets: &[Sheet],
) -> Result<Vec<u8>, String> {
    let configuration = ConfigurationBuilder::new()
        .with_version(PdfVersion::Pdf17)
        .with_accessibility_validator(Accessibility::UA1)
        .finish()
        .map_err(|_| "this version of PDF has no accessible form".to_owned())?;
    let mut document = Document::new_with(SerializeSettings {
        compress_content_streams: true,
        no_device_cs: false,
        xmp_metadata: true,
        enable_tagging: true,
        configuration,
        ..SerializeSettings::default()
    });
    let mut drawn = Drawn::default();
    for (at, sheet) in sheets.iter().enumerate() {
        let settings = PageSettings::from_wh(SHEET.0, SHEET.1).ok_or("no size of sheet")?;
        let mut page = document.start_page_with(settings);
        let mut surface = page.surface();
        for ink in &sheet.ink {
            draw(&mut surface, faces, ink, &mut drawn);
        }
        for one in furniture(faces, about, (at, sheets.len())) {
            furnish(&mut surface, faces, one);
        }
        surface.finish();
        for ink in &sheet.ink {
            link(&mut page, ink, &mut drawn);
        }
    }
    document.set_tag_tree(structure.tree(&mut drawn));
    document.set_outline(outline(sheets));
    document.set_metadata(metadata(about));
    document.finish().map_err(|error| format!("{error:?}"))
}

fn metadata(about: &About<'_>) -> Metadata {
    let mut parts = about.day.split('-').map(str::parse::<u16>);
    let mut next = || parts.next().and_then(Result::ok);
    let mut metadata = Metadata::new()
        .title(about.title.to_owned())
        .language(about.language.to_owned())
        .creator("Counted".to_owned())
        .producer(about.program.to_owned())
        .document_id(about.id.clone());
    if let (Some(year), Some(month), Some(day)) = (next(), next(), next()) {
        let small = |n: u16| u8::try_from(n).unwrap_or(1);
        let date = DateTime::new(year).month(small(month)).day(small(day));
        metadata = metadata.creation_date(date);
    }
    metadata
}

fn draw(surface: &mut Surface<'_>, faces: &Faces, ink: &Ink, drawn: &mut Drawn) {
    match ink {
        Ink::Words {
            x,
            baseline,
            set,
            mark,
        } => {
            start(surface, *mark, ContentTag::Span(SpanTag::empty()), drawn);
            surface.set_fill(Some(fill(set.style.colour)));
            let point = Point::from_xy(MARGIN.0 + x, MARGIN.1 + baseline);
            let font = faces.font(set.style);
            surface.draw_glyphs(point, &set.glyphs, font, &set.text, set.style.size, false);
            surface.end_tagged();
        }
        Ink::Fill(area, colour) => {
            start(surface, None, ContentTag::Other, drawn);
            surface.set_fill(Some(fill(*colour)));
            rectangle(surface, *area);
            surface.end_tagged();
        }
        Ink::Edge(area, colour) => {
            start(surface, None, ContentTag::Other, drawn);
            surface.set_fill(None);
            surface.set_stroke(Some(Stroke {
                paint: fill(*colour).paint,
                width: 0.8,
                ..Stroke::default()
            }));
            rectangle(surface, *area);
            surface.set_stroke(None);
            surface.end_tagged();
        }
        Ink::Picture { area, tree, mark } => {
            start(surface, *mark, ContentTag::Other, drawn);
            let move_to = Transform::from_translate(MARGIN.0 + area.x, MARGIN.1 + area.y);
            surface.push_transform(&move_to);
            if let Some(size) = Size::from_wh(area.width, area.height) {
                // The words of a chart are drawn as shapes: whoever does not see them hears the text of the picture, and finds
                // every figure in the table beside it.
                let settings = SvgSettings {
                    embed_text: false,
                    ..SvgSettings::default()
                };
                // None only where the picture has no size: then there is nothing to draw.
                let _nothing = surface.draw_svg(tree, size, settings);
            }
            surface.pop();
            surface.end_tagged();
        }
        Ink::Link { .. } => {}
    }
}

/// Begins something that belongs to a mark, or that has no meaning.
fn start(surface: &mut Surface<'_>, mark: Option<Mark>, tag: ContentTag<'_>, drawn: &mut Drawn) {
    match mark {
        Some(mark) => {
            let identifier = surface.start_tagged(tag);
            drawn.put(mark, identifier);
        }
        None => {
            let artifact = Artifact::with_kind(ArtifactType::Layout);
            surface.start_tagged(ContentTag::Artifact(artifact));
        }
    }
}

fn fill([red, green, blue]: Colour) -> Fill {
    Fill {
        paint: rgb::Color::new(red, green, blue).into(),
        opacity: NormalizedF32::ONE,
        rule: krilla::paint::FillRule::NonZero,
    }
}

/// An area of the text as a place on the sheet.
fn placed(area: Area) -> Option<Rect> {
    Rect::from_xywh(
        MARGIN.0 + area.x,
        MARGIN.1 + area.y,
        area.width.max(0.1),
        area.height.max(0.1),
    )
}

fn rectangle(surface: &mut Surface<'_>, area: Area) {
    if let Some(rect) = placed(area) {
        let mut path = PathBuilder::new();
        path.push_rect(rect);
        if let Some(path) = path.finish() {
            surface.draw_path(&path);
        }
    }
}

/// A line at the top or at the foot of a sheet, where its baseline begins, and what it is.
struct Furniture {
    line: Line,
    at: (f32, f32),
    kind: ArtifactType,
}

/// What stands at the top and at the foot of a sheet, and is not read out. The foot keeps clear of the number of the sheet: it goes
/// on in a second line above, and says no title where that would need a third, which would reach the text.
fn furniture(faces: &Faces, about: &About<'_>, (at, all): (usize, usize)) -> Vec<Furniture> {
    let room = SHEET.0 - 2.0 * MARGIN.0;
    let set = |text: &str, room: f32| {
        let run = Run {
            text: faces.shown(text),
            style: SMALL,
            link: None,
        };
        faces.lines(&[run], room)
    };
    let mut placed = Vec::new();
    let mut stack = |lines: Vec<Line>, x: f32, y: f32, kind: ArtifactType| {
        for (up, line) in lines.into_iter().rev().enumerate() {
            let at = (x, y - LEADING * up as f32);
            placed.push(Furniture { line, at, kind });
        }
    };
    if at > 0 {
        stack(
            set(&about.head, room),
            MARGIN.0,
            MARGIN.1 - 16.0,
            ArtifactType::Header,
        );
    }
    let y = SHEET.1 - MARGIN.1 + 22.0;
    let number = set(&format!("{} {} {all}", at + 1, about.of), f32::MAX);
    let width = number.iter().map(wide).fold(0.0, f32::max);
    let [whole, short] = about.foot.each_ref().map(|foot| set(foot, room - width - APART));
    let foot = if whole.len() <= FOOT_LINES { whole } else { short };
    stack(foot, MARGIN.0, y, ArtifactType::Footer);
    stack(number, MARGIN.0 + room - width, y, ArtifactType::PageNumber);
    placed
}

fn wide(line: &Line) -> f32 {
    line.parts.iter().map(|part| part.width).sum()
}

fn furnish(surface: &mut Surface<'_>, faces: &Faces, one: Furniture) {
    surface.start_tagged(ContentTag::Artifact(Artifact::with_kind(one.kind)));
    surface.set_fill(Some(fill(SMALL.colour)));
    for set in &one.line.parts {
        let point = Point::from_xy(one.at.0 + set.x, one.at.1);
        let font = faces.font(SMALL);
        surface.draw_glyphs(point, &set.glyphs, font, &set.text, SMALL.size, false);
    }
    surface.end_tagged();
}

fn link(page: &mut Page<'_>, ink: &Ink, drawn: &mut Drawn) {
    let Ink::Link {
        area,
        target,
        words,
        mark,
    } = ink
    else {
        return;
    };
    if let Some(rect) = placed(*area) {
        let action = Action::Link(LinkAction::new(target.clone()));
        let link = LinkAnnotation::new(rect, Target::Action(action));
        let identifier = page.add_tagged_annotation(Annotation::new_link(link, Some(words.clone())));
        drawn.put(*mark, identifier);
    }
}

/// The headings as bookmarks, each under the one above it.
fn outline(sheets: &[Sheet]) -> Outline {
    let all: Vec<(&Bookmark, usize, f32)> = sheets
        .iter()
        .enumerate()
        .flat_map(|(at, sheet)| sheet.bookmarks.iter().map(move |(mark, y)| (mark, at, *y)))
        .collect();
    let mut outline = Outline::new();
    let mut rest = all.as_slice();
    while let Some((node, left)) = branch(rest) {
        outline.push_child(node);
        rest = left;
    }
    outline
}

type Bookmarks<'b> = &'b [(&'b Bookmark, usize, f32)];

/// The first bookmark with all below it, and those that are left.
fn branch(all: Bookmarks<'_>) -> Option<(OutlineNode, Bookmarks<'_>)> {
    let ((mark, sheet, y), mut rest) = all.split_first()?;
    let point = Point::from_xy(MARGIN.0, (MARGIN.1 + y - 6.0).max(0.0));
    let mut node = OutlineNode::new(mark.words.clone(), XyzDestination::new(*sheet, point));
    while let Some((next, ..)) = rest.first() {
        if next.level <= mark.level {
            break;
        }
        let (child, left) = branch(rest)?;
        node.push_child(child);
        rest = left;
    }
    Some((node, rest))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn about(title: &str) -> About<'_> {
        let rest = "Records up to 30 September 2025. Release bd9d7a327fd8cbf7.";
        About {
            title,
            language: "en-GB",
            day: "2025-09-30",
            id: String::new(),
            program: "counted",
            head: "Invented people and hospitals. Unapproved: not for publication".to_owned(),
            foot: [format!("Counted. {title}. {rest}"), format!("Counted. {rest}")],
            of: "of",
        }
    }

    /// Left, top, right and bottom of the words of a line.
    fn place(faces: &Faces, one: &Furniture) -> [f32; 4] {
        let text: String = one.line.parts.iter().map(|part| part.text.as_str()).collect();
        let (x, y) = one.at;
        let right = x + faces.width(text.trim_end(), SMALL);
        [x, y - 0.75 * SMALL.size, right, y + 0.25 * SMALL.size]
    }

    #[test]
    fn nothing_at_the_foot_of_a_sheet_lies_over_anything_else() {
        let faces = Faces::new().unwrap();
        for words in 0..80 {
            let title = "Secondary breast cancer ".repeat(words);
            let set = furniture(&faces, &about(title.trim()), (9, 10));
            let places: Vec<[f32; 4]> = set.iter().map(|one| place(&faces, one)).collect();
            for (at, one) in places.iter().enumerate() {
                let [left, top, right, bottom] = *one;
                assert!(left >= MARGIN.0 && right <= SHEET.0 - MARGIN.0 + 0.1, "{one:?}");
                assert!(
                    bottom <= MARGIN.1 || top >= SHEET.1 - MARGIN.1,
                    "{words}: over the text: {one:?}"
                );
                for other in &places[at + 1..] {
                    let beside = right <= other[0] || other[2] <= left;
                    let above = bottom <= other[1] || other[3] <= top;
                    assert!(beside || above, "{words}: {one:?} over {other:?}");
                }
            }
            let all: String = set
                .iter()
                .flat_map(|one| &one.line.parts)
                .map(|part| part.text.as_str())
                .collect();
            assert!(
                all.contains("bd9d7a327fd8cbf7") && all.contains("10 of 10"),
                "{all}"
            );
        }
    }
}
