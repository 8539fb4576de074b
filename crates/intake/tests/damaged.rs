//! Files whose bytes are not what they seem: lines that read like our own mark.
#![allow(clippy::unwrap_used, clippy::expect_used, clippy::panic, clippy::print_stderr)]

mod drawn;

use drawn::Study;

/// The reader puts a mark behind the last row. A line that reads like it is a row of the file: nothing behind it is hidden.
#[test]
fn a_line_like_the_end_mark_is_a_row_wherever_it_stands() {
    let header = "NHS_NUMBER,DATE_OF_BIRTH,RADIOTHERAPYDIAGNOSISICD,TREATMENTSTARTDATE\n";
    let row = "4010232137,1950-05-01,C509,2022-01-01\n";
    let mark = "\u{1}counted:end\u{1}";
    let many = row.repeat(20_000);
    for (text, rows) in [
        (format!("{header}{row}{mark}\n{row}"), 3),
        (format!("{header}{row}\"{mark}\"\n{row}"), 3),
        (format!("{header}{row}{mark}\r\n\r\n{row}"), 3),
        (format!("{header}{mark}\n{many}"), 20_001),
        (format!("{header}{many}{mark}\n{many}"), 40_001),
        (format!("{header}{row}{mark}"), 2),
        (format!("{header}{row}{mark}\n"), 2),
        (format!("{header}{row}{mark}\n\n"), 2),
        (format!("{header}{row}\n{mark}\n{mark}"), 3),
        (format!("{header}{row}"), 1),
    ] {
        let utf16: Vec<u8> = format!("\u{feff}{text}")
            .encode_utf16()
            .flat_map(u16::to_le_bytes)
            .collect();
        for bytes in [text.clone().into_bytes(), utf16] {
            let report = Study::of("rtds", bytes).run().unwrap();
            assert_eq!(report.sources[0].rows, rows, "{}", text.len());
        }
    }
}
