// Checks a published site in a real browser: node check.mjs SITE [--all | PAGE…]
//
// One page of every kind (or every page with --all, or the pages named), at phone and desk width, light and dark:
//   accessibility (axe, WCAG 2.2 AA and good practice) · no request leaves the site · no sideways scroll, down to
//   320 px, and with the text spaced as WCAG 1.4.12 allows a reader to or twice as large · no large number breaks ·
//   no number of a scale breaks or runs into the next · panels beside each other stand on one line ·
//   the content policy is kept · every pin of the map is reached by keyboard · the same words without script ·
//   a pack for a board is printed on two pages of A4 · hospitals are found as people type their names and postcodes ·
//   a page marked as invented says so.
// Ends with 0 when all is well, 1 when something is not, 2 when the call is wrong.

import { readFile, readdir, stat } from "node:fs/promises";
import { createServer } from "node:http";
import { createRequire } from "node:module";
import { availableParallelism } from "node:os";
import path from "node:path";
import { chromium } from "playwright-core";
import { finds } from "./find.mjs";

const [site, ...flags] = process.argv.slice(2);
if (!site || !(await stat(path.join(site, "index.html")).catch(() => null))) {
  console.error("usage: node check.mjs SITE [--all | PAGE…]   (SITE is a folder with index.html)");
  process.exit(2);
}
const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
const executablePath = process.env.CHROMIUM ?? "/usr/bin/chromium";
const KINDS = { ".html": "text/html", ".css": "text/css", ".js": "text/javascript", ".svg": "image/svg+xml", ".csv": "text/csv", ".json": "application/json", ".png": "image/png", ".pdf": "application/pdf" };

const problems = [];
const problem = (page, what) => problems.push(`${page}: ${what}`);

const server = createServer(async (request, response) => {
  const wanted = path.join(site, path.normalize(decodeURIComponent(new URL(request.url, "http://x").pathname)));
  const file = wanted.endsWith(path.sep) ? path.join(wanted, "index.html") : wanted;
  const content = file.startsWith(path.resolve(site)) || file.startsWith(site) ? await readFile(file).catch(() => null) : null;
  response.writeHead(content ? 200 : 404, { "content-type": KINDS[path.extname(file)] ?? "application/octet-stream" });
  response.end(content ?? "");
});
await new Promise((ready) => server.listen(0, "127.0.0.1", ready));
const origin = `http://127.0.0.1:${server.address().port}`;

const htmlIn = async (folder) =>
  (await readdir(path.join(site, folder)).catch(() => [])).filter((f) => f.endsWith(".html")).sort().map((f) => path.posix.join(folder, f));

/** One page of every kind, in each language: of hospitals, one for every state. */
const choose = async () => {
  const named = flags.filter((flag) => !flag.startsWith("--"));
  if (named.length > 0) return named;
  const folders = ["", "hospitals", "nations", "networks", "letters", "packs", "reports"];
  const inEach = (root) => Promise.all(folders.map((folder) => htmlIn(path.posix.join(root, folder))));
  const english = await inEach("");
  const welsh = (await inEach("cy")).flat();
  if (flags.includes("--all")) return [...english.flat(), ...welsh];
  const [top, hospitals, nations, networks, letters, packs, reports] = english;
  const byState = new Map();
  for (const page of hospitals.filter((p) => !/(index|hexagons|postcodes).html$/.test(p))) {
    const html = await readFile(path.join(site, page), "utf8");
    const state = /class="state-card">.*?class="pin (\w+)"/s.exec(html)?.[1] ?? "none";
    if (!byState.has(state)) byState.set(state, page);
  }
  const chosen = [...top, ...hospitals.filter((p) => /(index|hexagons|postcodes).html$/.test(p)), ...byState.values(), ...nations.slice(0, 1), ...nations.filter((p) => p.endsWith("index.html")), ...networks.slice(0, 1), ...letters.slice(0, 1), ...packs.slice(0, 1), ...reports.slice(0, 1)];
  return [...chosen, ...chosen.map((p) => `cy/${p}`).filter((p) => welsh.includes(p))];
};

const watch = (page, name) => {
  page.on("request", (request) => {
    if (!request.url().startsWith(origin)) problem(name, `a request leaves the site: ${request.url()}`);
  });
  page.on("response", (response) => {
    if (response.status() >= 400) problem(name, `${response.status()} for ${response.url()}`);
  });
  page.on("console", (message) => {
    if (message.type() === "error") problem(name, `the browser complains: ${message.text()}`);
  });
  page.on("pageerror", (error) => problem(name, `the script fails: ${error.message}`));
};

const open = async (browser, name, options) => {
  const context = await browser.newContext(options);
  const page = await context.newPage();
  watch(page, name);
  await page.goto(`${origin}/${name}`);
  return { context, page };
};

/** Whatever a reader may open is looked at as well. */
const unfold = (page) => page.evaluate(() => { for (const part of document.querySelectorAll("details")) part.open = true; });

/** Widths and colours in which axe looks at a page. */
const LOOKS = [[390, "light"], [1280, "light"], [1280, "dark"]];

/** One opened page in every look; in the end with the text larger, and spaced, since only here a style may be put into the page. */
const accessible = async (browser, name) => {
  // Only this look goes round the content policy, because axe has to be put into the page.
  const { context, page } = await open(browser, name, { viewport: { width: 390, height: 900 }, bypassCSP: true });
  await unfold(page);
  await page.evaluate(axe);
  for (const [width, colorScheme] of LOOKS) {
    await page.setViewportSize({ width, height: 900 });
    await page.emulateMedia({ colorScheme });
    const result = await page.evaluate(() =>
      globalThis.axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"], resultTypes: ["violations"] }));
    for (const violation of result.violations) {
      problem(name, `${width} px, ${colorScheme}, ${violation.id}: ${violation.help} (${violation.nodes.length}: ${violation.nodes[0].target})`);
    }
  }
  const large = await page.addStyleTag({ content: LARGE });
  await fits(page, name, 360, ", letters twice as large");
  await large.evaluate((style) => style.remove());
  await page.addStyleTag({ content: SPACED });
  for (const width of [320, 1280]) await fits(page, name, width, ", spaced");
  await context.close();
};

/** Letters twice as large, which nobody may lose anything by (WCAG 1.4.4). */
const LARGE = "html { font-size: 200% !important; }";

/** What a reader may set without losing anything (WCAG 1.4.12). It also stands for a font wider than ours. */
const SPACED = "* { letter-spacing: 0.12em !important; word-spacing: 0.16em !important; line-height: 1.5 !important; } p { margin-bottom: 2em !important; }";

/** The large number of a page may have as many signs as a nation needs, and the class that the page gives it then. */
const NUMBERS = [["4,190", "number"], ["52,340", "number signs-6"], ["100,000", "number signs-7"], ["1,234,567", "number signs-9"]];

/** In one piece and within its column, however long it is. */
const largeNumbers = (page) =>
  page.evaluate((numbers) => [...document.querySelectorAll(":is(.hero, .report) .answer .number")].filter((e) => !e.closest(".real")).flatMap((strong) => {
    const before = [strong.textContent, strong.className];
    const wrong = numbers.flatMap(([number, size]) => {
      [strong.textContent, strong.className] = [number, size];
      const range = document.createRange();
      range.selectNodeContents(strong);
      const lines = new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size;
      const over = range.getBoundingClientRect().right - strong.closest(".answer").getBoundingClientRect().right;
      return [...(lines > 1 ? [`${number} breaks`] : []), ...(over > 1 ? [`${number} runs over its column`] : [])];
    });
    [strong.textContent, strong.className] = before;
    return wrong;
  }), NUMBERS);

/** No number of a scale breaks or runs into the next: as it is, and five figures long, as a large nation has it. */
const axes = (page) =>
  page.evaluate(() => [...document.querySelectorAll("div.axis")].filter((axis) => axis.checkVisibility()).flatMap((axis) => {
    const all = [...axis.querySelectorAll("li")];
    const wrong = () => {
      const shown = all.filter((li) => getComputedStyle(li).visibility === "visible").map((li) => {
        const range = document.createRange();
        range.selectNodeContents(li);
        return { words: li.textContent, lines: new Set([...range.getClientRects()].map((r) => Math.round(r.top))).size, ...range.getBoundingClientRect().toJSON() };
      });
      const meets = (one, at) => at > 0 && one.left < shown[at - 1].right + 1;
      return shown.flatMap((one, at) => [...(one.lines > 1 ? [`${one.words} breaks`] : []), ...(meets(one, at) ? [`${one.words} runs into ${shown[at - 1].words}`] : [])]);
    };
    const before = [axis.className, all.map((li) => li.textContent)];
    const found = wrong();
    // The scales that count people have at most five steps.
    if (all.length <= 6 && !before[1][0].endsWith("%")) {
      axis.classList.add("long");
      all.forEach((li, at) => { li.textContent = at === 0 ? "0" : `${at}0,000`; });
      found.push(...wrong());
      axis.className = before[0];
      all.forEach((li, at) => { li.textContent = before[1][at]; });
    }
    return found.slice(0, 2).map((what) => `a scale of ${axis.closest("figure")?.querySelector("figcaption")?.id}: ${what}`);
  }).slice(0, 4));

/** Panels whose titles begin on one line stand on one line. */
const unevenPanels = (page) =>
  page.evaluate(() => [...document.querySelectorAll(".panels")].some((panels) => {
    const place = (panel, part) => Math.round(panel.querySelector(part).getBoundingClientRect()[part === "svg" ? "bottom" : "top"]);
    const all = [...panels.querySelectorAll("figure")].map((panel) => [place(panel, "figcaption"), place(panel, "svg")]);
    return all.some(([top, bottom]) => all.some(([other, stands]) => top === other && Math.abs(bottom - stands) > 1));
  }));

const fits = async (page, name, width, how = "") => {
  await page.setViewportSize({ width, height: 844 });
  const { scroll, cut } = await page.evaluate(() => ({
    scroll: document.documentElement.scrollWidth,
    cut: [...document.querySelectorAll("main *")]
      .filter((e) => !e.closest("svg") && e.getBoundingClientRect().right > document.documentElement.clientWidth + 1)
      .slice(0, 3)
      .map((e) => `${e.tagName.toLowerCase()}.${e.className}`),
  }));
  if (scroll > width) problem(name, `scrolls sideways at ${width} px${how} (${scroll})`);
  if (cut.length > 0) problem(name, `cut off at ${width} px${how}: ${cut.join(", ")}`);
  if (await unevenPanels(page)) problem(name, `panels beside each other do not stand on one line at ${width} px${how}`);
  for (const wrong of [...(await largeNumbers(page)), ...(await axes(page))]) problem(name, `${wrong} at ${width} px${how}`);
};

const words = (page) =>
  page.locator("main").evaluate((main) => {
    const copy = main.cloneNode(true);
    for (const made of copy.querySelectorAll(".find, .made")) made.remove();
    return copy.textContent.replace(/\s+/g, " ").trim();
  });

/** As a reader gets it: with nothing put into the page, and with script off. */
const asItIs = async (browser, name) => {
  const viewport = { width: 1280, height: 900 };
  const on = await open(browser, name, { viewport });
  const off = await open(browser, name, { viewport, javaScriptEnabled: false });
  if ((await words(on.page)) !== (await words(off.page))) problem(name, "says something else without script");
  const links = (page) => page.locator("main a").count();
  if ((await links(on.page)) !== (await links(off.page))) problem(name, "has other links without script");
  await off.context.close();
  await unfold(on.page);
  for (const width of [320, 390, 900, 1280]) await fits(on.page, name, width);
  await on.context.close();
};

const keyboard = async (browser, name) => {
  const { context, page } = await open(browser, name, { viewport: { width: 1280, height: 900 } });
  const pins = await page.locator("svg.map a").count();
  const all = await page.locator("a[href], button, input").count();
  const reached = new Set();
  for (let press = 0; press < all + 3; press += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const here = document.activeElement;
      return here?.closest("svg.map") ? [...document.querySelectorAll("svg.map a")].indexOf(here) : null;
    });
    if (at !== null) reached.add(at);
  }
  if (reached.size !== pins) problem(name, `the keyboard reaches ${reached.size} of ${pins} pins`);
  await context.close();
};

/** A pack for a board is two pages of A4, whatever stands in it. */
const printed = async (browser) => {
  const context = await browser.newContext();
  const page = await context.newPage();
  for (const name of flags.length > 0 && !flags.includes("--all") ? pages.filter((p) => p.startsWith("packs/")) : await htmlIn("packs")) {
    await page.goto(`${origin}/${name}`);
    const pdf = (await page.pdf({ preferCSSPageSize: true })).toString("latin1");
    const pages = (pdf.match(/\/Type\s*\/Page[^s]/g) ?? []).length;
    if (pages !== 2) problem(name, `is printed on ${pages} pages, not 2`);
  }
  await context.close();
};

const invented = async (name) => {
  const html = await readFile(path.join(site, name), "utf8");
  const front = await readFile(path.join(site, "index.html"), "utf8");
  if (!front.includes("Invented people and hospitals")) return;
  const words = name.startsWith("cy/") ? "Pobl ac ysbytai dychmygol" : "Invented people and hospitals";
  if (!html.includes(words)) problem(name, "does not say that people and hospitals are invented");
  if (!/<meta name="robots" content="noindex/.test(html)) problem(name, "may be indexed though it is invented");
};

const pages = await choose();
const browser = await chromium.launch({
  executablePath,
  args: ["--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update", "--disable-sync"],
});
/** Every look at one page. */
const look = async (name) => {
  await accessible(browser, name);
  await asItIs(browser, name);
  await invented(name);
};

const walked = pages.filter((p) => ["index.html", "hospitals/index.html", "hospitals/hexagons.html"].includes(p));
// The longest first, so that no processor waits at the end.
const work = [() => printed(browser), () => finds(browser, origin, problem), ...walked.map((name) => () => keyboard(browser, name)), ...pages.map((name) => () => look(name))];
const worker = async () => {
  for (let next = work.shift(); next; next = work.shift()) await next();
};
try {
  await Promise.all(Array.from({ length: availableParallelism() }, worker));
} finally {
  await browser.close();
  server.close();
}
for (const line of problems.sort()) console.error(line);
console.log(`${pages.length} pages checked, ${problems.length} problems`);
process.exit(problems.length > 0 ? 1 : 0);
