//! The charts of [public figures](crate::public_figures) as files: the same bars as on the page, and their numbers.
//!
//! Invariant: nothing here comes from a release, and each file says so: it carries the mark of real figures and never that of
//! an invented study.

use maud::{Markup, html};

use super::picture::{STYLE, wrapped};
use crate::PublishError;
use crate::map::short;
use crate::pages::kingdom::MARK;
use crate::public_figures::PublicFigures;
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

/// One row: its words, from and to where its bar goes, an inner end, and its numbers.
struct Row {
    name: String,
    from: f64,
    to: f64,
    inner: Option<f64>,
    numbers: String,
}

/// Both charts, each as a picture and as figures.
pub(super) fn files(figures: &PublicFigures) -> Result<Vec<(String, String)>, PublishError> {
    let day = words::date(&figures.date);
    let title = format!(
        "People living with secondary breast cancer in 100,000 inhabitants: {} beside what others have published",
        figures.place
    );
    let per_head = picture(&title, &day, 20.0, &per_head(figures));
    let title = format!(
        "People living with secondary breast cancer in {} on {day}, by how long people are taken to live: dark, diagnosed in the last ten years",
        figures.place
    );
    let scenarios = picture(&title, &day, 20_000.0, &scenarios(figures));
    Ok(vec![
        (format!("{PER_HEAD}.svg"), per_head),
        (format!("{PER_HEAD}.csv"), per_head_csv(figures)?),
        (format!("{SCENARIOS}.svg"), scenarios),
        (format!("{SCENARIOS}.csv"), scenarios_csv(figures)?),
    ])
}

fn per_head(figures: &PublicFigures) -> Vec<Row> {
    let whole = |rate: f64| words::number(rate.round() as i64);
    let own = [
        ("diagnosed in ten years", figures.within_ten_years),
        ("everyone", figures.total),
    ];
    let own = own.into_iter().map(|(name, range)| Row {
        name: format!("{}: {name}", words::capital(&figures.place)),
        from: range.low_in_100000,
        to: range.high_in_100000,
        inner: None,
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
            from: 0.0,
            to: rate,
            inner: None,
            numbers: whole(rate),
        })
    });
    own.chain(theirs).collect()
}

fn scenarios(figures: &PublicFigures) -> Vec<Row> {
    let row = |one: &crate::public_figures::Scenario| Row {
        name: one.name.clone(),
        from: 0.0,
        to: f64::from(one.total.middle),
        inner: Some(f64::from(one.within_ten_years.middle)),
        numbers: format!(
            "{} in ten years, {} in all",
            words::number(one.within_ten_years.middle.into()),
            words::number(one.total.middle.into())
        ),
    };
    figures.scenarios.iter().map(row).collect()
}

/// Rows of bars on one scale from nought, under a title, over the mark and the day.
fn picture(title: &str, day: &str, step: f64, rows: &[Row]) -> String {
    const LEFT: f64 = 264.0;
    const BAR: f64 = 330.0;
    const WIDTH: f64 = 860.0;
    const HIGH: f64 = 40.0;
    let lines = wrapped(title, 88);
    let top = 40.0 + 22.0 * lines.len() as f64;
    let bottom = top + HIGH * rows.len() as f64;
    let most = rows.iter().map(|row| row.to).fold(0.0, f64::max);
    let steps = (most / step).ceil().max(1.0);
    let x = |value: f64| LEFT + BAR * value / (step * steps);
    let svg = html! {
        svg xmlns="http://www.w3.org/2000/svg" viewBox={ "0 0 " (WIDTH) " " (short(bottom + 72.0)) } width=(WIDTH) height=(short(bottom + 72.0)) role="img" {
            title { (title) " (" (MARK) ")" }
            style { (maud::PreEscaped(STYLE)) }
            rect width="100%" height="100%" fill="#fcfbf8" {}
            @for (at, line) in lines.iter().enumerate() { text.title x="24" y=(short(34.0 + 22.0 * at as f64)) { (line) } }
            @for at in 0..=(steps as u32) {
                path.grid d={ "M" (short(x(step * f64::from(at)))) " " (short(top)) "V" (short(bottom)) } {}
                text.note x=(short(x(step * f64::from(at)))) y=(short(bottom + 16.0)) text-anchor="middle" { (words::number((step * f64::from(at)) as i64)) }
            }
            @for (at, row) in rows.iter().enumerate() {
                @let y = top + HIGH * at as f64;
                @for (line, part) in wrapped(&row.name, 34).iter().take(2).enumerate() { text x="24" y=(short(y + 17.0 + 14.0 * line as f64)) { (part) } }
                rect.rest x=(short(x(row.from))) y=(short(y + 9.0)) width=(short(x(row.to) - x(row.from))) height="20" {}
                @if let Some(inner) = row.inner { rect.recorded x=(short(x(0.0))) y=(short(y + 9.0)) width=(short(x(inner) - LEFT)) height="20" {} }
                text.value x=(short(LEFT + BAR + 14.0)) y=(short(y + 24.0)) { (row.numbers) }
            }
            text.invented x="24" y=(short(bottom + 38.0)) { (MARK) }
            text.note x="24" y=(short(bottom + 56.0)) { "Counted. " (day) ", worked out from printed totals; sources in the file beside this one." }
        }
    };
    format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n{}\n",
        svg.into_string()
    )
}

fn per_head_csv(figures: &PublicFigures) -> Result<String, PublishError> {
    let mut rows =
        vec![["notice", "place", "date", "low", "high", "who", "made", "source"].map(str::to_owned)];
    for (who, range) in [
        ("diagnosed in ten years", figures.within_ten_years),
        ("everyone", figures.total),
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
