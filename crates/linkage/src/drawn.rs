//! Manuals that are run: every table on a page of Markdown is a case.

/// A table, with what stands above and below it.
#[derive(Default)]
pub(crate) struct Case {
    /// The heading above it.
    pub(crate) title: String,
    /// Lines `Setting: name = value` above it.
    pub(crate) settings: Vec<(String, String)>,
    /// Its cells, the names of the columns first.
    pub(crate) lines: Vec<Vec<String>>,
    /// What stands behind `Listed:` below it.
    pub(crate) listed: String,
}

impl Case {
    /// The rows, each as (column, cell).
    pub(crate) fn rows(&self) -> impl Iterator<Item = impl Iterator<Item = (&str, &str)>> {
        let names = &self.lines[0];
        self.lines[1..].iter().map(move |line| {
            names
                .iter()
                .zip(line)
                .map(|(name, cell)| (name.as_str(), cell.as_str()))
        })
    }

    /// The cells of a column.
    pub(crate) fn column(&self, column: &str) -> Vec<&str> {
        let at = self.lines[0].iter().position(|name| name == column).unwrap();
        self.lines[1..].iter().map(|line| line[at].as_str()).collect()
    }
}

/// The cases of a page, in order.
pub(crate) fn cases(page: &str) -> Vec<Case> {
    let mut cases: Vec<Case> = Vec::new();
    let (mut title, mut settings) = (String::new(), Vec::new());
    let mut inside = false;
    for line in page.lines() {
        if let Some(heading) = line.strip_prefix("## ") {
            title = heading.to_owned();
        } else if let Some(setting) = line.strip_prefix("Setting: ") {
            let (name, value) = setting.split_once(" = ").unwrap();
            settings.push((name.to_owned(), value.to_owned()));
        } else if let Some(listed) = line.strip_prefix("Listed: ") {
            cases.last_mut().unwrap().listed = listed.to_owned();
        }
        if let Some(cells) = line.strip_prefix('|').and_then(|line| line.strip_suffix('|')) {
            if !inside {
                cases.push(Case {
                    title: title.clone(),
                    settings: std::mem::take(&mut settings),
                    ..Case::default()
                });
            }
            inside = true;
            if !cells.starts_with('-') {
                cases
                    .last_mut()
                    .unwrap()
                    .lines
                    .push(cells.split('|').map(|cell| cell.trim().to_owned()).collect());
            }
        } else {
            inside = false;
        }
    }
    cases
}
