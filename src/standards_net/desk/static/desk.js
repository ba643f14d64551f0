// The desk in the browser: what is moved goes to the model as one message, what comes back is shown.
"use strict";
(() => {
  const all = (selector, within = document) => [...within.querySelectorAll(selector)];
  const one = (selector, within = document) => within.querySelector(selector);
  let sent = 0;
  const send = (name, value, simulates = true) => {
    if (simulates) document.body.dataset.asked = performance.now();
    Shiny.setInputValue(name, {value, sent: ++sent}, {priority: "event"});
  };

  // -- levers ------------------------------------------------------------------------------
  const valueOf = (field) => {
    if (field.dataset.kind === "flag") return field.checked;
    if (field.dataset.kind === "text") return field.value;
    return field.value === "" ? null : Number(field.value);
  };
  const label = (range) => {
    const percent = range.dataset.unit === "%";
    one("output", range.closest("label")).textContent =
      `${percent ? Math.round(100 * range.value) : Number(range.value)} ${range.dataset.unit}`;
  };
  const move = (lever) => {
    const box = one(`details[data-lever="${lever}"]`);
    const given = Object.fromEntries(all("[data-field]", box).map((f) => [f.dataset.field, valueOf(f)]));
    send("moved", {lever, arguments: given});
  };
  all("input[type=range]").forEach((range) => {
    label(range);
    range.addEventListener("input", () => label(range));
    range.addEventListener("change", () => move(range.closest("details").dataset.lever));
  });
  document.addEventListener("click", (event) => {
    const button = event.target.closest("button");
    if (button) {
      if (button.dataset.apply) move(button.dataset.apply);
      if (button.dataset.event) send(button.dataset.event, null);
      if (button.dataset.remove) send("removed", Number(button.dataset.remove));
      if (button.dataset.move) send("moved", JSON.parse(button.dataset.move));
    }
    const shape = event.target.closest("#map [data-code]");
    if (shape) choose(shape.dataset.code);
  });
  document.addEventListener("keydown", (event) => {
    if (!(event.ctrlKey || event.metaKey) || event.key.toLowerCase() !== "z") return;
    if (event.target.matches("input[type=number]")) return;
    event.preventDefault();
    send(event.shiftKey ? "redo" : "undo", null);
  });

  if (matchMedia("(max-width: 48rem)").matches) all("details.lever").forEach((box) => { box.open = false; });

  // -- what is asked of -----------------------------------------------------------------------
  all("[data-frame]").forEach((field) => field.addEventListener("change", () => {
    if (field.checkValidity()) send("framed", {[field.dataset.frame]: field.type === "number" ? Number(field.value) : field.value});
    else field.reportValidity();
  }));
  one("#frame").addEventListener("submit", (event) => event.preventDefault());
  const choose = (code) => { one("[data-country]").value = code; send("country", code); };
  one("[data-country]").addEventListener("change", (event) => send("country", event.target.value));
  one("[data-measure]").addEventListener("change", (event) => send("measure", event.target.value, false));
  one("[data-open]").addEventListener("change", async (event) => {
    const [file] = event.target.files;
    event.target.value = "";
    if (!file) return;
    if (file.size > 200000) { one("#told").textContent = `${file.name} has over 200 kB; a scenario has less.`; return; }
    send("opened", {name: file.name, text: await file.text()});
  });

  // -- tabs -----------------------------------------------------------------------------------
  const tabs = all("[role=tab]");
  const open = (tab, focus) => {
    tabs.forEach((each) => {
      const chosen = each === tab;
      each.setAttribute("aria-selected", chosen);
      each.tabIndex = chosen ? 0 : -1;
      one(`#${each.getAttribute("aria-controls")}`).hidden = !chosen;
    });
    if (focus) tab.focus();
    $(`#${tab.getAttribute("aria-controls")}`).trigger("shown");
  };
  tabs.forEach((tab, k) => {
    tab.addEventListener("click", () => open(tab, false));
    tab.addEventListener("keydown", (event) => {
      const step = {ArrowRight: 1, ArrowLeft: -1}[event.key];
      if (step) open(tabs[(k + step + tabs.length) % tabs.length], true);
    });
  });

  // -- map ------------------------------------------------------------------------------------
  const shades = ["#08306b", "#08519c", "#2171b5", "#6baed6", "#c6dbef", "#eeeeee", "#fdd0a2", "#fdae6b", "#e6761b", "#bd4f00", "#7f2f00"];
  let shown = null;
  const paint = () => {
    if (!shown) return;
    const change = one("[data-view]").value === "change";
    all("#map [data-code]").forEach((shape) => {
      const [colour, pale, standard, shade, text] = shown.economies[shape.dataset.code] || ["#d0d7de", 0, "", 0, ""];
      shape.style.fill = change ? shades[shade + 5] : standard === "china" ? "url(#hatch-china)" : colour;
      shape.classList.toggle("pale", !change && pale === 1);
      shape.classList.toggle("chosen", shape.dataset.code === shown.country);
      let title = one("title", shape);
      if (!title) shape.append(title = document.createElementNS("http://www.w3.org/2000/svg", "title"));
      title.textContent = text;
    });
    const key = one("#map-key");
    key.replaceChildren(...(change
      ? [["below -20 points", 0], ["-5", 2], ["no change", 5], ["+5", 8], ["above +20", 10]].map(([text, at]) => [text, shades[at]])
      : shown.key.map(([, words, colour, count]) => [`${words} (${count})`, colour])
    ).map(([text, colour]) => {
      const item = document.createElement("span"), box = document.createElement("i");
      box.style.background = colour;
      item.append(box, text);
      return item;
    }));
    one("#map-title").textContent = shown.title;
    one("#map-note").textContent = change ? "Mean over the draws, scenario less baseline." : "Pale: fewer than 90 % of the draws agree.";
    one("#map").setAttribute("aria-label", `World map. ${shown.title}: ${one("#map-key").textContent}. The table of economies has the same.`);
  };
  one("[data-view]").addEventListener("change", paint);

  // -- what comes back --------------------------------------------------------------------------
  Shiny.addCustomMessageHandler("map", (message) => { shown = message; paint(); });
  Shiny.addCustomMessageHandler("asked", (message) => {
    history.replaceState(null, "", `?${message.address}`);
    Object.entries(message.frame).forEach(([name, [value, text]]) => {
      const field = one(`[data-frame="${name}"]`);
      if (field.tagName === "SELECT" && ![...field.options].some((o) => o.value === value)) field.add(new Option(text, value));
      field.value = value;
    });
    one("[data-country]").value = message.country || "";
    one("#course-title").textContent = message.title;
    one('[data-event="undo"]').disabled = !message.undo;
    one('[data-event="redo"]').disabled = !message.redo;
    Object.entries(message.levers).forEach(([lever, given]) => {
      const box = one(`details[data-lever="${lever}"]`);
      Object.entries(given).forEach(([name, value]) => {
        const field = one(`[data-field="${name}"]`, box);
        if (field.dataset.kind === "flag") field.checked = value; else field.value = value === null ? "" : value;
        if (field.type === "range") label(field);
      });
    });
  });
  Shiny.addCustomMessageHandler("told", (message) => {
    all("[data-complaint]").forEach((each) => { each.textContent = each.dataset.complaint === message.lever ? message.text : ""; });
    one("#told").textContent = message.lever ? "" : message.text;
    if (message.text) delete document.body.dataset.asked;
  });
  // Figures for the test of speed: from a lever to what stands on the screen.
  Shiny.addCustomMessageHandler("answered", (message) => requestAnimationFrame(() => {
    const body = document.body.dataset;
    if (message.sent === sent && body.asked) { body.took = performance.now() - Number(body.asked); delete body.asked; }
    body.draws = message.draws;
    body.answered = message.sent;
  }));
})();
