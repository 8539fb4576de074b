//! The forty bodies, as a table. All names, codes and places are invented.

use super::Body;

/// Networks, in the order of [`Body::network`].
pub(crate) const NETWORKS: [&str; 6] = [
    "Averland North",
    "Averland Vale",
    "Averland South",
    "Brennick Coast",
    "Brennick Hills",
    "Corrow",
];

/// The body that took over a neighbour (SIM12).
pub(crate) const MERGED_BODY: usize = 11;
/// The code of the neighbour it took over.
pub(crate) const FORMER_CODE: &str = "SIM41";
/// An independent hospital that is not in the list of bodies.
pub(crate) const OUTSIDE_BODY: &str = "SIX01";

/// The nation that has no COSD.
pub(super) const NATION_WITHOUT_COSD: &str = "Corrow";

#[derive(Clone, Copy, PartialEq)]
enum Role {
    Breast,
    Centre,
    Neither,
}
const BREAST: Role = Role::Breast;
const CENTRE: Role = Role::Centre;
const NEITHER: Role = Role::Neither;

#[allow(clippy::too_many_arguments, reason = "a row of the table below")]
const fn body(
    code: &'static str,
    short_name: &'static str,
    nation: &'static str,
    kind: &'static str,
    network: usize,
    point: (f64, f64),
    weight: f64,
    role: Role,
) -> Body {
    Body {
        code,
        short_name,
        nation,
        kind,
        network,
        latitude: point.0,
        longitude: point.1,
        breast_service: matches!(role, Role::Breast),
        treats_only: matches!(role, Role::Centre),
        weight,
    }
}

/// The centre of a network; two networks have none of their own and use their largest hospital.
pub(crate) fn centre_of(network: usize) -> usize {
    const CENTRES: [usize; 6] = [7, 13, 22, 29, 30, 38];
    CENTRES.get(network).copied().unwrap_or(7)
}

/// A formal name.
pub(crate) fn full_name(body: &Body) -> String {
    let kind = match body.kind {
        "health_board" => "Health Board",
        _ if body.treats_only => "Centre",
        _ => "Hospitals",
    };
    format!("{} {kind}", body.short_name)
}

#[rustfmt::skip]
pub(super) const BODIES: [Body; 40] = [
    body("SIM01", "Aldermere", "Averland", "acute_trust", 0, (48.93, -19.93), 1.4, BREAST),
    body("SIM02", "Brackenhythe", "Averland", "acute_trust", 0, (48.9, -20.3), 1.5, BREAST),
    body("SIM03", "Castlefell", "Averland", "acute_trust", 0, (48.91, -20.26), 0.9, BREAST),
    body("SIM04", "Dunmarrow", "Averland", "acute_trust", 0, (48.67, -20.62), 2.2, BREAST),
    body("SIM05", "Eskerby", "Averland", "acute_trust", 0, (49.07, -20.19), 0.7, BREAST),
    body("SIM06", "Fallowick", "Averland", "acute_trust", 0, (49.17, -19.89), 0.6, BREAST),
    body("SIM07", "Gannetsea", "Averland", "acute_trust", 0, (48.96, -20.78), 1.9, BREAST),
    body("SIM08", "North Averland Oncology", "Averland", "specialist_trust", 0, (48.9, -20.4), 0.0, CENTRE),
    body("SIM09", "Harrowmere", "Averland", "acute_trust", 1, (48.32, -20.48), 0.5, BREAST),
    body("SIM10", "Islebrook", "Averland", "acute_trust", 1, (48.16, -20.52), 0.9, BREAST),
    body("SIM11", "Juniper Vale", "Averland", "acute_trust", 1, (48.27, -19.62), 1.5, BREAST),
    body("SIM12", "Kestrelford", "Averland", "acute_trust", 1, (48.38, -20.0), 1.6, BREAST),
    body("SIM13", "Larkhaven", "Averland", "acute_trust", 1, (48.28, -20.24), 1.9, BREAST),
    body("SIM14", "Mossbridge", "Averland", "acute_trust", 1, (48.58, -19.63), 2.6, BREAST),
    body("SIM15", "Netherquay", "Averland", "acute_trust", 1, (48.2, -20.3), 2.0, BREAST),
    body("SIM16", "Orchard Sound", "Averland", "acute_trust", 2, (47.36, -19.91), 1.1, BREAST),
    body("SIM17", "Pellow Bay", "Averland", "acute_trust", 2, (47.79, -20.32), 1.3, BREAST),
    body("SIM18", "Quernstone", "Averland", "acute_trust", 2, (47.79, -20.75), 2.5, BREAST),
    body("SIM19", "Rookhaven", "Averland", "acute_trust", 2, (47.83, -20.23), 0.9, BREAST),
    body("SIM20", "Saltmarrow", "Averland", "acute_trust", 2, (47.54, -20.67), 2.6, BREAST),
    body("SIM21", "Thistledown", "Averland", "acute_trust", 2, (47.76, -20.45), 1.8, BREAST),
    body("SIM22", "Underfell", "Averland", "acute_trust", 2, (47.51, -19.69), 0.7, BREAST),
    body("SIM23", "South Averland Oncology", "Averland", "specialist_trust", 2, (47.6, -20.2), 0.0, CENTRE),
    body("SIM24", "Varrow Head", "Brennick", "health_board", 3, (48.39, -18.98), 2.1, BREAST),
    body("SIM25", "Westering", "Brennick", "health_board", 3, (48.35, -18.37), 0.7, BREAST),
    body("SIM26", "Yarrowby", "Brennick", "health_board", 3, (48.63, -18.76), 0.9, BREAST),
    body("SIM27", "Zennick", "Brennick", "health_board", 3, (48.73, -19.11), 0.9, BREAST),
    body("SIM28", "Ambergate Isle", "Brennick", "health_board", 3, (48.39, -18.79), 1.9, BREAST),
    body("SIM29", "Brinehaven", "Brennick", "health_board", 3, (48.47, -18.18), 0.9, BREAST),
    body("SIM30", "Brennick Oncology", "Brennick", "specialist_trust", 3, (48.6, -18.7), 0.0, CENTRE),
    body("SIM31", "Cinderhill", "Brennick", "health_board", 4, (47.89, -17.88), 2.2, BREAST),
    body("SIM32", "Dovermoor", "Brennick", "health_board", 4, (47.94, -17.91), 0.9, BREAST),
    body("SIM33", "Elderscar", "Brennick", "health_board", 4, (47.78, -17.76), 1.8, BREAST),
    body("SIM34", "Inchmarra", "Corrow", "health_board", 5, (47.13, -18.95), 1.8, BREAST),
    body("SIM35", "Kelpie Strand", "Corrow", "health_board", 5, (47.19, -18.82), 2.5, BREAST),
    body("SIM36", "Lochanbeg", "Corrow", "health_board", 5, (47.02, -19.28), 2.3, BREAST),
    body("SIM37", "Mirrowglen", "Corrow", "health_board", 5, (47.38, -19.18), 2.4, BREAST),
    body("SIM38", "Norrowtown", "Corrow", "health_board", 5, (47.33, -18.42), 0.9, BREAST),
    body("SIM39", "Corrow Oncology", "Corrow", "specialist_trust", 5, (47.2, -18.9), 0.0, CENTRE),
    body("SIM40", "Coverly Orthopaedic", "Averland", "specialist_trust", 1, (48.25, -20.15), 0.0, NEITHER),
];
