//! Inter in two weights, as it is set on paper and drawn in pictures: shapes of words, their widths, and lines.
//!
//! Source: lines may break where Unicode Standard Annex 14 allows it (`unicode-linebreak`); words are shaped with kerning
//! (`rustybuzz`).

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;
use std::sync::{Arc, LazyLock};

use krilla::text::{Font, GlyphId, KrillaGlyph};
use resvg::usvg::fontdb;
use unicode_linebreak::{BreakOpportunity, linebreaks};

use super::story::{Run, Style};

const REGULAR: &[u8] = include_bytes!("../../../../web/fonts/Inter-Regular.ttf");
const BOLD: &[u8] = include_bytes!("../../../../web/fonts/Inter-Bold.ttf");

/// The two weights for drawing pictures, and no font of the machine.
pub(crate) static DRAWN: LazyLock<Arc<fontdb::Database>> = LazyLock::new(|| {
    let mut faces = fontdb::Database::new();
    faces.load_font_data(REGULAR.to_vec());
    faces.load_font_data(BOLD.to_vec());
    Arc::new(faces)
});

/// A sign that the fonts do not have is set as this one.
const UNKNOWN: char = '?';

/// Both weights.
pub(super) struct Faces {
    regular: Face,
    bold: Face,
    /// Widths of words at size one, by weight: the same words are measured again at each size that is tried.
    widths: RefCell<BTreeMap<(bool, String), f32>>,
}

struct Face {
    font: Font,
    shapes: rustybuzz::Face<'static>,
    /// How words are shaped that are written so: to plan that takes longer than to shape a word.
    plans: RefCell<Vec<(Written, Rc<rustybuzz::ShapePlan>)>>,
}

/// In which script words are written, where their signs say so, and in which direction.
type Written = (Option<rustybuzz::Script>, rustybuzz::Direction);

/// Words set in one style, ready to be drawn.
#[derive(Clone)]
pub(super) struct Set {
    pub(super) x: f32,
    pub(super) width: f32,
    pub(super) text: String,
    pub(super) style: Style,
    pub(super) link: Option<String>,
    pub(super) glyphs: Vec<KrillaGlyph>,
}

/// One line of words.
#[derive(Clone)]
pub(super) struct Line {
    pub(super) parts: Vec<Set>,
    /// The largest size in it, on which its height rests.
    pub(super) size: f32,
}

impl Faces {
    /// None where a font that is built into the program cannot be read.
    pub(super) fn new() -> Option<Self> {
        Some(Self {
            regular: Face::new(REGULAR)?,
            bold: Face::new(BOLD)?,
            widths: RefCell::default(),
        })
    }

    fn of(&self, style: Style) -> &Face {
        if style.bold { &self.bold } else { &self.regular }
    }

    pub(super) fn font(&self, style: Style) -> Font {
        self.of(style).font.clone()
    }

    /// A text with nothing in it that the fonts cannot show.
    pub(super) fn shown(&self, text: &str) -> String {
        let known = |sign: char| sign == '\n' || self.regular.shapes.glyph_index(sign).is_some();
        text.chars()
            .filter(|sign| *sign != '\u{ad}')
            .map(|sign| if known(sign) { sign } else { UNKNOWN })
            .collect()
    }

    /// How wide words are in a style.
    pub(super) fn width(&self, text: &str, style: Style) -> f32 {
        let key = (style.bold, text.to_owned());
        let known = self.widths.borrow().get(&key).copied();
        let one = known.unwrap_or_else(|| {
            let glyphs = self.of(style).shaped(text);
            let width = glyphs.iter().map(|glyph| glyph.x_advance).sum();
            self.widths.borrow_mut().insert(key, width);
            width
        });
        one * style.size
    }

    /// Runs of words in lines no wider than `width`.
    pub(super) fn lines(&self, runs: &[Run], width: f32) -> Vec<Line> {
        let text: String = runs.iter().map(|run| run.text.as_str()).collect();
        let mut lines = Vec::new();
        let (mut start, mut at, mut x) = (0, 0, 0.0);
        for (end, kind) in linebreaks(&text) {
            let word = text.get(at..end).unwrap_or_default();
            let bare = at + word.trim_end().len();
            if at > start && x + self.measured(runs, at, bare) > width {
                lines.push(self.line(runs, start, at));
                (start, x) = (at, 0.0);
            }
            while x == 0.0 && self.measured(runs, at, bare) > width {
                let cut = self.cut(runs, &text, (at, bare), width);
                if cut >= bare {
                    break;
                }
                lines.push(self.line(runs, at, cut));
                (start, at) = (cut, cut);
            }
            x += self.measured(runs, at, end);
            at = end;
            if kind == BreakOpportunity::Mandatory && end < text.len() {
                lines.push(self.line(runs, start, end));
                (start, x) = (end, 0.0);
            }
        }
        if at > start {
            lines.push(self.line(runs, start, at));
        }
        lines
    }

    /// Where a word that is wider than a line is cut: after as many letters as fit, and at least one.
    fn cut(&self, runs: &[Run], text: &str, (from, to): (usize, usize), width: f32) -> usize {
        let word = text.get(from..to).unwrap_or_default();
        let ends = word.char_indices().map(|(at, sign)| from + at + sign.len_utf8());
        let mut cut = to;
        for (letter, end) in ends.enumerate() {
            if letter > 0 && self.measured(runs, from, end) > width {
                break;
            }
            cut = end;
        }
        cut
    }

    fn measured(&self, runs: &[Run], from: usize, to: usize) -> f32 {
        parts(runs, from, to)
            .map(|(run, text)| self.width(text.trim_end_matches('\n'), run.style))
            .sum()
    }

    fn line(&self, runs: &[Run], from: usize, to: usize) -> Line {
        let mut line = Line {
            parts: Vec::new(),
            size: 0.0,
        };
        let mut x = 0.0;
        for (run, text) in parts(runs, from, to) {
            let text = text.trim_end_matches('\n');
            line.size = line.size.max(run.style.size);
            if text.is_empty() {
                continue;
            }
            let glyphs = self.of(run.style).shaped(text);
            let width = glyphs.iter().map(|g| g.x_advance * run.style.size).sum();
            line.parts.push(Set {
                x,
                width,
                text: text.to_owned(),
                style: run.style,
                link: run.link.clone(),
                glyphs,
            });
            x += width;
        }
        line
    }
}

/// The runs between two places of their joined text, each with its part of it.
fn parts(runs: &[Run], from: usize, to: usize) -> impl Iterator<Item = (&Run, &str)> {
    let mut start = 0;
    runs.iter().filter_map(move |run| {
        let begins = start;
        start += run.text.len();
        let (low, high) = (from.max(begins), to.min(start));
        (low < high).then_some(())?;
        Some((run, run.text.get(low - begins..high - begins)?))
    })
}

impl Face {
    fn new(data: &'static [u8]) -> Option<Self> {
        Some(Self {
            font: Font::new(data.into(), 0)?,
            shapes: rustybuzz::Face::from_slice(data, 0)?,
            plans: RefCell::default(),
        })
    }

    fn plan(&self, (script, direction): Written) -> Rc<rustybuzz::ShapePlan> {
        let mut plans = self.plans.borrow_mut();
        if let Some((_, known)) = plans.iter().find(|(written, _)| *written == (script, direction)) {
            return Rc::clone(known);
        }
        let plan = rustybuzz::ShapePlan::new(&self.shapes, direction, script, None, &[]);
        let plan = Rc::new(plan);
        plans.push(((script, direction), Rc::clone(&plan)));
        plan
    }

    fn shaped(&self, text: &str) -> Vec<KrillaGlyph> {
        let mut buffer = rustybuzz::UnicodeBuffer::new();
        buffer.push_str(text);
        buffer.guess_segment_properties();
        let script = Some(buffer.script()).filter(|script| *script != rustybuzz::script::UNKNOWN);
        let plan = self.plan((script, buffer.direction()));
        let glyphs = rustybuzz::shape_with_plan(&self.shapes, &plan, buffer);
        let em = self.shapes.units_per_em() as f32;
        let infos = glyphs.glyph_infos();
        let starts: Vec<usize> = infos.iter().map(|info| info.cluster as usize).collect();
        let end_of = |at: usize| {
            let start = starts.get(at).copied().unwrap_or_default();
            let later = starts.iter().skip(at + 1).find(|next| **next > start);
            later.copied().unwrap_or(text.len())
        };
        infos
            .iter()
            .zip(glyphs.glyph_positions())
            .enumerate()
            .map(|(at, (info, position))| KrillaGlyph {
                glyph_id: GlyphId::new(info.glyph_id),
                text_range: info.cluster as usize..end_of(at),
                x_advance: position.x_advance as f32 / em,
                x_offset: position.x_offset as f32 / em,
                y_offset: position.y_offset as f32 / em,
                y_advance: position.y_advance as f32 / em,
                location: None,
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    fn run(text: &str) -> Run {
        Run {
            text: text.to_owned(),
            style: Style::BODY,
            link: None,
        }
    }

    fn set(runs: &[Run], width: f32) -> Vec<String> {
        let lines = Faces::new().unwrap().lines(runs, width);
        let text = |line: Line| line.parts.into_iter().map(|part| part.text).collect::<String>();
        lines.into_iter().map(text).collect()
    }

    #[test]
    fn lines_break_between_words_and_no_word_is_lost() {
        let text = "People found living with secondary breast cancer";
        let lines = set(&[run(text)], 90.0);
        assert!(lines.len() > 2, "{lines:?}");
        assert_eq!(lines.concat(), text);
        let faces = Faces::new().unwrap();
        assert!(
            lines
                .iter()
                .all(|line| faces.width(line.trim_end(), Style::BODY) <= 90.0)
        );
        // Two runs that meet inside a word stay together.
        let joined = set(&[run("se"), run("condary breast")], 60.0);
        assert_eq!(joined, ["secondary ", "breast"]);
        assert_eq!(set(&[run("one\ntwo")], 400.0), ["one", "two"]);
    }

    #[test]
    fn a_word_wider_than_the_line_is_cut_between_letters() {
        let lines = set(&[run("0123456789abcdef0123456789abcdef")], 40.0);
        assert!(lines.len() > 3, "{lines:?}");
        assert_eq!(lines.concat(), "0123456789abcdef0123456789abcdef");
        assert_eq!(set(&[run("wide")], 0.5).concat(), "wide");
    }

    #[test]
    fn welsh_is_shown_and_what_the_font_lacks_is_a_question_mark() {
        let faces = Faces::new().unwrap();
        assert_eq!(
            faces.shown("Tŷ Gŵyr – 5\u{2212}3 “x”"),
            "Tŷ Gŵyr – 5\u{2212}3 “x”"
        );
        assert_eq!(faces.shown("日本"), "??");
    }
}
