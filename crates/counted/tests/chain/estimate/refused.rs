//! Files and calls that are wrong, and files that are well and say nothing.

use serde_json::Value;

use super::desk::{Desk, json};
use super::time::england;

/// A value that stands in cells and may stand in no message.
const CANARY: &str = "ZZQCANARYSON";

/// What is well written and cannot be estimated.
fn degenerate() -> Vec<(&'static str, &'static str, String)> {
    let all = [
        ("capture-recapture", "one list", "A,count\n1,40\n"),
        (
            "capture-recapture",
            "no overlap",
            "A,B,C,count\n1,0,0,40\n0,1,0,30\n0,0,1,9\n",
        ),
        ("capture-recapture", "headings only", "A,B,count\n"),
        (
            "capture-recapture",
            "all missing",
            "A,B,count\n1,0,\n0,1,NA\n1,1,\n",
        ),
        ("capture-recapture", "nobody", "A,B,count\n1,0,0\n0,1,0\n1,1,0\n"),
        (
            "back-calculation",
            "zero deaths",
            "year,deaths\n2016,0\n2017,0\n2018,0\n2019,0\n2020,0\n",
        ),
        (
            "back-calculation",
            "three years",
            "year,deaths\n2018,900\n2019,900\n2020,900\n",
        ),
        (
            "back-calculation",
            "all missing",
            "year,deaths\n2018,\n2019,\n2020,\n",
        ),
        (
            "project",
            "zero deaths",
            "year,deaths\n2016,0\n2017,0\n2018,0\n2019,0\n2020,0\n",
        ),
        ("prevalence", "headings only", "shape,scale\n"),
        ("survival", "nobody died", "time,event\n5,0\n7,0\n"),
        ("survival", "all missing", "time,event\n,\n,\n"),
        ("survival", "headings only", "time,event\n"),
        ("delay", "two periods", "period,0,1\n1,5,2\n2,4,\n"),
        ("delay", "all missing", "period,0,1,2\n1,,,\n2,,,\n3,,,\n"),
        (
            "misclassification",
            "nobody reviewed",
            "stratum,people,reviewed,confirmed\nflagged,100,0,0\n",
        ),
        (
            "misclassification",
            "nobody with the disease",
            "tp,fp,fn,tn\n0,7,0,837\n",
        ),
        ("misclassification", "all missing", "tp,fp,fn,tn\n,,,\n"),
        ("shrink", "one hospital", "name,r,n\nA,3,40\n"),
        ("shrink", "all missing", "name,r,n\nA,,\nB,NA,NA\n"),
        ("funnel", "one hospital", "name,r,n\nA,3,40\n"),
        ("funnel", "no events", "name,r,n\nA,0,40\nB,0,50\n"),
        ("funnel", "all missing", "name,observed,expected\nA,,\nB,,\n"),
        ("chart", "three months", "value\n5\n6\n4\n"),
        (
            "chart",
            "never changes",
            "value\n5\n5\n5\n5\n5\n5\n5\n5\n5\n5\n5\n5\n",
        ),
        ("chart", "all missing", "value,month\n,1\n,2\n"),
        ("standardise", "headings only", "observed\n"),
        ("standardise", "all missing", "observed,expected\n,\n,\n"),
    ];
    all.into_iter()
        .map(|(method, name, file)| (method, name, file.to_owned()))
        .collect()
}

#[test]
fn what_cannot_be_estimated_has_a_reason_and_no_number() {
    let mut seen = String::new();
    for (method, name, file) in degenerate() {
        let answer = json(method, &file, &[]);
        let headline = &answer["headline"];
        let what = format!("{method}, {name}: {headline:#}");
        assert_eq!(headline["status"], "none", "{what}");
        assert!(
            headline["n"].is_null() && headline["low"].is_null() && headline["high"].is_null(),
            "{what}"
        );
        let reason = headline["reason"].as_str().unwrap();
        assert!(reason.starts_with("cannot be estimated, because "), "{what}");
        for row in answer["estimates"].as_array().unwrap() {
            assert_eq!(row["n"].is_null(), row["reason"].is_string(), "{what}: {row:#}");
        }
        let desk = Desk::new();
        desk.write("file.csv", &file);
        let words = desk.run(&["estimate", method, "file.csv"]).well().stdout;
        assert!(words.contains("cannot be estimated, because "), "{words}");
        seen += &format!("{method}, {name}\n{}\n\n", words.lines().next().unwrap());
    }
    insta::assert_snapshot!("degenerate", seen);
}

/// Every estimate that there is has a number, and every one that there is not a reason.
#[test]
fn no_number_without_a_figure() {
    let file = "A,B,C,count\n1,0,0,40\n0,1,0,30\n1,1,0,20\n0,0,1,9\n";
    let answer = json("capture-recapture", file, &[]);
    let all = answer["estimates"].as_array().unwrap();
    assert!(
        all.iter().any(|row| row["n"].is_null()),
        "two pairs do not overlap"
    );
    assert!(
        all.iter()
            .all(|row| row["n"].is_null() == row["reason"].is_string())
    );
}

/// Files that are wrong, each with what its message must hold.
const WRONG: [(&str, &str, &str); 40] = [
    ("capture-recapture", "A,B,count\n0,0,5\n", "line 2"),
    ("capture-recapture", "A,B,count\n1,0,5\n1,0,6\n", "line 3"),
    (
        "capture-recapture",
        "A,B,count\n1,ZZQCANARYSON,5\n",
        "line 2, column \"B\"",
    ),
    (
        "capture-recapture",
        "A,B,count\n1,0,-5\n",
        "line 2, column \"count\"",
    ),
    (
        "capture-recapture",
        "A,B,count\n1,0,2.5\n",
        "line 2, column \"count\"",
    ),
    (
        "capture-recapture",
        "A,B,count\n1,0,5\n1,1,\n",
        "line 3, column \"count\"",
    ),
    ("capture-recapture", "A,a,count\n1,0,5\n", "columns 1 and 2"),
    ("capture-recapture", "A,B,count\n1,0,5,7\n", "line 2"),
    ("back-calculation", "year,deaths\n2016,5\n2018,6\n", "2017"),
    ("back-calculation", "year,deaths\n2016,5\n2016,6\n", "line 3"),
    ("back-calculation", "year,ZZQCANARYSON\n2016,5\n", "\"deaths\""),
    ("survival", "time,status\n5,1\n6,2\n", "1 and 2"),
    ("survival", "time,event\n0,1\n", "line 2, column \"time\""),
    ("delay", "period,0,1,2\n1,5,,2\n", "line 2, column \"2\""),
    (
        "delay",
        "diagnosed,delay,count\n2025-13,0,5\n",
        "line 2, column \"diagnosed\"",
    ),
    (
        "misclassification",
        "flagged,total,se,sp\n50,40,0.9,0.9\n",
        "line 2",
    ),
    ("funnel", "r,n\n50,40\n", "line 2"),
    (
        "funnel",
        "observed,expected\n5,0\n",
        "line 2, column \"expected\"",
    ),
    (
        "standardise",
        "age,events,people\nold,5,1000\n",
        "line 2, column \"age\"",
    ),
    ("chart", "value\n5\n\n,\nZZQCANARYSON\n", "column \"value\""),
    ("survival", "time,status\n5,1\n6,2\n7,NA\n", "1 and 2"),
    (
        "survival",
        "time,status\n5,ZZQCANARYSON\n6,0\n",
        "line 2, column \"status\"",
    ),
    (
        "survival",
        "time,cause\n5,unknown\n6,0\n",
        "line 2, column \"cause\"",
    ),
    ("survival", "time,died,cause\n5,1,alive\n", "line 2"),
    (
        "delay",
        "period,delay,count\n202501,0,5\n2025,0,5\n",
        "line 3, column \"period\"",
    ),
    (
        "delay",
        "period,delay,count\n202513,0,5\n",
        "line 2, column \"period\"",
    ),
    (
        "standardise",
        "name,age,events,people\nA,45-54,5,1000\nA,45-54,6,1000\n",
        "line 3",
    ),
    (
        "standardise",
        "age,events,people\n45-54,5,1000\n50-59,6,1000\n",
        "line 3",
    ),
    (
        "standardise",
        "age,events,people\n45 to 54,5,1000\n50-59,6,1000\n",
        "line 3",
    ),
    (
        "standardise",
        "age,events,people\n85 and over,5,1000\n85 or older,6,1000\n",
        "line 3",
    ),
    (
        "standardise",
        "age,events,people,standard\n85 and over,5,1000,7\n90+,6,1000,3\n",
        "line 3",
    ),
    (
        "standardise",
        "age,events,people\nwomen 45-54,5,1000\n",
        "line 2, column \"age\"",
    ),
    (
        "standardise",
        "age,events,people,standard_rate\n45-54,5,1000,450\n",
        "line 2, column \"standard_rate\"",
    ),
    (
        "standardise",
        "age,events,people,standard,standard_rate\n45-54,5,1000,7,0.1\n",
        "two methods",
    ),
    (
        "standardise",
        "age,events,people,rate\n45-54,5,1000,0.005\n",
        "standard_rate",
    ),
    ("prevalence", "shape,scale,median\n0.8,3,\n0.8,3,2\n", "line 3"),
    ("prevalence", "shape,scale\n0.8,-3\n", "line 2"),
    ("prevalence", "diagnosed,deceased_on\n2015.0,\n", "last_alive"),
    ("prevalence", "shape,scale,name\n,,A\n", "line 2"),
    (
        "standardise",
        "observed;expected\n11,000;5\n",
        "line 2, column \"observed\"",
    ),
];

#[test]
fn wrong_files_end_with_2_and_say_where() {
    let mut seen = String::new();
    for (method, file, wanted) in WRONG {
        let desk = Desk::new();
        desk.write("file.csv", file);
        let ran = desk.run(&["estimate", method, "file.csv", "--format", "json"]);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{file}: {ran:#?}");
        assert!(
            ran.stderr.contains("file.csv") && ran.stderr.contains(wanted),
            "{file}: {ran:#?}"
        );
        assert!(!ran.words().contains(CANARY), "{ran:#?}");
        seen += &format!("{method}: {}\n", desk.said(&ran.stderr).trim());
    }
    insta::assert_snapshot!("wrong_files", seen);
}

#[test]
fn wrong_calls_end_with_2() {
    let desk = Desk::new();
    desk.write("lists.csv", "A,B,C,count\n1,0,0,4\n1,1,0,5\n0,1,1,6\n");
    desk.write("deaths.csv", england());
    desk.write("hospitals.csv", "r,n\n3,40\n5,60\n");
    desk.write("empty.csv", "");
    desk.write("latin.csv", b"year,deaths\n2016,\xe9\n");
    desk.write("broken.toml", "count = [1,\n");
    desk.write("ragged.toml", "A = [1, 0]\nB = [1]\n");
    desk.write(
        "option.toml",
        "A = [1, 1]\nB = [0, 1]\ncount = [5, 6]\nconfidence = \"high\"\n",
    );
    let mut seen = String::new();
    for call in [
        "capture-recapture none.csv",
        "capture-recapture lists.csv --terms A:D",
        "capture-recapture lists.csv --terms A:B:C",
        "capture-recapture lists.csv --confidence 95",
        "capture-recapture lists.csv --missed-links 0.1",
        "capture-recapture empty.csv",
        "back-calculation latin.csv",
        "capture-recapture broken.toml",
        "capture-recapture ragged.toml",
        "capture-recapture option.toml",
        "back-calculation deaths.csv --shape 0.8",
        "back-calculation deaths.csv --shape 0.8 --scale 3 --draws 1",
        "back-calculation deaths.csv --points 1,0.66,5",
        "back-calculation deaths.csv --other-causes 0.03",
        "back-calculation deaths.csv --median-before 1",
        "back-calculation deaths.csv --shape 0.8 --scale 3 --median 2",
        "back-calculation deaths.csv --shape 0.8 --median 2.5 --share 0.3 --slow-hazard 0.05",
        "prevalence deaths.csv",
        "funnel lists.csv",
        "funnel hospitals.csv --winsorise 0.9",
    ] {
        let words: Vec<&str> = std::iter::once("estimate").chain(call.split(' ')).collect();
        let ran = desk.run(&words);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{call}: {ran:#?}");
        seen += &format!("{call}\n  {}\n", desk.said(&ran.stderr).trim());
    }
    insta::assert_snapshot!("wrong_calls", seen);
}

/// The values of options that no data would make right, each with what the message must hold: the option, and what to give.
const WRONG_VALUES: [(&str, &[&str]); 29] = [
    (
        "project deaths.csv --years 11 --rate 0.3",
        &["--years", "1 to 10"],
    ),
    ("project deaths.csv --years 0 --rate 0.3", &["--years", "1 to 10"]),
    ("project three.csv --years 0 --rate 0.3", &["--years", "1 to 10"]),
    (
        "project deaths.csv --damping 2 --rate 0.3",
        &["--damping", "0 to 1"],
    ),
    (
        "project deaths.csv --trend-years 99 --rate 0.3",
        &["--trend-years", "1 to 64"],
    ),
    (
        "project deaths.csv --trend-years 0 --rate 0.3",
        &["--trend-years", "1 to 64"],
    ),
    (
        "project deaths.csv --found-at-death 1 --rate 0.3",
        &["--found-at-death"],
    ),
    (
        "project deaths.csv --start-year 1996 --rate 0.3",
        &["--start-year", "1796 to 1995"],
    ),
    (
        "back-calculation deaths.csv --rate 0.3 --found-at-death 2",
        &["--found-at-death", "below 1"],
    ),
    (
        "back-calculation deaths.csv --found-at-death=-0.1",
        &["--found-at-death"],
    ),
    (
        "back-calculation deaths.csv --rate 0.3 --start-year 2005",
        &["--start-year", "1796 to 1995"],
    ),
    ("back-calculation deaths.csv --start-year 9999", &["--start-year"]),
    (
        "funnel hospitals.csv --target 2",
        &["--target", "between 0 and 1"],
    ),
    (
        "funnel hospitals.csv --target 0",
        &["--target", "between 0 and 1"],
    ),
    ("funnel ratios.csv --target 0", &["--target", "above 0"]),
    (
        "misclassification review.csv --reviewer-sensitivity 0.5 --reviewer-specificity 0.4",
        &["--reviewer-sensitivity and --reviewer-specificity", "1 or less"],
    ),
    (
        "misclassification review.csv --reviewer-sensitivity 2 --reviewer-specificity 0.9",
        &["--reviewer-sensitivity: ", "0 to 1"],
    ),
    (
        "misclassification bare.csv --sensitivity 0.5 --specificity 0.4",
        &["--sensitivity and --specificity", "1 or less"],
    ),
    ("delay reports.csv --recent 0", &["--recent"]),
    ("delay reports.csv --recent 50", &["--recent", "1 to 2"]),
    ("prevalence curves.csv --shape 3", &["--shape has no say"]),
    ("prevalence curves.csv --median 3", &["--median has no say"]),
    (
        "prevalence new.csv --rate 0.3 --date 2020-12-31",
        &["--date has no say"],
    ),
    (
        "prevalence new.csv --rate 0.3 --incidence 10",
        &["--incidence has no say"],
    ),
    (
        "misclassification review.csv --sensitivity 0.9",
        &["--sensitivity has no say"],
    ),
    (
        "misclassification review.csv --width 100",
        &["--width has no say"],
    ),
    (
        "misclassification plan.csv --specificity 0.9",
        &["--specificity has no say"],
    ),
    (
        "misclassification flag.csv --sensitivity 0.9",
        &["--sensitivity has no say", "column"],
    ),
    ("misclassification flag.csv --width 100", &["--width has no say"]),
];

#[test]
fn wrong_values_of_options_end_with_2_and_name_the_option() {
    let desk = Desk::new();
    desk.write("deaths.csv", england());
    desk.write("three.csv", "year,deaths\n2018,900\n2019,900\n2020,900\n");
    desk.write("hospitals.csv", "r,n\n3,40\n5,60\n");
    desk.write("ratios.csv", "observed,expected\n3,4\n5,6\n");
    desk.write(
        "review.csv",
        "stratum,people,reviewed,confirmed\nflagged,1000,300,270\nothers,30000,500,5\n",
    );
    desk.write("plan.csv", "stratum,people,charts,share\nflagged,1000,300,0.9\n");
    desk.write(
        "flag.csv",
        "flagged,total,sensitivity,specificity\n50,400,0.9,0.95\n",
    );
    desk.write("bare.csv", "flagged,total\n50,400\n");
    desk.write(
        "reports.csv",
        "period,0,1,2\n1,50,20,5\n2,55,21,6\n3,52,19,\n4,60,,\n",
    );
    desk.write("curves.csv", "shape,scale\n0.7,3.5\n0.8,4\n");
    desk.write("new.csv", "year,new\n2019,100\n2020,110\n");
    for (call, wanted) in WRONG_VALUES {
        let words: Vec<&str> = std::iter::once("estimate").chain(call.split(' ')).collect();
        let ran = desk.run(&words);
        assert_eq!((ran.code, ran.stdout.as_str()), (2, ""), "{call}: {ran:#?}");
        assert!(
            wanted.iter().all(|word| ran.stderr.contains(word)),
            "{call}: {ran:#?}"
        );
    }
}

/// A column that a chart reads is not told to be unused where there are too few rows for the chart.
#[test]
fn a_chart_of_few_months_has_used_their_names() {
    let answer = json(
        "chart",
        "month,value,ward\n2025-01,5\n2025-02,6\n2025-03,4\n",
        &[],
    );
    assert_eq!(answer["headline"]["status"], "none");
    let notes = answer["warnings"].to_string();
    assert!(notes.contains("ward") && !notes.contains("month"), "{notes}");
}

#[test]
fn hostile_bytes_end_with_words() {
    let methods = [
        "capture-recapture",
        "back-calculation",
        "prevalence",
        "survival",
        "delay",
        "misclassification",
        "shrink",
        "funnel",
        "chart",
        "standardise",
        "project",
    ];
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = || {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        state
    };
    let starts = [
        "year,deaths\n2016,5\n",
        "time,event\n5,1\n",
        "r,n,observed,expected\n1,2,3,4\n",
        "0,1,2\n5,6,7\n",
        "shape,scale\n1,",
    ];
    for round in 0..66 {
        let desk = Desk::new();
        let mut bytes = starts[round % starts.len()].as_bytes().to_vec();
        for _ in 0..60 {
            let byte = next();
            bytes.extend_from_slice(match byte % 8 {
                0 => b",",
                1 => b"\n",
                2 => b"999999999999999999999",
                3 => b"-1",
                4 => b"1e308",
                5 => b"\"",
                6 => b"0",
                _ => b"\xff",
            });
        }
        let name = if round % 3 == 0 { "file.toml" } else { "file.csv" };
        desk.write(name, String::from_utf8_lossy(&bytes).as_bytes());
        let ran = desk.run(&["estimate", methods[round % methods.len()], name]);
        assert!([0, 2].contains(&ran.code), "round {round}: {ran:#?}");
        assert!(ran.code == 0 || ran.stderr.contains("counted: "), "{ran:#?}");
    }
    let answer: Value = json("prevalence", "shape,scale\n1,1e308\n", &[]);
    assert!(answer["estimates"].is_array());
}
