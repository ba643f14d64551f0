"use strict";
(() => {
  const countries = JSON.parse(document.getElementById("country-data").textContent);
  const choice = document.getElementById("country");
  const panel = document.getElementById("country-panel");

  function element(tag, text, attributes = {}) {
    const made = document.createElement(tag);
    made.textContent = text;
    for (const [name, value] of Object.entries(attributes)) made.setAttribute(name, value);
    return made;
  }

  function row(cells, tags, attributes) {
    const made = document.createElement("tr");
    made.append(...cells.map((text, at) => element(tags[at], text, attributes[at])));
    return made;
  }

  function table(scenario) {
    const box = element("div", "", { class: "scroll", tabindex: "0", role: "group", "aria-label": scenario.title });
    const made = document.createElement("table");
    const head = document.createElement("thead");
    const body = document.createElement("tbody");
    const column = { scope: "col" };
    head.append(row(["what", "value", "against the baseline", "chance"], Array(4).fill("th"), Array(4).fill(column)));
    body.append(...scenario.rows.map((cells) => row(cells, ["th", "td", "td", "td"], [{ scope: "row" }])));
    made.append(element("caption", scenario.title), head, body);
    box.append(made);
    return box;
  }

  function show() {
    const country = countries[choice.value];
    panel.replaceChildren(...country.said.map((text) => element("p", text)), ...country.scenarios.map(table));
  }

  choice.addEventListener("change", show);
  show();
})();
