// Records on pages that edit: their buttons (data-do) and forms become operations, see docs/editing.md.
import { look, preview, say, send } from "./edit.js";

const form = (kind) => document.querySelector(`#${kind}-form form`);
const fields = (shape) => [...shape.elements].filter((one) => one.name && one.name !== "id");
const encoded = (kind, id) => `/edit/record/${kind}/${encodeURIComponent(id)}`;
// What the form that is open is about: its kind, id and record as the file had it; a new one has no id.
let about = {};

/** Returns a value of a record by the name of its field, such as "label.en". */
function value(record, name) {
  const [key, inner] = name.split(".");
  const found = record[key];
  if (inner === undefined) return found ?? "";
  if (found && typeof found === "object") return found[inner] ?? "";
  return (inner === "en" && found) || "";
}

/** Returns what keys of a record become by what a form says, and what they had. */
function changes(shape, record) {
  const values = {}, was = {};
  for (const field of fields(shape)) {
    const text = meant(field), [key, inner] = field.name.split(".");
    // What a form begins with need not stand in the file, such as the usual kind of a claim.
    if (text === (about.id ? field.dataset.began : "")) continue;
    was[key] = record[key] ?? null;
    if (inner === undefined) values[key] = text || null;
    else {
      const whole = { ...(values[key] ?? (typeof was[key] === "object" ? was[key] : { en: was[key] })) };
      if (text) whole[inner] = text;
      else delete whole[inner];
      values[key] = Object.keys(whole).length ? whole : null;
    }
  }
  return { values, was };
}

const listed = (kind) => [...document.querySelectorAll(`#all-${kind} option`)];

/** Returns the number after the highest, as ids such as P18 have it. */
function next(kind, first) {
  const numbers = listed(kind).map((one) => new RegExp(`^${first}(\\d+)$`).exec(one.value)).filter(Boolean).map((one) => Number(one[1]));
  return `${first}${Math.max(0, ...numbers) + 1}`;
}

/** Returns the id that a field means: one of its list, or what has the name that was typed. */
function meant(field) {
  const text = field.value.trim(), there = [...(field.list?.options || [])];
  if (!text || there.some((one) => one.value === text)) return text;
  return there.find((one) => one.textContent.trim().toLowerCase() === text.toLowerCase())?.value || text;
}

/** Returns an id that no record of the kind has. */
function fresh(kind, words) {
  const there = listed(kind).map((one) => one.value);
  let id = words.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{Nd}._]+/gu, "-").replace(/\.{2,}/g, ".").replace(/^[-._\p{M}]+|[-._]+$/gu, "").slice(0, 60) || kind;
  for (let n = 2, stem = id; there.includes(id); n++) id = `${stem}-${n}`;
  return id;
}

function open(kind, id, record) {
  const shape = form(kind);
  about = { kind, id, record };
  shape.reset();
  shape.querySelector("h2 code").textContent = id;
  shape.querySelector(".refused").replaceChildren();
  for (const select of shape.querySelectorAll("select[data-of]")) {
    select.replaceChildren(new Option("–", ""), ...listed(select.dataset.of).filter((one) => select.dataset.of !== kind && kind !== "merge" || one.value !== id).map((one) => new Option(`${one.textContent} (${one.value})`, one.value)));
  }
  for (const field of fields(shape)) {
    const text = String(value(record, field.name));
    if (field.tagName === "SELECT" && ![...field.options].some((one) => one.value === text)) {
      // Nothing was chosen yet, or what was chosen is in no build yet.
      if (!text) continue;
      field.add(new Option(text, text));
    }
    field.value = text;
  }
  for (const field of fields(shape)) field.dataset.began = field.value.trim();
  if (shape.elements.id) shape.elements.id.value = id;
  shape.closest("dialog").showModal();
}

const NAMED = [["subject", "concept"], ["relation", "relation"], ["object", "concept"], ["stage", "concept"]];
/** Returns what a claim names and is not there yet: the key, the kind of record and the words of each. */
const absent = (values) => NAMED.map(([key, kind]) => [key, kind, values[key]]).filter(([, kind, words]) => words && !listed(kind).some((one) => one.value === words));

/** Returns operations that add what a claim names and is not there yet, if the person wants it; the claim then names it. */
function news(shape, values) {
  if (!shape.querySelector("[data-adds]")?.checked) return [];
  const made = new Map();
  for (const [key, kind, words] of absent(values)) {
    const id = fresh(kind, words);
    made.set(`${kind} ${id}`, { do: "add", kind, record: { id, label: { en: words } } });
    values[key] = id;
  }
  return [...made.values()];
}

/** Returns the operations that a form asks for; none when it changes nothing. */
function operations(shape) {
  const { kind, id, record } = about;
  if (kind === "merge") return [{ do: "merge", codes: [id], into: shape.elements.into.value }];
  const { values, was } = changes(shape, record);
  if (kind === "reading") {
    const given = Object.fromEntries(fields(shape).map((one) => [one.name, one.value.trim()]).filter(([, text]) => text));
    return [{ do: "read", line: id, ...given, settles: about.settles }];
  }
  const named = shape.elements.id?.value.trim() || "";
  if (!id) {
    const given = Object.fromEntries(Object.entries(values).filter(([, one]) => one !== null));
    const free = kind === "proposition" ? next(kind, "P") : fresh(kind, shape.elements["label.en"]?.value || "");
    return [...news(shape, given), { do: "add", kind, record: { id: named || free, ...given } }];
  }
  const made = Object.keys(values).length ? [...news(shape, values), { do: "edit", kind, id, values, was }] : [];
  return named && named !== id ? [...made, { do: "rename", kind, id, to: named }] : made;
}

document.addEventListener("submit", async (event) => {
  const shape = event.target.closest(".form form");
  if (!shape || event.submitter?.value !== "save") return;
  event.preventDefault();
  const asked = operations(shape), dialog = shape.closest("dialog");
  const button = event.submitter;
  button.disabled = true;
  if (!asked.length || (await send(asked))) dialog.close();
  button.disabled = false;
});

// The bar is behind a form that is open, so what is refused is told in the form, too.
document.addEventListener("refused", ({ detail }) => {
  const told = document.querySelector("dialog.form[open] .refused");
  if (!told) return;
  const lines = [detail.error, detail.mend, ...(detail.places || []), ...(detail.findings || []).slice(1).map((one) => one.message)];
  const box = told.parentElement.querySelector("[data-adds]:not(:checked)");
  const names = box ? absent(Object.fromEntries(NAMED.map(([key]) => [key, meant(told.parentElement.elements[key])]))) : [];
  if (names.length) {
    lines.unshift(`${names.map(([, , words]) => words).join(", ")}: ${say("if these are new, tick “Add concepts and relations that are not there yet”, and save again.")}`);
    box.focus();
  }
  told.replaceChildren(...lines.filter(Boolean).map((text) => Object.assign(document.createElement("p"), { textContent: text })));
});

document.addEventListener("change", async (event) => {
  const shape = event.target.closest("#merge-form form");
  if (!shape) return;
  const button = shape.querySelector("button[value=save]"), told = shape.querySelector(".preview");
  button.disabled = true;
  told.textContent = "";
  const into = shape.elements.into.value;
  if (!into) return;
  const answer = await preview(operations(shape));
  if (shape.elements.into.value !== into) return;
  const lines = answer.status === 200 ? [answer.said, ...answer.files] : [answer.error, answer.mend];
  told.textContent = lines.filter(Boolean).join("\n");
  button.disabled = answer.status !== 200;
});

/** Shows a name before the graph has it; what is undone before that brings no new graph, so the old one comes back. */
function ahead(link, name) {
  const old = link.textContent, back = () => { link.textContent = old; };
  link.textContent = name;
  document.addEventListener("edited", back, { once: true });
  document.addEventListener("refreshed", () => document.removeEventListener("edited", back), { once: true });
}

/** Lets the name of a code be written where it stands. */
async function rename(row, kind, id) {
  const told = await look(encoded(kind, id));
  if (!told) return;
  const language = document.documentElement.lang, shown = row.querySelector("p"), record = told.record;
  const key = value(record, `label.${language}`) ? language : "en";
  const line = document.createElement("form"), box = document.createElement("input");
  line.className = "busy";
  Object.assign(box, { value: value(record, `label.${key}`), maxLength: 200, required: true });
  box.setAttribute("aria-label", say("Name"));
  line.append(box);
  shown.hidden = true;
  shown.before(line);
  box.focus();
  box.select();
  const end = () => {
    line.remove();
    shown.hidden = false;
    row.querySelector("[data-do=rename]")?.focus();
  };
  box.addEventListener("keydown", (event) => { if (event.key === "Escape") { event.stopPropagation(); end(); } });
  line.addEventListener("submit", async (event) => {
    event.preventDefault();
    const name = box.value.trim(), was = typeof record.label === "object" ? record.label : { en: record.label };
    if (!name || name === was[key]) return end();
    if (await send([{ do: "edit", kind, id, values: { label: { ...was, [key]: name } }, was: { label: record.label } }])) {
      ahead(shown.querySelector("a"), name);
      end();
    }
  });
}

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-do]");
  if (!button) return;
  const does = button.dataset.do, kind = button.dataset.kind, row = button.closest("[data-record]"), id = row?.dataset.record;
  if (does === "new") open(kind, "", {});
  else if (does === "merge") open("merge", id, {});
  else if (does === "read" || does === "settle") {
    open("reading", id, {});
    about.settles = does === "settle";
  } else if (does === "retire") send([{ do: "retire", kind, id }]);
  else if (does === "rename") rename(row, kind, id);
  else if (does === "edit") {
    const told = await look(encoded(kind, id));
    if (told) open(kind, id, told.record);
  }
});

// A code is dropped on the one that becomes its broader one, or at the top.
let dragged = "";
const over = (place) => document.querySelectorAll(".over").forEach((one) => one.classList.toggle("over", one === place));
document.addEventListener("dragstart", (event) => {
  dragged = event.target.closest?.("li[data-record]")?.dataset.record || "";
  if (dragged) event.dataTransfer.setData("text/plain", dragged);
});
document.addEventListener("dragover", (event) => {
  const place = dragged && event.target.closest("[data-drop]");
  if (!place || place.dataset.drop === dragged) return over(null);
  event.preventDefault();
  place.classList.add("over");
  over(place);
});
document.addEventListener("dragend", () => { dragged = ""; over(null); });
document.addEventListener("drop", (event) => {
  const place = dragged && event.target.closest("[data-drop]"), id = dragged;
  if (!place || place.dataset.drop === id) return;
  event.preventDefault();
  send([{ do: "edit", kind: "code", id, values: { broader: place.dataset.drop || null } }]);
});

// By keys a code goes below the one before it at its level, or one level up, as headings do in an outline.
let moved = null;
const depth = (row) => Number(row.dataset.depth);

/** Returns the nearest row before one that stands at a level, or undefined when another of a level above comes first. */
function before(row, level) {
  let other = row.previousElementSibling;
  while (other && depth(other) > level) other = other.previousElementSibling;
  return other && depth(other) === level ? other : undefined;
}

document.addEventListener("keydown", async (event) => {
  const row = event.target.closest?.("li[data-depth]");
  if (!row || !event.altKey || !event.shiftKey || !["ArrowLeft", "ArrowRight"].includes(event.key)) return;
  event.preventDefault();
  const level = depth(row), up = event.key === "ArrowLeft", top = up && level === 1;
  const below = up ? level > 1 && before(before(row, level - 1) || row, level - 2) : before(row, level);
  if (!top && !below) return;
  moved = { id: row.dataset.record, does: event.target.dataset.do };
  if (!(await send([{ do: "edit", kind: "code", id: moved.id, values: { broader: top ? null : below.dataset.record } }]))) moved = null;
});

// The row stands elsewhere then; the hand stays on it.
document.addEventListener("refreshed", () => {
  if (moved) document.querySelector(`[data-record="${CSS.escape(moved.id)}"] [data-do=${moved.does}]`)?.focus();
  moved = null;
});
