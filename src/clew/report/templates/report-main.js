// Views, keys, search and print.
const views = ["overview", "changes", "graph", "refusals", "verification"];
const drawn = new Set();

function parseHash() {
  const [name, query = ""] = location.hash.slice(1).split("?");
  return { name: views.includes(name) ? name : "overview", wanted: new URLSearchParams(query) };
}

function route() {
  const { name, wanted } = parseHash();
  for (const other of views) $(other).hidden = other !== name;
  for (const tab of document.querySelectorAll(".tabs a")) tab.dataset.view === name ? tab.setAttribute("aria-current", "page") : tab.removeAttribute("aria-current");
  $("tip").hidden = true;
  ({ changes: openChanges, graph: openGraph, refusals: openRefusals })[name]?.(wanted);
  if (name === "overview" || name === "verification") scrollTo(0, 0);
}

function openChanges(wanted) {
  const set = ["role", "file"].filter((key) => wanted.has(key));
  if (set.length || wanted.has("find")) {
    Object.assign(filter, { words: wordsOf(wanted.get("find") ?? ""), role: wanted.get("role") ?? "", rule: "", file: wanted.get("file") ?? "" });
    $("search").value = wanted.get("find") ?? "";
    drawn.delete("changes");
  }
  if (!drawn.has("changes")) showChanges();
  drawn.add("changes");
  const chosen = changes[Number(wanted.get("c") ?? -1)];
  if (chosen) goTo(chosen);
  else if (set.length || wanted.has("find")) scrollTo(0, 0);
}

function openGraph(wanted) {
  const node = nodes[Number(wanted.get("f") ?? -1)];
  if (node) showFocus(node); else showMap();
}

function openRefusals(wanted) {
  if (wanted.has("code")) { refusalFilter.code = wanted.get("code"); drawn.delete("refusals"); }
  if (!drawn.has("refusals")) showRefusals();
  drawn.add("refusals");
  scrollTo(0, 0);
}

function search() {
  const words = wordsOf($("search").value), { name } = parseHash();
  if (name === "graph") {
    map.words = words;
    if (focused) location.hash = "graph"; else drawMap();
  } else if (name === "refusals") {
    refusalFilter.words = words;
    showRefusals();
  } else {
    filter.words = words;
    drawn.add("changes");
    showChanges();
    if (name !== "changes") location.hash = "changes";
    scrollTo(0, 0);
  }
}

/** Enter takes what the search found first. */
function takeFirst() {
  const { name } = parseHash();
  if (name === "graph") {
    const words = wordsOf($("search").value);
    const found = nodes.filter(inMap), exact = found.find((node) => node.name.toLowerCase() === words[0]);
    if (found.length) location.hash = `graph?f=${(exact ?? found[0]).id}`;
  } else if (name === "changes" && shown.length) goTo(shown[0]);
  $("search").blur();
}

function clearAll() {
  $("search").value = "";
  $("search").blur();
  const { name } = parseHash();
  if (name === "changes") clearFilters();
  else if (name === "refusals") { Object.assign(refusalFilter, { code: "", words: [] }); showRefusals(); }
  else if (name === "graph") { Object.assign(map, { role: "", words: [] }); drawGraphTools(); drawMap(); }
}

function toGraph() {
  const node = current && nodeOf(current.name, current.path);
  if (node) location.hash = `graph?f=${node.id}`;
}

function toChange() {
  const change = focused && changeOf(focused);
  if (change) location.hash = `changes?c=${change.id}`;
}

const keys = {
  "/": () => $("search").focus(),
  "?": () => $("keys").showModal(),
  j: () => (parseHash().name === "refusals" ? stepRefusal(1) : step(1)),
  k: () => (parseHash().name === "refusals" ? stepRefusal(-1) : step(-1)),
  g: toGraph,
  c: toChange,
  m: () => { location.hash = "graph"; },
  u: () => { if (parseHash().name === "changes") toggleUnified(); },
  t: () => setTheme(isDark() ? "light" : "dark"),
  Escape: clearAll,
};
views.forEach((name, index) => { keys[index + 1] = () => { location.hash = name; }; });

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey || $("keys").open) return;
  if (isTyping(event.target) && event.key !== "Escape") {
    if (event.key === "Enter" && event.target === $("search")) takeFirst();
    return;
  }
  if (keys[event.key]) { event.preventDefault(); keys[event.key](event); }
}

/** A print holds the overview, the verdicts, all refusals, and the changes that the filters leave. */
const PRINTED = 400;

function preparePrint() {
  if (!drawn.has("changes")) { showChanges(); drawn.add("changes"); }
  if (!drawn.has("refusals")) { showRefusals(); drawn.add("refusals"); }
  for (const button of [...document.querySelectorAll("#refused > .more")]) button.click();
  for (const change of shown.slice(0, PRINTED)) buildCard(change);
  for (const change of shown.slice(PRINTED)) cards.get(change).hidden = true;
  if (shown.length > PRINTED) $("cards").append(el("p", { id: "unprinted" }, `${many(shown.length - PRINTED, "more change")} not printed: filter by file or kind, and print again.`));
}

function endPrint() {
  $("unprinted")?.remove();
  for (const place of cards.values()) place.hidden = false;
}

function start() {
  startTheme();
  foldTables();
  startFocus();
  startMap();
  addEventListener("hashchange", route);
  addEventListener("keydown", press);
  narrow.addEventListener("change", () => { if (drawn.has("changes")) showChanges(); });
  addEventListener("beforeprint", preparePrint);
  addEventListener("afterprint", endPrint);
  let timer = 0;
  $("search").addEventListener("input", () => { clearTimeout(timer); timer = setTimeout(search, 120); });
  $("help").addEventListener("click", () => $("keys").showModal());
  $("copy")?.addEventListener("click", () => navigator.clipboard?.writeText($("command").textContent).then(() => { $("copy").textContent = "Copied"; }));
  route();
}

start();
