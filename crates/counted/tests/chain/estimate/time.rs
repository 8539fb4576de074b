//! Survival, prevalence, back-calculation, delay and projection through the command: methods.md D12 to D17 and 4.3.

use serde_json::Value;

use super::desk::{json, near, row, rows};

/// D12: leukaemia, with and without maintained chemotherapy.
pub(super) fn leukaemia() -> String {
    let maintained = "9 13 13+ 18 23 28+ 31 34 45+ 48 161+";
    let not = "5 5 8 8 12 16+ 23 27 30 33 43 45";
    let mut text = "time,event,group\n".to_owned();
    for (times, group) in [(maintained, "maintained"), (not, "not maintained")] {
        for time in times.split_whitespace() {
            let (time, died) = time.strip_suffix('+').map_or((time, 1), |time| (time, 0));
            text += &format!("{time},{died},{group}\n");
        }
    }
    text
}

/// The step of a curve at a time.
fn at<'a>(answer: &'a Value, method: &str, name: &str, time: f64) -> &'a Value {
    let here = |row: &&Value| row["name"] == name && row["time"].as_f64() == Some(time);
    rows(answer, method).into_iter().find(here).unwrap()
}

#[test]
fn survival_with_leukaemia() {
    let answer = json("survival", &leukaemia(), &[]);
    for (time, wanted) in [
        (9.0, 0.909_091),
        (13.0, 0.818_182),
        (18.0, 0.715_909),
        (31.0, 0.490_909),
        (48.0, 0.184_091),
    ] {
        near(
            &at(&answer, "kaplan-meier", "maintained", time)["n"],
            wanted,
            5e-7,
        );
    }
    near(
        &at(&answer, "kaplan-meier", "maintained", 48.0)["se"],
        0.153_492_7,
        5e-8,
    );
    near(&row(&answer, "median", "name", "maintained")["n"], 31.0, 0.0);
    near(&row(&answer, "median", "name", "not maintained")["n"], 23.0, 0.0);
    let five = at(&answer, "kaplan-meier", "all", 5.0);
    near(&five["n"], 0.913_043_48, 5e-9);
    near(&five["se"], 0.058_753_38, 5e-9);
    near(&five["low"], 0.694_947_54, 5e-9);
    near(&five["high"], 0.977_515_67, 5e-9);
    near(&at(&answer, "kaplan-meier", "all", 23.0)["n"], 0.546_583_85, 5e-9);
    near(&at(&answer, "kaplan-meier", "all", 48.0)["n"], 0.082_815_73, 5e-9);
    let hazard = at(&answer, "nelson-aalen", "all", 48.0);
    near(&hazard["n"], 2.161_024_02, 5e-9);
    near(&hazard["se"], 0.686_651_31, 5e-9);
    // Seven deaths with maintained chemotherapy are too few for a curve of two parameters.
    assert_eq!(rows(&answer, "weibull").len(), 2);
    assert!(row(&answer, "family", "name", "maintained")["reason"].is_string());
    // The same people with a plus behind the time of those still alive.
    let plus = json(
        "survival",
        "time\n9\n13\n13+\n18\n23\n28+\n31\n34\n45+\n48\n161+\n",
        &["--family", "none"],
    );
    near(&plus["headline"]["n"], 31.0, 0.0);
}

#[test]
fn delayed_entry() {
    let people = "0,3,1 0,6,0 1,5,1 2,9,1 3,4,1 3,8,0 4,10,1 5,7,1 6,12,0 7,11,1".replace(' ', "\n");
    let answer = json("survival", &format!("entry,exit,event\n{people}\n"), &[]);
    let times = [3.0, 4.0, 5.0, 7.0, 9.0, 10.0, 11.0];
    for (time, wanted) in times
        .into_iter()
        .zip([0.75, 0.6, 0.48, 0.384, 0.288, 0.192, 0.096])
    {
        near(&at(&answer, "kaplan-meier", "all", time)["n"], wanted, 1e-9);
    }
}

#[test]
fn causes_that_compete() {
    let time = [1, 2, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10];
    let cause = [1, 2, 0, 1, 1, 2, 0, 1, 2, 1, 0, 1];
    let people: String = time
        .iter()
        .zip(cause)
        .map(|(time, cause)| format!("{time},{cause}\n"))
        .collect();
    for column in ["cause", "status"] {
        let answer = json("survival", &format!("t,{column}\n{people}"), &[]);
        let share = |cause: &str, time: f64| {
            let here = |row: &&Value| row["cause"] == cause && row["time"].as_f64() == Some(time);
            rows(&answer, "aalen-johansen").into_iter().find(here).unwrap()["n"].clone()
        };
        let first = [
            0.083_333_33,
            0.175_925_93,
            0.268_518_52,
            0.379_629_63,
            0.490_740_74,
            0.712_962_96,
        ];
        for (time, wanted) in [1.0, 3.0, 4.0, 6.0, 8.0, 10.0].into_iter().zip(first) {
            near(&share("1", time), wanted, 5e-9);
        }
        for (time, wanted) in [(2.0, 0.083_333_33), (4.0, 0.175_925_93), (7.0, 0.287_037_04)] {
            near(&share("2", time), wanted, 5e-9);
        }
    }
}

/// Six people, the first three of whom died, as different registers say so.
#[test]
fn who_died_in_other_words() {
    for (died, lives) in [
        ("Y", "N"),
        ("D", "A"),
        ("dead", "living"),
        ("1", "still alive"),
        ("TRUE", "lost to follow-up"),
    ] {
        let file = format!("months,status\n1,{died}\n2,{died}\n3,{died}\n4,{lives}\n5,{lives}\n6,{lives}\n");
        let answer = json("survival", &file, &["--family", "none"]);
        assert_eq!(answer["observed"]["groups"][0]["died"], 3, "{died} and {lives}");
    }
}

#[test]
fn a_death_whose_cause_is_not_known_is_a_death() {
    let file = "months,died,cause\n10,1,breast\n18,1,unknown\n28,1,\n30,0,\n31,0,emigrated\n32,,\n";
    let answer = json("survival", file, &["--family", "none"]);
    assert_eq!(answer["observed"]["groups"][0]["died"], 3);
    assert_eq!(answer["observed"]["set_aside"], 1);
    assert_eq!(answer["observed"]["causes"][0], "breast");
    assert_eq!(answer["observed"]["causes"][1], "not known");
    assert_eq!(answer["observed"]["causes"].as_array().unwrap().len(), 2);
}

/// One in twenty a year is another hazard in months, and none where nobody knows what the times are.
#[test]
fn a_slow_class_needs_a_unit_of_time() {
    let asks = |file: &str, more: &[&str]| {
        let answer = json("survival", file, more);
        let found = rows(&answer, "slow-class");
        let asks = |row: &&Value| {
            let reason = row["reason"].as_str();
            reason.is_some_and(|reason| reason.contains("--slow-hazard"))
        };
        found.into_iter().filter(asks).count()
    };
    let people = leukaemia();
    assert_eq!(asks(&people, &[]), 3);
    assert_eq!(asks(&people, &["--slow-hazard", "0.05"]), 0);
    assert_eq!(asks(&people.replace("time,", "months,"), &[]), 0);
}

#[test]
fn completeness_in_closed_form() {
    let answer = json(
        "prevalence",
        "family,shape,scale,rate\nexponential,,,0.25\nweibull,0.7,3.5,\nweibull,0.6,4,\n",
        &[],
    );
    let found = |line: usize, years: f64| {
        let name = format!("line {line}");
        let here = |row: &&Value| row["name"] == name.as_str() && row["years"].as_f64() == Some(years);
        rows(&answer, "within-years")
            .into_iter()
            .find(here)
            .unwrap()
            .clone()
    };
    near(&found(2, 5.0)["n"], 2_853.980_81, 6e-6);
    near(&found(2, 10.0)["n"], 3_671.660_01, 6e-6);
    near(&found(2, 10.0)["completeness"], 0.917_915_001, 6e-10);
    near(&row(&answer, "complete", "name", "line 2")["n"], 4_000.0, 1e-6);
    for (line, years, wanted) in [
        (3, 5.0, 0.562_966_437),
        (3, 10.0, 0.775_096_604),
        (3, 20.0, 0.928_510_229),
        (4, 10.0, 0.621_965_644),
        (4, 20.0, 0.812_244_550),
    ] {
        near(&found(line, years)["completeness"], wanted, 6e-10);
    }
    near(&answer["curves"][1]["curve"]["mean"], 4.430_382_27, 6e-9);
    near(&answer["curves"][2]["curve"]["mean"], 6.018_301_95, 6e-9);
}

#[test]
fn yearly_kernels() {
    let answer = json("prevalence", "k,b,rate\n,,0.3\n0.8,3.926,\n", &[]);
    let kernels = |curve: usize| answer["curves"][curve]["kernels"].clone();
    for (lag, (alive, dying)) in [
        (0.863_939_26, 0.136_060_74),
        (0.640_021_95, 0.223_917_32),
        (0.474_139_92, 0.165_882_03),
        (0.351_251_49, 0.122_888_43),
    ]
    .into_iter()
    .enumerate()
    {
        near(&kernels(0)["alive"][lag], alive, 6e-9);
        near(&kernels(0)["dying"][lag], dying, 6e-9);
    }
    near(&kernels(1)["alive"][5], 0.270_421_80, 6e-9);
    near(&kernels(1)["dying"][5], 0.058_038_45, 6e-9);
    // A row's own scale stands in the place of a median or a rate that was typed.
    for typed in [["--median", "2"], ["--rate", "0.3"]] {
        let own = json("prevalence", "k,b,other_causes\n0.8,3.926,\n,,0.01\n", &typed);
        assert_eq!(own["curves"][0]["kernels"], kernels(1));
    }
    // A thousand people a year: the same sums.
    let years: String = (2_011..=2_020).map(|year| format!("{year},1000\n")).collect();
    let living = json("prevalence", &format!("year,new\n{years}"), &["--rate", "0.25"]);
    near(&living["headline"]["n"], 3_671.660_01, 6e-6);
}

#[test]
fn a_register() {
    let register =
        "diagnosed,died,last_alive\n2015.0,2016.0,\n2016.0,,\n2017.0,,2018.0\n2019.0,,2020.0\n2001.0,,\n";
    let answer = json(
        "prevalence",
        register,
        &["--date", "2020.0", "--years", "10", "--rate", "0.25"],
    );
    let counted = row(&answer, "counted", "years", 10.0);
    // Two known to be alive, one lost for two years.
    near(&counted["n"], 2.0 + (-0.5_f64).exp(), 1e-9);
    assert_eq!(
        (counted["known"].clone(), counted["lost_people"].clone()),
        (2.into(), 1.into())
    );
    near(
        &row(&answer, "completed", "years", 10.0)["n"],
        (2.0 + (-0.5_f64).exp()) / 0.917_915_001,
        1e-8,
    );
    // With the one of 2001 three are known to be alive, which is more.
    near(&answer["headline"]["n"], 3.0, 0.0);
    assert_eq!(answer["headline"]["status"], "lower_bound");
}

/// A date before the register, within it and after it.
#[test]
fn a_register_says_what_lies_after_the_date_and_where_it_ends() {
    let register =
        "diagnosed,died,last_alive\n2015-03-01,2016-01-01,\n2016-03-01,,2019-05-01\n2018-03-01,,2019-06-01\n";
    let at = |date: &str| json("prevalence", register, &["--date", date, "--rate", "0.25"]);
    let note = |answer: &Value, code: &str| {
        let all = answer["warnings"].as_array().unwrap();
        let found = all.iter().find(|note| note["code"] == code)?;
        Some(found["sentence"].as_str().unwrap().to_owned())
    };
    let before = at("2010-12-31");
    assert_eq!(before["headline"]["status"], "none");
    assert!(before["headline"]["n"].is_null());
    let reason = before["headline"]["reason"].as_str().unwrap();
    assert!(
        reason.contains("nobody in the register was diagnosed by that date"),
        "{reason}"
    );
    assert!(note(&before, "after_date").unwrap().ends_with(": 3."));
    let within = at("2017-01-01");
    assert!(note(&within, "after_date").unwrap().ends_with(": 1."));
    assert_eq!(note(&within, "register_ended"), None);
    assert_eq!(within["observed"]["people"], 2);
    let last = at("2019-06-01");
    assert_eq!(
        (note(&last, "after_date"), note(&last, "register_ended")),
        (None, None)
    );
    let beyond = note(&at("2029-06-01"), "register_ended").unwrap();
    assert!(
        beyond.starts_with("--date lies 10 years after the last day"),
        "{beyond}"
    );
}

/// 60 people of 2008 and 40 of 2016, all of them living at the end of 2020.
#[test]
fn a_register_is_counted_back_to_its_first_diagnosis() {
    let register = format!(
        "diagnosed,died\n{}{}",
        "2008.5,\n".repeat(60),
        "2016.5,\n".repeat(40)
    );
    let curve = ["--date", "2020-12-31", "--shape", "0.8", "--scale", "3.9"];
    let whole = json("prevalence", &register, &curve);
    near(&row(&whole, "counted", "years", 13.0)["n"], 100.0, 1e-9);
    assert!(whole["headline"]["n"].as_f64().unwrap() > 100.0);
    assert_eq!(whole["headline"]["status"], "estimate");
    let ten: Vec<&str> = curve.into_iter().chain(["--years", "10"]).collect();
    let ten = json("prevalence", &register, &ten);
    near(&row(&ten, "counted", "years", 10.0)["n"], 40.0, 1e-9);
    near(&ten["headline"]["n"], 100.0, 0.0);
    assert_eq!(ten["headline"]["status"], "lower_bound");
}

/// England's women, 1996 to 2020 (methods.md 4.1).
pub(super) fn england() -> String {
    let deaths = "11471 11255 11025 10803 10631 10837 10795 10501 10288 10297 10243 9986 10065 9749 9634 9702 9698 9545 \
                  9497 9556 9613 9502 9562 9462 9638";
    let rows: String = (1_996..)
        .zip(deaths.split_whitespace())
        .map(|(year, deaths)| format!("{year},{deaths}\n"))
        .collect();
    format!("year,deaths\n{rows}")
}

/// Half a percent, as methods.md 4.3 asks of a re-implementation.
#[track_caller]
fn within(found: &Value, wanted: f64) {
    near(found, wanted, 0.005 * wanted);
}

#[test]
fn the_deaths_of_england() {
    for (shape, scale, other, new, living, short, long) in [
        ("1", "2.765", "0", 9_676.0, 26_558.0, 0.517, 0.163),
        ("0.8", "3.926", "0.03", 10_913.0, 41_229.0, 0.377, 0.333),
        ("0.8", "3.926", "0", 9_670.0, 42_742.0, 0.331, 0.395),
        ("0.587", "4.198", "0", 9_598.0, 62_770.0, 0.205, 0.608),
    ] {
        let curve = [
            "--shape",
            shape,
            "--scale",
            scale,
            "--other-causes",
            other,
            "--draws",
            "10",
        ];
        let answer = json("back-calculation", &england(), &curve);
        within(&answer["headline"]["n"], living);
        within(&row(&answer, "new", "year", 2_020)["n"], new);
        let last = row(&answer, "living", "year", 2_020);
        within(&last["share_under_2_years"], short);
        within(&last["share_5_years_and_more"], long);
        assert!((17.0..20.0).contains(&answer["deviance"].as_f64().unwrap()));
    }
    let improving = [
        "--shape",
        "0.9",
        "--median",
        "2.75",
        "--other-causes",
        "0.03",
        "--median-before",
        "1.6666667",
        "--factor",
        "1.20056",
        "--draws",
        "10",
    ];
    let answer = json("back-calculation", &england(), &improving);
    within(&answer["headline"]["n"], 47_139.0);
    within(
        &row(&answer, "living", "year", 2_020)["within_10_years"],
        37_035.0 * 1.200_56,
    );
    let several = json("back-calculation", &england(), &[]);
    assert_eq!(several["headline"]["status"], "scenarios");
    assert!(several["headline"]["n"].is_null() && several["headline"]["reason"].is_string());
}

#[test]
fn years_to_come() {
    let curve = [
        "--years",
        "5",
        "--shape",
        "0.9",
        "--median",
        "2.75",
        "--median-before",
        "1.6666667",
    ];
    let answer = json("project", &england(), &curve);
    let at_last = |scenario: &str| {
        let here = |row: &&Value| row["scenario"] == scenario && row["year"] == 2_025;
        rows(&answer, "living").into_iter().find(here).unwrap()["n"]
            .as_f64()
            .unwrap()
    };
    let ahead = ["no-change", "half-past-gain", "full-past-gain"].map(at_last);
    assert!(ahead[0] < ahead[1] && ahead[1] < ahead[2], "{ahead:?}");
    near(&answer["headline"]["low"], ahead[0], 1e-9);
    near(&answer["headline"]["high"], ahead[2], 1e-9);
    assert!(answer["headline"]["n"].is_null());
}

#[test]
fn months_without_a_hyphen() {
    let answer = |months: [&str; 4]| {
        let mut text = "month,delay,count\n".to_owned();
        for (at, month) in months.iter().enumerate() {
            for delay in 0..4 - at {
                text += &format!("{month},{delay},{}\n", 40 / (delay + 1));
            }
        }
        json("delay", &text, &[])
    };
    let hyphened = answer(["2024-10", "2024-11", "2024-12", "2025-01"]);
    let plain = answer(["202410", "202411", "202412", "202501"]);
    assert_eq!(plain["headline"], hyphened["headline"]);
    assert_eq!(plain["observed"]["periods"], 4);
}

/// The reports of the book. With shares drawn towards their mean by the weight of 200 people, 258.024 are expected in the
/// end, worked out by another program; the chain ladder, which draws nothing together, says 236.165.
#[test]
fn the_number_at_the_head_is_of_the_shares_that_were_drawn_together() {
    let reports = "diagnosed,0,1,2,3\n2025-01,40,12,5,1\n2025-02,38,15,4,\n2025-03,44,11,,\n2025-04,41,,,\n";
    for (shrinkage, wanted) in [("0", 236.165_495_706), ("200", 258.023_715_145)] {
        let answer = json("delay", reports, &["--shrinkage", shrinkage]);
        let head = &answer["headline"];
        near(&head["n"], wanted, 1e-8);
        let in_the_end: f64 = rows(&answer, "nowcast")
            .iter()
            .map(|row| row["n"].as_f64().unwrap())
            .sum();
        near(&head["n"], in_the_end, 1e-9);
        let end = |name: &str| head[name].as_f64().unwrap();
        assert!(end("low") < wanted && wanted < end("high"), "{head}");
    }
}

/// Taylor and Ashe's triangle as in Mack 1993, cumulated: 18,680,856 to come, standard error 2,447,095.
#[test]
fn the_triangle_of_mack() {
    let rows_of = [
        "357848 1124788 1735330 2218270 2745596 3319994 3466336 3606286 3833515 3901463",
        "352118 1236139 2170033 3353322 3799067 4120063 4647867 4914039 5339085",
        "290507 1292306 2218525 3235179 3985995 4132918 4628910 4909315",
        "310608 1418858 2195047 3757447 4029929 4381982 4588268",
        "443160 1136350 2128333 2897821 3402672 3873311",
        "396132 1333217 2180715 2985752 3691712",
        "440832 1288463 2419861 3483130",
        "359480 1421128 2864498",
        "376686 1363294",
        "344014",
    ];
    let mut wide = "period,0,1,2,3,4,5,6,7,8,9\n".to_owned();
    let mut long = "year,delay,count\n".to_owned();
    for (period, row) in rows_of.iter().enumerate() {
        let cells: Vec<u64> = row.split_whitespace().map(|cell| cell.parse().unwrap()).collect();
        wide += &format!(
            "{period},{}{}\n",
            row.replace(' ', ","),
            ",".repeat(10 - cells.len())
        );
        let mut before = 0;
        for (delay, cell) in cells.iter().enumerate() {
            long += &format!("{},{delay},{}\n", 2_001 + period, cell - before);
            before = *cell;
        }
    }
    for (file, more) in [(wide, &["--cumulative"][..]), (long, &[])] {
        let answer = json("delay", &file, more);
        near(&answer["to_come"]["n"], 18_680_856.0, 1.0);
        near(&answer["to_come"]["se"], 2_447_095.0, 1.0);
        near(&answer["factors"][0], 3.490_607, 5e-7);
        near(&rows(&answer, "chain-ladder")[9]["n"], 4_969_825.0, 1.0);
    }
}
