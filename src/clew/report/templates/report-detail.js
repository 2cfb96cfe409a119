// Beside the graph: what one function is, and why.
function drawDetail(node) {
  if (!node) {
    $("detail").replaceChildren(el("p", { class: "note" }, "Choose a function: click a point, or search."), drawRoleList());
    return;
  }
  const change = changeOf(node);
  const show = change ? el("a", { class: "plain chip", href: `#changes?c=${change.id}` }, "Show the change") : null;
  $("detail").replaceChildren(...[
    el("h2", {}, node.kind === "macro" ? `#define ${node.name}` : node.name),
    el("p", { class: "where" }, `${node.path}:${node.line}`),
    el("p", {}, el("span", { class: `role ${node.role}` }, nodeRoles[node.role])),
    el("p", {}, sentence(node.why)),
    el("div", { class: "buttons" }, show),
    ...drawChain(node), ...drawPin(node), ...drawHolders(node),
    ...drawList("Called by", node.callers), ...drawList("Calls", node.callees.filter((other) => other !== node)),
  ].filter(Boolean));
}

function linkTo(node, hasDot = true) {
  return el("a", { class: "link", href: `#graph?f=${node.id}` }, hasDot ? el("i", { class: `dot r-${node.role}` }) : null, node.name);
}

function drawChain(node) {
  const chain = chainOf(node), last = chain.at(-1);
  if (node.role !== "threaded" && chain.length < 2) return drawFetches(node);
  const fetches = fetchesByFunction.get(`${last.name}\n${last.path}`) ?? [];
  const items = chain.map((link) => el("li", {}, link === node ? el("b", {}, node.name) : linkTo(link, false)));
  for (const fetch of fetches.slice(0, 4)) items.push(el("li", { class: "fetch" }, el("code", {}, fetch.accessor), ` at ${fetch.path}:${fetch.line}`));
  if (fetches.length > 4) items.push(el("li", { class: "fetch" }, `and ${fetches.length - 4} more`));
  return [el("h3", {}, node.role === "threaded" ? "Why it takes the state" : "For whom it fetches"), el("ol", { class: "chain" }, items)];
}

function drawFetches(node) {
  const fetches = fetchesByFunction.get(`${node.name}\n${node.path}`) ?? [];
  if (!fetches.length) return [];
  const items = fetches.map((fetch) => el("li", { class: "fetch" }, el("code", {}, fetch.accessor), ` line ${fetch.line}: ${fetch.outcome}`, fetch.outcome === "rewritten" ? "" : `, ${fetch.why}`));
  return [el("h3", {}, "Its fetches"), el("ol", { class: "chain" }, items.slice(0, 12))];
}

function drawPin(node) {
  const entry = data.codes[node.pin];
  if (!entry) return [];
  return [el("h3", {}, "Why its signature stays"),
    el("p", {}, el("a", { href: `#refusals?code=${encodeURIComponent(node.pin)}` }, node.pin), `: ${entry.title.toLowerCase()}. ${entry.why}`),
    el("p", { class: "note" }, entry.proceed)];
}

function drawHolders(node) {
  if (node.role !== "threaded") return [];
  const found = holdersOf(node);
  if (!found.length) return [];
  return [el("h3", {}, "Where the state comes from"),
    el("p", { class: "note" }, "These boundaries fetch it, or hold it, and pass it down:"), drawLinks(found)];
}

function drawList(title, list) {
  return list.length ? [el("h3", {}, `${title} (${list.length})`), drawLinks(list)] : [];
}

function drawLinks(list) {
  const box = el("ul", {}, list.slice(0, 15).map((node) => el("li", {}, linkTo(node))));
  if (list.length > 15) {
    const button = el("button", { type: "button", class: "plain more" }, `Show ${list.length - 15} more`);
    button.addEventListener("click", () => { button.remove(); box.append(...list.slice(15).map((node) => el("li", {}, linkTo(node)))); });
    box.append(button);
  }
  return box;
}

function drawRoleList() {
  const counts = groupBy(nodes, (node) => node.role);
  const words = { threaded: "gets the parameter", boundary: "keeps its signature, and hands the state on", fetching: "fetches for itself", pinned: "calls what fetches; nothing changes for it" };
  return el("ul", {}, Object.keys(words).filter((role) => counts.has(role)).map((role) =>
    el("li", {}, el("i", { class: `dot r-${role}` }), el("b", {}, `${counts.get(role).length.toLocaleString("en")} `), words[role])));
}
