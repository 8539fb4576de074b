//! Styles, the one small script and the icon: compiled in, so that a site needs nothing from elsewhere.

/// Path in the site and content.
pub(crate) fn all() -> [(&'static str, &'static str); 3] {
    [
        ("assets/site.css", CSS),
        ("assets/site.js", SCRIPT),
        ("assets/icon.svg", ICON),
    ]
}

const CSS: &str = concat!(
    include_str!("../../../web/styles/1-base.css"),
    include_str!("../../../web/styles/2-page.css"),
    include_str!("../../../web/styles/3-parts.css"),
    include_str!("../../../web/styles/4-drawings.css"),
    include_str!("../../../web/styles/5-real.css"),
    include_str!("../../../web/styles/6-pages.css"),
    include_str!("../../../web/styles/7-dark.css"),
    include_str!("../../../web/styles/8-print.css"),
    include_str!("../../../web/styles/9-reports.css"),
);
const SCRIPT: &str = include_str!("../../../web/scripts/site.js");
const ICON: &str = include_str!("../../../web/images/icon.svg");
