// Codes passages where they are read: what is selected, the palette beside it, the keys. What is stored is the server's answer.
import { coder, ready, say, send, tell, undo } from "./edit.js";

const reader = document.querySelector(".reader"), source = reader.dataset.source;
const palette = document.getElementById("palette"), codes = document.getElementById("palette-code"), claims = document.getElementById("palette-claim");
const coding = document.getElementById("coding");
const words = new Intl.Segmenter(reader.lang || "en", { granularity: "word" }), signs = new Intl.Segmenter("en", { granularity: "grapheme" });
const UNSPACED = /[\p{Script=Han}\p{Script=Hiragana}\p{Script=Katakana}\p{Script=Thai}\p{Script=Lao}\p{Script=Khmer}\p{Script=Myanmar}]/u;
let known = { codes: [], claims: [], passages: [], lost: [] };
let target = null;        // what the palette is about: start, end, quote, and the stored passage if it is one
let mode = "main", stance = "", strength = "", moved = null, down = false, here = null, word = null;
// What was typed and refused, by passage and form; and why it was refused.
const drafts = new Map();
let why = "";
const store = (key, value) => { try { return value === undefined ? localStorage.getItem(key) : localStorage.setItem(key, value); } catch { return null; } };
const recent = () => JSON.parse(store("kg-recent") || "[]").filter((id) => known.codes.some((one) => one.id === id));
const single = () => store("kg-keys") !== "off";

// ---- What is selected: whole words of the source, in codepoints

const length = (text) => [...text].length;
const paragraphs = () => [...reader.querySelectorAll(".text[data-start]")];
const begins = (p) => Number(p.dataset.start);

/** Moves a place that lies within a word to its edge; in scripts without spaces, to the edge of what is read as one sign. */
function snapped(text, at, back) {
  if (at <= 0 || at >= text.length) return at;
  for (const segmenter of [words, signs]) {
    const one = segmenter.segment(text).containing(at);
    if (one.index === at) continue;
    if (segmenter === signs || (one.isWordLike && !UNSPACED.test(one.segment))) return back ? one.index : one.index + one.segment.length;
  }
  return at;
}

/** Returns where the words of a paragraph begin and end: its label and a citation at its end are none of them. */
function said(text) {
  const label = /^\[[^\]\s@]+\]\s*/.exec(text), cited = /\s*(?:\[@[^\]]*\]\s*)+$/.exec(text);
  return [label ? label[0].length : 0, cited ? cited.index : text.length];
}

/** Returns where a range of the page lies in the source: its whole words, or null when it has none. */
export function placed(range) {
  const parts = [];
  for (const p of paragraphs()) {
    if (!range.intersectsNode(p)) continue;
    const all = document.createRange(), inside = document.createRange();
    all.selectNodeContents(p);
    inside.selectNodeContents(p);
    if (range.compareBoundaryPoints(Range.START_TO_START, all) > 0) inside.setStart(range.startContainer, range.startOffset);
    if (range.compareBoundaryPoints(Range.END_TO_END, all) < 0) inside.setEnd(range.endContainer, range.endOffset);
    const before = document.createRange();
    before.selectNodeContents(p);
    before.setEnd(inside.startContainer, inside.startOffset);
    const from = before.toString().length, to = from + inside.toString().length;
    if (p.textContent.slice(from, to).trim()) parts.push({ p, from, to, text: p.textContent });
  }
  if (!parts.length) return null;
  const first = parts[0], last = parts.at(-1);
  first.from += first.text.slice(first.from, first.to).search(/\S/);
  last.to = last.text.slice(0, last.to).trimEnd().length;
  first.from = snapped(first.text, first.from, true);
  last.to = snapped(last.text, last.to, false);
  first.from = Math.max(first.from, Math.min(said(first.text)[0], first.to));
  last.to = Math.min(last.to, Math.max(said(last.text)[1], last.from));
  if (parts.length === 1 && first.from >= last.to) return null;
  const quote = parts.map((one, n) => (n ? one.p.dataset.before || "" : "") + one.text.slice(one.from, one.to)).join("\n\n");
  return {
    start: begins(first.p) + length(first.text.slice(0, first.from)),
    end: begins(last.p) + length(last.text.slice(0, last.to)),
    quote,
    range: spanning(first.p, first.from, last.p, last.to),
  };
}

function point(p, at) {
  const walk = document.createTreeWalker(p, NodeFilter.SHOW_TEXT);
  let node, last = null;
  while ((node = walk.nextNode())) {
    last = node;
    if (at <= node.length) return [node, at];
    at -= node.length;
  }
  return last ? [last, last.length] : [p, 0];
}
function spanning(p, from, q, to) {
  const range = document.createRange();
  range.setStart(...point(p, from));
  range.setEnd(...point(q, to));
  return range;
}

/** Returns the range of a place of the source (codepoints). */
function rangeOf(start, end) {
  const all = paragraphs();
  const within = (at, closed) => all.findLast((p) => begins(p) < at + (closed ? 0 : 1));
  const p = within(start), q = within(end, true);
  if (!p || !q) return null;
  const units = (text, count) => [...text].slice(0, count).join("").length;
  return spanning(p, units(p.textContent, start - begins(p)), q, units(q.textContent, end - begins(q)));
}

function light(name, ...ranges) {
  if (!window.CSS?.highlights) return;
  if (ranges.filter(Boolean).length) CSS.highlights.set(name, new Highlight(...ranges.filter(Boolean)));
  else CSS.highlights.delete(name);
}
const pending = [];
const lightPending = () => light("pending", ...pending.map((one) => rangeOf(...one)));

// ---- The palette

const part = (name) => palette.querySelector(name);
function turn(to) {
  mode = to;
  wrong();
  for (const one of ["main", "evidence", "memo", "ends"]) part(`.${one}`).hidden = one !== to;
  fit();
}

/** Says at a field of the palette what is missing, and puts the hand there; without a field what was said is taken away. */
function wrong(field, text = "") {
  const told = document.getElementById("palette-wrong");
  for (const one of palette.querySelectorAll("[aria-describedby]")) for (const mark of ["aria-describedby", "aria-invalid"]) one.removeAttribute(mark);
  if (field) (field.closest(".strengths") || field).after(told);
  told.textContent = text;
  if (!field) return;
  field.setAttribute("aria-describedby", told.id);
  if (field.tagName !== "BUTTON") field.setAttribute("aria-invalid", "true");
  field.focus();
  fit();
}

/** Keeps the palette in the window: the page is scrolled as far as the words stay in view, and the rest of it scrolls inside. */
function fit() {
  palette.style.maxHeight = "";
  if (palette.hidden || getComputedStyle(palette).position === "fixed") return;
  const below = () => palette.getBoundingClientRect().bottom + 8 - innerHeight;
  if (below() <= 0) return;
  const words = target.range?.getBoundingClientRect().top ?? 0, head = document.getElementById("editing").getBoundingClientRect().bottom;
  scrollBy({ top: Math.max(0, Math.min(below(), words - head - 8)), behavior: "instant" });
  // Words that fill the window are covered by it in part.
  const least = Math.min(palette.offsetHeight, innerHeight * .6), over = palette.getBoundingClientRect().top + least + 8 - innerHeight;
  if (over > 0) palette.style.top = `${parseFloat(palette.style.top) - over}px`;
  palette.style.maxHeight = `${innerHeight - 8 - palette.getBoundingClientRect().top}px`;
}

function open(what, at) {
  if (mode === "ends" && moved && !palette.hidden) {
    target = { ...what, moving: true };
    return light("target", what.range);
  }
  const stored = known.passages.find((one) => one.start === what.start && one.end === what.end);
  target = { ...what, stored };
  turn("main");
  part("#palette-quote").textContent = what.quote.length > 90 ? `${what.quote.slice(0, 90)}…` : what.quote;
  const given = (stored?.entries || []).flatMap((one) => [...one.codes.map((code) => ({ who: one.coder, text: name(known.codes, code), code })), ...one.evidence.filter((line) => line.status === "active").map((line) => ({ who: one.coder, text: `${say(line.stance)} ${line.claim}` })), ...(one.memo ? [{ who: one.coder, text: one.memo }] : [])]);
  part(".given").replaceChildren(...given.map((one) => {
    const item = document.createElement("li");
    item.append(one.text, " ", Object.assign(document.createElement("small"), { textContent: one.who }));
    if (one.code && one.who === coder()) {
      const away = Object.assign(document.createElement("button"), { type: "button", textContent: "×", ariaLabel: `${say("Remove")}: ${one.text}` });
      away.addEventListener("click", () => change([{ do: "uncode", ...passage(), codes: [one.code] }]));
      item.append(" ", away);
    }
    return item;
  }));
  part(".mine").hidden = !(stored?.entries || []).some((one) => one.coder === coder());
  const again = part("[data-act=again]"), last = recent()[0];
  again.hidden = !last;
  if (last) again.replaceChildren(`${name(known.codes, last)} `, Object.assign(document.createElement("kbd"), { textContent: "." }));
  codes.value = "";
  codeList.hide();
  palette.hidden = false;
  light("target", what.range);
  const box = (what.range || at).getBoundingClientRect(), width = palette.offsetWidth;
  palette.style.left = `${Math.max(8, Math.min(box.left, innerWidth - width - 8)) + scrollX}px`;
  palette.style.top = `${box.bottom + scrollY + 8}px`;
  fit();
}

function close() {
  palette.hidden = true;
  target = moved = null;
  turn("main");
  light("target");
}

const name = (list, id) => list.find((one) => one.id === id)?.name || id;
const passage = (one = target) => ({ source, quote: one.quote, start: one.start, end: one.end });

async function change(operations, kept = target) {
  const mark = operations.some((one) => one.do === "code" || one.do === "evidence") && [kept.start, kept.end];
  if (mark) {
    pending.push(mark);
    lightPending();
  }
  close();
  getSelection().removeAllRanges();
  const answer = await send(operations);
  if (!answer && mark) {
    pending.splice(pending.indexOf(mark), 1);
    lightPending();
  }
  return answer;
}

/** Sends what a form of the palette says; what is refused is there again with why, and at its passage when another is open. */
async function submit(form, field, operation, typed) {
  const about = target, draft = `${about.start}-${about.end} ${form}`;
  drafts.set(draft, typed);
  if (await change([{ ...operation, ...passage() }])) return drafts.delete(draft);
  if (!palette.hidden) return;
  open(about);
  acts[form]();
  wrong(field, why);
}
const draft = (form) => drafts.get(`${target.start}-${target.end} ${form}`);

function give(code, isNew) {
  const added = isNew ? [{ do: "add", kind: "code", record: { id: code.id, level: "open", label: { en: code.name } } }] : [];
  if (isNew) known.codes.push(code);
  store("kg-recent", JSON.stringify([code.id, ...recent().filter((one) => one !== code.id)].slice(0, 30)));
  return change([...added, { do: "code", ...passage(), codes: [code.id] }]);
}

function fresh(text) {
  let id = text.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{Nd}._]+/gu, "-").replace(/\.{2,}/g, ".").replace(/^[-._\p{M}]+|[-._]+$/gu, "").slice(0, 60) || "code";
  for (let n = 2, stem = id; known.codes.some((one) => one.id === id); n++) id = `${stem}-${n}`;
  return { id, name: text };
}

/** A field with a list below it that narrows as one types: Enter takes the marked one. */
function chooser(box, list, options, take) {
  let shown = [], at = 0;
  const draw = () => {
    const typed = box.value.trim().toLowerCase();
    const rank = (one) => { const text = one.name.toLowerCase(), id = one.id.toLowerCase(); return text.startsWith(typed) || id.startsWith(typed) ? 0 : text.split(/[\s-]+/).some((w) => w.startsWith(typed)) ? 1 : text.includes(typed) || id.includes(typed) ? 2 : 3; };
    shown = options().map((one, n) => [rank(one), n, one]).filter(([r]) => r < 3).sort((a, b) => a[0] - b[0] || a[1] - b[1]).map(([, , one]) => one).slice(0, 8);
    if (box === codes && typed && !shown.some((one) => one.name.toLowerCase() === typed || one.id === typed)) shown.push({ ...fresh(box.value.trim()), isNew: true });
    at = 0;
    list.replaceChildren(...shown.map((one, n) => {
      const item = document.createElement("li");
      Object.assign(item, { id: `${list.id}-${n}`, role: "option", textContent: one.isNew ? `${say("New code")}: ${one.name}` : list.id === "palette-claims" ? `${one.id} ${one.name}` : one.name });
      item.setAttribute("role", "option");
      item.addEventListener("pointerdown", (event) => { event.preventDefault(); take(one); });
      return item;
    }));
    mark();
    if (!palette.hidden) fit();
  };
  const mark = () => {
    [...list.children].forEach((one, n) => one.setAttribute("aria-selected", n === at));
    box.setAttribute("aria-expanded", shown.length > 0);
    if (shown.length) box.setAttribute("aria-activedescendant", `${list.id}-${at}`);
    else box.removeAttribute("aria-activedescendant");
  };
  box.addEventListener("input", () => { wrong(); draw(); });
  box.addEventListener("focus", draw);
  box.addEventListener("keydown", (event) => {
    if (event.key === "ArrowDown" || event.key === "ArrowUp") at = (at + (event.key === "ArrowDown" ? 1 : shown.length - 1)) % Math.max(1, shown.length);
    else if (event.key === "Enter" && shown[at]) take(shown[at]);
    else if (event.key === "Enter" && box === codes) wrong(codes, say("Write the name of the code."));
    else return;
    event.preventDefault();
    mark();
  });
  return { hide: () => { shown = []; list.replaceChildren(); mark(); } };
}
const byRecent = () => { const last = recent(); return [...last.map((id) => known.codes.find((one) => one.id === id)), ...known.codes.filter((one) => !last.includes(one.id))]; };
const codeList = chooser(codes, document.getElementById("palette-codes"), byRecent, (one) => give(one, one.isNew));
let claim = null;
const claimList = chooser(claims, document.getElementById("palette-claims"), () => known.claims, (one) => {
  claim = one;
  claims.value = `${one.id} ${one.name}`;
  claimList.hide();
  part("[data-act=strong]").focus();
});

function judge(how) {
  strength = how;
  wrong();
  part(".strengths").querySelectorAll("button").forEach((one) => one.setAttribute("aria-pressed", one.dataset.act === how));
  document.getElementById("palette-reason").focus();
}

part(".evidence").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = document.getElementById("palette-reason"), reason = box.value.trim(), named = claims.value.trim();
  claim ||= known.claims.find((one) => one.id === named) || null;
  if (!claim && !known.claims.length) return wrong(claims, say("The study has no claims yet: make one on the page of claims."));
  if (!claim) return wrong(claims, named ? `${say("No claim is called so:")} ${named}` : say("Write which claim, by its id or its words."));
  if (!strength) return wrong(part("[data-act=strong]"), say("Say how strongly."));
  if (!reason) return wrong(box, say("Write why."));
  submit(stance, box, { do: "evidence", claim: claim.id, stance, strength, reason }, { claim, strength, reason });
});
claims.addEventListener("input", () => { claim = null; });
part(".memo").addEventListener("submit", (event) => {
  event.preventDefault();
  const box = document.getElementById("palette-memo"), memo = box.value.trim(), mine = myMemo();
  if (!memo && !mine) return wrong(box, say("Write the memo."));
  submit("memo", box, { do: "memo", memo, ...(mine ? { was: mine } : {}) }, memo);
});
document.addEventListener("refused", ({ detail }) => { why = [detail.error, detail.mend, ...(detail.places || [])].filter(Boolean).join(" – "); });
const myMemo = () => (target.stored?.entries || []).filter((one) => one.coder === coder()).map((one) => one.memo).find(Boolean) || "";

async function take() {
  look(true);
  const was = moved, now = target;
  if (!was || !now?.moving) return;
  if (was.split) {
    const cut = now.start, text = was.quote;
    const at = cut - was.start;
    if (at <= 0 || cut >= was.end) return tell(say("Select words within the passage, where its second part begins."));
    const first = [...text].slice(0, at).join("").trimEnd(), second = [...text].slice(at).join("");
    const mine = was.stored.entries.filter((one) => one.coder === coder()).flatMap((one) => one.codes);
    return change([{ do: "reach", ...passage(was), to: first, to_start: was.start, to_end: was.start + length(first) }, { do: "code", source, quote: second, start: cut, end: was.end, codes: [...new Set(mine)] }], was);
  }
  return change([{ do: "reach", ...passage(was), to: now.quote, to_start: now.start, to_end: now.end }], was);
}

// ---- What is done, by a button or a key

const acts = {
  code: () => target && codes.focus(),
  again: () => { const last = recent()[0]; if (target && last) give({ id: last, name: name(known.codes, last) }); },
  memo: () => { if (!target) return; turn("memo"); const box = document.getElementById("palette-memo"); box.value = draft("memo") ?? myMemo(); box.focus(); },
  reach: () => { if (!target?.stored) return; moved = target; turn("ends"); getSelection().removeAllRanges(); getSelection().addRange(target.range); },
  split: () => { if (!target?.stored) return; moved = { ...target, split: true }; turn("ends"); },
  remove: () => change([{ do: "uncode", ...passage() }]),
  take,
  back: () => { moved = null; turn("main"); },
  close,
  undo,
  keys: () => document.getElementById("keys").showModal(),
  uncoded: () => walk((p) => !p.querySelector("mark"), 1),
  disputed: () => { const some = [...reader.querySelectorAll(".disputed")]; const next = some[(some.indexOf(here) + 1) % some.length]; if (next) { here = next; next.tabIndex = -1; next.focus(); } else tell(say("No line is disputed here.")); },
  next: () => walk(() => true, 1),
  previous: () => walk(() => true, -1),
  passage: () => { const next = known.passages.find((one) => one.start > (target?.stored ? target.start : -1)) || known.passages[0]; if (next) show(next); },
  confirm: () => { const some = [...coding.querySelectorAll(".lost button")]; some[(some.indexOf(document.activeElement) + 1) % some.length]?.focus(); },
  finish: async () => { if (await send([{ do: "finish", source }])) location.reload(); },
  strong: () => judge("strong"), moderate: () => judge("moderate"), weak: () => judge("weak"),
};
for (const one of ["supports", "opposes", "qualifies"]) acts[one] = () => {
  if (!target) return;
  stance = one;
  claim = null;
  strength = "";
  part(".stance").textContent = say(one);
  turn("evidence");
  claims.value = document.getElementById("palette-reason").value = "";
  part(".strengths").querySelectorAll("button").forEach((b) => b.setAttribute("aria-pressed", "false"));
  claims.focus();
  const typed = draft(one);
  if (!typed) return;
  claim = typed.claim;
  claims.value = `${claim.id} ${claim.name}`;
  claimList.hide();
  judge(typed.strength);
  document.getElementById("palette-reason").value = typed.reason;
};

function walk(fits, step) {
  const all = paragraphs().filter((p) => p.tagName === "P" && p.textContent.trim());
  const now = all.indexOf(document.activeElement.closest?.(".text") || here);
  for (let n = 1; n <= all.length; n++) {
    const p = all[(((now < 0 && step < 0 ? 0 : now) + step * n) % all.length + all.length) % all.length];
    if (!fits(p)) continue;
    here = p;
    word = null;
    close();
    p.focus();
    const range = spanning(p, 0, p, p.textContent.length);
    light("target", range);
    const what = placed(range);
    if (what) open(what);
    return;
  }
  tell(say("Every paragraph has a code."));
}

// Words are chosen by the arrows: alone they go to a word, with Shift they take in more or fewer.
function step(by, extends_) {
  const p = here?.closest?.(".text") || (target && paragraphs().findLast((one) => begins(one) <= target.start));
  if (!p) return;
  const [from_, to_] = said(p.textContent);
  const all = [...words.segment(p.textContent)].filter((one) => one.isWordLike && one.index >= from_ && one.index < to_);
  if (!word || word.p !== p) {
    const first = target && !extends_ ? -1 : target ? all.findLastIndex((one) => begins(p) + length(p.textContent.slice(0, one.index)) <= target.start) : -1;
    const last = target && extends_ ? all.findLastIndex((one) => begins(p) + length(p.textContent.slice(0, one.index)) < target.end) : first;
    word = { p, first, last };
  }
  if (extends_) word.last = Math.max(word.first, Math.min(all.length - 1, word.last + by));
  else word.first = word.last = Math.max(0, Math.min(all.length - 1, (by > 0 ? word.last : word.first) + by));
  here = p;
  const from = all[Math.max(0, word.first)], to = all[Math.max(0, word.last)];
  if (!from || !to) return;
  const range = spanning(p, from.index, p, to.index + to.segment.length);
  getSelection().removeAllRanges();
  const what = placed(range);
  if (what) open(what);
}

function show(one) {
  const range = rangeOf(one.start, one.end);
  if (!range) return;
  const text = placed(range);
  here = range.startContainer.parentElement.closest(".text");
  open({ ...text, start: one.start, end: one.end });
  const box = range.getBoundingClientRect();
  if (box.top < 80 || box.bottom > innerHeight - 160) scrollTo(scrollX, scrollY + box.top - innerHeight / 3);
}

const KEYS = { c: "code", ".": "again", 1: "supports", 2: "opposes", 3: "qualifies", n: "memo", e: "reach", u: "confirm", z: "undo", j: "next", k: "previous", p: "passage", x: "uncoded", d: "disputed", "?": "keys" };
document.addEventListener("keydown", (event) => {
  if (event.ctrlKey || event.metaKey || event.altKey || document.querySelector("dialog[open]")) return;
  const typing = /^(INPUT|TEXTAREA|SELECT)$/.test(event.target.tagName) && event.target.type !== "checkbox";
  if (event.key === "Escape" && !palette.hidden) {
    const p = here;
    if (mode === "main") close(); else acts.back();
    getSelection().removeAllRanges();
    p?.focus({ preventScroll: true });
    return event.preventDefault();
  }
  if (typing) return;
  if (mode === "ends" && event.key === "Enter" && event.target.tagName !== "BUTTON") { event.preventDefault(); return void take(); }
  if (/^Arrow(Left|Right)$/.test(event.key) && (here || target)) { event.preventDefault(); return step(event.key === "ArrowRight" ? 1 : -1, event.shiftKey); }
  if (!single()) return;
  const strengths = { s: "strong", m: "moderate", w: "weak" };
  const does = mode === "evidence" && !palette.hidden ? strengths[event.key] : KEYS[event.key];
  if (!does) return;
  event.preventDefault();
  acts[does]();
});
document.addEventListener("click", (event) => {
  const button = event.target.closest("button[data-act]");
  if (button) return void acts[button.dataset.act]?.();
  if (event.target.closest("a, #palette, #editing, #coding, dialog")) return;
  const mark = event.target.closest(".reader mark[data-passages]");
  if (mark && getSelection().isCollapsed) {
    // Of passages one in another, the smallest is meant.
    const [start, end] = mark.dataset.passages.split(" ").map((one) => one.split("-").map(Number)).sort((a, b) => a[1] - a[0] - (b[1] - b[0]))[0];
    show({ start, end });
  } else if (!mark && getSelection().isCollapsed && mode === "main" && !event.target.closest(".text")) close();
});

// ---- The hand: a mouse ends by letting go, fingers by keeping still

let still = 0;
function look(anyhow = false) {
  clearTimeout(still);
  const chosen = getSelection();
  if ((!anyhow && (down || palette.contains(document.activeElement))) || !chosen.rangeCount || chosen.isCollapsed) return;
  const range = chosen.getRangeAt(0);
  if (!reader.contains(range.commonAncestorContainer) && !range.intersectsNode(reader)) return;
  const what = placed(range);
  if (what) { here = range.startContainer.parentElement?.closest(".text") || here; word = null; open(what); }
}
document.addEventListener("pointerdown", (event) => { down = event.pointerType === "mouse" && !palette.contains(event.target); });
document.addEventListener("pointerup", () => { down = false; setTimeout(() => look()); });
document.addEventListener("pointercancel", () => { down = false; });
document.addEventListener("selectionchange", () => { clearTimeout(still); still = setTimeout(() => look(), 250); });

// ---- What the study says

async function learn() {
  const answer = await fetch(`/edit/source/${encodeURIComponent(source)}`).then((one) => one.json(), () => null);
  if (!answer?.passages) return;
  known = answer;
  coding.querySelector("[data-act=finish]").hidden = answer.whole || !coding.querySelector("[data-act=blind]").checked;
  const list = coding.querySelector(".lost ul");
  coding.querySelector(".lost").hidden = !known.lost.length;
  list.replaceChildren(...known.lost.map((one) => {
    const item = document.createElement("li");
    item.append(`${one.quote} – ${one.why} `, ...one.places.map((place) => {
      const button = Object.assign(document.createElement("button"), { type: "button", textContent: `${say("take")}: ${place.quote.slice(0, 80)}` });
      button.addEventListener("click", () => send([{ do: "confirm", address: one.address, letter: place.letter }]));
      return button;
    }));
    return item;
  }));
}
document.addEventListener("edited", (event) => {
  for (const one of event.detail.passages || []) if (one.source === source) known.passages = [...known.passages.filter((other) => other.id !== one.id), one].sort((a, b) => a.start - b.start || a.end - b.end);
  if (!(event.detail.passages || []).length) learn();
});
document.addEventListener("refreshed", () => {
  pending.splice(0, pending.length, ...pending.filter(([a, b]) => !reader.querySelector(`mark[data-passages~="${a}-${b}"]`)));
  lightPending();
  if (target) light("target", rangeOf(target.start, target.end));
  learn();
});
document.addEventListener("coder", learn);
addEventListener("resize", fit);
const keys = document.querySelector("[data-act=single]"), blind = coding.querySelector("[data-act=blind]");
keys.checked = single();
keys.addEventListener("change", () => store("kg-keys", keys.checked ? "on" : "off"));
blind.addEventListener("change", async () => { await import("./edit.js").then((road) => road.hide(blind.checked)); location.reload(); });
ready.then((session) => { blind.checked = Boolean(session?.blind); learn().then(() => { document.body.dataset.coding = "ready"; }); });
