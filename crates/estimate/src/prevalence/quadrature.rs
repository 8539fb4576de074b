//! Areas under a curve, by the rule of Gauss and Kronrod, halved until it is exact enough.

/// The fifteen places of the rule on −1 to 1 (the positive half; the last is 0).
const PLACES: [f64; 8] = [
    0.991_455_371_120_812_6,
    0.949_107_912_342_758_5,
    0.864_864_423_359_769_1,
    0.741_531_185_599_394_5,
    0.586_087_235_467_691_1,
    0.405_845_151_377_397_2,
    0.207_784_955_007_898_48,
    0.0,
];
/// Their weights in the rule of 15 places.
const FIFTEEN: [f64; 8] = [
    0.022_935_322_010_529_224,
    0.063_092_092_629_978_56,
    0.104_790_010_322_250_18,
    0.140_653_259_715_525_92,
    0.169_004_726_639_267_9,
    0.190_350_578_064_785_4,
    0.204_432_940_075_298_9,
    0.209_482_141_084_727_82,
];
/// The weights of every second place in the rule of 7.
const SEVEN: [f64; 4] = [
    0.129_484_966_168_869_7,
    0.279_705_391_489_276_64,
    0.381_830_050_505_118_9,
    0.417_959_183_673_469_4,
];

/// How far the two rules may differ on one piece, and how often a piece may be halved.
const TOLERANCE: f64 = 1e-11;
const HALVINGS: u32 = 40;

/// Survival curves of a shape below 1 fall upright at 0. With time = *v*⁴ in the first piece they do not.
const POWER: i32 = 4;

/// The area under a function between two times.
///
/// **Formula.** The 15-point rule of Gauss and Kronrod; where it differs from the 7-point rule inside it by more than
/// 10⁻¹¹, the piece is halved. A piece that begins at 0 is taken over the fourth root of time.
///
/// **Source.** R. Piessens and others, QUADPACK (1983).
///
/// **When it fails.** A function that jumps, or that is not finite, is halved forty times and then taken as it is.
pub fn area(function: &impl Fn(f64) -> f64, from: f64, to: f64) -> f64 {
    moments(&|time| function(time), from, to).0
}

/// The area under `function` from `from` to `to`, and the area under it times (`to` − time).
pub(super) fn moments(function: &impl Fn(f64) -> f64, from: f64, to: f64) -> (f64, f64) {
    if from == 0.0 {
        let stretched = |root: f64| {
            let time = root.powi(POWER);
            let value = function(time) * f64::from(POWER) * root.powi(POWER - 1);
            (value, value * (to - time))
        };
        halved(&stretched, 0.0, to.powf(1.0 / f64::from(POWER)), HALVINGS)
    } else {
        let plain = |time: f64| {
            let value = function(time);
            (value, value * (to - time))
        };
        halved(&plain, from, to, HALVINGS)
    }
}

fn halved(function: &impl Fn(f64) -> (f64, f64), from: f64, to: f64, left: u32) -> (f64, f64) {
    let (fine, difference) = rule(function, from, to);
    if left == 0 || difference <= TOLERANCE * (1.0 + fine.0.abs()) {
        return fine;
    }
    let middle = f64::midpoint(from, to);
    let (one, other) = (
        halved(function, from, middle, left - 1),
        halved(function, middle, to, left - 1),
    );
    (one.0 + other.0, one.1 + other.1)
}

/// Both areas by the rule of 15, and how far the first is from the rule of 7.
fn rule(function: &impl Fn(f64) -> (f64, f64), from: f64, to: f64) -> ((f64, f64), f64) {
    let (centre, half) = (f64::midpoint(from, to), (to - from) / 2.0);
    let (mut first, mut second, mut coarse) = (0.0, 0.0, 0.0);
    for (index, (place, weight)) in PLACES.iter().zip(FIFTEEN).enumerate() {
        let (mut value, mut moment) = function(centre + half * place);
        if *place > 0.0 {
            let mirrored = function(centre - half * place);
            value += mirrored.0;
            moment += mirrored.1;
        }
        first += weight * value;
        second += weight * moment;
        // Every second place, from the second, is one of the seven.
        if index % 2 == 1
            && let Some(weight) = SEVEN.get(index / 2)
        {
            coarse += weight * value;
        }
    }
    ((first * half, second * half), ((first - coarse) * half).abs())
}
