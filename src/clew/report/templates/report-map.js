// All of the slice at once: points on a canvas, which can be moved, zoomed, filtered and chosen.
const map = { x: 0, y: 0, scale: 10, stretch: 1, hover: null, isFitted: false, role: "", words: [], timer: 0 };

function showMap() {
  focused = null;
  $("focus").style.display = "none";
  $("map").style.display = "";
  drawGraphTools();
  sizeMap();
  if (!map.isFitted) fitMap();
  drawMap();
  drawDetail(null);
}

function sizeMap() {
  const canvas = $("map"), area = canvas.parentNode.getBoundingClientRect(), ratio = devicePixelRatio || 1;
  canvas.width = area.width * ratio;
  canvas.height = area.height * ratio;
  map.width = area.width; map.height = area.height; map.ratio = ratio;
}

function fitMap() {
  const xs = nodes.map((node) => node.x), ys = nodes.map((node) => node.y);
  if (!nodes.length || !map.width) return;
  const right = Math.max(...xs) + 6, bottom = Math.max(...ys) + 1;
  map.scale = Math.min(map.width / (right + 2), map.height / (bottom + 2), 26);
  // The layout has rows of equal height and columns of equal width; the window says which is which.
  map.stretch = Math.max(1, Math.min(3, (map.height - 40) / (bottom * map.scale)));
  map.x = (map.width - (right - 4) * map.scale) / 2;
  map.y = (map.height - bottom * map.scale * map.stretch) / 2;
  map.isFitted = true;
}

function spot(node) {
  return [map.x + node.x * map.scale, map.y + node.y * map.scale * map.stretch];
}

function inMap(node) {
  return (!map.role || node.role === map.role) && (!map.words.length || matches(`${node.name} ${node.path}`.toLowerCase(), map.words));
}

function drawMap() {
  if (focused || $("graph").hidden) return;
  const context = $("map").getContext("2d"), css = getComputedStyle(document.documentElement);
  const colour = (name) => css.getPropertyValue(`--${name}`).trim();
  const colours = { threaded: colour("green"), boundary: colour("amber"), fetching: colour("red"), pinned: colour("grey") };
  context.setTransform(map.ratio, 0, 0, map.ratio, 0, 0);
  context.clearRect(0, 0, map.width, map.height);
  const lit = new Set(nodes.filter(inMap)), near = neighbours(map.hover);
  drawLines(context, lit, near, colour("grey"), colour("accent"));
  const size = Math.max(1.6, Math.min(6, map.scale * 0.34));
  for (const node of nodes) {
    const isLit = near ? near.has(node) : lit.has(node);
    context.globalAlpha = isLit ? 1 : 0.13;
    context.fillStyle = colours[node.role];
    drawPoint(context, node, size);
  }
  drawNames(context, lit, near, colour("text"));
  context.globalAlpha = 1;
}

function neighbours(node) {
  return node ? new Set([node, ...node.callers, ...node.callees]) : null;
}

function drawLines(context, lit, near, plain, strong) {
  context.lineWidth = 1;
  for (const isStrong of near ? [false, true] : [false]) {
    context.strokeStyle = isStrong ? strong : plain;
    context.globalAlpha = isStrong ? 0.85 : near ? 0.06 : Math.max(0.07, Math.min(0.3, 250 / data.edges.length));
    context.beginPath();
    for (const node of nodes) for (const callee of node.callees) {
      const isNear = near && (node === map.hover || callee === map.hover);
      if (isStrong !== Boolean(isNear)) continue;
      if (!isStrong && !(lit.has(node) && lit.has(callee))) continue;
      drawLineTo(context, node, callee);
    }
    context.stroke();
  }
}

function drawLineTo(context, from, to) {
  const [x1, y1] = spot(from), [x2, y2] = spot(to), bend = (x2 - x1) / 2;
  context.moveTo(x1, y1);
  context.bezierCurveTo(x1 + bend, y1, x2 - bend, y2, x2, y2);
}

/** Roles differ in shape as well as in colour. */
function drawPoint(context, node, size) {
  const [x, y] = spot(node);
  context.beginPath();
  if (node.role === "boundary") context.rect(x - size, y - size, 2 * size, 2 * size);
  else if (node.role === "fetching") { context.moveTo(x, y - 1.3 * size); context.lineTo(x + 1.3 * size, y); context.lineTo(x, y + 1.3 * size); context.lineTo(x - 1.3 * size, y); }
  else context.arc(x, y, node.role === "pinned" ? size * 0.75 : size, 0, 7);
  context.fill();
}

function drawNames(context, lit, near, colour) {
  const isReadable = map.scale * map.stretch > 13 && map.scale > 9;
  if (!isReadable && !near && lit.size > 60) return;
  context.fillStyle = colour;
  context.font = "11px ui-monospace, Menlo, Consolas, monospace";
  context.textBaseline = "middle";
  for (const node of near ?? lit) {
    const [x, y] = spot(node);
    if (x < -300 || y < -9 || x > map.width || y > map.height + 9) continue;
    context.globalAlpha = near && node !== map.hover && !isReadable ? 0.75 : 1;
    context.fillText(node.name, x + 8, y);
  }
}

function nodeAt(x, y) {
  let best = null, least = Math.max(9, map.scale * 0.5) ** 2;
  for (const node of nodes) {
    const [nodeX, nodeY] = spot(node), distance = (nodeX - x) ** 2 + (nodeY - y) ** 2;
    if (distance < least && inMap(node)) { best = node; least = distance; }
  }
  return best;
}

function startMap() {
  const canvas = $("map");
  let drag = null;
  canvas.addEventListener("pointerdown", (event) => { drag = { x: event.offsetX, y: event.offsetY, moved: 0 }; canvas.setPointerCapture(event.pointerId); });
  canvas.addEventListener("pointermove", (event) => {
    if (drag) {
      map.x += event.offsetX - drag.x; map.y += event.offsetY - drag.y;
      drag = { x: event.offsetX, y: event.offsetY, moved: drag.moved + Math.abs(event.movementX) + Math.abs(event.movementY) };
      canvas.classList.add("drag");
      soon();
    } else hover(nodeAt(event.offsetX, event.offsetY), event.offsetX, event.offsetY);
  });
  canvas.addEventListener("pointerup", (event) => {
    const node = drag && drag.moved < 5 ? nodeAt(event.offsetX, event.offsetY) : null;
    drag = null;
    canvas.classList.remove("drag");
    if (node) location.hash = `graph?f=${node.id}`;
  });
  canvas.addEventListener("pointerleave", () => hover(null, 0, 0));
  canvas.addEventListener("wheel", (event) => { event.preventDefault(); zoomMap(Math.exp(-event.deltaY * 0.0016), event.offsetX, event.offsetY); }, { passive: false });
  canvas.addEventListener("keydown", (event) => {
    const moves = { ArrowLeft: [60, 0], ArrowRight: [-60, 0], ArrowUp: [0, 60], ArrowDown: [0, -60] };
    if (event.key === "+" || event.key === "-") zoomMap(event.key === "+" ? 1.3 : 1 / 1.3, map.width / 2, map.height / 2);
    else if (moves[event.key]) { map.x += moves[event.key][0]; map.y += moves[event.key][1]; soon(); event.preventDefault(); }
  });
  addEventListener("resize", () => { if (!$("graph").hidden) { focused ? drawFocus() : (sizeMap(), drawMap()); } });
  document.addEventListener("themechange", soon);
}

function zoomMap(by, x, y) {
  const scale = Math.max(1, Math.min(60, map.scale * by));
  map.x = x - ((x - map.x) * scale) / map.scale;
  map.y = y - ((y - map.y) * scale) / map.scale;
  map.scale = scale;
  soon();
}

function hover(node, x, y) {
  const tip = $("tip");
  tip.hidden = !node;
  if (node) {
    tip.textContent = `${node.name} \u2014 ${nodeRoles[node.role]}`;
    tip.style.left = `${Math.min(x + 14, map.width - tip.offsetWidth - 4)}px`;
    tip.style.top = `${y + 16}px`;
  }
  $("map").classList.toggle("over", Boolean(node));
  if (node !== map.hover) { map.hover = node; soon(); }
}

function soon() {
  if (!map.timer) map.timer = requestAnimationFrame(() => { map.timer = 0; drawMap(); });
}

function drawGraphTools() {
  const counts = groupBy(nodes, (node) => node.role);
  const chips = Object.keys(nodeRoles).filter((role) => counts.has(role)).map((role) =>
    chip(nodeRoles[role], counts.get(role).length, map.role === role, () => { map.role = map.role === role ? "" : role; if (focused) location.hash = "graph"; else { drawGraphTools(); drawMap(); } }, `r-${role}`));
  const back = el("a", { class: "plain chip", href: "#graph" }, "Whole map");
  const fit = el("button", { type: "button", class: "plain", on: { click: () => { fitMap(); drawMap(); } } }, "Fit");
  $("graph-tools").replaceChildren(...(focused ? [back, ...chips] : [...chips, fit]));
}
