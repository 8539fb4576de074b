//! JSON for people to read: lists of numbers and words stand on one line each.

use serde_json::Value;

/// A value as text, further in by `depth` steps.
pub(crate) fn written(value: &Value, depth: usize) -> String {
    let (open, parts, close) = match value {
        Value::Array(all) => {
            let parts: Vec<String> = all.iter().map(|part| written(part, depth + 1)).collect();
            if !all.iter().any(|part| part.is_array() || part.is_object()) {
                return format!("[{}]", parts.join(", "));
            }
            ('[', parts, ']')
        }
        Value::Object(all) => {
            let part = |(name, part): (&String, &Value)| {
                format!("{}: {}", Value::from(name.as_str()), written(part, depth + 1))
            };
            ('{', all.iter().map(part).collect(), '}')
        }
        simple => return simple.to_string(),
    };
    if parts.is_empty() {
        return format!("{open}{close}");
    }
    let step = "  ".repeat(depth + 1);
    let lines = parts.join(&format!(",\n{step}"));
    format!("{open}\n{step}{lines}\n{}{close}", "  ".repeat(depth))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn numbers_stand_side_by_side_and_nothing_is_lost() {
        let value = json!({ "a \" b": [[0.5, 1e-9], []], "c": {}, "d": ["x", null] });
        let text = written(&value, 0);
        assert_eq!(
            text,
            "{\n  \"a \\\" b\": [\n    [0.5, 1e-9],\n    []\n  ],\n  \"c\": {},\n  \"d\": [\"x\", null]\n}"
        );
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap(), value);
    }
}
