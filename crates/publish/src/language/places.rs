//! The nations in a Welsh sentence: the word before a name changes with it, and the name with the word.
//!
//! A sentence is filled with whatever name stands on the English page, so it cannot know how the name begins.

/// A word, the name after it, and both as they are written together.
const TOGETHER: [(&str, &str, &str); 18] = [
    ("yn", "Cymru", "yng Nghymru"),
    ("o", "Cymru", "o Gymru"),
    ("i", "Cymru", "i Gymru"),
    ("am", "Cymru", "am Gymru"),
    ("yn", "Yr Alban", "yn yr Alban"),
    ("o", "Yr Alban", "o’r Alban"),
    ("i", "Yr Alban", "i’r Alban"),
    ("am", "Yr Alban", "am yr Alban"),
    ("gyfer", "Yr Alban", "gyfer yr Alban"),
    ("yn", "Gogledd Iwerddon", "yng Ngogledd Iwerddon"),
    ("o", "Gogledd Iwerddon", "o Ogledd Iwerddon"),
    ("i", "Gogledd Iwerddon", "i Ogledd Iwerddon"),
    ("am", "Gogledd Iwerddon", "am Ogledd Iwerddon"),
    ("o", "Lloegr", "o Loegr"),
    ("i", "Lloegr", "i Loegr"),
    ("am", "Lloegr", "am Loegr"),
    ("a", "Cymru", "a Chymru"),
    ("a", "Yr Alban", "a’r Alban"),
];

/// A sentence in which each name fits the word before it.
pub(super) fn mutated(text: &str) -> String {
    let mut text = text.to_owned();
    for (word, name, together) in TOGETHER {
        if !text.contains(name) {
            continue;
        }
        let apart = format!("{word} {name}");
        if let Some(rest) = text.strip_prefix(&apart) {
            text = format!("{together}{rest}");
        }
        text = text.replace(&format!(" {apart}"), &format!(" {together}"));
    }
    text
}

/// Nations one after the other: `Lloegr, Gogledd Iwerddon a’r Alban`. A name within the list has no capital article.
pub(super) fn listed(names: &[String]) -> String {
    let mut text = String::new();
    for (at, name) in names.iter().enumerate() {
        if at == 0 {
            text.push_str(name);
        } else if at + 1 < names.len() {
            text.push_str(", ");
            text.push_str(&name.replacen("Yr ", "yr ", 1));
        } else {
            text.push_str(" a ");
            text.push_str(name);
        }
    }
    mutated(&text)
}
