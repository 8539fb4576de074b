//! The epidemiology, in numbers, each with its source. Nothing here was fitted to a detector.
//!
//! | What | Value here | Source |
//! |---|---|---|
//! | under 50 at diagnosis | 17.7 % of women | NHS England counts 2019, 8,504 of 48,088 |
//! | men | 1 % | Cancer Research UK 2017-2019: 394 of 56,822, rounded up so that small nations have some |
//! | stage 1-2 among staged | 84 % | NHS England 2021: 85 % |
//! | metastatic at diagnosis | 7 % | NAoMe: 11,468 in three years, 8 % of new cases; 6-8 % in the field |
//! | distant recurrence by stage, receptor, age | rounded five-year risks | PMC8343992 table 3 (diagnosed 2000-2013), raised by [`RECURRENCE_SCALE`] |
//! | shape within the first five years | peak in year two | New South Wales, Lord 2022, MJA 217:402 |
//! | fourteen-year distant recurrence | about 20 % | same: 22.2 % (cohort of 2001-2002, so a little high today) |
//! | local or regional return | 0.38 of the risk of a distant one; about 0.32 for each, since none follows the spread | Netherlands, PMC5602040: 362 + 148 to 1,343 |
//! | survival after metastasis | median 20-22 months; de novo 22-25, 64 % at one year, 41 % at three: somewhat shorter than published | NAoMe 2025 (de novo): 65 % and 44 %; Lord 2022: 26 months de novo, 23 recurrent |
//! | by subtype | HER2+ best, triple negative 0.45 of the median | ESME: 43 (HR+), 50 (HER2+), 15 (TN) months, scaled to the population |
//! | first sites | bone only 40, several 33, lung 11, liver 7, other 7, brain 1.5 % | Wang 2019, SEER |
//! | untreated | about 15 % | NCIN 2012: 19 % absent from waiting times, 93 % of those untreated |
//! | in waiting times when treated | 98 % | NCIN 2012: the rest of the 19 % |
//! | stage known, early registration | 40 % | Breast Cancer Now on NAoMe: 33-43 % in rapid registration |
//! | recorded dates within 90 days | 87 % | Central Sweden 2024, manual dates |
//! | underlying cause breast, when the disease kills | 95 % (80 % of all deaths with metastases: others die of something else first) | assumption |
//! | underlying cause breast, not metastatic | 0.6 % of deaths (1.1 % of all deaths with that cause) | assumption: death certificates misattribute a few |
//! | hospital code that rules out | 2 % of people never metastatic | assumption; Nordstrom 2016 found 14 % false positives counting nodes |
//! | primaries missing from the registry | 1 %, and 2 % of older ones | English registration is held to be 98-99 % complete; assumption |
//! | living moves | 4 % a year, a fifth to another hospital | assumption for people of this age |

/// Age bands of women at first diagnosis: first age, last age, weight. 17.7 % fall below 50.
pub(crate) const AGE_BANDS: [(i32, i32, f64); 15] = [
    (22, 29, 0.5),
    (30, 34, 1.4),
    (35, 39, 2.7),
    (40, 44, 4.8),
    (45, 49, 8.3),
    (50, 54, 11.0),
    (55, 59, 10.6),
    (60, 64, 11.6),
    (65, 69, 13.0),
    (70, 74, 11.6),
    (75, 79, 9.2),
    (80, 84, 7.4),
    (85, 89, 5.0),
    (90, 94, 2.2),
    (95, 99, 0.7),
];

/// Share of men.
pub(crate) const MEN: f64 = 0.01;

/// Stage 1, 2, 3, 4 at diagnosis: under 80, and 80 or more.
pub(crate) const STAGE: [[f64; 4]; 2] = [[0.45, 0.395, 0.092, 0.063], [0.33, 0.42, 0.14, 0.11]];

/// Subtypes: HR+/HER2-, HR+/HER2+, HR-/HER2+, triple negative: under 50, and 50 or more.
pub(crate) const SUBTYPE: [[f64; 4]; 2] = [[0.62, 0.12, 0.07, 0.19], [0.75, 0.09, 0.045, 0.115]];

/// Distant recurrence in years 0-5, 5-10 and after 10, given none before: by stage 1-3.
pub(crate) const RECURRENCE_POSITIVE: [[f64; 3]; 3] =
    [[0.025, 0.025, 0.024], [0.098, 0.073, 0.051], [0.34, 0.15, 0.085]];
/// The same for hormone-receptor negative disease.
pub(crate) const RECURRENCE_NEGATIVE: [[f64; 3]; 3] =
    [[0.070, 0.030, 0.014], [0.195, 0.033, 0.013], [0.49, 0.050, 0.022]];
/// At 75 and over the risks above are this much higher.
pub(crate) const RECURRENCE_OLD: f64 = 1.4;
/// Raises the table (United States registry, women of 2000-2013) towards New South Wales' 22 % at 14 years.
pub(crate) const RECURRENCE_SCALE: f64 = 1.2;
/// How the risk of the first five years falls on each: hormone-receptor positive, negative.
pub(crate) const FIRST_YEARS: [[f64; 5]; 2] =
    [[0.10, 0.24, 0.25, 0.22, 0.19], [0.20, 0.34, 0.23, 0.14, 0.09]];

/// Local or regional returns for each distant recurrence.
pub(crate) const LOCAL_RATIO: f64 = 0.38;

/// Median months of survival with metastatic disease: HR+/HER2-, HR+/HER2+, HR-/HER2+, triple negative.
pub(crate) const SURVIVAL_MONTHS: [f64; 4] = [42.0, 52.0, 44.0, 16.0];
/// Shape of the log-logistic; with the medians above and deaths of other causes comes near NAoMe's one and three years, from
/// below.
pub(crate) const SURVIVAL_SHAPE: f64 = 0.90;
/// Recurrent disease does a little worse than de novo (Lord 2022: 23 against 26 months).
pub(crate) const SURVIVAL_RECURRENT: f64 = 0.92;
/// At 75 and over (assumption).
pub(crate) const SURVIVAL_OLD: f64 = 0.7;
/// Months for the untreated (assumption).
pub(crate) const SURVIVAL_UNTREATED: f64 = 6.0;

/// Untreated, by age under 70, 70-79, 80 and over; about 15 % of all.
pub(crate) const UNTREATED: [f64; 3] = [0.08, 0.15, 0.31];

/// First sites: bone only, several, lung, liver, other, brain.
pub(crate) const FIRST_SITES: [f64; 6] = [0.398, 0.331, 0.109, 0.073, 0.073, 0.016];

/// Underlying cause breast cancer when metastatic disease kills; other causes come first for some.
pub(crate) const DEATH_OF_BREAST: f64 = 0.95;
/// Underlying cause breast cancer when someone without metastases dies.
pub(crate) const DEATH_MISATTRIBUTED: f64 = 0.006;
/// Deaths with metastases and breast cancer as underlying cause, for each death of someone without metastases who had had
/// a breast cancer: what these rates come to over the years of the sources (0.555 among 9,600 deaths). Not a rate of its own.
pub(crate) const BREAST_DEATHS_PER_OTHER: f64 = 0.555;
/// Breast cancer merely mentioned on the certificate of someone without metastases.
pub(crate) const DEATH_MENTIONED: f64 = 0.09;

/// Yearly chance of death from other causes: `a * exp(b * (age - 50))`, near UK female life tables.
pub(crate) const OTHER_DEATH: (f64, f64) = (0.0022, 0.101);

/// Breast primaries missing from the registry: diagnosed in the years covered, and before (abroad, private, old).
pub(crate) const UNREGISTERED: (f64, f64) = (0.01, 0.02);

/// Another cancer, a year, in someone with a breast primary.
pub(crate) const SECOND_CANCER: f64 = 0.007;
/// A new breast primary, a year.
pub(crate) const SECOND_BREAST: f64 = 0.004;

/// A single admission that carries a bare code of metastatic disease in someone without it.
pub(crate) const RULE_OUT: f64 = 0.02;

/// Moves a year, and the share that leads to another hospital.
pub(crate) const MOVES: (f64, f64) = (0.04, 0.2);

/// Yearly change of family name under 50, and later.
pub(crate) const NAME_CHANGES: (f64, f64) = (0.010, 0.0015);
