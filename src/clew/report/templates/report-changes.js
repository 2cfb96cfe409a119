// The changes: filters, and a card for each that is built when it comes near the window.
const filter = { words: [], role: "", rule: "", file: "" };
let isUnified = remember("clew-unified") === "1" || innerWidth < 900;
let shown = changes;
let current = null;
const cards = new Map();
const watcher = new IntersectionObserver((entries) => {
  for (const entry of entries) if (entry.isIntersecting) buildCard(entry.target.change);
}, { rootMargin: "1200px 0px" });

function passes(change, without = "") {
  return (without === "role" || !filter.role || change.role === filter.role)
    && (without === "rule" || !filter.rule || change.rules.has(filter.rule))
    && (without === "file" || !filter.file || change.path === filter.file)
    && (!filter.words.length || matches(textOf(change), filter.words));
}

function showChanges() {
  shown = changes.filter((change) => passes(change));
  watcher.disconnect();
  cards.clear();
  const places = shown.map((change) => {
    const place = el("article", { class: "card", id: `change-${change.id}`, style: `min-height:${estimate(change)}px` });
    place.change = change;
    cards.set(change, place);
    return place;
  });
  $("cards").replaceChildren(...places);
  for (const place of places) watcher.observe(place);
  const of = shown.length === changes.length ? "" : ` of ${changes.length.toLocaleString("en")}`;
  $("change-count").textContent = shown.length ? `${many(shown.length, "change")}${of}` : "Nothing fits the filters. Esc clears them.";
  drawTools();
  drawNav();
}

/** The height of a card that is not built yet, in pixels, so that the scroll bar is about right. */
function estimate(change) {
  return 75 + 20 * Math.min(60, 4 + 5 * ((change.parts.length - 1) / 2));
}

function buildCard(change) {
  const place = cards.get(change);
  if (!place || place.firstChild) return;
  watcher.unobserve(place);
  const node = nodeOf(change.name, change.path);
  const names = change.names.length > 1 ? `${change.names[0]} and ${change.names.length - 1} more` : change.name;
  const graph = node && change.role !== "declarations" ? el("a", { href: `#graph?f=${node.id}` }, "why, as a graph") : null;
  place.append(
    el("header", {},
      el("h3", { title: change.names.join(", ") }, change.kind === "macro" ? `#define ${names}` : names),
      el("span", { class: `role ${change.role}` }, roleNames[change.role]),
      el("span", { class: "gap" }),
      el("span", { class: "where" }, `${change.path}:${change.line}`),
      el("p", { class: "why" }, `${sentence(change.why)} `, graph)),
    drawDiff(change, isUnified));
  place.style.minHeight = "";
}

function buildAround(change) {
  const at = shown.indexOf(change);
  for (const near of shown.slice(Math.max(0, at - 2), at + 5)) buildCard(near);
}

function goTo(change, smooth = false) {
  if (!shown.includes(change)) clearFilters();
  buildAround(change);
  setCurrent(change);
  const place = cards.get(change);
  place.scrollIntoView({ block: "start" });
  // What was built above has moved it by as much as the estimates were wrong.
  requestAnimationFrame(() => place.scrollIntoView({ block: "start", behavior: smooth ? "smooth" : "auto" }));
}

function setCurrent(change) {
  cards.get(current)?.classList.remove("current");
  current = change;
  cards.get(current)?.classList.add("current");
  markNav(change);
}

function step(by) {
  const at = current ? shown.indexOf(current) : -1;
  const next = shown[Math.max(0, Math.min(shown.length - 1, at + by))];
  if (next) goTo(next);
}

function clearFilters() {
  Object.assign(filter, { words: [], role: "", rule: "", file: "" });
  $("search").value = "";
  showChanges();
}

function chip(label, number, isOn, act, dot = "") {
  const mark = dot ? el("i", { class: `dot ${dot}` }) : null;
  return el("button", { type: "button", class: "chip", "aria-pressed": String(isOn), on: { click: act } }, mark, label, el("b", {}, number.toLocaleString("en")));
}

function countFor(name, fits) {
  return changes.reduce((sum, change) => sum + (passes(change, name) && fits(change)), 0);
}

function drawTools() {
  const toggle = (name, value) => () => { filter[name] = filter[name] === value ? "" : value; showChanges(); };
  const roles = Object.keys(roleNames).filter((role) => changes.some((change) => change.role === role));
  const rules = [...new Set(changes.flatMap((change) => [...change.rules]))].filter((rule) => rule !== "layout");
  const options = rules.sort().map((rule) => el("option", { value: rule, selected: rule === filter.rule }, `${rule} (${countFor("rule", (change) => change.rules.has(rule))})`));
  const select = el("select", { class: "plain", "aria-label": "Kind of edit", on: { change: (event) => { filter.rule = event.target.value; showChanges(); } } },
    el("option", { value: "" }, "every kind of edit"), options);
  $("change-tools").replaceChildren(
    ...roles.map((role) => chip(roleNames[role], countFor("role", (change) => change.role === role), filter.role === role, toggle("role", role), `r-${role}`)),
    select,
    filter.file ? el("button", { type: "button", class: "chip", "aria-pressed": "true", on: { click: toggle("file", filter.file) } }, `${filter.file} \u00d7`) : "",
    el("span", { class: "gap" }),
    el("button", { type: "button", class: "plain", title: "Side by side, or in one column (u)", on: { click: toggleUnified } }, isUnified ? "Side by side" : "One column"));
}

function toggleUnified() {
  isUnified = !isUnified;
  remember("clew-unified", isUnified ? "1" : "0");
  const kept = current;
  showChanges();
  if (kept && shown.includes(kept)) goTo(kept);
}
