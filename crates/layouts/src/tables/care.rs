//! The tables of the care people get.

use vocabulary::table::Kind::{Date, Integer, Real, Text, Texts};
use vocabulary::table::TableSchema;

/// Each Standard of care, by place and year: answers known, missing and excluded, never mixed.
///
/// `limits` are the four of the funnel from low to high (99.8 %, 95 %, 95 %, 99.8 %); `if_missing_no` and `if_missing_yes`
/// are the shares if every missing answer were no, or yes.
#[must_use]
pub fn standards() -> TableSchema {
    TableSchema::new(
        "standards",
        1,
        &[
            ("nation", Text),
            ("organisation", Text),
            ("period", Text),
            ("standard", Integer),
            ("indicator", Text),
            ("numerator", Integer),
            ("denominator", Integer),
            ("missing", Integer),
            ("excluded", Integer),
            ("population", Integer),
            ("recorded", Real),
            ("value", Real),
            ("low", Real),
            ("high", Real),
            ("if_missing_no", Real),
            ("if_missing_yes", Real),
            ("expected", Real),
            ("ratio", Real),
            ("limits", Texts),
            ("limits_by_chance", Texts),
            ("flag", Text),
        ],
    )
}

/// What each question of care asks, and whether this study can answer it.
#[must_use]
pub fn indicators() -> TableSchema {
    TableSchema::new(
        "indicators",
        1,
        &[
            ("indicator", Text),
            ("standard", Integer),
            ("title", Text),
            ("patients", Text),
            ("boards", Text),
            ("caution", Text),
            ("source", Text),
            ("direction", Text),
            ("role", Text),
            ("threshold", Real),
            ("items", Texts),
            ("status", Text),
            ("lacking", Text),
            ("pair", Text),
        ],
    )
}

/// How far hospitals differ on each question in each period, how many flags chance alone would raise, and how an outcome was
/// adjusted: `discrimination` is the c-statistic of the model, `calibration` the p-value of its check against what was.
#[must_use]
pub fn variation() -> TableSchema {
    TableSchema::new(
        "variation",
        2,
        &[
            ("indicator", Text),
            ("period", Text),
            ("target", Real),
            ("tau_squared", Real),
            ("phi", Real),
            ("compared", Integer),
            ("flags_95", Integer),
            ("flags_99_8", Integer),
            ("expected_95", Real),
            ("expected_99_8", Real),
            ("reason", Text),
            ("case_mix", Text),
            ("discrimination", Real),
            ("calibration", Real),
        ],
    )
}

/// The same care asked of secondary and of primary disease.
#[must_use]
pub fn disparity() -> TableSchema {
    TableSchema::new(
        "disparity",
        1,
        &[
            ("nation", Text),
            ("organisation", Text),
            ("period", Text),
            ("standard", Integer),
            ("indicator", Text),
            ("secondary_numerator", Integer),
            ("secondary_denominator", Integer),
            ("secondary_missing", Integer),
            ("primary_numerator", Integer),
            ("primary_denominator", Integer),
            ("primary_missing", Integer),
            ("difference", Real),
            ("low", Real),
            ("high", Real),
        ],
    )
}

/// Times between two events, in days, with death before the second shown apart.
#[must_use]
pub fn delays() -> TableSchema {
    TableSchema::new(
        "delays",
        1,
        &[
            ("nation", Text),
            ("organisation", Text),
            ("period", Text),
            ("delay", Text),
            ("population", Integer),
            ("missing", Integer),
            ("ended", Integer),
            ("died_first", Integer),
            ("waiting", Integer),
            ("median", Real),
            ("low", Real),
            ("high", Real),
            ("within_62_days", Real),
        ],
    )
}

/// The class of the first treatment of secondary disease, by the subtype of the tumour.
#[must_use]
pub fn first_line() -> TableSchema {
    TableSchema::new(
        "first_line",
        1,
        &[
            ("nation", Text),
            ("organisation", Text),
            ("period", Text),
            ("subtype", Text),
            ("class", Text),
            ("people", Integer),
            ("with_advice", Integer),
            ("as_advised", Integer),
            ("advice_verified", Integer),
        ],
    )
}

/// Each question from quarter to quarter, with the limits of its own variation.
#[must_use]
pub fn care_over_time() -> TableSchema {
    TableSchema::new(
        "care_over_time",
        1,
        &[
            ("nation", Text),
            ("organisation", Text),
            ("indicator", Text),
            ("period", Text),
            ("numerator", Integer),
            ("denominator", Integer),
            ("centre", Real),
            ("low", Real),
            ("high", Real),
            ("signal", Texts),
        ],
    )
}

/// Nurses in post beside the people they look after; whole-time equivalents.
#[must_use]
pub fn nurses() -> TableSchema {
    TableSchema::new(
        "nurses",
        1,
        &[
            ("nation", Text),
            ("organisation", Text),
            ("date", Date),
            ("primary_wte", Real),
            ("secondary_wte", Real),
            ("generic_wte", Real),
            ("support_wte", Real),
            ("living_on", Text),
            ("living", Real),
            ("living_low", Real),
            ("living_high", Real),
            ("new_a_year", Real),
            ("new_low", Real),
            ("new_high", Real),
            ("people_per_nurse", Real),
            ("people_per_nurse_low", Real),
            ("people_per_nurse_high", Real),
            ("in_scope", Integer),
            ("answered", Integer),
            ("with_dedicated_nurse", Integer),
            ("share_with_dedicated_nurse", Real),
            ("share_low", Real),
            ("share_high", Real),
        ],
    )
}
