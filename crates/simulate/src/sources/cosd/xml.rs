//! A small XML writer: elements, attributes, text, CDATA; indented or not.

/// XML being built.
#[derive(Debug, Default)]
pub(super) struct Xml {
    pub(super) text: String,
    open: Vec<&'static str>,
    compact: bool,
}

impl Xml {
    /// Below the root, indented unless compact.
    pub(super) fn below_root(compact: bool) -> Xml {
        Xml {
            text: String::new(),
            open: vec!["COSD:COSD"],
            compact,
        }
    }

    fn indent(&mut self) {
        if !self.compact {
            self.text.push('\n');
            for _ in 0..self.open.len() {
                self.text.push_str("  ");
            }
        }
    }

    pub(super) fn open(&mut self, name: &'static str) -> &mut Xml {
        self.indent();
        self.text.push('<');
        self.text.push_str(name);
        self.text.push('>');
        self.open.push(name);
        self
    }

    pub(super) fn close(&mut self) -> &mut Xml {
        if let Some(name) = self.open.pop() {
            self.indent();
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
        self
    }

    fn attribute(&mut self, name: &str, key: &str, value: &str) -> &mut Xml {
        if !value.is_empty() {
            self.indent();
            self.text.push('<');
            self.text.push_str(name);
            self.text.push(' ');
            self.text.push_str(key);
            self.text.push_str("=\"");
            escape(&mut self.text, value);
            self.text.push_str("\"/>");
        }
        self
    }

    /// A coded value; left out when empty.
    pub(super) fn code(&mut self, name: &str, value: &str) -> &mut Xml {
        self.attribute(name, "code", value)
    }

    /// An identifier; left out when empty.
    pub(super) fn extension(&mut self, name: &str, value: &str) -> &mut Xml {
        self.attribute(name, "extension", value)
    }

    pub(super) fn root(&mut self, value: &str) -> &mut Xml {
        self.attribute("Id", "root", value)
    }

    pub(super) fn value(&mut self, name: &str, value: &str) -> &mut Xml {
        self.attribute(name, "value", value)
    }

    /// Text; left out when empty.
    pub(super) fn text(&mut self, name: &str, value: &str) -> &mut Xml {
        if !value.is_empty() {
            self.indent();
            self.text.push('<');
            self.text.push_str(name);
            self.text.push('>');
            escape(&mut self.text, value);
            self.text.push_str("</");
            self.text.push_str(name);
            self.text.push('>');
        }
        self
    }

    /// Text in CDATA; left out when empty.
    pub(super) fn cdata(&mut self, name: &str, value: &str) -> &mut Xml {
        if !value.is_empty() {
            self.indent();
            // Names hold no ']]>', which CDATA could not carry.
            self.text
                .push_str(&format!("<{name}><![CDATA[{value}]]></{name}>"));
        }
        self
    }
}

fn escape(out: &mut String, value: &str) {
    for letter in value.chars() {
        match letter {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            _ => out.push(letter),
        }
    }
}

#[cfg(test)]
#[allow(clippy::unwrap_used, clippy::expect_used, clippy::panic)]
mod tests {
    use super::Xml;

    #[test]
    fn writes_elements_as_real_files_do() {
        let mut xml = Xml::below_root(true);
        xml.open("A")
            .code("B", "01")
            .code("C", "")
            .text("D", "a&b")
            .cdata("E", "O'Neill")
            .close();
        assert_eq!(
            xml.text,
            "<A><B code=\"01\"/><D>a&amp;b</D><E><![CDATA[O'Neill]]></E></A>"
        );
        let mut xml = Xml::below_root(false);
        xml.open("A").root("x").close();
        assert_eq!(xml.text, "\n  <A>\n    <Id root=\"x\"/>\n  </A>");
    }
}
