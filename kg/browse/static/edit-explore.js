// Arrangements: what the explorer shows is kept under a name, changed and removed.
import { send } from "./edit.js";

const root = document.getElementById("explorer"), dialog = document.getElementById("arrangement-form"), form = dialog.querySelector("form");
const kept = document.querySelector("[data-arrangement]")?.dataset.arrangement || "";
let does = "new";

/** Returns a view, as its address has it, in the form of the file. */
function arranged({ of, show, hide, pin }) {
  const parted = (text, sign) => [text.slice(0, text.lastIndexOf(sign)), text.slice(text.lastIndexOf(sign) + 1)];
  const shows = show.filter((one) => one.includes(">")).map((one) => {
    const [record, rest] = parted(one, ">"), [kind, number] = parted(rest, "*");
    return { record, kind, number: Number(number) };
  });
  const pins = pin.map((one) => parted(one, "@")).map(([record, height]) => ({ record, height: Number(height) }));
  return { of, show: shows, hide, pins };
}

const identifier = (name) => name.normalize("NFC").toLowerCase().replace(/[^\p{L}\p{M}\p{Nd}._]+/gu, "-").replace(/\.{2,}/g, ".").replace(/^[-._\p{M}]+|[-._]+$/gu, "").slice(0, 60) || "arrangement";
const open = (id) => location.assign(`${root.dataset.here || location.pathname}${id ? `?arrangement=${encodeURIComponent(id)}` : ""}`);
/** Leaves out what is empty: what an entry need not have. */
const filled = (values) => Object.fromEntries(Object.entries(values).filter(([key, one]) => key === "show" || one.length));

document.addEventListener("click", async (event) => {
  const button = event.target.closest("[data-arranges]");
  if (!button) return;
  does = button.dataset.arranges;
  if (does === "retire") {
    if (await send([{ do: "retire", kind: "arrangement", id: kept }])) open("");
    return;
  }
  form.reset();
  form.querySelector(".refused").replaceChildren();
  if (does === "new") for (const field of form.querySelectorAll("[name=name], [name=note]")) field.value = "";
  const again = form.querySelector(".again");
  if (again) again.hidden = does === "new";
  dialog.showModal();
});

form.addEventListener("submit", async (event) => {
  if (event.submitter?.value !== "save") return;
  event.preventDefault();
  const name = form.elements.name.value.trim(), note = form.elements.note.value.trim();
  if (!name) return;
  const fresh = does === "new", view = fresh || form.elements.again?.checked ? arranged(root.view) : {};
  const id = fresh ? identifier(name) : kept;
  const act = fresh
    ? { do: "add", kind: "arrangement", record: { id, ...filled({ name, note, ...view }) } }
    : { do: "edit", kind: "arrangement", id, values: { name, note: note || null, ...view } };
  if (await send([act])) open(id);
});

// The bar is behind the form, so what is refused is told in it, too.
document.addEventListener("refused", ({ detail }) => {
  if (!dialog.open) return;
  const lines = [detail.error, detail.mend, ...(detail.places || [])].filter(Boolean);
  form.querySelector(".refused").replaceChildren(...lines.map((text) => Object.assign(document.createElement("p"), { textContent: text })));
});
