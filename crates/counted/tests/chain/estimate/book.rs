//! The worked examples of the book are run: its files, its calls, and what they print.
//!
//! `BOOK_UPDATE=1` writes what is printed now into the page.

use std::path::PathBuf;

use super::desk::Desk;

fn page() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../docs/src/estimating.md")
}

#[allow(
    clippy::disallowed_methods,
    reason = "whether the page is compared or written anew"
)]
fn update() -> bool {
    std::env::var_os("BOOK_UPDATE").is_some()
}

/// The page with every block of a console as the program prints it now.
fn reprinted(text: &str) -> String {
    let desk = Desk::new();
    let mut out = String::new();
    let mut lines = text.lines();
    while let Some(line) = lines.next() {
        out += &format!("{line}\n");
        if let Some(name) = line.strip_prefix("```csv ") {
            let body: Vec<&str> = lines.by_ref().take_while(|line| *line != "```").collect();
            let body = format!("{}\n", body.join("\n"));
            desk.write(name, &body);
            out += &format!("{body}```\n");
        } else if line == "```console" {
            let call = lines.next().expect("a call");
            lines.by_ref().take_while(|line| *line != "```").count();
            let words = call
                .strip_prefix("$ counted ")
                .expect("a call of counted")
                .split(' ');
            let ran = desk.run(&words.collect::<Vec<_>>()).well();
            out += &format!("{call}\n{}```\n", desk.said(&ran.stdout));
        }
    }
    out
}

#[test]
fn the_examples_of_the_book_are_what_the_program_prints() {
    let text = fs_err::read_to_string(page()).unwrap();
    let printed = reprinted(&text);
    if update() {
        fs_err::write(page(), &printed).unwrap();
        return;
    }
    for (number, (found, wanted)) in text.lines().zip(printed.lines()).enumerate() {
        assert_eq!(
            found,
            wanted,
            "line {} of estimating.md: BOOK_UPDATE=1 writes it anew",
            number + 1
        );
    }
    assert_eq!(text.lines().count(), printed.lines().count());
}
