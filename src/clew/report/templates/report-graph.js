// One function: who calls it, what it calls, and the chain that explains it.
const NODE = { height: 24, row: 32, gap: 56, char: 7.25, pad: 18, longest: 30 };
const MOST = 14;
let focused = null;
const wide = new Set();

function showFocus(node) {
  if (node !== focused) wide.clear();
  focused = node;
  $("focus").style.display = "";
  $("map").style.display = "none";
  drawGraphTools();
  drawFocus();
  drawDetail(node);
}

/** Columns of nodes by their distance: callers -2, -1, the function 0, callees 1, 2; the chain goes on to the fetch. */
function columnsAround(node) {
  const chain = node.role === "fetching" ? [] : chainOf(node);
  const columns = new Map([[0, [node]]]), seen = new Set([node]);
  const spread = (from, direction, next) => {
    let front = [node];
    for (let distance = 1; distance <= 2 && front.length; distance++) {
      const key = distance * direction;
      const found = front.flatMap(next).filter((other) => !seen.has(other) && seen.add(other));
      front = choose(found, chain, key);
      if (found.length) columns.set(key, Object.assign([...front], { rest: found.length - front.length }));
      if (distance === 1 && found.length > 40) break;
    }
  };
  spread(node, 1, (from) => from.callees);
  spread(node, -1, (from) => from.callers);
  chain.forEach((link, index) => {
    if ([...columns.values()].some((column) => column.includes(link))) return;
    columns.set(index, [...(columns.get(index) ?? []), link]);
  });
  return { columns: [...columns].sort((a, b) => a[0] - b[0]), chain };
}

function choose(found, chain, key) {
  const rank = { threaded: 0, boundary: 1, fetching: 2, pinned: 3 };
  const best = (node) => (chain.includes(node) ? -1 : rank[node.role]);
  const sorted = found.map((node, index) => [best(node), index, node]).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map((item) => item[2]);
  return wide.has(key) ? sorted : sorted.slice(0, MOST);
}

function shortName(node) {
  const name = node.kind === "macro" ? `#${node.name}` : node.name;
  return name.length > NODE.longest ? `${name.slice(0, NODE.longest - 1)}\u2026` : name;
}

function widthOf(node) {
  return shortName(node).length * NODE.char + NODE.pad;
}

function drawFocus() {
  const { columns, chain } = columnsAround(focused);
  // What explains the function comes first: callers of callers go where there is no room.
  const room = $("focus").parentNode.clientWidth / 0.8;
  if (columns[0][0] === -2 && totalWidth(columns) > room) columns.shift();
  const boxes = new Map(), heads = [];
  const height = Math.max(...columns.map(([, column]) => column.length + (column.rest ? 1 : 0))) * NODE.row;
  let x = 0;
  for (const [key, column] of columns) {
    const width = Math.max(60, ...column.map(widthOf));
    let y = (height - column.length * NODE.row) / 2;
    heads.push(svg("text", { class: "head", x, y: y - 10 }, headOf(key)));
    for (const node of column) { boxes.set(node, { x, y, width: widthOf(node) }); y += NODE.row; }
    if (column.rest > 0) heads.push(restOf(key, column.rest, x, y + 14));
    x += width + NODE.gap;
  }
  const last = chain.at(-1), fetch = last?.role === "threaded" ? drawFetch(last, boxes.get(last)) : null;
  const picture = svg("g", {}, drawEdges(boxes, chain), fetch, [...boxes].map(([node, box]) => drawNode(node, box, chain)), heads);
  $("focus").replaceChildren(picture);
  fitFocus(x - NODE.gap + (fetch ? 40 : 0), height);
}

function totalWidth(columns) {
  return columns.reduce((sum, [, column]) => sum + Math.max(60, ...column.map(widthOf)) + NODE.gap, 0);
}

function headOf(key) {
  return { "-2": "their callers", "-1": "callers", 0: "", 1: "calls", 2: "which call" }[key] ?? "";
}

function restOf(key, number, x, y) {
  const text = svg("text", { class: "rest", x, y, tabindex: 0 }, `and ${number} more`);
  text.addEventListener("click", () => { wide.add(key); drawFocus(); });
  return text;
}

function drawEdges(boxes, chain) {
  const edges = [];
  for (const [node, from] of boxes) for (const callee of node.callees) {
    const to = boxes.get(callee);
    if (!to || callee === node) continue;
    const at = chain.indexOf(node), isWhy = at >= 0 && chain[at + 1] === callee;
    const path = svg("path", { class: isWhy ? "edge why" : "edge", d: curve(from, to) });
    isWhy ? edges.push(path) : edges.unshift(path);
  }
  return edges;
}

function curve(from, to) {
  const y1 = from.y + NODE.height / 2, y2 = to.y + NODE.height / 2;
  const forward = to.x > from.x + from.width;
  const x1 = forward ? from.x + from.width : from.x, x2 = forward ? to.x : to.x + to.width;
  if (forward || x2 < x1) return `M${x1} ${y1}C${(x1 + x2) / 2} ${y1} ${(x1 + x2) / 2} ${y2} ${x2} ${y2}`;
  const out = Math.max(from.x + from.width, to.x + to.width) + 24;
  return `M${from.x + from.width} ${y1}C${out} ${y1} ${out} ${y2} ${to.x + to.width} ${y2}`;
}

function drawNode(node, box, chain) {
  const isPart = node === focused || chain.includes(node) || chain.length < 2;
  const group = svg("g", { class: `node n-${node.role} ${node.kind}${node === focused ? " self" : ""}${isPart ? "" : " off"}`, transform: `translate(${box.x} ${box.y})`, tabindex: 0, role: "link" },
    svg("title", {}, `${node.name}\n${node.path}:${node.line}\n${nodeRoles[node.role]}`),
    svg("rect", { width: box.width, height: NODE.height, rx: 5 }),
    svg("text", { x: NODE.pad / 2, y: 16 }, shortName(node)));
  const go = () => { location.hash = `graph?f=${node.id}`; };
  group.addEventListener("click", go);
  group.addEventListener("keydown", (event) => { if (event.key === "Enter") go(); });
  return group;
}

function drawFetch(node, box) {
  const x = box.x + box.width + 14;
  return svg("g", { class: "fetch" },
    svg("path", { class: "edge why", d: `M${box.x + box.width} ${box.y + 12}H${x}` }),
    svg("rect", { x, y: box.y + 5, width: 14, height: 14, rx: 7 }, svg("title", {}, `${node.name} fetches`)));
}

const view = { x: 0, y: 0, width: 0, height: 0 };

/** Show everything where it stays readable, else the function in the middle. */
function fitFocus(width, height) {
  const area = $("focus").parentNode.getBoundingClientRect(), margin = 50;
  const scale = Math.min(1.25, Math.max(0.62, Math.min(area.width / (width + 2 * margin), area.height / (height + 2 * margin))));
  view.width = area.width / scale;
  view.height = area.height / scale;
  const centre = width + 2 * margin > view.width ? Math.max(view.width / 2 - margin, centreOfSelf() + view.width * 0.22) : width / 2;
  view.x = centre - view.width / 2;
  view.y = height / 2 - view.height / 2;
  applyView();
}

function centreOfSelf() {
  const place = /translate\(([\d.-]+)/.exec($("focus").querySelector(".self").getAttribute("transform"));
  return Number(place[1]) + widthOf(focused) / 2;
}

function applyView() {
  $("focus").setAttribute("viewBox", `${view.x} ${view.y} ${view.width} ${view.height}`);
}

function startFocus() {
  const picture = $("focus");
  picture.addEventListener("wheel", (event) => {
    event.preventDefault();
    const area = picture.getBoundingClientRect(), by = Math.exp(event.deltaY * 0.0015);
    const x = (event.clientX - area.left) / area.width, y = (event.clientY - area.top) / area.height;
    view.x += view.width * x * (1 - by); view.y += view.height * y * (1 - by);
    view.width *= by; view.height *= by;
    applyView();
  }, { passive: false });
  picture.addEventListener("pointerdown", (event) => {
    if (event.target !== picture) return;
    const move = (moved) => {
      const scale = view.width / picture.getBoundingClientRect().width;
      view.x -= moved.movementX * scale; view.y -= moved.movementY * scale;
      applyView();
    };
    addEventListener("pointermove", move);
    addEventListener("pointerup", () => removeEventListener("pointermove", move), { once: true });
  });
}
