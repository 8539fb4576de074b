//! Charts as pictures of their own: the same shapes as on a page, with their title, key, notices and release written in.
//!
//! Standard followed: SVG 1.1, with a style of its own and nothing from elsewhere.

use maud::{Markup, html};
use protect::State as Answer;

use crate::chart::{self, Answers, Dots, People};
use crate::map::{self, short};
use crate::pages::years::{self, Panel};
use crate::site::Site;
use crate::state::State;
use crate::told::Told;
use crate::words;

pub(super) const STYLE: &str = include_str!("../../../../web/charts/standalone.css");
const SIDE: f64 = 24.0;
/// Letters that fit into a hundred units of a title.
const LETTERS: f64 = 11.0;

/// Puts a drawing of this size under its title and over the line that says where it comes from.
fn framed(site: &Site<'_>, title: &str, size: (f64, f64), drawn: &Markup) -> String {
    let width = size.0 + 2.0 * SIDE;
    let lines = wrapped(title, (size.0 * LETTERS / 100.0) as usize);
    let top = 40.0 + 22.0 * lines.len() as f64;
    let height = top + size.1 + 46.0;
    let source = format!(
        "Counted, release {}. Records up to {}.",
        site.manifest.release,
        words::date(&site.manifest.as_of)
    );
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (short(width)) " " (short(height)) } width=(short(width)) height=(short(height)) role="img" {
            title { (title) @if let Some(notice) = site.manifest.notice() { " (" (notice) ")" } }
            style { (maud::PreEscaped(STYLE)) }
            rect width="100%" height="100%" fill="#fcfbf8" {}
            @for (at, line) in lines.iter().enumerate() {
                text.title x=(SIDE) y=(short(34.0 + 22.0 * at as f64)) { (line) }
            }
            g transform={ "translate(" (SIDE) " " (short(top)) ")" } { (drawn) }
            text.note x=(SIDE) y=(short(height - 16.0)) { (source) }
            @if let Some(notice) = site.manifest.notice() {
                text.invented x=(SIDE) y=(short(height - 34.0)) { (notice) }
            }
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}\n",
        svg.into_string()
    )
}

/// Room for one more line of a key, as for its third part.
const UNSPLIT: f64 = 20.0;

fn key(y: f64, unsplit: bool) -> Markup {
    html! {
        @if unsplit {
            rect.unsplit x="0.5" y=(short(y + UNSPLIT + 0.5)) width="12" height="12" {}
            text x="20" y=(short(y + UNSPLIT + 11.0)) { "found; how many were recorded is not shown" }
        }
        rect.recorded x="0" y=(short(y)) width="13" height="13" {}
        text x="20" y=(short(y + 11.0)) { "recorded by a hospital" }
        rect.rest x="190.5" y=(short(y + 0.5)) width="12" height="12" {}
        text x="210" y=(short(y + 11.0)) { "found only in other records" }
    }
}

/// What the dot and the line over a bar are, and what the bar is beside them: two lines.
fn key_of_estimates(y: f64) -> Markup {
    html! {
        circle.estimate cx="6.5" cy=(short(y + 6.5)) r="2.7" {}
        path.range d={ "M6.5 " (short(y)) "v13M3 " (short(y)) "h7M3 " (short(y + 13.0)) "h7" } {}
        text x="20" y=(short(y + 11.0)) { "estimate with its 95% range" }
        text x="20" y=(short(y + UNSPLIT + 11.0)) { "whole bar: people that records point to; some will turn out not to have it" }
    }
}

/// New, living and died over the years, side by side.
pub(super) fn years(site: &Site<'_>, title: &str, panels: &[Panel<'_>]) -> String {
    let each = chart::YEARS_WIDTH + 24.0;
    let width = (each * panels.len() as f64 - 24.0).max(540.0);
    let unsplit = years::any_unsplit(panels);
    let estimates = years::any_estimate(panels);
    let line = |there: bool| if there { UNSPLIT } else { 0.0 };
    let below = chart::YEARS_HEIGHT + 24.0 + UNSPLIT + line(unsplit);
    let room = line(unsplit) + 2.0 * line(estimates);
    let drawn = html! {
        @for (at, panel) in panels.iter().enumerate() {
            g transform={ "translate(" (short(each * at as f64)) " 20)" } {
                text.heading x="8" y="6" { (panel.heading) }
                (chart::years_inside(&panel.bars, panel.most))
            }
        }
        (key(chart::YEARS_HEIGHT + 24.0, unsplit))
        @if estimates { (key_of_estimates(below)) }
    };
    framed(site, title, (width, chart::YEARS_HEIGHT + 52.0 + room), &drawn)
}

/// People found and recorded, a row each.
pub(super) fn people(site: &Site<'_>, title: &str, rows: &[People]) -> String {
    const BAR: f64 = 380.0;
    const LEFT: f64 = 210.0;
    // For the longest that stands there: 13,290 found, hidden recorded.
    const NUMBERS: f64 = 220.0;
    let most = rows.iter().filter_map(|row| row.found.whole()).max().unwrap_or(0);
    let step = chart::step(most);
    let steps = (most as f64 / step).ceil().max(1.0);
    let x = |n: f64| LEFT + BAR * n / (step * steps);
    let bottom = 38.0 * rows.len() as f64;
    let unsplit = chart::people_unsplit(rows);
    let room = if unsplit { UNSPLIT } else { 0.0 };
    let drawn = html! {
        @for at in 0..=(steps as u32) {
            path.grid d={ "M" (short(x(step * f64::from(at)))) " 0V" (short(bottom)) } {}
            text.note x=(short(x(step * f64::from(at)))) y=(short(bottom + 16.0)) text-anchor="middle" { (words::number((step * f64::from(at)) as i64)) }
        }
        @for (at, row) in rows.iter().enumerate() {
            @let y = 38.0 * at as f64;
            @for (line, part) in wrapped(&row.name, 30).iter().take(2).enumerate() {
                text x="0" y=(short(y + 18.0 + 14.0 * line as f64)) { (part) }
            }
            @match row.found.whole() {
                Some(found) => {
                    rect class=(chart::whole(row.recorded)) x=(short(x(0.0))) y=(short(y + 6.0)) width=(short(x(found as f64) - LEFT)) height="22" {}
                    @if let Some(recorded) = row.recorded.whole() {
                        rect.recorded x=(short(x(0.0))) y=(short(y + 6.0)) width=(short(x(recorded.min(found) as f64) - LEFT)) height="22" {}
                    }
                    text.value x=(short(LEFT + BAR + 14.0)) y=(short(y + 22.0)) {
                        (words::number(found)) " found"
                        @if row.recorded.state() != Answer::NotReported { ", " (words::text(row.recorded)) " recorded" }
                    }
                }
                None => { text.none x=(short(LEFT + 8.0)) y=(short(y + 21.0)) { (words::text(row.found)) } }
            }
        }
        (key(bottom + 34.0, unsplit))
    };
    framed(site, title, (LEFT + BAR + NUMBERS, bottom + 62.0 + room), &drawn)
}

/// From where a bar of answers begins, and how long the whole of it is.
const ANSWERS: (f64, f64) = (150.0, 380.0);
/// How high a row of answers is, and a line of what its shapes mean.
const ANSWER: f64 = 38.0;
const MEANING: f64 = 20.0;

/// Where a share lies between the left and the right.
fn of_answers(percent: f64) -> f64 {
    ANSWERS.0 + ANSWERS.1 * percent / 100.0
}

/// Answers to a question of care, a row for each nation, with its numbers.
pub(super) fn answers(site: &Site<'_>, title: &str, all: &[Answers]) -> String {
    let x = of_answers;
    let bottom = ANSWER * all.len() as f64;
    let unknown = all.iter().any(Answers::nothing_certain);
    let drawn = html! {
        @for at in [0.0, 25.0, 50.0, 75.0, 100.0] {
            path.grid d={ "M" (short(x(at))) " 0V" (short(bottom)) } {}
            text.note x=(short(x(at))) y=(short(bottom + 16.0)) text-anchor="middle" { (short(at)) "%" }
        }
        @for (at, one) in all.iter().enumerate() { (answer(one, ANSWER * at as f64)) }
        (answers_key(bottom + 34.0, unknown))
    };
    let lines = if unknown { 3.0 } else { 2.0 };
    framed(
        site,
        title,
        (ANSWERS.0 + ANSWERS.1 + 190.0, bottom + 42.0 + MEANING * lines),
        &drawn,
    )
}

/// One nation's answers, from this height on.
fn answer(one: &Answers, y: f64) -> Markup {
    let x = of_answers;
    html! {
        text x="0" y=(short(y + 22.0)) { (one.name) }
        @match one.bounds() {
            // Where anything is possible a full bar would read as all of them.
            Some((least, most)) => {
                rect class=(one.band()) x=(short(x(least))) y=(short(y + 8.0)) width=(short(x(most.max(least)) - x(least))) height="18" {}
            }
            None if one.known().is_none() => { text.none x=(short(x(0.0) + 8.0)) y=(short(y + 21.0)) { (words::text(one.hidden())) } }
            None => {}
        }
        @if let Some((share, low, high)) = one.known() {
            path.range d={ "M" (short(x(low))) " " (short(y + 17.0)) "H" (short(x(high))) } {}
            @if let Some(share) = share.as_f64() { circle.known cx=(short(x(share))) cy=(short(y + 17.0)) r="4" {} }
        }
        @if one.bounds().is_some() || one.known().is_some() {
            text.numbers x=(short(x(100.0) + 28.0)) y=(short(y + 15.0)) { (one.plain()) }
        }
        text.note x=(short(x(100.0) + 28.0)) y=(short(y + 30.0)) { (one.known_of()) }
    }
}

/// What the shapes of answers mean, a line each.
fn answers_key(y: f64, unknown: bool) -> Markup {
    let line = |at: f64| short(y + MEANING * at + 11.0);
    html! {
        rect.possible x="0.5" y=(short(y + 0.5)) width="12" height="12" {}
        text x="30" y=(line(0.0)) { "where the share can lie, whatever the missing answers are" }
        path.range d={ "M0 " (short(y + MEANING + 6.5)) "H22" } {}
        circle.known cx="11" cy=(short(y + MEANING + 6.5)) r="4" {}
        text x="30" y=(line(1.0)) { "share of the answers that are known, with its 95% range: only where at least " (chart::ENOUGH_PERCENT) "% are known" }
        @if unknown {
            rect.unknown x="0.5" y=(short(y + MEANING * 2.0 + 0.5)) width="12" height="12" {}
            text x="30" y=(line(2.0)) { "nothing certain: the share can lie anywhere" }
        }
    }
}

/// The map of hospitals, over what its signs mean; none where no hospital has a place.
pub(super) fn map(site: &Site<'_>, title: &str) -> Option<String> {
    const LINE: f64 = 24.0;
    let (drawn, (width, height)) = map::bare(site)?;
    let signs = State::ALL.into_iter().flat_map(State::signs);
    let mut lines: Vec<(Markup, String)> = signs
        .map(|sign| (sign, site.with_sign(None, sign)))
        .filter(|(_, hospitals)| *hospitals > 0)
        .map(|(sign, hospitals)| {
            let words = format!("{}: {hospitals}", site.sign_words(sign));
            (map::sign_of(sign), words)
        })
        .collect();
    for told in Told::ALL {
        let hospitals = site.hospitals.iter().filter(|h| h.told == Some(told)).count();
        if hospitals > 0 {
            lines.push((map::sign_of_told(told), format!("{}: {hospitals}", told.words())));
        }
    }
    let drawn = html! {
        (drawn)
        @for (at, (sign, words)) in lines.iter().enumerate() {
            @let y = height + 24.0 + LINE * at as f64;
            g transform={ "translate(8 " (short(y)) ")" } { (sign) }
            text x="26" y=(short(y + 5.0)) { (words) }
        }
    };
    Some(framed(
        site,
        title,
        (width, height + 24.0 + LINE * lines.len() as f64),
        &drawn,
    ))
}

/// The picture of everyone, under the sentence that the front page says.
pub(super) fn dots(site: &Site<'_>, dots: Dots, sentence: &str) -> String {
    const LINE: f64 = 18.0;
    let (drawn, (width, height)) = chart::bare_dots(dots);
    let lines = wrapped(sentence, (width * LETTERS / 80.0) as usize);
    let above = LINE * lines.len() as f64 + 4.0;
    let drawn = html! {
        @for (at, line) in lines.iter().enumerate() {
            text x="0" y=(short(LINE * at as f64)) { (line) }
        }
        g transform={ "translate(0 " (short(above)) ")" } { (drawn) }
    };
    let title = format!(
        "Each dot stands for {} people living with secondary breast cancer: filled, recorded by a hospital; outlined, not recorded",
        words::number(dots.each)
    );
    framed(site, &title, (width, height + above), &drawn)
}

/// Words in lines of at most so many letters.
pub(super) fn wrapped(text: &str, most: usize) -> Vec<String> {
    let mut lines: Vec<String> = Vec::new();
    for word in text.split_whitespace() {
        match lines.last_mut() {
            Some(line) if line.chars().count() + word.chars().count() < most => {
                line.push(' ');
                line.push_str(word);
            }
            _ => lines.push(word.to_owned()),
        }
    }
    lines
}

#[cfg(test)]
mod tests {
    use super::wrapped;

    #[test]
    fn words_are_kept_whole() {
        assert_eq!(wrapped("one two three", 8), ["one two", "three"]);
        assert_eq!(wrapped("unbreakable", 4), ["unbreakable"]);
        assert!(wrapped("", 4).is_empty());
    }
}
