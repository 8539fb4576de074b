//! Which version of COSD a file is, from the namespace on its root element.

use layouts::cosd_paths::Version;

use super::stop::Stop;

/// The version a file says it is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct FileVersion {
    /// The major version whose paths are read.
    pub(super) major: Version,
    /// As dots write it: `10.0.1`.
    pub(super) text: String,
}

impl FileVersion {
    /// Whether this very version is known, not only its major number.
    pub(super) fn is_known(&self) -> bool {
        self.text == self.major.known()
    }

    /// Reads the version out of a namespace such as `…/messages/COSD-v10-0-1`; none when the
    /// namespace is not one of COSD.
    pub(super) fn of_namespace(namespace: &str) -> Option<Result<Self, Stop>> {
        let at = find_ignoring_case(namespace, "COSD-v")?;
        let numbers: Vec<&str> = namespace[at + "COSD-v".len()..].split(['-', '.', '_']).collect();
        let number =
            |part: &&str| !part.is_empty() && part.len() <= 3 && part.bytes().all(|b| b.is_ascii_digit());
        if !numbers.iter().all(number) || numbers.len() > 4 {
            return Some(Err(Stop::NoVersion));
        }
        let text = numbers.join(".");
        Some(match numbers[0].trim_start_matches('0') {
            "8" => Ok(Self {
                major: Version::V8,
                text,
            }),
            "9" => Ok(Self {
                major: Version::V9,
                text,
            }),
            "10" => Ok(Self {
                major: Version::V10,
                text,
            }),
            _ => Err(Stop::Version(text)),
        })
    }
}

fn find_ignoring_case(text: &str, wanted: &str) -> Option<usize> {
    text.as_bytes()
        .windows(wanted.len())
        .position(|window| window.eq_ignore_ascii_case(wanted.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_namespace_says_the_version() {
        let read = |namespace: &str| match FileVersion::of_namespace(namespace) {
            None => "not COSD".to_owned(),
            Some(Ok(version)) => format!("{:?} {} {}", version.major, version.text, version.is_known()),
            Some(Err(stop)) => stop.to_string(),
        };
        let table = [
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v8-1",
                "V8 8.1 true",
            ),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v9-0-1",
                "V9 9.0.1 true",
            ),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v10-0-1",
                "V10 10.0.1 true",
            ),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v10-2-0",
                "V10 10.2.0 false",
            ),
            ("http://www.datadictionary.nhs.uk/messages/COSD-v9", "V9 9 false"),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v7-0",
                "COSD version 7.0 is not known",
            ),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v11-0",
                "COSD version 11.0 is not known",
            ),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-v",
                "its root element names no version of COSD",
            ),
            (
                "http://www.datadictionary.nhs.uk/messages/COSD-vX",
                "its root element names no version of COSD",
            ),
            ("http://www.w3.org/2001/XMLSchema-instance", "not COSD"),
        ];
        for (namespace, expected) in table {
            assert_eq!(read(namespace), expected, "{namespace}");
        }
    }
}
