// Judging blind: one evidence line after another, with nothing that anybody judged; the server sends no more than is shown.
import { coder, choose, look, ready, say, send, undo } from "./edit.js";

const KEYS = { 1: "supports", 2: "opposes", 3: "qualifies", 4: "irrelevant", s: "strong", m: "moderate", w: "weak", y: "true", n: "false" };
const remembered = () => { try { return localStorage.getItem("kg-keys") !== "off"; } catch { return true; } };
// How many lines were passed over, what is shown, and what was answered of it.
let place = 0, shown = null, given = {}, sending = false;

const find = (what) => document.querySelector(`#blind ${what}`);
const form = () => find("form");

/** Shows which answers were given; what is irrelevant has neither strength nor anything that it carries. */
function mark() {
  for (const one of document.querySelectorAll("#blind [data-judges]")) one.setAttribute("aria-pressed", given[one.dataset.judges] === one.dataset.value);
  find(".bears").hidden = given.stance === "irrelevant";
}

function passage({ before, passage, after }) {
  const text = document.createElement("p"), words = document.createElement("mark");
  text.className = "text";
  words.textContent = passage;
  text.append(before, words, after);
  return text;
}

/** Puts the next line before the coder; the one that is there stays with its answers, unless it was judged meanwhile. */
async function show() {
  await ready;
  if (!coder() && !(await choose())) return;
  const told = await look(`/edit/unread/${document.documentElement.lang}/${place}`);
  if (!told) return;
  find(".number").textContent = told.number ? say("{} evidence lines that you have not read").replace("{}", told.number) : say("Nothing waits here.");
  form().hidden = !told.unread;
  // While an answer is being given, a new build does not take the page away.
  form().classList.toggle("busy", Boolean(told.unread));
  if (told.unread && shown?.line === told.unread.line) return mark();
  shown = told.unread;
  given = {};
  form().reset();
  form().elements.single.checked = remembered();
  if (!shown) return;
  find("h2").textContent = shown.claim;
  find(".passages").replaceChildren(...shown.passages.map(passage));
  mark();
  find("h2").focus();
}

function next() {
  place += 1;
  show();
}

async function save() {
  if (!shown || sending) return;
  const bears = given.stance !== "irrelevant";
  if (!given.stance || (bears && !given.strength)) {
    find(".number").textContent = say("Stance and strength are missing");
    return;
  }
  const reason = form().elements.reason.value.trim();
  const alone = bears && given.alone ? { alone: given.alone === "true" } : {};
  sending = true;
  await send([{ do: "read", line: shown.line, stance: given.stance, ...(bears ? { strength: given.strength } : {}), ...alone, ...(reason ? { reason } : {}) }]);
  sending = false;
}

function answer(value) {
  const button = find(`[data-value="${value}"]`);
  given[button.dataset.judges] = value;
  if (value === "irrelevant") { delete given.strength; delete given.alone; }
  mark();
}

document.addEventListener("click", (event) => {
  const button = event.target.closest("#blind button[type=button]");
  if (button?.dataset.judges) answer(button.dataset.value);
  else if (button) next();
});
document.addEventListener("submit", (event) => {
  if (event.target !== form()) return;
  event.preventDefault();
  save();
});
document.addEventListener("change", (event) => {
  if (event.target.name === "single") try { localStorage.setItem("kg-keys", event.target.checked ? "on" : "off"); } catch { /* It is not kept, then. */ }
});
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || !shown || document.querySelector("dialog[open]")) return;
  const typing = event.target.name === "reason" || /^(TEXTAREA|SELECT)$/.test(event.target.tagName);
  if (typing || event.target.type === "search") {
    if (event.key === "Escape" && event.target.name === "reason") find("h2").focus();
    return;
  }
  // On an answer that is not given yet, Enter gives it.
  const free = !/^(BUTTON|A|INPUT|SUMMARY)$/.test(event.target.tagName) || event.target.getAttribute("aria-pressed") === "true";
  if (event.key === "Enter" && free) { event.preventDefault(); return void save(); }
  if (!form().elements.single.checked) return;
  const hidden = given.stance === "irrelevant" && /^[smwyn]$/.test(event.key);
  if (event.key in KEYS && !hidden) answer(KEYS[event.key]);
  else if (event.key === "r") form().elements.reason.focus();
  else if (event.key === "x") next();
  else if (event.key === "z") undo();
  else return;
  event.preventDefault();
});

show();
for (const happened of ["edited", "refreshed"]) document.addEventListener(happened, show);
document.addEventListener("coder", () => { place = 0; shown = null; show(); });
