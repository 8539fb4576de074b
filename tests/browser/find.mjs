// What is typed, and who is shown: the site's own script on a table and a list that are drawn here, so that any site will do.

const HOSPITALS = ["Airedale", "Barts Health", "Belfast", "Betsi Cadwaladr", "Cambridge University Hospitals", "Guy's and St Thomas'", "Queen Elizabeth Hospital King's Lynn", "St George’s University Hospitals", "Ynys Môn", "Yr Wŷl"];

/** Typed, and who is shown; none for what no hospital is called. */
const NAMES = [
  ["St Georges", "St George’s University Hospitals"],
  ["st george's", "St George’s University Hospitals"],
  ["St. George’s", "St George’s University Hospitals"],
  ["Kings Lynn", "Queen Elizabeth Hospital King's Lynn"],
  ["St Thomas & Guys", "Guy's and St Thomas'"],
  ["Cambridge University Hospitals NHS Foundation Trust", "Cambridge University Hospitals"],
  ["Belfast HSC", "Belfast"],
  ["Belfast Health and Social Care Trust", "Belfast"],
  ["Bwrdd Iechyd Prifysgol Betsi Cadwaladr", "Betsi Cadwaladr"],
  ["Airedale Hosp", "Airedale"],
  ["Health", "Barts Health"],
  ["ynys mon", "Ynys Môn"],
  ["Môn", "Ynys Môn"],
  ["wyl", "Yr Wŷl"],
  ["Addenbrooke's", ""],
];

const DISTRICTS = [["EC", "EC1, EC2A", "Barts"], ["M", "M1, M2", "Salford"], ["M", "M13, M19", "Manchester"], ["SW", "SW1, SW1A", "Westminster"], ["SW", "SW17", "St George’s"], ["W", "W1, W1B", "Marylebone"]];

/** Typed, and who is shown: everybody for a postcode that is not known. */
const POSTCODES = [
  ["SW17 0QT", "St George’s"],
  ["SW170QT", "St George’s"],
  ["sw17 0qt", "St George’s"],
  ["SW17 0", "St George’s"],
  ["SW170Q", "St George’s"],
  ["SW1A 1AA", "Westminster"],
  ["sw-17", "St George’s"],
  ["SW", "Westminster, St George’s"],
  ["M13", "Manchester"],
  ["M139PL", "Manchester"],
  ["M139", "Manchester"],
  // Both are there: M1, and M19, of which M1 9PL says nothing.
  ["M19", "Manchester"],
  ["M1 9", "Salford"],
  ["M19PL", "Salford"],
  ["EC1A1BB", "Barts"],
  ["EC1A", "Barts"],
  ["W1A 1AA", "Marylebone"],
  ["JE2 3AB", "unknown"],
  ["M99 9ZZ", "unknown"],
];

const page = (lang, main) => `<!DOCTYPE html><html lang="${lang}"><head><title>Drawn</title><script src="/assets/site.js" defer></script></head><body><main>${main}</main></body></html>`;

const table = `<p class="ways"><a href="postcodes.html">Find a hospital by postcode</a></p>
<table data-sortable="yes"><thead><tr><th>Hospital trust or board</th><th>State</th></tr></thead><tbody>
${HOSPITALS.map((name) => `<tr><th scope="row"><a href="x.html">${name}</a><span>Albion</span></th><td>Recording</td></tr>`).join("")}</tbody></table>`;

const list = `<div data-districts="yes"><nav class="letters"></nav>
${DISTRICTS.map(([area, districts, name]) => `<div class="area"><h3>${area}</h3><ul><li><span class="districts">${districts}</span> <a href="x.html">${name}</a></li></ul></div>`).join("")}</div>`;

/** Types each into the field and compares who is shown. Nothing that is typed leaves the page, not even to the site. */
const typed = async (drawn, { field, rows, examples, said }, complain) => {
  let sent = 0;
  drawn.on("request", () => { sent += 1; });
  for (const [words, wanted] of examples) {
    await drawn.fill(field, words);
    const shown = (await drawn.locator(rows).locator("visible=true").allTextContents()).join(", ");
    const status = await drawn.locator("[role=status]").textContent();
    const all = (await drawn.locator(rows).allTextContents()).join(", ");
    const none = wanted === "" || wanted === "unknown";
    if (shown !== (wanted === "unknown" ? all : wanted)) complain(`“${words}” shows “${shown}”`);
    if (none !== status.startsWith(said)) complain(`“${words}” says “${status}”`);
  }
  if (sent > 0 || new URL(drawn.url()).search !== "") complain("what is typed leaves the page");
};

/** Looks for hospitals by name and by postcode, in both languages. */
export const finds = async (browser, origin, problem) => {
  const context = await browser.newContext();
  for (const [lang, noName, noPostcode] of [["en-GB", "No hospital in the table is called so.", "We do not know this postcode."], ["cy", "Nid oes ysbyty o’r enw hwn yn y tabl.", "Nid ydym yn adnabod y cod post hwn."]]) {
    for (const [name, main, look] of [
      ["names", table, { field: "#find-hospital", rows: "tbody th a", examples: NAMES, said: noName }],
      ["postcodes", list, { field: "#find-district", rows: ".area li a", examples: POSTCODES, said: noPostcode }],
    ]) {
      const drawn = await context.newPage();
      await drawn.route(`${origin}/drawn.html`, (route) => route.fulfill({ contentType: "text/html; charset=utf-8", body: page(lang, main) }));
      await drawn.goto(`${origin}/drawn.html`);
      const complain = (what) => problem(`looking for ${name} (${lang})`, what);
      await typed(drawn, look, complain);
      if (name === "names" && (await drawn.locator("[role=status] a[href$='postcodes.html']").count()) !== 1) complain("who finds no name is not led to the postcodes");
      await drawn.close();
    }
  }
  await context.close();
};
