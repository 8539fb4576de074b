// Sorts and filters the table of hospitals, and copies letters. Everything works without this file: it adds its own controls.
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

  const findable = (table) => {
    const box = document.createElement("div");
    box.className = "find";
    const label = document.createElement("label");
    label.htmlFor = "find-hospital";
    label.textContent = said("Find a hospital by name or nation", "Dod o hyd i ysbyty yn ôl enw neu genedl");
    const input = document.createElement("input");
    input.id = "find-hospital";
    input.type = "search";
    input.autocomplete = "off";
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    box.append(label, input, status);
    table.before(box);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toLowerCase();
      let shown = 0;
      for (const row of table.tBodies[0].rows) {
        row.hidden = !words(row.cells[0]).includes(wanted);
        if (!row.hidden) shown += 1;
      }
      status.textContent = wanted === "" ? "" : shown === 1 ? said("1 hospital shown", "Dangosir 1 ysbyty") : said(`${shown} hospitals shown`, `Dangosir ${shown} ysbyty`);
    });
  };

  // The first half of a postcode: the lists of the districts that begin so. What is typed stays on the page.
  const districts = (list) => {
    const box = document.createElement("div");
    box.className = "find";
    const label = document.createElement("label");
    label.htmlFor = "find-district";
    label.textContent = said("The first half of your postcode", "Hanner cyntaf eich cod post");
    const input = document.createElement("input");
    input.id = "find-district";
    input.type = "search";
    input.autocomplete = "off";
    const status = document.createElement("p");
    status.setAttribute("role", "status");
    box.append(label, input, status);
    list.prepend(box);
    input.addEventListener("input", () => {
      const wanted = input.value.trim().toUpperCase().replace(/ .*/, "");
      let shown = 0;
      for (const area of list.querySelectorAll(".area")) {
        let any = false;
        for (const row of area.querySelectorAll("li")) {
          const here = row.querySelector(".districts").textContent.split(", ");
          row.hidden = !here.some((one) => one === wanted || (wanted.length < 3 && one.startsWith(wanted)) || wanted === "");
          any ||= !row.hidden;
          shown += row.hidden ? 0 : 1;
        }
        area.hidden = !any;
      }
      status.textContent = wanted === "" ? "" : shown === 0 ? said("No district is called so", "Nid oes dosbarth o’r enw hwn") : shown === 1 ? said("1 hospital shown", "Dangosir 1 ysbyty") : said(`${shown} hospitals shown`, `Dangosir ${shown} ysbyty`);
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
