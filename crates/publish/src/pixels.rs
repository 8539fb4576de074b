//! Charts as pixels (PNG), for those whose programs take no drawings: the same file as the SVG, twice as large.
//!
//! Invariant: a picture is a function of its SVG. Its words are set in the font that is built into the program; it carries no
//! clock and no word that is not drawn.

use std::collections::BTreeMap;

use resvg::tiny_skia::{Color, Pixmap, Transform};
use resvg::usvg::{Options, Tree};

use crate::PublishError;
use crate::pdf::DRAWN;

/// Pixels for each unit of a drawing: sharp on a telephone and in print.
const SCALE: f32 = 2.0;

/// The path of the picture of a chart, and its bytes.
pub(crate) fn picture(path: &str, svg: &str) -> Result<(String, Vec<u8>), PublishError> {
    let failed = |reason: &str| PublishError::Paper {
        path: path.to_owned(),
        reason: reason.to_owned(),
    };
    let options = Options {
        fontdb: DRAWN.clone(),
        font_family: "Inter".to_owned(),
        ..Options::default()
    };
    let tree = Tree::from_str(svg, &options).map_err(|_| failed("it is no drawing that can be read"))?;
    let size = tree.size();
    let pixels = |length: f32| (length * SCALE).ceil() as u32;
    let mut canvas = Pixmap::new(pixels(size.width()), pixels(size.height()))
        .ok_or_else(|| failed("it has no size, or is too large"))?;
    // On white, so that no pixel is seen through.
    canvas.fill(Color::WHITE);
    resvg::render(&tree, Transform::from_scale(SCALE, SCALE), &mut canvas.as_mut());
    let bytes = encoded(&canvas).ok_or_else(|| failed("its pixels cannot be written"))?;
    let path = format!("{}.png", path.strip_suffix(".svg").unwrap_or(path));
    Ok((path, bytes))
}

/// Colours of a picture whose pixels are one byte each.
const COLOURS: usize = 256;

/// The pixels as PNG: each the number of its colour, where there are few enough. Edges of letters have many shades; where
/// there are too many, shades that nobody can tell apart become one.
///
/// A row is packed as what differs from the row above, which in a chart is nearly nothing.
fn encoded(canvas: &Pixmap) -> Option<Vec<u8>> {
    let mut bytes = Vec::new();
    let mut encoder = png::Encoder::new(&mut bytes, canvas.width(), canvas.height());
    encoder.set_depth(png::BitDepth::Eight);
    encoder.set_compression(png::Compression::Fast);
    encoder.set_filter(png::Filter::Up);
    let image = match [0xff, 0xfc, 0xf8]
        .into_iter()
        .find_map(|shades| numbered(canvas, shades))
    {
        Some((palette, numbers)) => {
            encoder.set_color(png::ColorType::Indexed);
            encoder.set_palette(palette);
            numbers
        }
        None => {
            encoder.set_color(png::ColorType::Rgb);
            let pixels = canvas.pixels().iter();
            pixels
                .flat_map(|pixel| [pixel.red(), pixel.green(), pixel.blue()])
                .collect()
        }
    };
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&image).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// Pixels that are looked at together.
const TOGETHER: usize = 32;

/// The colours of a picture in the order in which they come, white first, and the number of each pixel's; none where there are
/// too many. `shades` are the bits of a colour that count.
fn numbered(canvas: &Pixmap, shades: u8) -> Option<(Vec<u8>, Vec<u8>)> {
    // A colour as one number: there are millions of pixels, so each is looked at as a whole.
    let told = u32::from_le_bytes([shades, shades, shades, 0]);
    let mut palette = vec![0xff; 3];
    let mut known = BTreeMap::from([(told, 0_u8)]);
    let mut numbers = Vec::with_capacity(canvas.data().len() / 4);
    let mut last = ([0xff; 4 * TOGETHER], told, 0_u8);
    for pixels in canvas.data().chunks(4 * TOGETHER) {
        // Most pixels have the colour of the one before, and so have most that lie together.
        if pixels == &last.0[..pixels.len()] {
            numbers.resize(numbers.len() + pixels.len() / 4, last.2);
            continue;
        }
        for pixel in pixels.as_chunks::<4>().0 {
            let colour = u32::from_le_bytes(*pixel) & told;
            if colour != last.1 {
                let number = match known.get(&colour) {
                    Some(number) => *number,
                    None if palette.len() == 3 * COLOURS => return None,
                    None => {
                        let number = u8::try_from(palette.len() / 3).ok()?;
                        let [red, green, blue, _] = *pixel;
                        palette.extend([red, green, blue]);
                        known.insert(colour, number);
                        number
                    }
                };
                last.1 = colour;
                last.2 = number;
            }
            numbers.push(last.2);
        }
        if let Some((_, pixel)) = pixels.split_last_chunk::<4>() {
            last.0.as_chunks_mut::<4>().0.fill(*pixel);
        }
    }
    Some((palette, numbers))
}

#[cfg(test)]
mod tests {
    #![allow(clippy::unwrap_used)]
    use super::*;

    const SVG: &str = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 40 20\" width=\"40\" height=\"20\">\
                       <rect width=\"40\" height=\"20\" fill=\"#115450\"/><text x=\"2\" y=\"14\">5</text></svg>";

    #[test]
    fn a_drawing_is_twice_as_large_in_pixels_and_has_nothing_but_pixels() {
        let (path, bytes) = picture("charts/one.svg", SVG).unwrap();
        assert_eq!(path, "charts/one.png");
        let whole = |at: usize| u32::from_be_bytes(bytes[at..at + 4].try_into().unwrap());
        assert_eq!((&bytes[1..4], whole(16), whole(20)), (&b"PNG"[..], 80, 40));
        let mut at = 8;
        let mut chunks = Vec::new();
        while at < bytes.len() {
            chunks.push(String::from_utf8(bytes[at + 4..at + 8].to_vec()).unwrap());
            at += 12 + whole(at) as usize;
        }
        chunks.dedup();
        assert_eq!(chunks, ["IHDR", "PLTE", "IDAT", "IEND"]);
        assert_eq!(picture("charts/one.svg", SVG).unwrap().1, bytes);
    }

    #[test]
    fn each_pixel_has_the_number_of_its_colour() {
        // Runs of all lengths, of which some end where pixels are no more looked at together, in a width that is no multiple.
        let mut canvas = Pixmap::new(37, 40).unwrap();
        let (mut at, mut length) = (0, 1);
        let pixels = canvas.data_mut().as_chunks_mut::<4>().0;
        while at < pixels.len() {
            let end = pixels.len().min(at + length);
            let shade = [0xff, 0x40, 0xff, 0x80, 0x41][length % 5];
            pixels[at..end].fill([shade, 0xff, shade, 0xff]);
            (at, length) = (end, length + 1);
        }
        for shades in [0xff, 0xfc] {
            let (palette, numbers) = numbered(&canvas, shades).unwrap();
            let told: Vec<u8> = numbers
                .iter()
                .map(|number| palette[3 * usize::from(*number)] & shades)
                .collect();
            let wanted: Vec<u8> = canvas.pixels().iter().map(|pixel| pixel.red() & shades).collect();
            assert_eq!(told, wanted);
            assert_eq!(palette.len(), if shades == 0xff { 12 } else { 9 });
        }
    }

    #[test]
    fn words_are_drawn_with_the_font_of_the_program() {
        let (_, with) = picture("a.svg", SVG).unwrap();
        let (_, without) = picture("a.svg", &SVG.replace(">5<", "> <")).unwrap();
        assert_ne!(with, without);
    }

    #[test]
    fn what_is_no_drawing_is_refused_by_its_name() {
        let words = picture("charts/two.svg", "<p>").unwrap_err().to_string();
        assert!(words.contains("charts/two.svg"), "{words}");
    }
}
