//! The charts of [public figures](crate::public_figures) as files: the same shapes and colours as on the page, and their numbers.
//!
//! Invariant: nothing here comes from a release, and each file says so: it carries the mark of real figures and never that of
//! an invented study.

use maud::{Markup, html};

use super::picture::{STYLE, wrapped};
use crate::PublishError;
use crate::chart::BESIDE_RANGE;
use crate::map::short;
use crate::pages::kingdom::MARK;
use crate::public_figures::{PublicFigures, Scenario};
use crate::words;

/// Where the two charts are, without what kind of file.
const PER_HEAD: &str = "public-figures/per-100000";
const SCENARIOS: &str = "public-figures/scenarios";

/// The links under the chart of people in 100,000.
pub(crate) fn per_head_links(up: &str) -> Markup {
    super::charts::both_at(up, PER_HEAD)
}

/// The links under the chart of scenarios.
pub(crate) fn scenario_links(up: &str) -> Markup {
    super::charts::both_at(up, SCENARIOS)
}

/// One row: its words, what is drawn, the line of a wider range over it, whether it stands beside the range, and its numbers.
struct Row {
    name: String,
    drawn: Drawn,
    whisker: Option<(f64, f64)>,
    edge: bool,
    numbers: String,
}

/// What is drawn in a row, as on the page: what we worked out in bars, what others have published as a dot.
#[derive(Clone, Copy)]
enum Drawn {
    /// Two bars from nought: people diagnosed in the last ten years, and beyond them everyone.
    Both { ten_years: f64, everyone: f64 },
    /// A bar from the lowest to the highest.
    Range(f64, f64),
    /// One value.
    Value(f64),
}

impl Row {
    /// How far to the right anything of it reaches.
    fn most(&self) -> f64 {
        let drawn = match self.drawn {
            Drawn::Both { everyone: to, .. } | Drawn::Range(_, to) | Drawn::Value(to) => to,
        };
        self.whisker.map_or(drawn, |(_, high)| high.max(drawn))
    }
}

/// What stands in a key.
#[derive(Clone, Copy)]
enum Shape {
    Solid,
    Tail,
    Thin,
    Dot,
}

/// What the shapes of the chart of people in 100,000 mean.
const PER_HEAD_KEY: [(Shape, &str); 3] = [
    (
        Shape::Solid,
        "worked out here: from the lowest to the highest way to read how long people live",
    ),
    (Shape::Thin, "everyone, with all that each way leaves open"),
    (Shape::Dot, "published by others: one number each"),
];

/// What the shapes of the chart of scenarios mean.
const SCENARIOS_KEY: [(Shape, &str); 3] = [
    (Shape::Solid, "diagnosed in the last ten years"),
    (Shape::Tail, "and those diagnosed earlier"),
    (
        Shape::Thin,
        "where nine in ten of its calculations of everyone lie",
    ),
];

/// Both charts, each as a picture and as figures.
pub(super) fn files(figures: &PublicFigures) -> Result<Vec<(String, String)>, PublishError> {
    let day = words::date(&figures.date);
    let title = format!(
        "People living with secondary breast cancer in 100,000 inhabitants: {} beside what others have published",
        figures.place
    );
    let per_head = picture(&title, &day, 20.0, &per_head(figures), &PER_HEAD_KEY);
    let title = format!(
        "People living with secondary breast cancer in {} on {day}, by how long people are taken to live",
        figures.place
    );
    let scenarios = picture(&title, &day, 20_000.0, &scenarios(figures), &SCENARIOS_KEY);
    Ok(vec![
        (format!("{PER_HEAD}.svg"), per_head),
        (format!("{PER_HEAD}.csv"), per_head_csv(figures)?),
        (format!("{SCENARIOS}.svg"), scenarios),
        (format!("{SCENARIOS}.csv"), scenarios_csv(figures)?),
    ])
}

fn per_head(figures: &PublicFigures) -> Vec<Row> {
    let whole = |rate: f64| words::number(rate.round() as i64);
    let widest = figures.total_at_widest;
    let own = [
        ("diagnosed in ten years", figures.within_ten_years, None),
        ("everyone", figures.total, Some(widest)),
    ];
    let own = own.into_iter().map(|(name, range, widest)| Row {
        name: format!("{}: {name}", words::capital(&figures.place)),
        drawn: Drawn::Range(range.low_in_100000, range.high_in_100000),
        whisker: widest.map(|widest| (widest.low_in_100000, widest.high_in_100000)),
        edge: false,
        numbers: format!(
            "{} to {}",
            whole(range.low_in_100000),
            whole(range.high_in_100000)
        ),
    });
    let theirs = figures.published.iter().filter_map(|one| {
        let rate = one.crude_in_100000?;
        Some(Row {
            name: format!("{}, {}", one.place, one.date),
            drawn: Drawn::Value(rate),
            whisker: None,
            edge: false,
            numbers: whole(rate),
        })
    });
    own.chain(theirs).collect()
}

/// The scenarios in the range, and after them those that are shown beside it.
fn scenarios(figures: &PublicFigures) -> Vec<Row> {
    let row = |one: &Scenario| Row {
        name: one.name.clone(),
        drawn: Drawn::Both {
            ten_years: f64::from(one.within_ten_years.middle),
            everyone: f64::from(one.total.middle),
        },
        whisker: Some((f64::from(one.total.low), f64::from(one.total.high))),
        edge: !one.in_range,
        numbers: format!(
            "{} in ten years, {} in all",
            words::number(one.within_ten_years.middle.into()),
            words::number(one.total.middle.into())
        ),
    };
    let (range, edges): (Vec<Row>, Vec<Row>) = figures.scenarios.iter().map(row).partition(|row| !row.edge);
    range.into_iter().chain(edges).collect()
}

/// Where the bars begin, and how long the longest can be.
const LEFT: f64 = 264.0;
const BAR: f64 = 330.0;
const WIDTH: f64 = 860.0;
/// How high a row is, the words before the edges, and a line of the key.
const HIGH: f64 = 40.0;
const WORDS: f64 = 34.0;
const KEY: f64 = 22.0;
/// What a picture lies on.
const PAPER: &str = "#fcfbf8";

/// From nought to a whole number of steps.
struct Scale {
    step: f64,
    steps: u32,
}

impl Scale {
    fn of(rows: &[Row], step: f64) -> Self {
        let most = rows.iter().map(Row::most).fold(0.0, f64::max);
        let steps = (most / step).ceil().max(1.0) as u32;
        Self { step, steps }
    }

    fn x(&self, value: f64) -> f64 {
        LEFT + BAR * value / (self.step * f64::from(self.steps))
    }
}

/// Rows on one scale from nought, under a title, over their key, the mark and the day.
fn picture(title: &str, day: &str, step: f64, rows: &[Row], key: &[(Shape, &str)]) -> String {
    let lines = wrapped(title, 88);
    let top = 40.0 + 22.0 * lines.len() as f64;
    let (places, bottom) = places(rows, top);
    let scale = Scale::of(rows, step);
    let keys = bottom + 34.0;
    let foot = keys + KEY * key.len() as f64;
    let (width, height) = (short(WIDTH), short(foot + 48.0));
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (width) " " (height) } width=(width) height=(height) role="img" {
            title { (title) " (" (MARK) ")" }
            style { (maud::PreEscaped(STYLE)) }
            rect width="100%" height="100%" fill=(PAPER) {}
            @for (at, line) in lines.iter().enumerate() { text.title x="24" y=(short(34.0 + 22.0 * at as f64)) { (line) } }
            (grid(&scale, top, bottom))
            @if let Some(y) = before_edges(rows, &places) { (beside(y)) }
            @for (row, y) in rows.iter().zip(&places) { (drawn(&scale, row, *y)) }
            @for (at, (shape, words)) in key.iter().enumerate() { (line_of_key(*shape, words, keys + KEY * at as f64)) }
            text.invented x="24" y=(short(foot + 14.0)) { (MARK) }
            text.note x="24" y=(short(foot + 32.0)) { "Counted. " (day) ", worked out from printed totals; sources in the file beside this one." }
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}\n",
        svg.into_string()
    )
}

/// Where each row begins, and where the last one ends: before the first of the edges is room for words.
fn places(rows: &[Row], top: f64) -> (Vec<f64>, f64) {
    let first = rows.iter().position(|row| row.edge).unwrap_or(rows.len());
    let place = |at: usize| {
        let room = if at >= first && first < rows.len() {
            WORDS
        } else {
            0.0
        };
        top + HIGH * at as f64 + room
    };
    ((0..rows.len()).map(place).collect(), place(rows.len()))
}

/// Where the words before the edges stand, where there are edges.
fn before_edges(rows: &[Row], places: &[f64]) -> Option<f64> {
    let first = rows.iter().position(|row| row.edge)?;
    places.get(first).map(|place| place - WORDS)
}

/// The lines of the scale with their numbers.
fn grid(scale: &Scale, top: f64, bottom: f64) -> Markup {
    html! {
        @for at in 0..=scale.steps {
            @let value = scale.step * f64::from(at);
            @let x = short(scale.x(value));
            path.grid d={ "M" (x) " " (short(top)) "V" (short(bottom)) } {}
            text.note x=(x) y=(short(bottom + 16.0)) text-anchor="middle" { (words::number(value as i64)) }
        }
    }
}

/// The words before the edges, on paper without lines.
fn beside(y: f64) -> Markup {
    html! {
        rect width="100%" y=(short(y)) height=(short(WORDS)) fill=(PAPER) {}
        text.note x="24" y=(short(y + 24.0)) { (BESIDE_RANGE) }
    }
}

fn drawn(scale: &Scale, row: &Row, y: f64) -> Markup {
    let x = |value: f64| short(scale.x(value));
    let bar = |class: &str, from: f64, to: f64| {
        html! { rect class=(class) x=(x(from)) y=(short(y + 9.0)) width=(short(scale.x(to) - scale.x(from))) height="20" {} }
    };
    html! {
        @for (line, part) in wrapped(&row.name, 34).iter().take(2).enumerate() { text x="24" y=(short(y + 17.0 + 14.0 * line as f64)) { (part) } }
        g.beside[row.edge] {
            @match row.drawn {
                Drawn::Both { ten_years, everyone } => { (bar("tail", 0.0, everyone)) (bar("solid", 0.0, ten_years)) }
                Drawn::Range(low, high) => { (bar("solid", low, high)) }
                Drawn::Value(at) => { circle.published cx=(x(at)) cy=(short(y + 19.0)) r="6" {} }
            }
            @if let Some((low, high)) = row.whisker { (whisker((scale.x(low), scale.x(high)), y + 19.0, 5.0)) }
        }
        text.value x=(short(LEFT + BAR + 14.0)) y=(short(y + 24.0)) { (row.numbers) }
    }
}

/// A thin line with its ends marked, so far above and below it.
fn whisker((from, to): (f64, f64), y: f64, end: f64) -> Markup {
    let (from, to) = (short(from), short(to));
    let (upper, lower) = (short(y - end), short(y + end));
    html! {
        path.thin d={ "M" (from) " " (short(y)) "H" (to) "M" (from) " " (upper) "V" (lower) "M" (to) " " (upper) "V" (lower) } {}
    }
}

fn line_of_key(shape: Shape, words: &str, y: f64) -> Markup {
    let (upper, middle) = (short(y + 0.5), y + 6.5);
    html! {
        @match shape {
            Shape::Solid => { rect.solid x="24.5" y=(upper) width="12" height="12" {} }
            Shape::Tail => { rect.tail x="24.5" y=(upper) width="12" height="12" {} }
            Shape::Thin => { (whisker((24.0, 46.0), middle, 4.0)) }
            Shape::Dot => { circle.published cx="30.5" cy=(short(middle)) r="6" {} }
        }
        text x="56" y=(short(y + 11.0)) { (words) }
    }
}

fn per_head_csv(figures: &PublicFigures) -> Result<String, PublishError> {
    let mut rows =
        vec![["notice", "place", "date", "low", "high", "who", "made", "source"].map(str::to_owned)];
    for (who, range) in [
        ("diagnosed in ten years", figures.within_ten_years),
        ("everyone", figures.total),
        (
            "everyone, with all that each way leaves open",
            figures.total_at_widest,
        ),
    ] {
        let (low, high) = (range.low_in_100000.to_string(), range.high_in_100000.to_string());
        let place = words::capital(&figures.place);
        let made = "modelled".to_owned();
        rows.push([
            MARK.to_owned(),
            place,
            figures.date.clone(),
            low,
            high,
            who.to_owned(),
            made,
            figures.rerun.program.clone(),
        ]);
    }
    for one in &figures.published {
        let Some(rate) = one.crude_in_100000.map(|rate| rate.to_string()) else {
            continue;
        };
        let source = one.url.clone().unwrap_or_else(|| one.source.clone());
        rows.push([
            MARK.to_owned(),
            one.place.clone(),
            one.date.clone(),
            rate.clone(),
            rate,
            one.who.clone(),
            one.made.clone(),
            source,
        ]);
    }
    csv(&rows)
}

fn scenarios_csv(figures: &PublicFigures) -> Result<String, PublishError> {
    let mut rows = vec![
        [
            "notice",
            "scenario",
            "in_range",
            "within_ten_years",
            "total",
            "total_low",
            "total_high",
        ]
        .map(str::to_owned),
    ];
    for one in &figures.scenarios {
        let numbers = [
            one.within_ten_years.middle,
            one.total.middle,
            one.total.low,
            one.total.high,
        ];
        let [ten, total, low, high] = numbers.map(|number| number.to_string());
        rows.push([
            MARK.to_owned(),
            one.name.clone(),
            one.in_range.to_string(),
            ten,
            total,
            low,
            high,
        ]);
    }
    csv(&rows)
}

fn csv<const N: usize>(rows: &[[String; N]]) -> Result<String, PublishError> {
    let failed = || PublishError::public_figures("a chart could not be written".to_owned());
    let mut writer = csv::Writer::from_writer(Vec::new());
    for row in rows {
        writer
            .write_record(row.iter().map(|cell| super::rows::safe(cell)))
            .map_err(|_| failed())?;
    }
    let bytes = writer.into_inner().map_err(|_| failed())?;
    String::from_utf8(bytes).map_err(|_| failed())
}
