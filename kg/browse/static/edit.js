// The road of changes: sends operations, says what became of them, undoes. Pages that edit import it:
//
//   import { send, say, tell } from "./edit.js";
//   const answer = await send([{ do: "rename", kind: "code", id: "praise", to: "thanks" }]);
//
// send() resolves to what the server stored, or to null after it has told the person why nothing was stored. The event
// "edited" of the document has the answer as its detail; "refused" has why nothing was stored; "coder" tells that
// another coder was chosen.

const bar = document.getElementById("editing");
const words = JSON.parse(document.getElementById("edit-words").textContent);
const LONGEST = 56 * 1024;
// After how many milliseconds it is said that an edit waits.
const LATE = 1000;
let session = { token: "", coder: "", coders: [], last: "", undone: "" };
let turn = Promise.resolve();

/** Returns a word of the page's language for an English one. */
export const say = (english) => words[english] || english;

/** Returns who edits: id, or "" while nobody was chosen. */
export const coder = () => session.coder;

/** Returns the coders of the study, each with id, name and kind. */
export const coders = () => session.coders;

const language = { "Accept-Language": document.documentElement.lang };

async function ask(path, content) {
  const bytes = content instanceof Blob, kind = bytes ? "application/octet-stream" : "application/json";
  const request = { method: "POST", body: bytes ? content : JSON.stringify(content), headers: { "Content-Type": kind, "X-KG-Token": session.token, ...language } };
  if (!bytes && new TextEncoder().encode(request.body).length > LONGEST) return { status: 413, error: say("This is too long to be sent at once"), mend: "" };
  try {
    const answer = await fetch(path, content === undefined ? { headers: language } : request);
    return { ...(await answer.json()), status: answer.status };
  } catch {
    return { status: 0, error: say("The server does not answer; is 'kg browse --edit' still running?"), mend: "" };
  }
}

function show() {
  const who = session.coders.find((one) => one.id === session.coder);
  bar.querySelector("[data-does=who]").textContent = who ? who.name : say("Choose who edits");
  bar.querySelector("[role=status]").textContent = session.last || say("Nothing was done yet");
  bar.querySelector("[data-does=undo]").disabled = !session.last;
  bar.querySelector("[data-does=redo]").disabled = !session.undone;
}

function keep(answer) {
  for (const key of ["coder", "coders", "last", "undone", "token"]) if (key in answer) session[key] = answer[key];
  show();
}

/** Tells the person something; without words what was told is taken away. */
export function tell(text = "", more = []) {
  const told = bar.querySelector(".told");
  told.querySelector("p").textContent = text;
  told.querySelector("ul").replaceChildren(...more.filter(Boolean).map((one) => Object.assign(document.createElement("li"), { textContent: one })));
  told.hidden = !text;
}

function refused(answer) {
  const others = (answer.findings || []).slice(1).map((one) => [one.message, one.mend].filter(Boolean).join(": "));
  tell(answer.error, [answer.mend, ...(answer.places || []), ...others]);
  document.dispatchEvent(new CustomEvent("refused", { detail: answer }));
}

/** Reads who edits, and the token of this session. */
async function begin() {
  const answer = await ask("/edit/session");
  bar.hidden = false;
  bar.classList.toggle("off", !answer.token);
  if (answer.token) keep(answer);
  else refused(answer);
  return answer;
}
export const ready = begin();

// What is sent waits for what was sent before, so that edits are made in the order of the hand. Whoever tells what became
// of it in a place of its own gets every answer.
function inTurn(path, content, told = false) {
  const made = turn.then(async () => {
    await ready;
    if (!session.coder && !(await choose())) return null;
    const late = setTimeout(() => { bar.querySelector("[role=status]").textContent = say("This is being written; while the study is built, it waits."); }, LATE);
    let answer = await ask(path, content).finally(() => { clearTimeout(late); show(); });
    if (answer.status === 403) {
      // The server may have been started anew, or another window have begun another session.
      await begin();
      if (session.token) answer = await ask(path, content);
    }
    if (answer.status !== 200) {
      if (told) return answer;
      if (session.token || answer.status !== 403) refused(answer);
      return null;
    }
    keep(answer);
    tell("", []);
    const warned = (answer.findings || []).map((one) => [one.message, one.mend].filter(Boolean).join(": "));
    if (warned.length && !told) tell(answer.said, warned);
    document.dispatchEvent(new CustomEvent("edited", { detail: answer }));
    return answer;
  });
  turn = made.catch(() => null);
  return made;
}

/** Sends operations, of which all are made or none; see docs/editing.md. */
export const send = (operations) => inTurn("/edit", { operations });
/** Sends documents, each with its name and bytes, and what is said of them; resolves to the answer, whatever it is. */
export function add(files, about) {
  const head = { ...about, files: files.map((one) => ({ name: one.name, size: one.size })) };
  return inTurn("/edit/documents", new Blob([JSON.stringify(head), "\n", ...files]), true);
}
/** Takes the turns of a source that may be a transcript. */
export const takeTurns = (source) => inTurn("/edit/turns", { source });
/** Takes back what this coder did last. */
export const undo = () => inTurn("/edit/undo", {});
/** Makes again what was undone last. */
export const redo = () => inTurn("/edit/redo", {});

/** Says what operations would do, or why they would be refused: an answer with its status; nothing is changed. */
export async function preview(operations) {
  await ready;
  if (!session.coder && !(await choose())) return { status: 409, error: say("Choose who edits"), mend: "" };
  return ask("/edit/preview", { operations });
}

/** Resolves to what the server tells of a path, or to null after it has told the person why not. */
export async function look(path) {
  await ready;
  const answer = await ask(path);
  if (answer.status === 200) return answer;
  refused(answer);
  return null;
}

/** Turns blind mode of this session on or off. */
export const hide = (blind) => ask("/edit/blind", { blind });

/** Asks who edits; resolves to whether somebody does. */
export function choose() {
  const dialog = document.getElementById("who"), form = dialog.querySelector("form");
  const list = form.querySelector(".coders");
  list.querySelectorAll("label").forEach((one) => one.remove());
  for (const one of session.coders) {
    const label = document.createElement("label"), box = document.createElement("input");
    Object.assign(box, { type: "radio", name: "coder", value: one.id, checked: one.id === session.coder });
    label.append(box, ` ${one.name}`);
    list.append(label);
  }
  const told = form.querySelector("[role=alert]"), box = form.elements.name;
  box.value = told.textContent = "";
  form.onsubmit = (event) => {
    if (event.submitter.value !== "choose" || box.value.trim() || new FormData(form).get("coder")) return;
    event.preventDefault();
    told.textContent = say("Choose who edits, or write a name.");
    form.querySelector("details").open = true;
    box.focus();
  };
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", async () => {
      const name = form.elements.name.value.trim(), picked = new FormData(form).get("coder");
      const content = name ? { name, kind: form.elements.kind.value } : { coder: picked };
      if (dialog.returnValue !== "choose" || !(name || picked)) return resolve(Boolean(session.coder));
      const answer = await ask("/edit/who", content);
      if (answer.status !== 200) {
        refused(answer);
        return resolve(false);
      }
      await begin();
      document.dispatchEvent(new Event("coder"));
      resolve(true);
    }, { once: true });
  });
}

bar.addEventListener("click", (event) => {
  const does = event.target.closest("[data-does]")?.dataset.does;
  if (does === "undo") undo();
  else if (does === "redo") redo();
  else if (does === "who") choose();
  else if (does === "dismiss") tell();
});
