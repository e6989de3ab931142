// The page's one script: it asks the worker, and shows what comes back. All rules are in Python.
const $ = (id) => document.getElementById(id);
const form = $("form"), frame = $("letter");
const kept = "prevent-letter";
const TYPES = { docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", pdf: "application/pdf", html: "text/html", yaml: "application/yaml" };
let shown = { name: "assessment.yaml", text: "", findings: [] };
let isSaved = true, isReady = false, handle = null, field = "";
const left = new Set(); // the keys of fields that were left, whose findings may show

// The worker.
const worker = new Worker("worker.mjs", { type: "module" });
const waiting = new Map();
let number = 0;
function ask(name, args, file) {
  return new Promise((resolve, reject) => {
    waiting.set(++number, { resolve, reject });
    worker.postMessage({ id: number, name, args, file });
  });
}
worker.onmessage = ({ data }) => {
  if (data.ready) return begin();
  if (data.failed) return say("Python could not be started: " + data.failed);
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  data.error ? reject(new Error(data.error)) : resolve(data.result);
};
const say = (words) => { $("state").textContent = words; };

// What was typed before Python was ready, or since the last answer.
const typed = new Map();
let timer = 0, isAsking = false;
function note(key) {
  typed.set(key, valueOf(key));
  isSaved = false;
  document.body.dataset.busy = "";
  clearTimeout(timer);
  timer = setTimeout(send, 120);
}
async function send() {
  if (!isReady || isAsking || !typed.size) return;
  isAsking = true;
  const values = Object.fromEntries(typed);
  typed.clear();
  try {
    show(await ask("set", [values]), false);
  } catch (error) { say("Something unforeseen happened: " + error.message); }
  isAsking = false;
  if (typed.size) send();
  else delete document.body.dataset.busy;
}

// Ask for another file; what is typed meanwhile waits for it.
async function replace(name, args) {
  while (isAsking) await new Promise((go) => setTimeout(go, 20));
  isAsking = true;
  document.body.dataset.busy = "";
  try {
    show(await ask(name, args), true);
  } finally {
    isAsking = false;
    delete document.body.dataset.busy;
    send();
  }
}

// The form.
const boxes = (key) => [...form.elements].filter((box) => box.name === key);
function valueOf(key) {
  if (key === "key_recommendations") return [...$("items").querySelectorAll("textarea")].map((box) => box.value.trim()).filter(Boolean);
  const [first] = boxes(key);
  if (first.type === "radio") return boxes(key).find((box) => box.checked)?.value ?? "";
  if ("list" in first.dataset) return first.value.split("\n").map((line) => line.trim()).filter(Boolean);
  return first.value.trim();
}
const at = (values, key) => key.split(".").reduce((value, part) => value?.[part], values) ?? "";
function fill(values) {
  for (const box of form.elements) {
    if (!box.name || typed.has(box.name)) continue;
    const value = at(values, box.name);
    if (box.type === "radio") box.checked = String(value) === box.value;
    else box.value = Array.isArray(value) ? value.join("\n") : String(value).trimEnd();
  }
  const items = at(values, "key_recommendations") || [];
  if (!typed.has("key_recommendations")) {
    $("items").replaceChildren();
    for (const item of items) addItem(String(item).trimEnd());
  }
}
function addItem(text = "") {
  const row = document.createElement("li"), box = document.createElement("textarea"), drop = document.createElement("button");
  const count = $("items").children.length + 1;
  Object.assign(box, { rows: 3, value: text, lang: "en-GB", spellcheck: true });
  box.dataset.prose = "";
  box.setAttribute("aria-label", `Key recommendation ${count}`);
  Object.assign(drop, { type: "button", textContent: `Remove key recommendation ${count}` });
  drop.onclick = () => { row.remove(); note("key_recommendations"); $("add-item").focus(); };
  row.append(box, drop);
  $("items").append(row);
  return box;
}
$("add-item").onclick = () => addItem().focus();
const keyOf = (box) => box.name || ($("items").contains(box) ? "key_recommendations" : "");
form.addEventListener("input", ({ target }) => { if (keyOf(target)) note(keyOf(target)); });
form.addEventListener("focusin", ({ target }) => { field = keyOf(target); scrollLetter(); });
form.addEventListener("focusout", ({ target }) => { if (keyOf(target) && (target.value || left.has(keyOf(target)))) { left.add(keyOf(target)); showFindings(); } });
form.addEventListener("submit", (event) => event.preventDefault());

// What comes back.
function show(answer, isNew) {
  shown = answer;
  if (answer.values && isNew) fill(answer.values); // else the form has what was typed, and more
  if (document.activeElement !== $("text")) $("text").value = answer.text;
  $("complete").textContent = `${answer.complete} of ${answer.of} benchmarks complete`;
  say(`${answer.name}: ${answer.values ? (isSaved ? "nothing to save" : "kept in this tab alone, not saved to a file yet") : "the text can't be read; the form shows the last good values"}`);
  showLetter(answer.letter);
  showFindings();
  sessionStorage.setItem(kept, JSON.stringify({ name: answer.name, text: answer.text, isSaved }));
}
function line(finding) {
  const told = document.createElement("p");
  told.className = finding.severity;
  told.textContent = `${finding.message[0].toUpperCase()}${finding.message.slice(1)}. ${finding.help ? `${finding.help[0].toUpperCase()}${finding.help.slice(1)}.` : ""}`;
  if (finding.mend) {
    const mend = document.createElement("button");
    Object.assign(mend, { type: "button", textContent: "Mend it", onclick: async () => { isSaved = false; await replace("mend", []); } });
    told.append(" ", mend);
  }
  return told;
}
const fieldOf = (key) => [...document.querySelectorAll("[data-key]")].find(({ dataset }) => key === dataset.key || key?.startsWith(`${dataset.key}.`));
function showFindings() {
  for (const box of document.querySelectorAll(".found")) box.replaceChildren();
  for (const box of document.querySelectorAll(".has-error")) box.classList.remove("has-error");
  for (const finding of shown.findings) {
    const place = fieldOf(finding.key);
    if (!place || !left.has(place.dataset.key)) continue;
    place.querySelector(".found").append(line(finding));
    if (finding.severity === "error") place.classList.add("has-error");
  }
  $("text-found").replaceChildren(...shown.findings.map((finding) => {
    const item = document.createElement("li");
    item.append(`Line ${finding.line}: `, line(finding));
    return item;
  }));
}
function showLetter(html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  for (const part of page.querySelectorAll("script, meta[http-equiv]")) part.remove();
  const top = frame.contentDocument?.scrollingElement?.scrollTop ?? 0;
  frame.onload = () => {
    frame.contentWindow.scrollTo(0, top);
    frame.contentDocument.addEventListener("click", (event) => {
      const inside = event.target.closest("a")?.getAttribute("href") ?? "";
      if (event.target.closest("a")) event.preventDefault(); // a link would lead this part of the page away
      if (inside.startsWith("#")) frame.contentDocument.getElementById(inside.slice(1))?.scrollIntoView();
      else goTo(event.target.closest("[id]")?.id ?? "");
    });
    scrollLetter();
  };
  frame.srcdoc = "<!DOCTYPE html>" + page.documentElement.outerHTML;
}
function scrollLetter() {
  const id = field.replace(/^benchmarks\./, "").replace(/^addressee\.(name|address)$/, "addressee").replace("addressee.greeting", "greeting");
  const place = field && frame.contentDocument?.getElementById(id);
  if (!place) return;
  const box = place.getBoundingClientRect(), height = frame.clientHeight;
  if (box.top < 0 || box.bottom > height) frame.contentWindow.scrollBy(0, box.top - height / 3);
}
function goTo(id) {
  for (let key = id; key; key = key.replace(/\.?[^.]*$/, "")) {
    const place = fieldOf(`benchmarks.${key}`) ?? fieldOf({ greeting: "addressee.greeting", addressee: "addressee.name" }[key] ?? key);
    const box = place?.querySelector("input, textarea");
    if (box) { box.focus(); place.scrollIntoView({ block: "center" }); return; }
  }
}

// Prose as it arrives from Word, Outlook or a web page.
function prose(node, depth = 0) {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === 3) { text += child.data.replace(/[\s\u00a0]+/g, " "); continue; }
    if (child.nodeType !== 1 || ["STYLE", "SCRIPT", "HEAD", "META", "TITLE"].includes(child.tagName)) continue;
    const tag = child.tagName, inner = () => prose(child, depth).trim();
    if (tag === "TABLE" || tag === "IMG") throw new Error("a table or a picture can't be in the letter: copy its words alone");
    if (tag === "BR") text += "\n\n";
    else if (["B", "STRONG"].includes(tag) && !/normal|[1-4]00/.test(child.style.fontWeight)) text += inner() && `**${inner()}**`;
    else if (["I", "EM"].includes(tag)) text += inner() && `*${inner()}*`;
    else if (tag === "A" && /^(https?:|mailto:)/.test(child.getAttribute("href") ?? "") && inner()) text += `[${inner()}](${child.getAttribute("href")})`;
    else if (["UL", "OL"].includes(tag)) {
      [...child.children].forEach((item, n) => { text += `\n${"  ".repeat(depth)}${tag === "OL" ? `${n + 1}.` : "-"} ${prose(item, depth + 1).trim()}`; });
      text += depth ? "" : "\n\n";
    } else if (/^(P|DIV|H[1-6]|LI|TR|SECTION|ARTICLE|BLOCKQUOTE)$/.test(tag)) text += `\n\n${wordItem(child, prose(child, depth).trim())}\n\n`;
    else text += prose(child, depth);
  }
  return text;
}
// Word writes the items of a list as paragraphs that begin with a sign.
const wordItem = (element, text) => /mso-list|MsoList/i.test(`${element.getAttribute("style")} ${element.className}`) ? text.replace(/^[·•o§▪-]\s*/, "- ") : text;
const tidy = (text) => text.replace(/[ \t]+\n/g, "\n").replace(/\n[ \t]*\n\s*\n/g, "\n\n").replace(/(^- .*)\n\n(?=- )/gm, "$1\n").trim();
form.addEventListener("paste", (event) => {
  const html = event.clipboardData.getData("text/html");
  if (!html || !("prose" in event.target.dataset)) return;
  event.preventDefault();
  try {
    const text = tidy(prose(new DOMParser().parseFromString(html, "text/html").body));
    document.execCommand("insertText", false, text); // so that undo takes it back
  } catch (error) { say(`Not pasted: ${error.message}.`); }
});

// Open, save, letters.
function download(name, data, end) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([data], { type: TYPES[end] }));
  link.download = name;
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
async function take(file) {
  explain([]);
  if (/\.docx$/i.test(file.name)) return readLetter(file);
  if (!/\.ya?ml$/i.test(file.name)) return say("Only an assessment (.yaml) or its Word letter (.docx) can be opened.");
  if (!isSaved && !confirm("There is text that is not saved. Open the file all the same?")) return;
  left.clear();
  typed.clear();
  isSaved = true;
  handle = null;
  await replace("open", [file.name, await file.text()]);
  for (const place of document.querySelectorAll("[data-key]")) left.add(place.dataset.key);
  showFindings();
}
$("open-file").onchange = ({ target }) => { if (target.files[0]) take(target.files[0]); target.value = ""; };
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", (event) => { event.preventDefault(); if (event.dataTransfer.files[0]) take(event.dataTransfer.files[0]); });
$("save").onclick = async () => {
  await settled();
  if (window.showSaveFilePicker) {
    try {
      handle ??= await showSaveFilePicker({ suggestedName: shown.name, types: [{ description: "Assessment", accept: { "application/yaml": [".yaml"] } }] });
      const out = await handle.createWritable();
      await out.write(shown.text);
      await out.close();
    } catch (error) {
      if (error.name === "AbortError") return say("Not saved: no place was chosen.");
      download(shown.name, shown.text, "yaml");
    }
  } else download(shown.name, shown.text, "yaml");
  isSaved = true;
  say(`${shown.name}: saved. That file is the current one.`);
};
$("new").onclick = async () => {
  if (!isSaved && !confirm("There is text that is not saved. Begin a new assessment all the same?")) return;
  typed.clear();
  left.clear();
  isSaved = true;
  handle = null;
  $("authority").focus();
  await replace("new", [""]);
};
async function settled() {
  clearTimeout(timer);
  await send();
  while (isAsking || typed.size) await new Promise((go) => setTimeout(go, 30));
}
for (const button of document.querySelectorAll("[data-end]")) {
  button.onclick = async () => {
    await settled();
    explain([]);
    if ($("kind").value === "published" && button.dataset.end === "docx") return explain(["For the web there are PDF and Web page, and no Word letter"]);
    say(button.dataset.end === "pdf" ? "The PDF is being made; the first one takes some seconds." : "The letter is being made.");
    try {
      const made = await ask("make", [button.dataset.end, $("kind").value]);
      if (made.file) download(made.name, made.bytes, button.dataset.end);
      say(made.file ? `${made.name} was made.` : "The letter can't be made yet: the reason is below.");
      explain(made.file ? [] : made.why);
    } catch (error) {
      say("The letter can't be made: the reason is below.");
      explain([error.message]);
    }
  };
}
function explain(reasons) {
  $("summary-of-errors").hidden = !reasons.length;
  if (!reasons.length) return;
  for (const place of document.querySelectorAll("[data-key]")) left.add(place.dataset.key);
  showFindings();
  const errors = shown.findings.filter(({ severity, key }) => severity === "error" && key && fieldOf(key));
  $("errors").replaceChildren(...(errors.length ? errors : reasons.map((message) => ({ message }))).map((each) => {
    const item = document.createElement("li"), link = document.createElement("a");
    link.textContent = each.message;
    if (!each.key) { item.textContent = each.message; return item; }
    link.href = "#" + fieldOf(each.key).dataset.key;
    link.onclick = (event) => { event.preventDefault(); fieldOf(each.key).querySelector("input, textarea").focus(); };
    item.append(link);
    return item;
  }));
  $("summary-of-errors").focus();
}

// A letter that was cleared in Word.
async function readLetter(file) {
  const told = await ask("read", [`/letter.docx`], await file.arrayBuffer());
  if (told.why) return explain([told.why]);
  $("change-list").replaceChildren(...told.changes.map((change) => {
    const row = document.createElement("div"), box = document.createElement("input"), label = document.createElement("label");
    row.className = "change";
    Object.assign(box, { type: "checkbox", checked: change.sure, value: change.id, id: `take-${change.id}` });
    label.htmlFor = box.id;
    const before = document.createElement("del"), after = document.createElement("ins");
    before.textContent = change.before || "nothing";
    after.textContent = change.after || "nothing";
    label.append(`${change.id.replaceAll("_", " ")}: `, before, "\n", after);
    row.append(box, label);
    return row;
  }));
  $("change-told").replaceChildren(...told.told.map((words) => Object.assign(document.createElement("li"), { textContent: words })));
  $("changes").hidden = false;
  $("changes").focus();
}
$("change-form").onsubmit = async (event) => {
  event.preventDefault();
  const ids = [...$("change-list").querySelectorAll("input:checked")].map((box) => box.value);
  isSaved = isSaved && !ids.length;
  $("changes").hidden = true;
  await replace("take", [ids]);
};
$("leave-changes").onclick = () => { $("changes").hidden = true; };

// The text of the file.
$("show-text").onclick = () => {
  $("text-view").hidden = !$("text-view").hidden;
  $("show-text").setAttribute("aria-expanded", String(!$("text-view").hidden));
};
let textTimer = 0;
$("text").oninput = () => {
  isSaved = false;
  clearTimeout(textTimer);
  textTimer = setTimeout(async () => show(await ask("put", [$("text").value]), true), 200);
};

window.onbeforeunload = (event) => { if (!isSaved) event.preventDefault(); };
async function begin() {
  const before = JSON.parse(sessionStorage.getItem(kept) ?? "null");
  isReady = true;
  isSaved &&= before?.isSaved ?? true;
  await (before ? replace("open", [before.name, before.text]) : replace("new", [""]));
  document.body.dataset.ready = "";
}
