// Sorts and filters the table of hospitals, finds one by postcode, and copies letters. Everything works without this file: it adds its own controls.
// Figures are not offered for sorting: hospitals are never ranked.
"use strict";
(() => {
  const words = (cell) => cell.textContent.trim().toLowerCase();
  // On a Welsh page what the script adds is Welsh too; like the page, not checked by a translator yet.
  const said = (english, welsh) => (document.documentElement.lang === "cy" ? welsh : english);

  const sortable = (table) => {
    const body = table.tBodies[0];
    [...table.tHead.rows[0].cells].slice(0, 2).forEach((head, column) => {
      const button = document.createElement("button");
      button.type = "button";
      button.append(...head.childNodes);
      head.append(button);
      if (column === 0) head.setAttribute("aria-sort", "ascending");
      button.addEventListener("click", () => {
        const down = head.getAttribute("aria-sort") === "ascending";
        for (const other of head.parentNode.cells) other.removeAttribute("aria-sort");
        head.setAttribute("aria-sort", down ? "descending" : "ascending");
        const name = (row) => words(row.cells[0]);
        const rows = [...body.rows].sort((a, b) =>
          words(a.cells[column]).localeCompare(words(b.cells[column]), "en-GB") * (down ? -1 : 1)
          || name(a).localeCompare(name(b), "en-GB"));
        body.append(...rows);
      });
    });
  };

  // A field to look for something, and what it says of it. What is typed stays on the page: no dictionary of the browser's is asked.
  const field = (id, words) => {
    const box = document.createElement("div");
    box.className = "find";
    const label = document.createElement("label");
    label.htmlFor = id;
    label.textContent = words;
    const input = document.createElement("input");
    input.id = id;
    input.type = "search";
    input.autocomplete = "off";
    input.spellcheck = false;
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    box.append(label, input, status);
    return { box, input, status };
  };

  const shownOf = (shown) => (shown === 1 ? said("1 hospital shown", "Dangosir 1 ysbyty") : said(`${shown} hospitals shown`, `Dangosir ${shown} ysbyty`));

  // Letters and figures only, without accents: "St Georges" is St George’s, and "Mon" is Môn.
  const plain = (text) => text.replace(/['’‘ʼ`´]/g, "").normalize("NFKD").replace(/\p{M}/gu, "").toLowerCase().replace(/[^\p{L}\p{N}]+/gu, " ").trim();

  // What many hospitals are called: it tells none from another, and the names in the table leave much of it out.
  const COMMON = "and board care foundation health hospital hospitals hsc nhs of social teaching the trust university bwrdd gig iechyd prifysgol ymddiriedolaeth ysbyty".split(" ");

  /** The rows that have every word of what was typed; words that many have count only where there are no others. */
  const called = (rows, typed) => {
    const all = plain(typed).split(" ");
    const telling = all.filter((word) => !COMMON.includes(word));
    const wanted = telling.length > 0 ? telling : all;
    const having = (words) => rows.filter(({ name }) => words.every((word) => name.includes(word)));
    const found = having(wanted);
    // The last word may be one of those that many have, and not finished yet: "Fife NH".
    const begun = wanted.length > 1 && COMMON.some((word) => word.startsWith(wanted[wanted.length - 1]));
    return found.length === 0 && begun ? having(wanted.slice(0, -1)) : found;
  };

  /** What is said where no hospital is called so, with the way to look by postcode where the page has one. */
  const noneCalled = () => {
    const words = said("No hospital in the table is called so. Hospitals are listed by trust or board, which may have another name.", "Nid oes ysbyty o’r enw hwn yn y tabl. Rhestrir ysbytai yn ôl ymddiriedolaeth neu fwrdd, a all fod ag enw arall.");
    const page = document.querySelector("main a[href$='postcodes.html']");
    if (!page) return [words];
    const link = document.createElement("a");
    link.href = page.href;
    link.textContent = said("Try your postcode", "Rhowch gynnig ar eich cod post");
    return [words, " ", link, "."];
  };

  const findable = (table) => {
    const { box, input, status } = field("find-hospital", said("Find a hospital by name or nation", "Dod o hyd i ysbyty yn ôl enw neu genedl"));
    const rows = [...table.tBodies[0].rows].map((row) => ({ row, name: plain([...row.cells[0].childNodes].map((part) => part.textContent).join(" ")) }));
    // Before the map, where there is one. While something is looked for, what stands between the field and the table makes room.
    (document.querySelector("main .ways") ?? table).before(box);
    const between = document.querySelectorAll("main .ways, main .with-map, main .letters");
    input.addEventListener("input", () => {
      const typed = input.value.trim() !== "";
      const found = called(rows, input.value);
      for (const { row } of rows) row.hidden = true;
      for (const { row } of found) row.hidden = false;
      for (const part of between) part.hidden = typed;
      status.replaceChildren(...(!typed ? [] : found.length === 0 ? noneCalled() : [shownOf(found.length)]));
    });
  };

  // A whole postcode: its district, then a figure and two letters; and the same while these are being typed.
  const WHOLE = /^([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]{2}$/;
  const BEGUN = /^([A-Z]{1,2}[0-9][A-Z0-9]?)[0-9][A-Z]?$/;

  /** The districts of the list that are meant: those of an area while two signs are typed, and then one. */
  const meant = (typed, known) => {
    const upper = typed.toUpperCase();
    const signs = upper.replace(/[^A-Z0-9]/g, "");
    const before = /^\s*([A-Z0-9]+)\s/.exec(upper)?.[1];
    const whole = WHOLE.exec(signs)?.[1];
    const starting = known.filter((district) => district.startsWith(signs));
    if (signs.length < 3 && !known.includes(before)) return starting;
    const readings = whole ? [whole] : [before, signs, BEGUN.exec(signs)?.[1]].filter(Boolean);
    // A district of London may be divided further than the list says: W1A is in W1.
    const undivided = (reading) => reading.replace(/^([A-Z]{1,2}[0-9])[A-Z]$/, "$1");
    const one = readings.flatMap((reading) => [reading, undivided(reading)]).find((reading) => known.includes(reading));
    return one ? [one] : starting;
  };

  // The hospitals nearest to a postcode; all of them where nothing is typed, or nothing that is known.
  const districts = (list) => {
    const { box, input, status } = field("find-district", said("Your postcode, or its first half", "Eich cod post, neu ei hanner cyntaf"));
    input.autocapitalize = "characters";
    const letters = list.querySelector(".letters");
    letters.before(box);
    const areas = [...list.querySelectorAll(".area")].map((area) => ({
      area,
      rows: [...area.querySelectorAll("li")].map((row) => ({ row, here: row.querySelector(".districts").textContent.split(", ") })),
    }));
    const known = areas.flatMap(({ rows }) => rows.flatMap(({ here }) => here));
    input.addEventListener("input", () => {
      const typed = input.value.trim() !== "";
      const wanted = typed ? meant(input.value, known) : [];
      const all = wanted.length === 0;
      let shown = 0;
      for (const { area, rows } of areas) {
        for (const { row, here } of rows) {
          row.hidden = !all && !here.some((district) => wanted.includes(district));
          shown += row.hidden ? 0 : 1;
        }
        area.hidden = rows.every(({ row }) => row.hidden);
      }
      letters.hidden = !all;
      status.textContent = !typed ? "" : all ? said("We do not know this postcode. Choose its first part from the list.", "Nid ydym yn adnabod y cod post hwn. Dewiswch ei ran gyntaf o’r rhestr.") : shownOf(shown);
    });
  };

  for (const list of document.querySelectorAll("[data-districts]")) districts(list);

  const copyable = (letter) => {
    const bar = document.createElement("p");
    bar.className = "made";
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button";
    button.textContent = said("Copy the letter", "Copïo’r llythyr");
    const status = document.createElement("span");
    status.setAttribute("role", "status");
    bar.append(button, " ", status);
    letter.after(bar);
    const select = () => {
      getSelection().selectAllChildren(letter);
      status.textContent = said("The letter is selected: copy it with your keyboard or menu.", "Mae’r llythyr wedi’i ddewis: copïwch ef gyda’ch bysellfwrdd neu’ch dewislen.");
    };
    button.addEventListener("click", () => {
      if (!navigator.clipboard) return select();
      navigator.clipboard.writeText(letter.innerText).then(() => { status.textContent = said("Copied.", "Wedi’i gopïo."); }, select);
    });
  };

  for (const letter of document.querySelectorAll("[data-copy]")) copyable(letter);
  for (const table of document.querySelectorAll("table[data-sortable]")) {
    sortable(table);
    if (table.tBodies[0].rows.length > 8) findable(table);
  }
})();
