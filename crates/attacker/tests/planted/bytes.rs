//! Leaks that stand in the bytes of a site, wherever they are.

use attacker::FindingKind;

use super::stage::Stage;

/// One after another: the site on which they are put is made and attacked once.
#[test]
fn every_plant_in_the_bytes_of_a_site_is_found() {
    let plants: [(&str, fn()); 15] = [
        ("a tooltip", a_tooltip),
        ("a percentage", a_percentage),
        ("a total", a_total),
        (
            "a total of the network that a page is about",
            a_total_of_the_network_that_a_page_is_about,
        ),
        ("a title", a_title),
        ("a metadata field", a_metadata_field),
        ("a chart bin", a_chart_bin),
        ("a file name", a_file_name),
        ("a funnel dot", a_funnel_dot),
        ("the order of a sorted table", the_order_of_a_sorted_table),
        ("the order of a list", the_order_of_a_list),
        ("a tick that lies on no axis", a_tick_that_lies_on_no_axis),
        ("a hash", a_hash),
        (
            "an interval that fixes its count",
            an_interval_that_fixes_its_count,
        ),
        ("an estimate's low end", an_estimates_low_end),
    ];
    for (name, plant) in plants {
        eprintln!("{name}");
        plant();
    }
}

fn a_tooltip() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded");
    let tip = |name: &str, number: &str| format!("<p title=\"{name}: {number} recorded\">{name}</p>");
    let clean = stage.with_markup(
        &shown.page,
        &tip(&shown.name, &stage.cell(&shown.code, "recorded")),
    );
    let leak = stage.with_markup(&hidden.page, &tip(&hidden.name, "4"));
    stage.found(&leak, &clean, FindingKind::Title, &hidden.page);
    // The number as it is, beside the rounded one; a name would have done as well.
    let exact = stage.with_markup(&shown.page, &tip(&shown.name, "43"));
    let named = stage.with_markup(&shown.page, &format!("<p title=\"{0}\">{0}</p>", shown.name));
    stage.found(&exact, &named, FindingKind::Title, &shown.page);
}

fn a_percentage() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded");
    let share = |name: &str, percent: &str| format!("<p>{name}: {percent}% recorded</p>");
    let clean = stage.with_markup(
        "who.html",
        &share(&shown.name, &stage.cell(&shown.code, "recorded_percent")),
    );
    let leak = stage.with_markup("who.html", &share(&hidden.name, "8"));
    stage.found(&leak, &clean, FindingKind::Text, "who.html");
}

fn a_total() {
    let stage = Stage::new();
    let page = "nations/averland.html";
    let counts = stage.text("data/counts.csv");
    let row = counts
        .lines()
        .find(|l| l.contains(",nation,Averland,2023,new,all,all,all,all,all,"))
        .unwrap();
    let found = row.split(',').nth(12).unwrap();
    let total = |number: &str| format!("<p>Averland in 2023, new: {number} found</p>");
    let clean = stage.with_markup(page, &total(found));
    let exact: i64 = found.parse::<i64>().unwrap() + 1;
    let leak = stage.with_markup(page, &total(&exact.to_string()));
    stage.found(&leak, &clean, FindingKind::Text, page);
}

/// On the page of a network a sentence need not name it.
fn a_total_of_the_network_that_a_page_is_about() {
    let stage = Stage::new();
    let shown = |line: &str| {
        let of_network =
            line.contains(",network,Averland ") && line.contains(",2023,new,all,all,all,all,all,");
        let cells: Vec<&str> = line.split(',').collect();
        let found: i64 = cells.get(12)?.parse().ok()?;
        of_network.then(|| (cells[2].to_owned(), found))
    };
    let (name, found) = stage.text("data/counts.csv").lines().find_map(shown).unwrap();
    let page = format!("networks/{}.html", name.to_lowercase().replace(' ', "-"));
    let total = |number: i64| format!("<p>In 2023, new: {number} found</p>");
    let clean = stage.with_markup(&page, &total(found));
    let leak = stage.with_markup(&page, &total(found + 1));
    stage.found(&leak, &clean, FindingKind::Text, &page);
}

fn a_title() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded");
    let file = format!("charts/organisation-{}-years.svg", hidden.code);
    let leak = stage.with(&file, "</title>", ", of these 3 hidden</title>");
    stage.found(&leak, &stage.published.bytes, FindingKind::Title, &file);
    // A description that is heard and not seen.
    let described =
        |name: &str, number: &str| format!("<figure aria-label=\"{name}: {number} found\">{name}</figure>");
    let clean = stage.with_markup(
        &shown.page,
        &described(&shown.name, &stage.cell(&shown.code, "found")),
    );
    let leak = stage.with_markup(&hidden.page, &described(&hidden.name, "eleven"));
    stage.found(&leak, &clean, FindingKind::Title, &hidden.page);
}

fn a_metadata_field() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded");
    let manifest = "data/manifest.json";
    let leak = stage.with(manifest, "\"study\":", "\"people_read\": 1203,\n  \"study\":");
    stage.found(&leak, &stage.published.bytes, FindingKind::Metadata, manifest);
    let leak = stage.with(manifest, "uk-mbc/2026.1", "uk-mbc/2026.1+4");
    stage.found(&leak, &stage.published.bytes, FindingKind::Words, manifest);
    let meta =
        |name: &str, number: &str| format!("<meta name=\"description\" content=\"{name}: {number} found\">");
    let clean = stage.with_markup(&shown.page, &meta(&shown.name, &stage.cell(&shown.code, "found")));
    let leak = stage.with_markup(&hidden.page, &meta(&hidden.name, "13"));
    stage.found(&leak, &clean, FindingKind::Title, &hidden.page);
}

fn a_chart_bin() {
    let stage = Stage::new();
    let (_, hidden) = stage.shown_and_hidden("recorded");
    // The bar of a hidden number, as high as the number, drawn in the place where nothing is.
    let bar = "<path class=\"axis\" d=\"M8 174H322\"></path>";
    let drawn = format!(
        "{bar}<rect class=\"recorded\" x=\"60.5\" y=\"168.2\" width=\"29.6\" height=\"5.8\" rx=\"2.5\"></rect>"
    );
    for file in [
        hidden.page.clone(),
        format!("charts/organisation-{}-years.svg", hidden.code),
    ] {
        let leak = stage.with(&file, bar, &drawn);
        stage.found(&leak, &stage.published.bytes, FindingKind::Coordinate, &file);
    }
    // A bar that is there, by a tenth of a person higher.
    let page = &hidden.page;
    let text = stage.text(page);
    let height = text
        .split("height=\"")
        .nth(3)
        .unwrap()
        .split('"')
        .next()
        .unwrap()
        .to_owned();
    let higher = format!("{:.1}", height.parse::<f64>().unwrap() + 0.3);
    let leak = stage.with(
        page,
        &format!("height=\"{height}\""),
        &format!("height=\"{higher}\""),
    );
    stage.found(&leak, &stage.published.bytes, FindingKind::Coordinate, page);
}

fn a_file_name() {
    let stage = Stage::new();
    let (_, hidden) = stage.shown_and_hidden("recorded");
    let mut leak = stage.published.bytes.clone();
    let file = format!("charts/{}-4-recorded.svg", hidden.code);
    leak.put(&file, b"");
    stage.found(&leak, &stage.published.bytes, FindingKind::FileName, &file);
}

fn a_funnel_dot() {
    let stage = Stage::new();
    let (shown, hidden) = stage.shown_and_hidden("recorded_of_elsewhere");
    let number = |column| stage.cell(&shown.code, column).parse::<f64>().unwrap();
    let funnel = |name: &str, people: f64, percent: f64| {
        let mut ticks = String::new();
        for tick in [0, 20, 40, 60, 80, 100] {
            let (x, y) = (60 + 4 * tick, 320 - 3 * tick);
            ticks += &format!("<text x=\"{x}\" y=\"340\" text-anchor=\"middle\">{tick}</text>");
            ticks += &format!("<text x=\"50\" y=\"{y}\" text-anchor=\"end\">{tick}%</text>");
        }
        let (cx, cy) = (60.0 + 4.0 * people, 320.0 - 3.0 * percent);
        format!(
            "<svg viewBox=\"0 0 500 360\" role=\"img\"><title>{name}</title>\
             <text data-axis=\"x\" x=\"250\" y=\"355\">People with signs in other records</text>\
             <text data-axis=\"y\" x=\"5\" y=\"10\">Of these recorded, in per cent</text>{ticks}\
             <circle class=\"dot\" cx=\"{cx:.1}\" cy=\"{cy:.1}\" r=\"3\"><title>{name}</title></circle></svg>"
        )
    };
    let (people, percent) = (number("found_elsewhere"), number("recorded_of_elsewhere_percent"));
    let clean = stage.with_markup("hospitals/index.html", &funnel(&shown.name, people, percent));
    // Two people more than the rounded number: eight units to the right, where nobody would look.
    let leak = stage.with_markup(
        "hospitals/index.html",
        &funnel(&shown.name, people + 2.0, percent),
    );
    stage.found(&leak, &clean, FindingKind::Coordinate, "hospitals/index.html");
    let leak = stage.with_markup("hospitals/index.html", &funnel(&hidden.name, 31.0, 9.0));
    stage.found(&leak, &clean, FindingKind::Coordinate, "hospitals/index.html");
}

fn the_order_of_a_sorted_table() {
    let stage = Stage::new();
    let facts = stage.island.facts();
    let table = |mut names: Vec<(String, String)>, by_name: bool| {
        if by_name {
            names.sort();
        }
        let row = |(name, code): &(String, String)| {
            let (number, state) = (stage.cell(code, "recorded"), stage.cell(code, "recorded_state"));
            let shown = if state == "suppressed" {
                "hidden".to_owned()
            } else {
                number
            };
            format!("<tr><th scope=\"row\">{name}</th><td>{shown}</td></tr>")
        };
        let rows: String = names.iter().map(row).collect();
        format!("<table><tr><th>Hospital</th><th>Recorded</th></tr>{rows}</table>")
    };
    let mut names: Vec<(String, String)> = facts
        .organisations
        .iter()
        .map(|o| (o.short_name.clone(), o.code.clone()))
        .collect();
    let page = "hospitals/index.html";
    let clean = stage.with_markup(page, &table(names.clone(), true));
    names.reverse();
    let leak = stage.with_markup(page, &table(names, false));
    stage.found(&leak, &clean, FindingKind::Order, page);
    // Two rows of a table to download change places.
    let file = "data/completeness.csv";
    let lines: Vec<&str> = stage.text(file).lines().collect();
    let pair = format!("{}\n{}\n", lines[1], lines[2]);
    let leak = stage.with(file, &pair, &format!("{}\n{}\n", lines[2], lines[1]));
    stage.found(&leak, &stage.published.bytes, FindingKind::Order, file);
}

/// A row that names no place changes nothing, and a list is a table of one column.
fn the_order_of_a_list() {
    let stage = Stage::new();
    let page = "hospitals/index.html";
    let items =
        |names: [&str; 3], open: &str, close: &str| names.map(|name| format!("{open}{name}{close}")).concat();
    let all = |names: [&str; 3]| {
        let rows = items(names, "<tr><td>", "</td></tr>");
        [
            format!("<table><tr><th>Hospital</th></tr><tr><td>Hospital</td></tr>{rows}</table>"),
            format!("<ul>{}</ul>", items(names, "<li>", "</li>")),
            format!("<ol>{}</ol>", items(names, "<li>", "</li>")),
            format!("<dl>{}</dl>", items(names, "<dt>", "</dt>")),
        ]
    };
    let clean = stage.with_markup(page, &all(["Aldermere", "Brackenhythe", "Castlefell"]).concat());
    let report = stage.attack(&clean);
    assert!(
        report.findings.is_empty(),
        "{:#?}",
        super::support::lines(&report)
    );
    for leak in all(["Castlefell", "Aldermere", "Brackenhythe"]) {
        let report = stage.attack(&stage.with_markup(page, &leak));
        let found = |f: &attacker::Finding| f.kind == FindingKind::Order && f.file == page;
        assert!(report.findings.iter().any(found), "{leak}");
    }
}

/// A number between two steps of a scale, steps that no chart has, and a tick beside the line of the others: there is no axis.
fn a_tick_that_lies_on_no_axis() {
    let stage = Stage::new();
    let (shown, _) = stage.shown_and_hidden("recorded");
    let page = "hospitals/index.html";
    let chart = |ticks: &[i64], low: i64| {
        let along = |tick: &i64| {
            let (x, y) = (60 + 4 * tick, if *tick == 10 { low } else { 340 });
            format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{tick}</text>")
        };
        let up = |tick: i64| {
            let y = 320 - 3 * tick;
            format!("<text x=\"50\" y=\"{y}\" text-anchor=\"end\">{tick}%</text>")
        };
        let (name, up) = (&shown.name, [0, 50, 100].map(up).concat());
        let along: String = ticks.iter().map(along).collect();
        let drawn = format!(
            "<svg viewBox=\"0 0 500 360\" role=\"img\"><title>{name}</title>\
             <text data-axis=\"x\" x=\"250\" y=\"355\">People with signs in other records</text>\
             <text data-axis=\"y\" x=\"5\" y=\"10\">Of these recorded, in per cent</text>{along}{up}</svg>"
        );
        stage.attack(&stage.with_markup(page, &drawn))
    };
    let report = chart(&[0, 10, 20, 30], 340);
    assert!(
        report.findings.is_empty(),
        "{:#?}",
        super::support::lines(&report)
    );
    for (ticks, low) in [
        (vec![0, 10, 14, 20], 340),
        (vec![0, 4, 8, 12], 340),
        (vec![0, 10, 20], 344),
    ] {
        let report = chart(&ticks, low);
        let found = |f: &attacker::Finding| f.kind == FindingKind::Text && f.file == page;
        assert!(report.findings.iter().any(found), "{ticks:?}");
    }
}

fn a_hash() {
    let stage = Stage::new();
    let (_, hidden) = stage.shown_and_hidden("recorded");
    // Anybody finds the number again by hashing 1 to 7.
    let hash = blake3::hash(format!("{}:4", hidden.code).as_bytes()).to_hex();
    let leak = stage.with_markup(
        &hidden.page,
        &format!("<p data-check=\"{hash}\">{}</p>", hidden.name),
    );
    stage.found(&leak, &stage.published.bytes, FindingKind::Hash, &hidden.page);
    let id = stage.text("feed.xml").split("release:").nth(1).unwrap()[..16].to_owned();
    let leak = stage.with("feed.xml", &id, "0123456789abcdef");
    stage.found(&leak, &stage.published.bytes, FindingKind::Hash, "feed.xml");
}

fn an_interval_that_fixes_its_count() {
    let stage = Stage::new();
    let (shown, _) = stage.shown_and_hidden("recorded_of_elsewhere");
    let file = "data/completeness.csv";
    let line = stage
        .text(file)
        .lines()
        .find(|l| l.contains(&format!(",{},2023,all,", shown.code)))
        .unwrap();
    // Its low end was worked out from the number as it is: one per cent higher than the rounded numbers give.
    let low = stage.cell(&shown.code, "low");
    let other = (low.parse::<i64>().unwrap() + 1).to_string();
    let high = stage.cell(&shown.code, "high");
    let (from, to) = (format!(",{low},shown,{high},"), format!(",{other},shown,{high},"));
    let leak = stage.with(file, line, &line.replace(&from, &to));
    stage.found(&leak, &stage.published.bytes, FindingKind::Cell, file);
}

fn an_estimates_low_end() {
    let stage = Stage::new();
    let file = "data/counts.csv";
    // Beside a hidden number of people found, any low end is an answer.
    let hidden = stage.text(file).lines().find(|l| {
        l.contains(",suppressed,,suppressed,,suppressed,,suppressed,,suppressed,suppressed,suppressed")
    });
    let hidden = hidden.expect("a row that hides all");
    let told = hidden.replace(
        ",suppressed,,suppressed,suppressed,",
        ",suppressed,5,shown,suppressed,",
    );
    let leak = stage.with(file, hidden, &told);
    stage.found(&leak, &stage.published.bytes, FindingKind::Cell, file);
    // One that is not rounded says what it rests on.
    let shown = stage
        .text(file)
        .lines()
        .find(|l| l.contains(",organisation,") && l.contains(",90,shown,"))
        .expect("a row");
    let leak = stage.with(file, shown, &shown.replacen(",90,shown,", ",88,shown,", 1));
    let report = stage.attack(&leak);
    assert!(
        report.findings.iter().any(|f| f.file == file),
        "{:?}",
        super::support::lines(&report)
    );
}
