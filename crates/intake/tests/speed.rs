//! How long rows take. Ignored by default: `cargo test -p intake --test speed -- --ignored --nocapture`,
//! best with `--release`. `INTAKE_ROWS` sets the number of rows.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stderr,
    clippy::disallowed_methods
)]

mod drawn;

use std::io::Write as _;
use std::time::Instant;

use drawn::Study;

const HEAD: &str = "NEWNHSNO,DOB,SEX,HOMEADD,EPIKEY,EPISTART,EPIEND,ADMIDATE,DISDATE,ADMIMETH,DISMETH,PROCODE,MAINSPEF,TRETSPEF";

fn rows() -> u32 {
    std::env::var("INTAKE_ROWS")
        .ok()
        .and_then(|rows| rows.parse().ok())
        .unwrap_or(200_000)
}

/// Admissions with 20 diagnoses and 24 operations, most of them blank, as they are.
fn write(study: &Study, name: &str, rows: u32, wrong: bool) -> std::path::PathBuf {
    let path = study.folder.path().join(name);
    let mut out = std::io::BufWriter::new(fs_err::File::create(&path).unwrap());
    let diagnoses = (1..=20).map(|n| format!(",DIAG_{n:02}"));
    let operations = (1..=24).map(|n| format!(",OPERTN_{n:02}"));
    writeln!(out, "{HEAD}{}", diagnoses.chain(operations).collect::<String>()).unwrap();
    let mut state = 88_172_645_463_325_252_u64;
    let mut next = |below: u32| {
        state ^= state << 13;
        state ^= state >> 7;
        state ^= state << 17;
        u32::try_from(state % u64::from(below)).unwrap()
    };
    for row in 0..rows {
        if wrong {
            write!(
                out,
                "12345,x{row},Q,nowhere,{row},yesterday,soon,never,later,21,1,Some Hospital,300,370"
            )
            .unwrap();
            for _ in 0..44 {
                out.write_all(b",?!").unwrap();
            }
            out.write_all(b"\n").unwrap();
            continue;
        }
        let nine = 400_000_000 + next(90_000_000);
        let check = vocabulary::number::check_digit(u64::from(nine)).unwrap_or(0);
        write!(
            out,
            "{nine}{check},19{:02}-{:02}-{:02},2,AB{} {}CD,{row}",
            20 + next(70),
            1 + next(12),
            1 + next(28),
            next(20),
            next(10)
        )
        .unwrap();
        let (year, month, day) = (10 + next(15), 1 + next(12), 1 + next(27));
        write!(out, ",20{year}-{month:02}-{day:02},20{year}-{month:02}-{:02},20{year}-{month:02}-{day:02},20{year}-{month:02}-{:02},21,1,R{:02},300,370", day + 1, day + 1, next(99)).unwrap();
        let codes = 1 + next(8);
        for n in 0..20 {
            if n < codes {
                write!(out, ",C{:02}{}", next(99), next(10)).unwrap()
            } else {
                out.write_all(b",").unwrap()
            }
        }
        let codes = next(4);
        for n in 0..24 {
            if n < codes {
                write!(out, ",X{:02}{}", next(99), next(10)).unwrap()
            } else {
                out.write_all(b",").unwrap()
            }
        }
        out.write_all(b"\n").unwrap();
    }
    out.flush().unwrap();
    path
}

fn time(files: usize, rows: u32, wrong: bool, threads: usize) -> f64 {
    let mut study = Study::new();
    study.source("admissions", &[]);
    study.threads = threads;
    let each = rows / u32::try_from(files).unwrap();
    study.sources[0].paths = (0..files)
        .map(|n| {
            let name = format!("{n}.csv");
            let path = write(&study, &name, each, wrong);
            (name, path)
        })
        .collect();
    let bytes: u64 = study.sources[0]
        .paths
        .iter()
        .map(|(_, path)| fs_err::metadata(path).unwrap().len())
        .sum();
    let (start, cpu) = (Instant::now(), cpu_seconds());
    let report = study.run().unwrap();
    let (seconds, cpu) = (start.elapsed().as_secs_f64(), cpu_seconds() - cpu);
    eprintln!(
        "{files} file(s), {} rows, {} MB, wrong {wrong}, {threads} thread(s): {seconds:.2} s, {cpu:.2} s of CPU, {:.0} MB/s, {:.2} million cells/s, peak {} MB",
        report.sources[0].rows,
        bytes >> 20,
        bytes as f64 / seconds / 1e6,
        f64::from(rows) * 58.0 / seconds / 1e6,
        peak_mb()
    );
    cpu
}

/// CPU time of this process, all threads: unlike the clock it does not change with what else runs.
fn cpu_seconds() -> f64 {
    let stat = fs_err::read_to_string("/proc/self/stat").unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks: f64 = [11, 12]
        .iter()
        .filter_map(|&at| fields.get(at)?.parse::<f64>().ok())
        .sum();
    ticks / 100.0
}

/// Reading alone, with nothing written.
fn checked(rows: u32) {
    let study = Study::new();
    let path = write(&study, "a.csv", rows, false);
    let options = intake::CheckOptions {
        kind: None,
        as_of: study.as_of,
        is_today: false,
        limits: study.limits,
        organisations: None,
        progress: &|_, _| {},
    };
    let cpu = cpu_seconds();
    let report = intake::check(&[("a.csv".to_owned(), path)], &options);
    let cpu = cpu_seconds() - cpu;
    assert_eq!(report.files[0].outcome.facts.rows, u64::from(rows));
    eprintln!(
        "check of {rows} rows: {cpu:.2} s of CPU, {:.2} million cells/s",
        f64::from(rows) * 58.0 / cpu / 1e6
    );
}

fn peak_mb() -> u64 {
    let status = fs_err::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status
        .lines()
        .find(|line| line.starts_with("VmHWM"))
        .unwrap_or_default();
    line.split_whitespace()
        .nth(1)
        .and_then(|kb| kb.parse::<u64>().ok())
        .unwrap_or(0)
        / 1024
}

#[test]
#[ignore = "measures; run it alone"]
fn admissions_pass_quickly() {
    let rows = rows();
    time(1, rows, false, 1);
    let clean = time(1, rows, false, 2);
    time(4, rows, false, 2);
    checked(rows);
    let wrong = time(1, rows, true, 2);
    eprintln!("every cell wrong costs {:.2} times the clean time", wrong / clean);
}

#[test]
#[ignore = "measures; run it alone"]
fn reading_alone() {
    checked(rows());
}

/// One cell of a gigabyte is refused, and memory stays near the limit.
#[test]
#[ignore = "writes a gigabyte"]
fn a_gigabyte_in_one_cell_is_refused() {
    let mut study = Study::new();
    study.source("rtds", &[]);
    let path = study.folder.path().join("rtds.csv");
    let mut out = std::io::BufWriter::new(fs_err::File::create(&path).unwrap());
    out.write_all(b"NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n4010232137,1950-05-01,C509,2022-01-01\n\"").unwrap();
    for _ in 0..1_024 {
        out.write_all(&[b'x'; 1 << 20]).unwrap();
    }
    out.flush().unwrap();
    study.sources[0].paths = vec![("rtds.csv".to_owned(), path)];
    let error = study.run().unwrap_err();
    assert!(error.to_string().contains("refused"), "{error}");
    assert!(peak_mb() < 200, "{} MB", peak_mb());
}
