//! JSON for people to read: a list of numbers or words stands on one line.

/// Takes JSON with a line for everything, and puts each list that holds no list or object on one line.
pub(crate) fn written(pretty: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    // The line that opened a list, and what the list has held so far: numbers and words only.
    let mut list: Option<(&str, Vec<&str>)> = None;
    for line in pretty.lines() {
        // A text ends with its quotation mark, so these open something.
        if line.ends_with(['[', '{']) {
            lines.extend(list.take().map(|(first, _)| first.to_owned()));
            if line.ends_with('[') {
                list = Some((line, Vec::new()));
            } else {
                lines.push(line.to_owned());
            }
        } else if let Some((first, inside)) = &mut list {
            inside.push(line.trim());
            if line.trim_start().starts_with(']') {
                let close = inside.pop().unwrap_or_default();
                lines.push(format!("{first}{}{close}", inside.join(" ")));
                list = None;
            }
        } else {
            lines.push(line.to_owned());
        }
    }
    lines.join("\n") + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    #[test]
    fn numbers_stand_side_by_side_and_nothing_is_lost() {
        let value =
            json!({ "a \" [": [[0.5, 1e-9], []], "c": {}, "d": ["x]", null, "[" ], "e": [{ "f": [1] }] });
        let text = written(&serde_json::to_string_pretty(&value).unwrap());
        let wanted = r#"{
  "a \" [": [
    [0.5, 1e-9],
    []
  ],
  "c": {},
  "d": ["x]", null, "["],
  "e": [
    {
      "f": [1]
    }
  ]
}
"#;
        assert_eq!(text, wanted);
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
