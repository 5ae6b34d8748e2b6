// What waits and is in no graph: passages that are not in their source, what 'kg fix' mends, lines that nobody else read,
// and what 'kg check' finds.
import { look, say, send } from "./edit.js";

const place = document.getElementById("waits"), found = document.getElementById("findings");
const make = (tag, values = {}, ...inside) => {
  const made = Object.assign(document.createElement(tag), values);
  made.append(...inside);
  return made;
};

function section(title, number, ...inside) {
  const heading = make("h2", { textContent: `${say(title)} ` }, make("small", { textContent: number }));
  return make("section", { className: "gap" }, heading, ...(number ? inside : [make("p", { className: "none", textContent: say("Nothing waits here.") })]));
}

function fix(one) {
  const ways = one.ways.map((way) => {
    const button = make("button", { type: "button", textContent: way.letter ? say("take") : say("Mend") });
    button.setAttribute("aria-label", `${button.textContent}: ${one.address} ${way.said}`);
    button.addEventListener("click", () => send([way.operation]));
    return make("li", {}, button, ` ${way.said}`);
  });
  const none = make("p", { className: "note", textContent: say("No place comes near; mend the file.") });
  return make("li", {}, make("p", {}, make("b", { textContent: one.address }), ` ${one.what}`), ways.length ? make("ul", { className: "ways" }, ...ways) : none);
}

function unread(one) {
  const link = make("a", { href: `${place.dataset.line}${encodeURIComponent(one.line)}`, textContent: one.line });
  const button = make("button", { type: "button", textContent: say("Judge") });
  Object.assign(button.dataset, { do: "read", kind: "reading" });
  button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-label", `${say("Judge")}: ${one.line}`);
  const row = make("li", {}, make("p", {}, link, ` ${one.claim}`), make("p", { className: "about note", textContent: one.quote }), make("p", { className: "number" }, button));
  row.dataset.record = one.line;
  return row;
}

async function show() {
  const told = await look("/edit/waiting");
  if (!told) return;
  const confirm = told.fixes.filter((one) => one.passage), mends = told.fixes.filter((one) => !one.passage);
  const list = (some, one) => make("ul", { className: "entry-list" }, ...some.map(one));
  place.replaceChildren(
    section("Passages to confirm", confirm.length, list(confirm, fix)),
    section("What can be mended", mends.length, list(mends, fix)),
    section("Evidence lines that you have not read", told.unread.number, list(told.unread.first, unread)),
  );
  place.dataset.ready = "";
}

/** Returns the button by which a finding is mended, or a field and a button that say why all is right as it is. */
function mend(one) {
  if (one.way === "accept") {
    const box = make("input", { required: true, maxLength: 2000, autocomplete: "off" }), button = make("button", { textContent: say("It is right") });
    box.setAttribute("aria-label", `${say("Why it is right as it is")}: ${one.id}`);
    button.setAttribute("aria-label", `${button.textContent}: ${one.id}`);
    const form = make("form", {}, box, " ", button);
    form.addEventListener("focusin", () => form.classList.add("busy"));
    form.addEventListener("focusout", () => form.classList.toggle("busy", Boolean(box.value)));
    form.addEventListener("submit", (event) => {
      event.preventDefault();
      form.classList.remove("busy");
      send([{ do: "edit", kind: one.kind, id: one.id, values: { accepted: box.value.trim() }, was: { accepted: null } }]);
    });
    return form;
  }
  const button = make("button", { type: "button", textContent: say(one.way === "retire" ? "Retire" : "Edit") });
  Object.assign(button.dataset, { do: one.way, kind: one.kind });
  if (one.way === "edit") button.setAttribute("aria-haspopup", "dialog");
  button.setAttribute("aria-label", `${button.textContent}: ${one.id}`);
  return button;
}

function finding(one) {
  const where = make("code", { textContent: one.line ? `${one.file}:${one.line}` : one.file });
  const link = one.kind ? [make("a", { href: `${found.dataset.pages}${one.kind}/${encodeURIComponent(one.id)}`, textContent: one.id }), " "] : [];
  const row = make("li", {}, make("p", {}, ...link, where), make("p", { className: "about" }, one.message, ...(one.mend ? [make("br"), make("span", { className: "note", textContent: one.mend })] : [])));
  row.dataset.record = one.id;
  if (one.way) row.append(make("p", { className: "ways" }, mend(one)));
  return row;
}

function group(one) {
  const more = one.number > one.first.length ? [make("p", { className: "note", textContent: `+${one.number - one.first.length} – ${say("in the terminal:")} kg check` })] : [];
  return make("section", {}, make("h3", { textContent: `${one.title} ` }, make("small", { textContent: one.number })), make("ul", { className: "entry-list" }, ...one.first.map(finding)), ...more);
}

/** Shows what 'kg check' finds; it comes later than the rest, because all of the study is read for it. */
async function check() {
  const told = await look(`/edit/findings/${document.documentElement.lang === "zh" ? "zh" : "en"}`);
  // What somebody types just now is not taken away.
  if (!told || found.querySelector(".busy")) return;
  const number = told.groups.reduce((sum, one) => sum + one.number, 0);
  const note = make("p", { className: "note", textContent: say(told.late ? "The study is too large to be looked through here: kg check does it in the terminal." : "Shapes of the graph, citation styles and the originals of documents take longer: kg check looks at them.") });
  found.replaceChildren(told.late ? make("section", { className: "gap" }, make("h2", { textContent: say("What kg check finds") })) : section("What kg check finds", number, ...told.groups.map(group)), note);
  found.dataset.ready = "";
}

check();
for (const happened of ["refreshed", "coder"]) document.addEventListener(happened, check);
show();
for (const happened of ["edited", "refreshed", "coder"]) document.addEventListener(happened, show);
