// What was refused, by reason, with the catalogue's text and the source line.
const refusalFilter = { code: "", words: [] };
const SHOWN = 60;
let currentRefusal = -1;

function refusalText(refusal) {
  return `${refusal.subject} ${refusal.path} ${refusal.why} ${refusal.code} ${refusal.place[3]}`.toLowerCase();
}

function showRefusals() {
  const found = refusals.filter((item) => (!refusalFilter.code || item.code === refusalFilter.code) && matches(refusalText(item), refusalFilter.words));
  const groups = [...groupBy(found, (item) => item.code)].sort((a, b) => b[1].length - a[1].length);
  $("refused").replaceChildren(...groups.flatMap(([code, items]) => [drawCatalogue(code, items.length), ...drawSome(items)]));
  const of = found.length === refusals.length ? "" : ` of ${refusals.length}`;
  $("refusal-count").textContent = refusals.length ? `${many(found.length, "refusal")}${of}` : "Nothing was refused.";
  currentRefusal = -1;
  drawCodes();
}

function drawCodes() {
  const counts = [...groupBy(refusals, (item) => item.code)].sort((a, b) => b[1].length - a[1].length);
  const item = (code, number, title) => el("button", { type: "button", class: "item code", "aria-current": refusalFilter.code === code ? "true" : null,
    on: { click: () => { refusalFilter.code = code; showRefusals(); scrollTo(0, 0); } } }, el("span", {}, code || "every reason", title ? el("small", {}, title) : null), el("b", {}, String(number)));
  $("codes").replaceChildren(item("", refusals.length, ""), ...counts.map(([code, found]) => item(code, found.length, data.codes[code]?.title)));
}

function drawCatalogue(code, number) {
  const entry = data.codes[code];
  return el("section", { class: "catalogue", id: `code-${code}` },
    el("h2", {}, entry?.title ?? code, " ", el("code", {}, code), " ", el("b", {}, String(number))),
    entry ? [el("p", {}, entry.why), el("p", { class: "next" }, entry.proceed)] : null);
}

function drawSome(items) {
  const drawn = items.slice(0, SHOWN).map(drawRefusal);
  if (items.length > SHOWN) {
    const button = el("button", { type: "button", class: "plain more" }, `Show ${many(items.length - SHOWN, "more refusal")}`);
    button.addEventListener("click", () => button.replaceWith(...items.slice(SHOWN).map(drawRefusal)));
    drawn.push(button);
  }
  return drawn;
}

function drawRefusal(item) {
  const node = (nodesByName.get(item.subject) ?? []).find((candidate) => candidate.path === item.path) ?? nodesByName.get(item.subject)?.[0];
  const why = item.why.startsWith(`${item.subject} `) ? item.why.slice(item.subject.length) : `: ${item.why}`;
  return el("div", { class: "refusal" },
    el("p", {}, node ? el("a", { href: `#graph?f=${node.id}` }, el("code", {}, item.subject)) : el("code", {}, item.subject), why),
    drawPlace(item.place),
    item.chain.length ? el("ol", {}, item.chain.map((place) => el("li", {}, place[4], drawPlace(place)))) : null);
}

function drawPlace([file, line, column, source]) {
  const head = el("p", { class: "where" }, `${data.files[file]}:${line}:${column}`);
  return source ? [head, el("pre", {}, drawCaret(source, column))] : head;
}

/** Mark the word at *column* (bytes from 1; where the line is no ASCII the mark may be a little late). */
function drawCaret(source, column) {
  const word = /^\w+|^./.exec(source.slice(column - 1))?.[0] ?? "";
  return [source.slice(0, column - 1), el("mark", {}, word), source.slice(column - 1 + word.length)];
}

function stepRefusal(by) {
  const all = [...document.querySelectorAll(".refusal")];
  if (!all.length) return;
  all[currentRefusal]?.classList.remove("current");
  currentRefusal = Math.max(0, Math.min(all.length - 1, currentRefusal + by));
  all[currentRefusal].classList.add("current");
  all[currentRefusal].scrollIntoView({ block: "center" });
}
