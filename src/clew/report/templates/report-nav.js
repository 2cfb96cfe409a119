// Files and their changed functions, beside the changes.
const openFiles = new Set();

function drawNav() {
  const byFile = groupBy(changes.filter((change) => passes(change, "file")), (change) => change.path);
  const folded = [...byFile].map(([path, found]) => drawFile(path, found, byFile.size < 3));
  $("nav").replaceChildren(...folded);
  if (current) markNav(current);
}

function drawFile(path, found, isOpen) {
  const box = el("details", { open: isOpen || openFiles.has(path) || filter.file === path },
    el("summary", {}, el("span", {}, path), el("b", {}, String(found.length))));
  box.path = path;
  const fillIn = () => { if (box.open && box.children.length === 1) box.append(...found.map(drawItem)); };
  box.addEventListener("toggle", () => { box.open ? openFiles.add(path) : openFiles.delete(path); fillIn(); });
  fillIn();
  return box;
}

function drawItem(change) {
  const label = change.names.length > 1 ? `${change.name} \u2026` : change.name;
  const item = el("button", { type: "button", class: "item", title: `${change.name}: ${change.why}`, on: { click: () => goTo(change) } },
    el("i", { class: `dot r-${change.role}` }), el("span", {}, label));
  item.change = change;
  return item;
}

function markNav(change) {
  for (const item of $("nav").querySelectorAll("[aria-current]")) item.removeAttribute("aria-current");
  for (const box of $("nav").children) {
    if (box.path !== change?.path) continue;
    box.open = true;
    if (box.children.length === 1) box.dispatchEvent(new Event("toggle"));
    const item = [...box.children].find((child) => child.change === change);
    item?.setAttribute("aria-current", "true");
    item?.scrollIntoView({ block: "nearest" });
  }
}
