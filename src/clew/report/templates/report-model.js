// The data of the page and its indexes. See clew/report/html_data.py for the records.
const data = JSON.parse($("data").textContent);
const notes = data.notes.map(([rule, note]) => ({ rule, note }));
const nodes = data.nodes.map(([name, file, line, fetches, role, kind, x, y, why, pin], id) =>
  ({ id, name, path: data.files[file], line, fetches, role, kind, x, y, why, pin, callers: [], callees: [] }));
for (const [caller, callee] of data.edges) {
  nodes[caller].callees.push(nodes[callee]);
  if (caller !== callee) nodes[callee].callers.push(nodes[caller]);
}
const nodesByName = groupBy(nodes, (node) => node.name);
const changes = data.changes.map((change, id) => makeChange(change, id));
const refusals = data.refusals.map((refusal, id) => ({ ...refusal, id, path: data.files[refusal.place[0]] }));
const fetchesByFunction = groupBy(
  data.fetches.map(([file, line, name, accessor, outcome, why]) => ({ path: data.files[file], line, name, accessor, outcome, why })),
  (fetch) => `${fetch.name}\n${fetch.path}`,
);
const roleNames = { threaded: "threaded", boundary: "boundary", caller: "caller", macro: "macro", declarations: "declarations" };
const nodeRoles = { threaded: "takes the state", boundary: "boundary", fetching: "keeps its fetch", pinned: "stays as it is" };

function makeChange(change, id) {
  const rules = new Set();
  for (const part of change.parts) if (typeof part !== "string") rules.add(notes[part[2]].rule);
  return { ...change, id, path: data.files[change.file], name: change.names[0] ?? "declarations", rules, text: null };
}

function groupBy(items, key) {
  const found = new Map();
  for (const item of items) {
    const name = key(item);
    if (found.has(name)) found.get(name).push(item); else found.set(name, [item]);
  }
  return found;
}

/** All that a search looks at, made when the first search comes. */
function textOf(change) {
  if (change.text === null) {
    const parts = change.parts.map((part) => typeof part === "string" ? part : `${part[0]} ${part[1]} ${notes[part[2]].note}`);
    change.text = `${change.names.join(" ")} ${change.path} ${change.why} ${parts.join("")}`.toLowerCase();
  }
  return change.text;
}

function matches(text, words) {
  return words.every((word) => text.includes(word));
}

function wordsOf(query) {
  return query.toLowerCase().split(/\s+/).filter(Boolean);
}

function nodeOf(name, path) {
  const found = nodesByName.get(name) ?? [];
  return found.find((node) => node.path === path) ?? found[0];
}

function changeOf(node) {
  const fits = changes.filter((change) => change.names.includes(node.name) && change.role !== "declarations");
  return fits.find((change) => change.path === node.path) ?? fits[0];
}

/** The shortest way from a threaded node to one that fetches, through nodes that take the state. */
function chainOf(start) {
  const before = new Map([[start, null]]);
  for (const node of before.keys()) {
    if (node.fetches && node.role === "threaded") {
      const chain = [];
      for (let at = node; at; at = before.get(at)) chain.unshift(at);
      return chain;
    }
    for (const next of node.callees) if (next.role === "threaded" && !before.has(next)) before.set(next, node);
  }
  return [start];
}

/** Callers of a node up to the functions that hold or fetch the state for it. */
function holdersOf(node) {
  const seen = new Set([node]), found = [];
  for (const at of seen) for (const caller of at.callers) {
    if (seen.has(caller)) continue;
    if (caller.role === "threaded") seen.add(caller);
    else if (caller.role === "boundary") { seen.add(caller); found.push(caller); }
  }
  return found;
}
