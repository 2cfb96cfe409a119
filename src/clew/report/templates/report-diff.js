// From the parts of a change to rows: old line, new line, and the reasons of the edits between them.
const CONTEXT = 3;

/** Lines of one side that wait for their partner on the other. */
class Side {
  constructor(line) { this.number = line; this.current = []; this.done = []; }
  add(kind, text) { if (text) this.current.push([kind, text]); }
  end() { this.done.push({ number: this.number++, pieces: trimmed(this.current) }); this.current = []; }
}

function trimmed(pieces) {
  const last = pieces.at(-1);
  if (last && last[1].endsWith("\r")) pieces = [...pieces.slice(0, -1), [last[0], last[1].slice(0, -1)]];
  return pieces.map(([kind, text]) => [kind, text.replaceAll("\r", "\u240d")]);
}

class Rows {
  constructor(change) {
    this.old = new Side(change.line);
    this.new = new Side(change.to);
    this.rows = [];
    this.notes = new Set();
    for (const part of change.parts) typeof part === "string" ? this.same(part) : this.edit(part);
    if (this.old.current.length || this.new.current.length) this.endBoth();
  }

  same(text) {
    text.split("\n").forEach((piece, index) => {
      if (index) this.endBoth();
      this.old.add("", piece);
      this.new.add("", piece);
    });
  }

  edit([before, after, note]) {
    const isLayout = notes[note].rule === "layout";
    if (before === after) return this.same(before);
    this.notes.add(note);
    this.side(this.old, isLayout ? "ws" : "del", before);
    this.side(this.new, isLayout ? "ws" : "ins", after);
    this.pair();
    // Whole lines that only one side has need no partner.
    if (!this.new.current.length && !this.new.done.length) this.flush();
    if (!this.old.current.length && !this.old.done.length) this.flush();
    if (this.old.current.length || this.new.current.length) this.notes.add(note);
  }

  side(side, kind, text) {
    text.split("\n").forEach((piece, index) => {
      if (index) side.end();
      // Indentation that comes with a line break says nothing.
      const blanks = index ? /^[ \t]*/.exec(piece)[0].length : 0;
      side.add("ws", piece.slice(0, blanks));
      side.add(kind, piece.slice(blanks));
    });
  }

  endBoth() {
    this.old.end();
    this.new.end();
    this.pair();
    this.flush();
  }

  pair() {
    while (this.old.done.length && this.new.done.length) this.push(this.old.done.shift(), this.new.done.shift());
  }

  flush() {
    while (this.old.done.length || this.new.done.length) this.push(this.old.done.shift(), this.new.done.shift());
  }

  push(before, after) {
    const isChanged = !before || !after || [...before.pieces, ...after.pieces].some(([kind]) => kind);
    // An edit of several lines gives its reason once.
    const given = this.rows.at(-1)?.given ?? [], wanted = isChanged ? [...this.notes] : [];
    this.rows.push({ before, after, isChanged, notes: wanted.filter((note) => !given.includes(note)), given: wanted });
    if (isChanged) this.notes.clear();
  }
}

/** Fold what is far from any change: [row, ...] or a list of rows that are hidden. */
function foldRows(rows) {
  const near = new Array(rows.length).fill(false);
  rows.forEach((row, index) => {
    if (row.isChanged || index === 0) for (let at = Math.max(0, index - CONTEXT); at <= index + CONTEXT && at < rows.length; at++) near[at] = true;
  });
  const found = [];
  rows.forEach((row, index) => {
    if (near[index]) found.push(row);
    else if (Array.isArray(found.at(-1))) found.at(-1).push(row);
    else found.push([row]);
  });
  return found.flatMap((item) => Array.isArray(item) && item.length < 3 ? item : [item]);
}

function drawPieces(line) {
  const tags = { del: "s", ins: "u" };
  return line.pieces.map(([kind, text]) => tags[kind] ? el(tags[kind], {}, keepArrows(text)) : keepArrows(text));
}

/** A browser would break a long line within `->`. */
function keepArrows(text) {
  return text.split("->").flatMap((piece, index) => index ? [el("span", { class: "nb" }, "->"), piece] : [piece]);
}

function drawReasons(row) {
  const shown = row.notes.map((index) => notes[index]).filter((note, index, all) => note.rule !== "layout" || all.length === 1);
  const words = shown.map((note) => el("div", {}, el("b", {}, note.rule), note.note ? ` ${note.note}` : ""));
  return el("td", { class: row.hasRoom ? "reason over" : "reason" }, el("div", {}, words));
}

function drawSide(line, kind, isChanged) {
  if (!line) return [el("td", { class: "ln none" }), el("td", { class: "none" })];
  const mark = isChanged ? kind : "";
  return [el("td", { class: `ln ${mark}` }, String(line.number)), el("td", { class: mark }, drawPieces(line))];
}

const narrow = matchMedia("(max-width: 600px)");

/** The reasons as a row of their own, in windows that are too narrow for a last column. */
function drawAbove(row, width) {
  if (!narrow.matches || !row.notes.length) return [];
  const cell = drawReasons(row);
  cell.colSpan = width;
  return [el("tr", { class: "above" }, cell)];
}

function drawSplit(row) {
  const sides = [drawSide(row.before, "del", row.isChanged), drawSide(row.after, "ins", row.isChanged)];
  return [...drawAbove(row, 4), el("tr", {}, sides, narrow.matches ? null : drawReasons(row))];
}

function drawLine(line, other, kind, sign, reasons) {
  const cell = (text, which) => el("td", { class: `ln ${which} ${kind}` }, text);
  const number = String(line.number), old = kind === "ins" ? "" : number, fresh = kind === "del" ? "" : String((other ?? line).number);
  return el("tr", {}, narrow.matches ? null : cell(old, "old"), cell(narrow.matches ? fresh || old : fresh, "new"), el("td", { class: `one-mark ${kind}` }, sign), el("td", { class: kind }, drawPieces(line)), narrow.matches ? null : reasons);
}

function drawUnified(row) {
  if (!row.isChanged) return [drawLine(row.before, row.after, "", "", el("td", { class: "reason" }))];
  const rows = drawAbove(row, 3);
  if (row.before) rows.push(drawLine(row.before, null, "del", "\u2212", row.after ? el("td", { class: "reason" }) : drawReasons(row)));
  if (row.after) rows.push(drawLine(row.after, null, "ins", "+", drawReasons(row)));
  return rows;
}

function drawDiff(change, isUnified) {
  const draw = isUnified ? drawUnified : drawSplit;
  const all = isUnified ? ["old", "ln", "mark", "", "reason"] : ["ln", "", "ln", "", "reason"];
  const columns = narrow.matches ? all.filter((name) => name !== "old" && name !== "reason") : all.map((name) => name.replace("old", "ln"));
  const table = el("table", { class: isUnified ? "diff one" : "diff" }, el("colgroup", {}, columns.map((name) => el("col", { class: name || null }))));
  const body = el("tbody");
  const items = foldRows(new Rows(change).rows);
  items.forEach((item, index) => { item.hasRoom = hasRoom(items, index); });
  for (const item of items) {
    if (Array.isArray(item)) body.append(drawFold(item, draw, columns.length));
    else body.append(...draw(item));
  }
  table.append(body);
  return table;
}

/** A short reason may lie over the rows below, so that its own row stays as high as its code. */
function hasRoom(items, index) {
  const below = items.slice(index + 1, index + 3);
  const letters = (items[index].notes ?? []).reduce((sum, note) => sum + notes[note].rule.length + notes[note].note.length + 12, 0);
  return letters < 90 && below.length === 2 && below.every((item) => !Array.isArray(item) && !item.notes.length);
}

function drawFold(rows, draw, width) {
  const button = el("button", { type: "button" }, `\u22ef ${many(rows.length, "unchanged line")}`);
  const line = el("tr", { class: "fold" }, el("td", { colspan: width }, button));
  button.addEventListener("click", () => line.replaceWith(...rows.flatMap(draw)));
  return line;
}
