"use strict";
// The network page: what is chosen above the drawing decides what stands in it, and where.
const nodes = new vis.DataSet(START), edges = new vis.DataSet([]);
const network = new vis.Network(document.getElementById("mynetwork"), { nodes, edges }, OPTIONS);
const $ = (id) => document.getElementById(id);
const place = new Map(P.countries.map((code, i) => [code, i]));
const onMap = new Map(START.map((node) => [node.id, { x: node.x, y: node.y }]));
const LABEL = 14, NEAR = 3, CHANGE = 50; // pixels of a name, of a gap; a change in per mille that is drawn
let chosen = null, timer = null, drawn = { layout: "", technology: "" };

// -- what is shown -------------------------------------------------------------------------------
const tech = () => P.technologies[$("technology").value];
const year = () => P.years[+$("year").value];
const frame = (scenario = $("scenario").value) => tech().frames[scenario][String(year())];
const vendorId = (v) => `vendor:${tech().vendors[v]}`;
const vendorColour = (v) => P.colours[tech().vendorBlocs[$("scenario").value][v]];
const bloc = (f, i) => f.b.charCodeAt(i) - 97;
const pct = (mille) => `${(mille / 10).toFixed(Math.abs(mille) >= 100 ? 0 : 1)} %`;
const points = (mille) => `${mille > 0 ? "+" : ""}${(mille / 10).toFixed(Math.abs(mille) >= 100 ? 0 : 1)} points`;
const written = (mille) => ($("less").value ? points(mille) : pct(mille));
function shares(f, i) { return tech().vendors.map((_, v) => parseInt(f.s[i].slice(2 * v, 2 * v + 2), 36)); }
/** Shares of a country, or how much they differ from those of the other scenario. */
function values(i) {
  const own = shares(frame(), i), less = $("less").value;
  if (!less) return own;
  const other = shares(frame(less), i);
  return own.map((mille, v) => mille - other[v]);
}
function heading() {
  const title = $("scenario").selectedOptions[0].textContent, less = $("less").value ? ` less ${$("less").selectedOptions[0].textContent}` : "";
  return `${title}${less}, ${$("technology").value}, ${year()}`;
}

// -- where it stands -------------------------------------------------------------------------------
/** Move discs apart until none overlaps another; the same for the same start. */
function spread(at, radius) {
  for (let turn = 0; turn < 120; turn += 1) {
    let moved = false;
    for (let i = 0; i < at.length; i += 1) for (let j = 0; j < i; j += 1) {
      let dx = at[i].x - at[j].x, dy = at[i].y - at[j].y;
      const reach = radius[i] + radius[j] + 8;
      if (Math.abs(dx) >= reach || Math.abs(dy) >= reach) continue;
      let d = Math.hypot(dx, dy);
      if (d >= reach) continue;
      if (d < 1e-6) { dx = Math.cos(i * 2.4); dy = Math.sin(i * 2.4); d = 1; }
      const push = 0.5 * (reach - d) / d, part = radius[j] / (radius[i] + radius[j]);
      at[i].x += 2 * part * push * dx; at[i].y += 2 * part * push * dy;
      at[j].x -= 2 * (1 - part) * push * dx; at[j].y -= 2 * (1 - part) * push * dy;
      moved = true;
    }
    if (!moved) break;
  }
  return at;
}
const round = (k, n, r, about = { x: 0, y: 0 }) => ({ x: about.x + r * Math.cos(2 * Math.PI * k / n - Math.PI / 2), y: about.y + 0.6 * r * Math.sin(2 * Math.PI * k / n - Math.PI / 2) });
const LAYOUTS = {
  map: () => ({ countries: P.countries.map((code) => ({ ...onMap.get(code) })), vendors: tech().vendorPlaces.map(([x, y]) => ({ x, y })) }),
  partners: () => LAYOUTS.map(),
  /** Vendors around the edge, countries between those that supply them. */
  suppliers: () => {
    const order = tech().vendors.map((_, v) => v).sort((a, b) => tech().vendorBlocs[$("scenario").value][a] - tech().vendorBlocs[$("scenario").value][b] || a - b);
    const vendors = []; order.forEach((v, k) => { vendors[v] = round(k, order.length, 1250); });
    const f = frame();
    const countries = P.countries.map((_, i) => shares(f, i).reduce((sum, mille, v) => ({ x: sum.x + 0.9 * mille / 1000 * vendors[v].x, y: sum.y + 0.9 * mille / 1000 * vendors[v].y }), { x: 0, y: 0 }));
    return { vendors, countries: spread(countries, tech().radius) };
  },
  /** Countries of a bloc together, its vendors below them. */
  blocs: () => {
    const f = frame(), of = P.countries.map((_, i) => bloc(f, i)), there = [...new Set(of)].sort();
    const centre = new Map(there.map((b, k) => [b, { x: 1300 * (k - (there.length - 1) / 2), y: 0 }]));
    const countries = [], seen = new Map();
    tech().largest.forEach((i) => {
      const k = seen.get(of[i]) || 0; seen.set(of[i], k + 1);
      const r = 46 * Math.sqrt(k), angle = 2.399963 * k;
      countries[i] = { x: centre.get(of[i]).x + r * Math.cos(angle), y: centre.get(of[i]).y + r * Math.sin(angle) };
    });
    const own = tech().vendorBlocs[$("scenario").value], count = new Map();
    const vendors = own.map((b) => {
      const k = count.get(b) || 0; count.set(b, k + 1);
      const at = centre.get(b) || { x: 1300 * (there.length + 1) / 2, y: 0 };
      return { x: at.x + 330 * (k % 3 - 1), y: at.y + 760 + 110 * Math.floor(k / 3) };
    });
    return { vendors, countries: spread(countries, tech().radius) };
  },
};
function firmNodes() {
  const firms = chosen && place.has(chosen) ? tech().operators[chosen] || [] : [];
  return firms.map(([name, weight, suppliers], k) => ({ name, weight, suppliers, id: `operator:${k}`, x: 560 * (k - (firms.length - 1) / 2), y: 0 }));
}

// -- the drawing -------------------------------------------------------------------------------------
function draw() {
  const f = frame(), layout = $("layout").value, technology = $("technology").value;
  $("yearout").textContent = year();
  $("frame").textContent = heading();
  $("tablecaption").textContent = heading();
  const moves = layout === "suppliers" || layout === "blocs" || drawn.layout !== layout || drawn.technology !== technology;
  const firms = layout === "operators" ? firmNodes() : [];
  const at = moves ? (LAYOUTS[layout] || LAYOUTS.map)() : null;
  const looks = P.countries.map((code, i) => {
    const near = chosen === null || chosen === code || chosen.startsWith("vendor:") || layout === "partners";
    return { id: code, color: P.colours[bloc(f, i)], shape: P.shapes[bloc(f, i)], title: tooltip(f, i), size: tech().radius[i], shapeProperties: { borderDashes: tech().estimated[i] ? [4, 3] : false }, opacity: near ? 1 : 0.18,
      hidden: layout === "operators" && firms.length > 0, ...(at ? at.countries[i] : {}) };
  });
  const kept = new Set(P.countries);
  tech().vendors.forEach((vendor, v) => {
    kept.add(vendorId(v));
    const where = firms.length ? { x: 330 * (v - (tech().vendors.length - 1) / 2), y: 520 + 95 * (v % 2) } : at ? at.vendors[v] : {};
    looks.push({ id: vendorId(v), label: tech().vendorNames[v], title: `${tech().vendorNames[v]}\nvendor, standard: ${P.blocs[tech().vendorBlocs[$("scenario").value][v]]}`,
      shape: "box", color: { background: "#ffffff", border: vendorColour(v) }, borderWidth: 4, font: { size: 40 }, hidden: layout === "partners", ...where });
  });
  firms.forEach((firm) => {
    kept.add(firm.id);
    looks.push({ id: firm.id, label: `${firm.name}\n${firm.weight} %`, title: `${firm.name}: ${firm.weight} % of subscribers`, shape: "ellipse", color: { background: "#ffffff", border: "#57606a" }, font: { size: 36 }, x: firm.x, y: firm.y });
  });
  nodes.remove(nodes.getIds().filter((id) => !kept.has(id)));
  nodes.update(looks);
  edges.clear();
  edges.add(layout === "partners" ? tieLines() : firms.length ? firmLines(firms) : supplyLines());
  drawn = { layout, technology };
  legend(f); detail(f); table(f);
  if (moves) network.fit();
  label();
  if (layout === "operators" && !firms.length) { $("detail").hidden = false; $("who").textContent = "Operators"; $("state").textContent = chosen ? "No operator of it is on record." : "Choose an economy: click it, or find it."; $("basis").textContent = ""; $("bars").replaceChildren(); $("firms").replaceChildren(); }
}
function supplyLines() {
  const lines = [], difference = $("less").value !== "";
  P.countries.forEach((code, i) => values(i).forEach((mille, v) => {
    if (difference ? Math.abs(mille) < CHANGE : mille < P.least) return;
    if (chosen !== null && chosen !== code && chosen !== vendorId(v)) return;
    lines.push({ id: `${code}>${v}`, from: code, to: vendorId(v), width: (chosen === null ? 0.6 : 1) + 4 * Math.abs(mille) / 1000, dashes: mille < 0,
      color: { color: mille < 0 ? "#6e7781" : vendorColour(v), opacity: chosen === null ? (difference ? 0.5 : 0.22) : 0.75 } });
  }));
  return lines;
}
function tieLines() {
  return P.partners.filter(([i, j]) => chosen === null || chosen === P.countries[i] || chosen === P.countries[j])
    .map(([i, j, mille]) => ({ id: `${i}-${j}`, from: P.countries[i], to: P.countries[j], width: 0.8 + 6 * mille / 1000, color: { color: "#1b1f24", opacity: chosen === null ? 0.3 : 0.7 } }));
}
function firmLines(firms) {
  return firms.flatMap((firm) => firm.suppliers.map(([v, per]) => ({ id: `${firm.id}>${v}`, from: firm.id, to: vendorId(v), width: 1 + 8 * per / 100, label: `${per} %`, font: { size: 26, background: "#ffffff" }, color: { color: vendorColour(v), opacity: 0.8 } })));
}

const pen = document.createElement("canvas").getContext("2d");
function widthOf(text, size) { pen.font = `${size}px Helvetica, Arial, sans-serif`; return pen.measureText(text).width; }
/** Name as many economies as fit at this scale without covering each other, the largest first. */
function label() {
  const scale = network.getScale(), size = LABEL / scale, gap = NEAR / scale, boxes = [], names = [];
  const covers = (a) => boxes.some((b) => a.left < b.right && b.left < a.right && a.top < b.bottom && b.top < a.bottom);
  const where = network.getPositions();
  tech().vendors.forEach((_, v) => {
    const at = where[vendorId(v)], half = widthOf(tech().vendorNames[v], 40) / 2 + 16;
    if (at && !nodes.get(vendorId(v)).hidden) boxes.push({ left: at.x - half, right: at.x + half, top: at.y - 36, bottom: at.y + 36 });
  });
  P.countries.forEach((code, i) => { // names keep clear of large discs; small ones they may touch
    const at = where[code], r = 0.8 * tech().radius[i];
    if (at && r * scale > 7) boxes.push({ left: at.x - r, right: at.x + r, top: at.y - r, bottom: at.y + r });
  });
  const order = chosen !== null && place.has(chosen) ? [place.get(chosen), ...tech().largest] : tech().largest, told = new Set();
  order.forEach((i) => {
    if (told.has(i)) return;
    told.add(i);
    const code = P.countries[i], at = where[code], node = nodes.get(code);
    const shown = chosen === null || chosen === code || chosen.startsWith("vendor:") || $("layout").value === "partners";
    if (!at) return;
    const half = widthOf(P.names[i], size) / 2 + gap, top = at.y + tech().radius[i] + gap;
    const box = { left: at.x - half, right: at.x + half, top, bottom: top + 1.25 * size };
    const fits = shown && !node.hidden && !covers(box);
    if (fits) boxes.push(box);
    names.push({ id: code, label: fits ? P.names[i] : " ", font: { size, vadjust: 0 } });
  });
  nodes.update(names);
}

// -- beside and below it --------------------------------------------------------------------------------
function tooltip(f, i) {
  const list = values(i).map((m, v) => [m, tech().vendorNames[v]]).filter(([m]) => Math.abs(m) >= 10).sort((a, b) => b[0] - a[0]);
  return `${P.names[i]}\nbloc: ${P.blocs[bloc(f, i)]}${list.map(([m, n]) => `\n${n} ${written(m)}`).join("")}`;
}
function legend(f) {
  document.querySelectorAll("#legend .key").forEach((key) => {
    const n = [...f.b].filter((letter) => P.blocs[letter.charCodeAt(0) - 97] === key.dataset.bloc).length;
    key.querySelector(".count").textContent = `${n}${n === 1 ? " economy" : " economies"}`;
  });
  const dl = $("numbers"); dl.replaceChildren();
  f.n.forEach(([name, value]) => { const dt = document.createElement("dt"), dd = document.createElement("dd"); dt.textContent = name; dd.textContent = value; dl.append(dt, dd); });
}
function bar(name, mille, colour) {
  const row = document.createElement("div"), a = document.createElement("span"), box = document.createElement("span"), i = document.createElement("i"), b = document.createElement("b");
  row.className = "bar"; a.textContent = name; i.style.width = `${Math.min(Math.abs(mille) / 10, 100)}%`; i.style.background = mille < 0 ? "#6e7781" : colour; b.textContent = written(mille); box.append(i); row.append(a, box, b);
  return row;
}
function detail(f) {
  $("detail").hidden = chosen === null; if (chosen === null) return;
  const bars = $("bars"), firms = $("firms"); bars.replaceChildren(); firms.replaceChildren(); $("firmshead").hidden = true; $("basis").textContent = "";
  if (chosen.startsWith("vendor:")) {
    const v = tech().vendors.indexOf(chosen.slice(7)); if (v < 0) { choose(null); return; }
    $("who").textContent = tech().vendorNames[v]; $("state").textContent = $("less").value ? "largest changes by economy" : "largest shares by economy";
    P.countries.map((_, i) => [values(i)[v], P.names[i]]).sort((a, b) => Math.abs(b[0]) - Math.abs(a[0])).slice(0, 12).forEach(([m, n]) => bars.append(bar(n, m, vendorColour(v))));
    return;
  }
  const i = place.get(chosen), level = tech().operators[chosen] || [];
  $("who").textContent = P.names[i];
  $("state").textContent = `bloc: ${P.blocs[bloc(f, i)]}; market served: ${f.d[i]} %; adoption of 2019 ${tech().estimated[i] ? "estimated" : "derived from a reported share"}`;
  const ties = P.partners.filter(([from]) => from === i).map(([, j, mille]) => `${P.names[j]} ${pct(mille)}`);
  $("basis").textContent = [P.basis[chosen], ties.length ? `Largest partners, of its exchange: ${ties.join(", ")}` : "", level.length ? `${level.length} operators on record.` : ""].filter(Boolean).join(" ");
  values(i).map((m, v) => [m, v]).sort((a, b) => b[0] - a[0]).forEach(([m, v]) => bars.append(bar(tech().vendorNames[v], m, vendorColour(v))));
  $("firmshead").hidden = level.length === 0;
  level.forEach(([name, weight, suppliers]) => {
    const line = document.createElement("li");
    line.textContent = `${name} (${weight} % of subscribers): ${suppliers.map(([v, s]) => `${tech().vendorNames[v]} ${s} %`).join(", ")}`;
    firms.append(line);
  });
}
function table(f) {
  const made = document.createDocumentFragment();
  P.countries.forEach((code, i) => {
    const s = values(i), v = s.reduce((best, m, at) => (Math.abs(m) > Math.abs(s[best]) ? at : best), 0), tr = document.createElement("tr");
    [P.names[i], P.blocs[bloc(f, i)], tech().vendorNames[v], written(s[v]), `${f.d[i]} %`, tech().estimated[i] ? "estimated" : "derived"].forEach((text, c) => {
      const cell = document.createElement(c === 0 ? "th" : "td"); if (c === 0) cell.scope = "row"; if (c === 3 || c === 4) cell.className = "n"; cell.textContent = text; tr.append(cell);
    });
    made.append(tr);
  });
  $("rows").replaceChildren(made);
}

// -- what a reader does -----------------------------------------------------------------------------------
function choose(id) {
  chosen = id; network.unselectAll();
  if ($("layout").value === "operators") drawn.layout = "";
  draw();
  if (id !== null && nodes.get(id) && !nodes.get(id).hidden) network.selectNodes([id]);
}
function find() {
  const word = $("search").value.trim().toLowerCase(); if (!word) return;
  const all = [...P.names.map((n, i) => [n, P.countries[i]]), ...tech().vendorNames.map((n, v) => [n, vendorId(v)])];
  const hit = all.find(([n, id]) => n.toLowerCase() === word || id.toLowerCase() === word) || all.find(([n]) => n.toLowerCase().startsWith(word));
  $("search").setCustomValidity(hit ? "" : "no match"); $("search").reportValidity();
  if (hit) choose(hit[1]);
}
/** The nearest one in the direction of an arrow key; the largest economy to begin with. */
function step(key) {
  const [dx, dy] = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] }[key];
  const where = network.getPositions(nodes.getIds({ filter: (n) => !n.hidden && !n.id.startsWith("operator:") }));
  if (chosen === null || !where[chosen]) { choose(P.countries[tech().largest[0]]); return; }
  const from = where[chosen];
  let best = null, least = Infinity;
  Object.entries(where).forEach(([id, at]) => {
    const along = (at.x - from.x) * dx + (at.y - from.y) * dy, across = Math.abs((at.x - from.x) * dy) + Math.abs((at.y - from.y) * dx);
    if (id !== chosen && along > 0 && along + 2.5 * across < least) { least = along + 2.5 * across; best = id; }
  });
  if (best !== null) choose(best);
}
/** The drawing with title, scenario, year, legend and source, as a picture. */
function picture() {
  const canvas = document.querySelector("#mynetwork canvas"), ratio = canvas.width / canvas.clientWidth, px = (n) => Math.round(n * ratio);
  const copy = document.createElement("canvas"), head = px(64), foot = px(74);
  copy.width = canvas.width; copy.height = canvas.height + head + foot;
  const c = copy.getContext("2d"), write = (text, x, y, size, colour = "#1b1f24", weight = "") => { c.fillStyle = colour; c.font = `${weight} ${px(size)}px Helvetica, Arial, sans-serif`; c.fillText(text, x, y, copy.width - 2 * px(14)); };
  c.fillStyle = "#fff"; c.fillRect(0, 0, copy.width, copy.height); c.drawImage(canvas, 0, head);
  write(heading(), px(14), px(28), 18, "#1b1f24", "bold");
  write($("less").value ? "Changes of 5 points and more; dashed grey: losses." : "Lines: a vendor's share of a country's installed base, in the vendor's colour. Size: share of world demand.", px(14), px(50), 13, "#57606a");
  let x = px(14); const y = canvas.height + head + px(22);
  P.blocs.forEach((name, b) => {
    c.fillStyle = P.colours[b]; c.fillRect(x, y - px(11), px(12), px(12)); x += px(18);
    write(name, x, y, 13); x += c.measureText(name).width + px(20);
  });
  write(`Colour: ${P.definition}.`, x, y, 13, "#57606a");
  write(P.source, px(14), y + px(24), 11, "#57606a");
  return copy;
}
window.picture = picture;

[...new Set([...P.names, ...Object.values(P.technologies).flatMap((t) => t.vendorNames)])].forEach((n) => { const o = document.createElement("option"); o.value = n; $("places").append(o); });
["technology", "scenario", "less", "layout"].forEach((id) => $(id).addEventListener("change", () => {
  if (chosen !== null && chosen.startsWith("vendor:") && !tech().vendors.includes(chosen.slice(7))) chosen = null;
  draw();
}));
$("year").addEventListener("input", draw);
$("search").addEventListener("change", find);
$("search").addEventListener("keydown", (event) => { if (event.key === "Enter") find(); });
$("clear").addEventListener("click", () => { $("search").value = ""; choose(null); network.fit(); label(); });
$("play").addEventListener("click", () => {
  const on = timer === null; $("play").textContent = on ? "Stop" : "Play"; $("play").setAttribute("aria-pressed", String(on));
  if (!on) { clearInterval(timer); timer = null; return; }
  timer = setInterval(() => { const y = $("year"); y.value = (+y.value + 1) % P.years.length; draw(); }, 700);
});
$("png").addEventListener("click", () => {
  const a = document.createElement("a"); a.href = picture().toDataURL("image/png");
  a.download = `network_${$("scenario").value}_${$("technology").value}_${year()}.png`; a.click();
});
$("mynetwork").addEventListener("keydown", (event) => {
  if (event.key.startsWith("Arrow")) { event.preventDefault(); step(event.key); }
  if (event.key === "Escape") choose(null);
});
network.on("selectNode", (event) => { if (!event.nodes[0].startsWith("operator:")) choose(event.nodes[0]); });
network.on("deselectNode", () => choose(null));
let settling = null;
network.on("zoom", () => { clearTimeout(settling); settling = setTimeout(label, 120); });
network.on("resize", () => { clearTimeout(settling); settling = setTimeout(label, 120); });
draw();
network.once("afterDrawing", () => { network.fit(); label(); });
