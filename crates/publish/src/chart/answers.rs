//! Answers to one question of care: a row for each nation, with how much of it is known at all.
//!
//! A band reaches from the share if every missing answer were no to the share if every missing answer were yes; where that is
//! from nobody to everybody it is an outline, for a full bar would read as everybody. A dot with the range of chance stands in
//! it only where enough answers are known. The rows are a list, so that whoever does not see them hears the same numbers.

use maud::{Markup, html};
use protect::{Figure, ReleasedRow};

use crate::chart::rows::{self, Scale};
use crate::site::Site;
use crate::words;

/// The share of answers that must be known before their share of yes is shown, in per cent: that of the definitions.
pub const ENOUGH_PERCENT: u32 = 70;

/// Said where the share could be any.
const NOTHING: &str = "nothing certain";

/// One nation's answers to one question.
pub(crate) struct Answers {
    /// The nation.
    pub(crate) name: String,
    known: Known,
    /// The share of yes among those known, with the ends of its range.
    share: Option<[Figure; 3]>,
    /// The share if every missing answer were no.
    at_least: Figure,
    /// The share that is not so if every missing answer were yes.
    no_at_least: Option<Figure>,
}

/// Of how many the answer is known.
#[derive(Clone, Copy)]
enum Known {
    /// Of this share.
    Of(Figure),
    /// Of everybody.
    OfAll,
    /// Nobody ever says no.
    OnlyYes,
}

impl Answers {
    /// Of a row of `care`.
    pub(crate) fn of(name: &str, row: ReleasedRow<'_>) -> Self {
        Self {
            name: name.to_owned(),
            known: Known::Of(row.figure("recorded_percent")),
            share: Some(share(row)),
            at_least: row.figure("yes_at_least_percent"),
            no_at_least: Some(row.figure("no_at_least_percent")),
        }
    }

    /// Of a row of `care_of_all`.
    pub(crate) fn of_all(name: &str, row: ReleasedRow<'_>) -> Self {
        Self {
            name: name.to_owned(),
            known: Known::OfAll,
            share: Some(share(row)),
            at_least: row.figure("share_percent"),
            no_at_least: None,
        }
    }

    /// Of a row of `care_at_least`.
    pub(crate) fn at_least(name: &str, row: ReleasedRow<'_>) -> Self {
        Self {
            name: name.to_owned(),
            known: Known::OnlyYes,
            share: None,
            at_least: row.figure("yes_at_least_percent"),
            no_at_least: None,
        }
    }

    /// The share with its range, where enough is known.
    pub(crate) fn known(&self) -> Option<(Figure, f64, f64)> {
        let enough = match self.known {
            Known::Of(recorded) => recorded.as_f64()? >= f64::from(ENOUGH_PERCENT),
            Known::OfAll => true,
            Known::OnlyYes => false,
        };
        let [share, low, high] = self.share?;
        share.number()?;
        enough.then_some((share, low.as_f64()?, high.as_f64()?))
    }

    /// Between which shares it lies, whatever the missing answers are; none where no answer is missing.
    pub(crate) fn bounds(&self) -> Option<(f64, f64)> {
        let most = match self.known {
            Known::Of(_) => 100.0 - self.no_at_least?.as_f64()?,
            Known::OnlyYes => 100.0,
            Known::OfAll => return None,
        };
        Some((self.at_least.as_f64()?, most))
    }

    /// Whether it could be all of them or nobody, whatever is known. A full bar would read as all of them.
    pub(crate) fn nothing_certain(&self) -> bool {
        self.bounds()
            .is_some_and(|(least, most)| least <= 0.0 && most >= 100.0)
    }

    /// How the bar between the bounds is drawn.
    pub(crate) fn band(&self) -> &'static str {
        if self.nothing_certain() {
            "unknown"
        } else {
            "possible"
        }
    }

    /// In words: a share with its range, or what is certain.
    pub(crate) fn words(&self) -> Markup {
        html! {
            @if let Some((share, low, high)) = self.known() {
                strong { (words::percent(share)) } " (" (least(low)) " to " (most(high)) "%)"
            } @else if let Some((low, high)) = self.bounds() {
                @match self.known {
                    _ if self.nothing_certain() => { (NOTHING) }
                    Known::OnlyYes => { "at least " strong { (least(low)) "%" } }
                    _ => { "between " strong { (least(low)) "% and " (most(high)) "%" } }
                }
            } @else { (words::figure(self.hidden())) }
        }
    }

    /// The same words without an element, for a picture that leaves its page.
    pub(crate) fn plain(&self) -> String {
        if let Some((share, low, high)) = self.known() {
            return format!("{}% ({} to {}%)", words::text(share), least(low), most(high));
        }
        match (self.bounds(), self.known) {
            (None, _) => words::text(self.hidden()),
            (Some(_), _) if self.nothing_certain() => NOTHING.to_owned(),
            (Some((low, _)), Known::OnlyYes) => format!("at least {}%", least(low)),
            (Some((low, high)), _) => format!("between {}% and {}%", least(low), most(high)),
        }
    }

    /// How much is known, in words; nothing where that is everything.
    pub(crate) fn known_of(&self) -> String {
        match self.known {
            Known::Of(recorded) if recorded.number().is_some() => {
                format!("answer recorded for {}%", words::text(recorded))
            }
            Known::OnlyYes => "only a yes is ever recorded".to_owned(),
            Known::Of(_) | Known::OfAll => String::new(),
        }
    }

    /// The figure whose absence leaves nothing to say.
    pub(crate) fn hidden(&self) -> Figure {
        match self.no_at_least {
            Some(no) if self.at_least.number().is_some() => no,
            _ => self.at_least,
        }
    }
}

fn share(row: ReleasedRow<'_>) -> [Figure; 3] {
    ["share_percent", "low", "high"].map(|column| row.figure(column))
}

/// The low end of a range in whole per cent: never cut inwards.
fn least(percent: f64) -> String {
    words::number(percent.floor() as i64)
}

/// The high end of a range in whole per cent: never cut inwards.
fn most(percent: f64) -> String {
    words::number(percent.ceil() as i64)
}

/// Draws the rows under a title that says what a share is the share of.
pub(crate) fn answers(site: &Site<'_>, id: &str, title: &str, all: &[Answers]) -> Markup {
    let scale = Scale::of_percent();
    html! {
        figure.rows.answers {
            figcaption #(id) {
                strong { (title) }
                @if let Some(mark) = site.mark() { " " span.mark { (mark) } }
            }
            ul.rows-list aria-labelledby=(id) { @for one in all { (drawn(&scale, one)) } }
            (rows::axis(&scale))
        }
    }
}

fn drawn(scale: &Scale, one: &Answers) -> Markup {
    let bars = html! {
        @if let Some((least, most)) = one.bounds() { (rows::bar(one.band(), scale, least, most.max(least))) }
        @if let Some((share, low, high)) = one.known() {
            (rows::line("range", scale, low, high))
            @if let Some(share) = share.as_f64() { (rows::dot(scale, share)) }
        }
    };
    html! {
        li {
            span.name { (one.name) }
            (rows::picture(scale, &bars))
            span.numbers { (one.words()) " " span.under { (one.known_of()) } }
        }
    }
}

/// What a band and a dot are: once above all charts that stand together. `unknown` where nothing is certain of one row.
pub(crate) fn key(unknown: bool) -> Markup {
    html! {
        ul.key {
            li { span.swatch.possible {} "where the share can lie, whatever the missing answers are" }
            li { span.swatch.known {} "share of the answers that are known, with its 95% range: only where at least " (ENOUGH_PERCENT) "% are known" }
            @if unknown { li { span.swatch.unknown {} "nothing certain: the share can lie anywhere" } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::{least, most};

    #[test]
    fn ends_of_a_range_are_never_cut_inwards() {
        let ends = [(76.6, 80.4), (76.0, 80.0)].map(|(low, high)| [least(low), most(high)]);
        assert_eq!(ends, [["76", "81"], ["76", "80"]]);
    }
}
