// Documents are dropped on the page of the sources, or chosen there, and become sources; what became of each is told below.
import { add, say, takeTurns } from "./edit.js";

const MOST = 200, LONGEST = 64 * 1024 * 1024;
const place = () => document.getElementById("documents");
const fields = () => [...place().querySelectorAll("[data-about]")];
// What was told of each document: its name, lines, and the source that it became. A new page of the study has it again.
let told = [], about = {};

const make = (tag, values = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...inside);
  return made;
};

function row(one) {
  const heading = make("p", {}, make("b", { textContent: one.name }));
  // Its page is there when the study was built with it.
  if (one.id) heading.append(` ${say("added as")} `, one.built ? make("a", { className: "source", href: place().dataset.source + encodeURIComponent(one.id), textContent: one.id }) : make("code", { textContent: one.id }));
  const made = make("li", { className: one.id ? "" : "missed" }, heading, ...one.lines.map((text) => make("p", { className: "note", textContent: text })));
  if (one.asks) {
    const button = make("button", { type: "button", textContent: say("Take the turns") });
    button.setAttribute("aria-label", `${button.textContent}: ${one.id}`);
    button.addEventListener("click", async () => {
      button.disabled = true;
      if (await takeTurns(one.id)) Object.assign(one, { asks: false, lines: [...one.lines.slice(0, -1), say("Its turns were taken.")] });
      show();
    });
    made.append(make("p", { className: "does" }, button));
  }
  return made;
}

function show() {
  const list = place().querySelector("ul");
  list.replaceChildren(...told.map(row));
  for (const field of fields()) if (field.name in about) field.value = about[field.name];
  if (Object.values(about).some(Boolean)) place().querySelector("details").open = true;
}

/** Returns what is said of a source that was added. */
function became(one) {
  const turns = Object.entries(one.turns).map(([label, number]) => `${label} ${number}${one.roles[label] ? ` (${say(one.roles[label])})` : ""}`).join(", ");
  const lines = [[one.pages && `${say("pages")}: ${one.pages}`, `${say("paragraphs")}: ${one.paragraphs}`].filter(Boolean).join(" · ")];
  if (turns) lines.push(`${one.asks ? say("Is it a transcript? Lines begin with") : `${say("turns")}:`} ${turns}`);
  return { name: one.shown, id: one.id, asks: one.asks, lines };
}

const words = (finding) => [finding.message, finding.mend].filter(Boolean).join(" – ");

async function send(files) {
  const answer = await add(files, Object.fromEntries(Object.entries(about).filter(([, value]) => value)));
  if (!answer) return;
  const news = (answer.added || []).map(became), findings = answer.findings || [];
  for (const finding of findings) {
    const same = news.find((one) => one.name === finding.file);
    if (same) same.lines.push(words(finding));
    else news.push({ name: finding.file, lines: [words(finding)] });
  }
  if (answer.status !== 200 && !findings.length) news.push({ name: files.map((one) => one.name).join(", "), lines: [answer.error, answer.mend].filter(Boolean) });
  told = [...news, ...told];
  show();
}

/** Sends files in lots that are taken at once; what cannot be sent is told. */
async function take(files) {
  let lot = [], size = 0;
  place().classList.add("taking");
  for (const file of files) {
    const readable = await file.slice(0, 1).arrayBuffer().then(() => true, () => false);
    if (!readable || file.size > LONGEST) {
      told = [{ name: file.name, lines: [say(readable ? "It has more than 64 MB; add it in the terminal, by kg add." : "It cannot be read; drop it again.")] }, ...told];
      continue;
    }
    if (lot.length === MOST || size + file.size > LONGEST) {
      await send(lot);
      [lot, size] = [[], 0];
    }
    lot.push(file);
    size += file.size;
  }
  if (lot.length) await send(lot);
  place().classList.remove("taking");
  show();
}

/** Returns the files of what was dropped: those of a folder by name, but for what programs leave in it. */
async function within(entry) {
  if (entry.isFile) return [await new Promise((done, failed) => entry.file(done, failed))];
  const reader = entry.createReader(), found = [];
  for (let some; (some = await new Promise((done, failed) => reader.readEntries(done, failed))).length;) found.push(...some);
  const kept = found.filter((one) => !/^(\.|~\$|__MACOSX$|Thumbs\.db$|desktop\.ini$)/.test(one.name)).sort((a, b) => (a.name < b.name ? -1 : 1));
  return (await Promise.all(kept.map(within))).flat();
}

document.addEventListener("change", (event) => {
  if (event.target.matches("#documents input[type=file]")) {
    const files = [...event.target.files];
    event.target.value = "";
    take(files);
  } else if (event.target.matches("#documents [data-about]")) about[event.target.name] = event.target.value;
});

const carries = (event) => event.dataTransfer?.types.includes("Files");
document.addEventListener("dragover", (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  place().classList.add("over");
});
document.addEventListener("dragleave", (event) => { if (!event.relatedTarget) place().classList.remove("over"); });
document.addEventListener("drop", async (event) => {
  if (!carries(event)) return;
  event.preventDefault();
  place().classList.remove("over");
  // What was dropped can only be asked for at once.
  const dropped = [...event.dataTransfer.items].filter((one) => one.kind === "file").map((one) => [one.webkitGetAsEntry?.(), one.getAsFile()]);
  take((await Promise.all(dropped.map(([entry, file]) => (entry?.isDirectory ? within(entry) : [file])))).flat());
});

document.addEventListener("refreshed", () => {
  for (const one of told) if (one.id) one.built = true;
  show();
});
