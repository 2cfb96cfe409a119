// What the pages of clew share. Text from the sources only ever becomes text nodes and attributes.
const $ = (id) => document.getElementById(id);

/** Return a new element; *what* holds attributes, and `on` handlers by event; children are nodes or text. */
function el(tag, what = {}, ...children) {
  return fill(document.createElement(tag), what, children);
}

function svg(tag, what = {}, ...children) {
  return fill(document.createElementNS("http://www.w3.org/2000/svg", tag), what, children);
}

function fill(node, what, children) {
  for (const [name, value] of Object.entries(what)) {
    if (name === "on") for (const [event, act] of Object.entries(value)) node.addEventListener(event, act);
    else if (value !== null && value !== undefined && value !== false) node.setAttribute(name, value === true ? "" : value);
  }
  node.append(...children.flat(Infinity).filter((child) => child !== null && child !== undefined && child !== false));
  return node;
}

function many(number, one, more = `${one}s`) {
  return `${number.toLocaleString("en")} ${number === 1 ? one : more}`;
}

function sentence(words) {
  return `${words[0].toUpperCase()}${words.slice(1)}.`;
}

/** Storage may be forbidden for a file; the page then forgets the theme, and nothing else. */
function remember(key, value) {
  try {
    if (value === undefined) return localStorage.getItem(key);
    localStorage.setItem(key, value);
  } catch (error) {
    if (!(error instanceof DOMException)) throw error;
  }
  return null;
}

function isDark() {
  const set = document.documentElement.dataset.theme;
  return set ? set === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
}

function setTheme(theme) {
  document.documentElement.dataset.theme = theme;
  remember("clew-theme", theme);
  document.dispatchEvent(new Event("themechange"));
}

function startTheme() {
  const kept = remember("clew-theme");
  if (kept === "dark" || kept === "light") document.documentElement.dataset.theme = kept;
  const button = $("theme");
  if (button) button.addEventListener("click", () => setTheme(isDark() ? "light" : "dark"));
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => document.dispatchEvent(new Event("themechange")));
}

/** Long tables show their first rows, and a button for the others. */
function foldTables() {
  for (const table of document.querySelectorAll("table[data-more]")) {
    const rows = [...table.tBodies[0].rows], shown = Number(table.dataset.more);
    if (rows.length <= shown + 3) continue;
    const rest = rows.slice(shown);
    rest.forEach((row) => row.classList.add("more"));
    const button = el("button", { type: "button", class: "plain more" }, `Show ${many(rest.length, "more row")}`);
    button.addEventListener("click", () => { rest.forEach((row) => row.classList.remove("more")); button.remove(); });
    table.after(button);
  }
}

function isTyping(target) {
  return target instanceof HTMLElement && (target.isContentEditable || /^(INPUT|SELECT|TEXTAREA)$/.test(target.tagName));
}
