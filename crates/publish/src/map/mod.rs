//! The map: one pin for each organisation, its state by shape and colour, drawn as SVG that works without script.
//!
//! The state of most hospitals reaches from one line to the other, so its pin also says on which side of half the released
//! percentage lies: it is a quarter or three quarters full, and half full where no percentage is shown.
//!
//! Invariants: the same places give the same picture, to the byte; no pin hides another; each pin is a link with a
//! name, so that the keyboard reaches it and a screen reader reads it; the picture says nothing that the table beside
//! it does not say.

mod hexagons;
mod hull;
mod inset;
mod outline_uk;
mod placing;
mod projection;
mod smooth;
mod symbol;

use maud::{Markup, html};

pub(crate) use hexagons::hexagons;
pub(crate) use symbol::{badge, drawn as sign_of, sign as sign_of_told, symbol};

use crate::facts::Outline;
use crate::figures::Place;
use crate::site::{Hospital, Site};
use crate::state::State;
use crate::words;
use projection::Projection;

/// Width of the drawing, in its own units.
const WIDTH: f64 = 620.0;
/// Free space around the land.
const MARGIN: f64 = 26.0;
/// Distance kept between the middles of two pins.
const APART: f64 = 15.5;
/// The same where pins have a sign of what the hospital told us beside them.
const APART_WITH_SIGNS: f64 = 24.0;

/// Everything placed on the drawing.
struct Drawing {
    height: f64,
    land: Vec<String>,
    borders: Vec<String>,
    names: Vec<(String, f64, f64)>,
    /// Hospital, where it is, where its pin is drawn.
    pins: Vec<(usize, placing::Point, placing::Point)>,
    /// London, drawn larger; its pins are among the others.
    inset: Option<inset::Inset>,
}

/// Draws the map: every pin a link to its hospital's page, beside which this page lies.
pub(crate) fn map(site: &Site<'_>, title: &str) -> Markup {
    let Some(drawing) = place(site) else {
        return html! {};
    };
    let words = "Each pin is a link to the page of a hospital trust or health board. The table after the map has the same facts.";
    html! {
        svg.map viewBox=(drawing.view()) width=(WIDTH) height=(drawing.height.round()) role="group" aria-labelledby="map-title map-words" {
            title id="map-title" { (title) }
            desc id="map-words" { (words) }
            (drawing.ground())
            @for (index, _, pin) in &drawing.pins {
                @if let Some(hospital) = site.hospitals.get(*index) { (link(site, hospital, *pin)) }
            }
            (drawing.mark(site))
        }
    }
}

/// The same map as one picture, without links of its own.
pub(crate) fn picture(site: &Site<'_>, title: &str) -> Markup {
    let Some(drawing) = place(site) else {
        return html! { (title) };
    };
    html! {
        svg.map viewBox=(drawing.view()) width=(WIDTH) height=(drawing.height.round()) role="img" aria-labelledby="map-title" {
            title id="map-title" { (title) }
            (drawing.ground())
            @for (index, _, pin) in &drawing.pins {
                @if let Some(hospital) = site.hospitals.get(*index) {
                    g transform=(moved(*pin)) {
                        (symbol::drawn(hospital.sign()))
                        @if let Some(told) = hospital.told { (symbol::beside(told)) }
                    }
                }
            }
            (drawing.mark(site))
        }
    }
}

/// The map without its frame, for a file of its own, with its width and height; none where no hospital has a place.
pub(crate) fn bare(site: &Site<'_>) -> Option<(Markup, (f64, f64))> {
    let drawing = place(site)?;
    let drawn = html! {
        g.map {
            (drawing.ground())
            @for (index, _, pin) in &drawing.pins {
                @if let Some(hospital) = site.hospitals.get(*index) {
                    g transform=(moved(*pin)) {
                        title { (site.label(hospital)) }
                        (symbol::drawn(hospital.sign()))
                        @if let Some(told) = hospital.told { (symbol::beside(told)) }
                    }
                }
            }
        }
    };
    Some((drawn, (WIDTH, drawing.height.round())))
}

impl Drawing {
    fn view(&self) -> String {
        format!("0 0 {WIDTH} {}", self.height.round())
    }

    /// Land, borders, names and the lines from a moved pin back to its place.
    fn ground(&self) -> Markup {
        html! {
            g.land aria-hidden="true" { @for path in &self.land { path d=(path) {} } }
            g.borders aria-hidden="true" { @for path in &self.borders { path d=(path) {} } }
            g.nations aria-hidden="true" {
                @for (name, x, y) in &self.names { text x=(short(*x)) y=(short(*y)) text-anchor="middle" { (name) } }
            }
            @if let Some(inset) = &self.inset { (london(inset)) }
            g.leaders aria-hidden="true" {
                @for (_, home, pin) in &self.pins {
                    @if home.distance(*pin) > APART * 0.75 {
                        path d={ "M" (short(home.x)) " " (short(home.y)) "L" (short(pin.x)) " " (short(pin.y)) } {}
                    }
                }
            }
        }
    }

    fn mark(&self, site: &Site<'_>) -> Markup {
        html! {
            @if let Some(mark) = site.mark() {
                text.invented x=(WIDTH - 8.0) y=(self.height.round() - 9.0) text-anchor="end" { (mark) }
            }
        }
    }
}

/// The frame of the inset, the piece that it enlarges, and a line between the two.
fn london(inset: &inset::Inset) -> Markup {
    let (corner, [upper, lower]) = (inset.corner, inset.piece);
    html! {
        g.inset aria-hidden="true" {
            rect.frame x=(short(corner.x)) y=(short(corner.y)) width=(short(inset.size.0)) height=(short(inset.size.1)) rx="8" {}
            rect.piece x=(short(upper.x)) y=(short(upper.y)) width=(short(lower.x - upper.x)) height=(short(lower.y - upper.y)) rx="2" {}
            path d={ "M" (short(lower.x)) " " (short(upper.y)) "L" (short(corner.x + inset.size.0 / 2.0)) " " (short(corner.y + inset.size.1)) } {}
            text x=(short(corner.x + 12.0)) y=(short(corner.y + 19.0)) { "London" }
        }
    }
}

fn moved(pin: placing::Point) -> String {
    format!("translate({} {})", short(pin.x), short(pin.y))
}

fn link(site: &Site<'_>, hospital: &Hospital<'_>, pin: placing::Point) -> Markup {
    let name = site.label(hospital);
    html! {
        a href=(hospital.address()) aria-label=(name) transform=(moved(pin)) {
            title { (name) }
            circle.halo r="10" {}
            (symbol::drawn(hospital.sign()))
            @if let Some(told) = hospital.told { (symbol::beside(told)) }
        }
    }
}

/// How far the middles of two pins are kept apart, so that neither hides the other or its sign.
fn apart(site: &Site<'_>) -> f64 {
    if site.asked() { APART_WITH_SIGNS } else { APART }
}

/// Every hospital that has a place, with its latitude and longitude.
fn located(site: &Site<'_>) -> Vec<(usize, f64, f64)> {
    site.hospitals
        .iter()
        .enumerate()
        .filter_map(|(i, h)| Some((i, h.organisation.latitude?, h.organisation.longitude?)))
        .collect()
}

fn place(site: &Site<'_>) -> Option<Drawing> {
    let points = located(site);
    if points.is_empty() {
        return None;
    }
    let places: Vec<(f64, f64)> = points
        .iter()
        .map(|(_, latitude, longitude)| (*latitude, *longitude))
        .collect();
    match site.facts.outline {
        Outline::UnitedKingdom => Some(united_kingdom(site, &points, &places)),
        Outline::AroundPoints => Some(invented(site, &points, &places)),
    }
}

/// Every hospital that has a place, and where on the map it is, without insets.
fn place_all(site: &Site<'_>) -> Vec<(usize, placing::Point)> {
    let points = located(site);
    let places: Vec<(f64, f64)> = points.iter().map(|(_, lat, lon)| (*lat, *lon)).collect();
    let (conic, frame) = match site.facts.outline {
        Outline::UnitedKingdom => {
            let conic = Projection::united_kingdom();
            let frame = kingdom_frame(&conic, &places);
            (conic, frame)
        }
        Outline::AroundPoints => {
            let conic = Projection::around(&places);
            let frame = projection::Frame::within(&conic, &places, WIDTH, MARGIN);
            (conic, frame)
        }
    };
    let home = |(index, lat, lon): (usize, f64, f64)| (index, frame.point(&conic, lat, lon));
    points.into_iter().map(home).collect()
}

/// The frame that holds the land and every place.
fn kingdom_frame(conic: &Projection, places: &[(f64, f64)]) -> projection::Frame {
    let land = outline_uk::land();
    let all: Vec<(f64, f64)> = land
        .iter()
        .flat_map(|ring| ring.iter().copied())
        .chain(places.iter().copied())
        .collect();
    projection::Frame::around(conic, &all, WIDTH, MARGIN)
}

fn united_kingdom(site: &Site<'_>, points: &[(usize, f64, f64)], places: &[(f64, f64)]) -> Drawing {
    let conic = Projection::united_kingdom();
    let land = outline_uk::land();
    let frame = kingdom_frame(&conic, places);
    let mut points = points.to_vec();
    let inset = inset::take(&mut points, &conic, &frame, (WIDTH, apart(site)));
    let drawn = |ring: &[(f64, f64)]| {
        ring.iter()
            .map(|(lat, lon)| frame.point(&conic, *lat, *lon))
            .collect::<Vec<_>>()
    };
    Drawing {
        height: frame.height,
        land: land.iter().map(|ring| smooth::closed(&drawn(ring))).collect(),
        borders: outline_uk::borders()
            .iter()
            .map(|line| smooth::open(&drawn(line)))
            .collect(),
        names: Vec::new(),
        pins: pins(&points, &conic, &frame, apart(site))
            .into_iter()
            .chain(inset.iter().flat_map(|inset| inset.pins.iter().copied()))
            .collect(),
        inset,
    }
}

fn invented(site: &Site<'_>, points: &[(usize, f64, f64)], places: &[(f64, f64)]) -> Drawing {
    let conic = Projection::around(places);
    let frame = projection::Frame::within(&conic, places, WIDTH, MARGIN + 64.0);
    let pins = pins(points, &conic, &frame, apart(site));
    let mut land = Vec::new();
    let mut names = Vec::new();
    for nation in &site.nations {
        let of_nation: Vec<placing::Point> = pins
            .iter()
            .filter(|(i, ..)| {
                site.hospitals
                    .get(*i)
                    .is_some_and(|h| &h.organisation.nation == nation)
            })
            .map(|(_, home, _)| *home)
            .collect();
        if let Some(shore) = hull::shore(&of_nation, 46.0) {
            land.push(smooth::closed(&shore.line));
            names.push((nation.clone(), shore.middle.x, shore.top - 10.0));
        }
    }
    Drawing {
        height: frame.height,
        land,
        borders: Vec::new(),
        names,
        pins,
        inset: None,
    }
}

fn pins(
    points: &[(usize, f64, f64)],
    conic: &Projection,
    frame: &projection::Frame,
    apart: f64,
) -> Vec<(usize, placing::Point, placing::Point)> {
    let homes: Vec<placing::Point> = points
        .iter()
        .map(|(_, lat, lon)| frame.point(conic, *lat, *lon))
        .collect();
    let placed = placing::apart(&homes, apart, (WIDTH, frame.height));
    points
        .iter()
        .zip(homes)
        .zip(placed)
        .map(|(((index, ..), home), pin)| (*index, home, pin))
        .collect()
}

/// A coordinate with one decimal: enough for the eye, and the same on every machine.
pub(crate) fn short(value: f64) -> String {
    let tenths = (value * 10.0).round() as i64;
    if tenths % 10 == 0 {
        (tenths / 10).to_string()
    } else {
        format!(
            "{}{}.{}",
            if tenths < 0 { "-" } else { "" },
            tenths.abs() / 10,
            tenths.abs() % 10
        )
    }
}

/// The legend in words: every sign with its symbol, how many hospitals of a place, or of all, have it, and what it means.
pub(crate) fn legend(site: &Site<'_>, place: Option<Place<'_>>) -> Markup {
    html! {
        dl.legend {
            @for sign in State::ALL.into_iter().flat_map(State::signs) {
                @let count = site.with_sign(place, sign);
                @if count > 0 {
                    div {
                        dt { (symbol(sign)) span { (site.sign_words(sign)) } span.count { (words::number(count as i64)) } }
                        dd { (site.meaning(sign)) }
                    }
                }
            }
        }
    }
}
