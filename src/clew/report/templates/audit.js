// Lists that unfold, and the search, on the page of `clew audit`.
const boards = JSON.parse($("data").textContent);

function unfoldFile(button) {
  const row = button.closest("tr"), isOpen = button.getAttribute("aria-expanded") === "true";
  button.setAttribute("aria-expanded", String(!isOpen));
  if (isOpen) { row.nextElementSibling.remove(); return; }
  const found = boards[row.closest(".board").dataset.board].fetches[row.dataset.path] ?? [];
  const items = found.map(([line, name, accessor]) => el("li", {}, `${line} `, el("span", {}, `${accessor} in `), name || "no function"));
  row.after(el("tr", { class: "inside" }, el("td", { colspan: row.cells.length }, el("ul", {}, items))));
}

function unfoldPins(box) {
  if (!box.open || box.querySelector("ul")) return;
  const found = boards[box.closest(".board").dataset.board].pins[box.dataset.code] ?? [];
  box.append(el("ul", {}, found.map(([name, path, line, why]) => el("li", {}, `${path}:${line} ${name} `, el("span", {}, why)))));
}

function search() {
  const words = $("search").value.toLowerCase().split(/\s+/).filter(Boolean);
  for (const button of document.querySelectorAll("button.more")) if (words.length) button.click();
  for (const row of document.querySelectorAll(".list tbody tr:not(.inside)")) {
    const text = textOf(row);
    row.hidden = !words.every((word) => text.includes(word));
  }
}

/** A file is found by the functions that fetch in it, too. */
function textOf(row) {
  const found = row.dataset.path === undefined ? [] : boards[row.closest(".board").dataset.board].fetches[row.dataset.path] ?? [];
  return `${row.textContent} ${found.map((fetch) => fetch[1]).join(" ")}`.toLowerCase();
}

function press(event) {
  if (event.ctrlKey || event.metaKey || event.altKey) return;
  if (event.key === "Escape") { $("search").value = ""; $("search").blur(); search(); }
  if (isTyping(event.target)) return;
  if (event.key === "/") { event.preventDefault(); $("search").focus(); }
  if (event.key === "t") setTheme(isDark() ? "light" : "dark");
}

startTheme();
foldTables();
for (const button of document.querySelectorAll(".open")) button.addEventListener("click", () => unfoldFile(button));
for (const box of document.querySelectorAll(".pin")) box.addEventListener("toggle", () => unfoldPins(box));
$("search").addEventListener("input", search);
addEventListener("keydown", press);
