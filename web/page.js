// The page's one script: it asks the worker, and shows what comes back. All rules are in Python.
const $ = (id) => document.getElementById(id);
const make = (tag, properties, ...inside) => {
  const element = Object.assign(document.createElement(tag), properties);
  element.append(...inside);
  return element;
};
const form = $("form"), frame = $("letter");
const kept = "prevent-letter";
const TYPES = { docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", pdf: "application/pdf", html: "text/html", yaml: "application/yaml" };
const PICKED = [{ description: "Assessment or letter", accept: { "application/yaml": [".yaml", ".yml"], [TYPES.docx]: [".docx"] } }];
let shown = { name: "assessment.yaml", text: "", findings: [], missing: [] };
const before = JSON.parse(sessionStorage.getItem(kept) ?? "null"); // this tab was open before
let isSaved = before?.isSaved ?? true, isReady = false, handle = null, written = null, field = "";
let inFolder = new Map(); // the handles of an opened folder's files
const left = new Set(); // the keys of fields that were left, whose findings may show

const ofFile = $("worker"); // where the page is one file, its parts are in it
const worker = new Worker(ofFile ? "data:text/javascript," + encodeURIComponent(ofFile.textContent) : "worker.mjs", { type: "module" });
const embedded = [...document.querySelectorAll("[data-part]")];
worker.postMessage({ parts: ofFile && Object.fromEntries(embedded.map((part) => [part.dataset.part, part.textContent])) });
for (const part of embedded) part.remove();
const waiting = new Map();
let number = 0;
function ask(name, args, files) {
  return new Promise((resolve, reject) => {
    waiting.set(++number, { resolve, reject });
    worker.postMessage({ id: number, name, args, files });
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
let timer = 0, isAsking = false, isTextTyped = false;
function note(key) {
  if (key) typed.set(key, valueOf(key));
  else isTextTyped = true; // the whole text of the file
  isSaved = false;
  document.body.dataset.busy = "";
  clearTimeout(timer);
  timer = setTimeout(send, 120);
}
const isWaiting = () => isTextTyped || typed.size > 0;
async function send() {
  if (!isReady || isAsking || !isWaiting()) return;
  isAsking = true;
  const isText = isTextTyped, values = Object.fromEntries(typed);
  if (isText) isTextTyped = false;
  else typed.clear();
  try {
    show(await (isText ? ask("put", [$("text").value]) : ask("set", [values])), isText);
  } catch (error) { say("Something unforeseen happened: " + error.message); }
  answered();
}
function answered() {
  isAsking = false;
  if (isReady && isWaiting()) send();
  else if (!isWaiting()) delete document.body.dataset.busy;
}

// Ask for another file; what is typed meanwhile waits for it. Return true unless it was refused.
async function replace(name, args, files) {
  while (isAsking || !isReady) await new Promise((go) => setTimeout(go, 20));
  isAsking = true;
  document.body.dataset.busy = "";
  try {
    const answer = await ask(name, args, files);
    if (answer.why) explain("There is a problem", answer.why);
    else show(answer, true);
    return !answer.why;
  } finally { answered(); }
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
  const count = $("items").children.length + 1;
  const remove = () => { row.remove(); note("key_recommendations"); $("add-item").focus(); };
  const box = make("textarea", { rows: 3, value: text, lang: "en-GB", spellcheck: true, ariaLabel: `Key recommendation ${count}` });
  const row = make("li", {}, box, make("button", { type: "button", onclick: remove }, `Remove key recommendation ${count}`));
  box.dataset.prose = "";
  $("items").append(row);
  return box;
}
for (const box of form.elements) { // typed while the browser still read the page
  if (box.name && (box.type === "radio" ? box.checked : box.value)) note(box.name);
}
const keyOf = (box) => box.name || ($("items").contains(box) ? "key_recommendations" : "");
form.addEventListener("click", ({ target }) => { if (target.id === "add-item") addItem().focus(); });
form.addEventListener("input", ({ target }) => { if (keyOf(target)) note(keyOf(target)); });
form.addEventListener("focusin", ({ target }) => { field = keyOf(target); scrollLetter(); });
form.addEventListener("focusout", ({ target }) => { if (keyOf(target) && (target.value || left.has(keyOf(target)))) { left.add(keyOf(target)); showFindings(); } });
form.addEventListener("submit", (event) => event.preventDefault());

function show(answer, isNew) {
  shown = answer;
  if (answer.form) form.innerHTML = answer.form; // another criteria set
  if (answer.values && (isNew || answer.form)) fill(answer.values); // else the form has what was typed, and more
  if (document.activeElement !== $("text")) $("text").value = answer.text;
  $("numbers").textContent = answer.text.split("\n").map((_, n) => n + 1).join("\n");
  $("complete").textContent = `${answer.complete} of ${answer.of} benchmarks complete`;
  say(`${answer.name}: ${answer.values ? (isSaved ? "nothing to save" : "kept in this tab alone, not saved to a file yet") : "the text can't be read; the form shows the last good values"}`);
  showLetter();
  showFindings();
  sessionStorage.setItem(kept, JSON.stringify({ name: answer.name, text: answer.text, isSaved }));
}
const sentence = (words) => words && `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`;
function line(finding) {
  const told = make("p", { className: finding.severity }, `${sentence(finding.message)} ${sentence(finding.help)}`.trim());
  const mend = () => { isSaved = false; replace("mend", []); };
  if (finding.mend) told.append(" ", make("button", { type: "button", onclick: mend }, "Mend it"));
  return told;
}
const fieldOf = (key) => [...document.querySelectorAll("[data-key]")].find(({ dataset }) => key === dataset.key || key?.startsWith(`${dataset.key}.`));
// The field of a place in the letter.
const placeOf = (id) => fieldOf(id) ?? fieldOf(`benchmarks.${id}`) ?? fieldOf({ greeting: "addressee.greeting", addressee: "addressee.name" }[id]);
function labelOf(id) {
  const place = placeOf(id);
  if (!place) return "";
  const benchmark = place.closest("[data-benchmark]")?.dataset.benchmark;
  return benchmark ? `${benchmark}, ${place.dataset.label.toLowerCase()}` : place.dataset.label;
}
// Findings as a form has them: each missing value at its own field.
const ofForm = () => [
  ...shown.missing.map((key) => ({ key, severity: "error", message: "fill this in", help: "" })),
  ...shown.findings.filter(({ code }) => code !== "PL102"),
];
function showFindings() {
  for (const box of document.querySelectorAll(".found")) box.replaceChildren();
  for (const box of document.querySelectorAll(".has-error")) box.classList.remove("has-error");
  for (const finding of ofForm()) {
    const place = fieldOf(finding.key);
    if (!place || !left.has(place.dataset.key)) continue;
    place.querySelector(".found").append(line(finding));
    if (finding.severity === "error") place.classList.add("has-error");
  }
  $("text-found").replaceChildren(...shown.findings.map((finding) => make("li", {}, `Line ${finding.line}: `, line(finding))));
}
function showLetter() {
  const needed = ["authority", "area", "period"].filter((key) => shown.missing.includes(key));
  const missing = `<html lang=en-GB><title>The letter</title><p>The letter will be here once ${needed.length ? `${needed.join(", ")} ${needed.length > 1 ? "are" : "is"} filled in` : "what is wrong at the fields is put right"}.`;
  const page = new DOMParser().parseFromString(shown.letter || missing, "text/html"), inside = frame.contentDocument;
  if (!inside?.body || !shown.text) return;
  for (const part of page.querySelectorAll("script, meta[http-equiv]")) part.remove();
  if ($("kind").value !== "draft" && !shown.missing.length) {
    page.body.classList.remove("draft");
    page.body.removeAttribute("data-mark");
  }
  const top = inside.scrollingElement?.scrollTop ?? 0;
  if (inside.head.innerHTML !== page.head.innerHTML) inside.head.replaceWith(inside.adoptNode(page.head));
  inside.documentElement.lang = page.documentElement.lang;
  inside.body.replaceWith(inside.adoptNode(page.body));
  frame.contentWindow.scrollTo(0, top);
  inside.onclick = (event) => {
    const address = event.target.closest("a")?.getAttribute("href") ?? "";
    if (event.target.closest("a")) event.preventDefault(); // a link would lead this part of the page away
    if (address.startsWith("#")) inside.getElementById(address.slice(1))?.scrollIntoView();
    else goTo(event.target.closest("[id]")?.id ?? "");
  };
  scrollLetter();
}
frame.onload = showLetter;
$("kind").onchange = showLetter;
function scrollLetter() {
  const id = field.replace(/^benchmarks\./, "").replace(/^addressee\.(name|address)$/, "addressee").replace("addressee.greeting", "greeting");
  const place = field && frame.contentDocument?.getElementById(id);
  if (!place) return;
  const box = place.getBoundingClientRect(), height = frame.clientHeight;
  if (box.top < 0 || box.bottom > height) frame.contentWindow.scrollBy(0, box.top - height / 3);
}
function goTo(id) {
  for (let key = id; key; key = key.replace(/\.?[^.]*$/, "")) {
    const place = placeOf(key), box = place?.querySelector("input, textarea");
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
  const link = make("a", { href: URL.createObjectURL(new Blob([data], { type: TYPES[end] })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const mayLeave = (what) => isSaved || confirm(`There is text that is not saved. ${what} all the same?`);
function forget() { // what belongs to the assessment that was open
  typed.clear();
  isTextTyped = false;
  left.clear();
  isSaved = true;
  handle = written = null;
  $("changes").hidden = true;
}
// An assessment of a person's own shows all its findings at once.
function showAll() {
  for (const place of document.querySelectorAll("[data-key]")) left.add(place.dataset.key);
  showFindings();
}
async function take(file, itsHandle = null) {
  explain("", []);
  if (/\.docx$/i.test(file.name)) return readLetter(file);
  if (!/\.ya?ml$/i.test(file.name)) return say("Only an assessment (.yaml) or its Word letter (.docx) can be opened.");
  if (!mayLeave("Open the file")) return;
  forget();
  $("of-folder").hidden = true;
  await replace("open", [file.name], [["/opened", await file.arrayBuffer()]]);
  [handle, written] = [itsHandle, await file.text()];
  showAll();
}
const unlessClosed = (error) => { if (error.name !== "AbortError") say(`Not opened: ${error.message}`); };
$("open").onclick = async () => {
  if (!window.showOpenFilePicker) return $("open-file").click();
  try {
    const [picked] = await showOpenFilePicker({ types: PICKED });
    await take(await picked.getFile(), picked);
  } catch (error) { unlessClosed(error); }
};
$("open-file").onchange = ({ target }) => { if (target.files[0]) take(target.files[0]); target.value = ""; };
document.addEventListener("dragover", (event) => event.preventDefault());
document.addEventListener("drop", async (event) => {
  event.preventDefault();
  const file = event.dataTransfer.files[0], dropped = await event.dataTransfer.items[0]?.getAsFileSystemHandle?.();
  if (file) take(file, dropped);
});

// A folder: its settings, criteria, templates and other assessments count as they do for the tool.
const USED = /(\.(ya?ml|j2|css|typ|png|jpe?g|gif|svg)|(^|\/)letter[^/]*\.docx)$/i;
const [MOST_FILES, MOST_BYTES] = [5000, 10e6]; // of a folder, and of one of its files
async function walk(folder, path, files) {
  for await (const [name, entry] of folder) {
    if (name.startsWith(".") || files.size >= MOST_FILES) continue;
    if (entry.kind === "directory") await walk(entry, `${path}${name}/`, files);
    else if (USED.test(path + name)) files.set(path + name, entry);
  }
  return files;
}
$("open-folder").hidden = !window.showDirectoryPicker;
$("open-folder").onclick = async () => {
  try {
    const folder = await showDirectoryPicker({ mode: "readwrite" });
    if (!mayLeave("Open the folder")) return;
    say("The folder is being read.");
    const files = await walk(folder, "", new Map()), sent = [];
    for (const [path, entry] of files) {
      const file = await entry.getFile();
      if (file.size <= MOST_BYTES) sent.push([`/folder/${path}`, await file.arrayBuffer()]);
    }
    forget();
    await ask("empty", []);
    const { assessments } = await ask("folder", [], sent);
    if (!assessments.length) return say("There is no assessment in this folder.");
    inFolder = files;
    $("assessments").replaceChildren(...assessments.map((path) => new Option(path)));
    $("of-folder").hidden = false;
    await choose(assessments[0]);
  } catch (error) { unlessClosed(error); }
};
async function choose(path) {
  forget();
  await replace("choose", [path]);
  handle = inFolder.get(path);
  written = await (await handle.getFile()).text();
  showAll();
}
let chosen = 0;
$("assessments").onfocus = ({ target }) => { chosen = target.selectedIndex; };
$("assessments").onchange = ({ target }) => {
  if (mayLeave("Open the other assessment")) choose(target.value);
  else target.selectedIndex = chosen;
};

$("save").onclick = async () => {
  await settled();
  const text = shown.text;
  if (text.includes("\ufffd")) return explain("There is a problem", ["not saved: characters of this file can't be read, and would be lost. Save it as UTF-8 in your editor first"]);
  try {
    if (!handle && !window.showSaveFilePicker) download(shown.name, text, "yaml");
    else {
      handle ??= await showSaveFilePicker({ suggestedName: shown.name, types: PICKED.map(({ description }) => ({ description, accept: { "application/yaml": [".yaml"] } })) });
      const there = await (await handle.getFile()).text();
      if (written !== null && there !== written && !confirm("The file was changed by another program since you opened it. Write over it all the same?")) return say("Not saved.");
      const out = await handle.createWritable();
      await out.write(text);
      await out.close();
      written = text;
    }
  } catch (error) {
    if (error.name === "AbortError") return say("Not saved: no place was chosen.");
    download(shown.name, text, "yaml");
  }
  isSaved = text === shown.text && !isWaiting();
  sessionStorage.setItem(kept, JSON.stringify({ name: shown.name, text: shown.text, isSaved }));
  say(`${handle?.name ?? shown.name}: saved. That file is the current one.`);
};
$("new").onclick = () => {
  if (!mayLeave("Begin a new assessment")) return;
  $("start-form").reset();
  $("start").showModal();
};
$("start-cancel").onclick = () => $("start").close();
$("start-form").onsubmit = async (event) => {
  event.preventDefault();
  $("start").close();
  const last = $("start-last").files[0];
  forget();
  explain("", []);
  isSaved = !last && !$("start-authority").value;
  if (await replace("new", [$("start-authority").value.trim(), last?.name ?? "", last ? await last.text() : ""])) explain("Not carried over", shown.remarks ?? []);
  $("authority").focus();
};
async function settled() {
  clearTimeout(timer);
  await send();
  while (isAsking || isWaiting()) await new Promise((go) => setTimeout(go, 30));
}
for (const button of document.querySelectorAll("[data-end]")) {
  button.onclick = async () => {
    await settled();
    explain("", []);
    const kind = $("kind").value;
    if (kind === "published" && button.dataset.end === "docx") return explain("There is a problem", ["for the web there are PDF and Web page, and no Word letter"]);
    say(button.dataset.end === "pdf" ? "The PDF is being made; the first one takes some seconds." : "The letter is being made.");
    const made = await ask("make", [button.dataset.end, kind]).catch((error) => ({ why: [error.message] }));
    if (made.file) download(made.name, made.bytes, button.dataset.end);
    say(made.file ? `${made.name} was made.` : "The letter can't be made yet: the reason is above the form.");
    if (!made.file) explain("There is a problem", made.why, "error");
    else if (kind === "letter") explain("The letter was made. Look at these before you send it", [], "warning");
  };
}
// Say in a list what is wrong; with a severity, the form's findings of it in place of the reasons.
function explain(heading, reasons, severity = "") {
  const found = severity ? ofForm().filter((finding) => finding.severity === severity && finding.key && fieldOf(finding.key)) : [];
  const listed = found.length ? found : reasons.map((message) => ({ message }));
  $("problems").hidden = !listed.length;
  $("problems").classList.toggle("mild", severity === "warning");
  if (!listed.length) return;
  if (severity) showAll();
  $("problems-heading").textContent = heading;
  $("problem-list").replaceChildren(...listed.map(({ key, message, help }) => {
    const words = [key ? `${labelOf(key)}: ${message}.` : sentence(message), severity === "warning" && help ? sentence(help) : ""].join(" ");
    const onclick = (event) => { event.preventDefault(); fieldOf(key).querySelector("input, textarea, button").focus(); };
    return make("li", {}, key ? make("a", { href: `#${fieldOf(key).dataset.key}`, onclick }, words) : words);
  }));
  $("problems").focus();
  $("problems").scrollIntoView({ block: "center" });
}

// A letter that was cleared in Word.
async function readLetter(file) {
  await settled();
  const told = await ask("read", ["/letter.docx"], [["/letter.docx", await file.arrayBuffer()]]);
  if (told.why) return explain("There is a problem", told.why);
  $("change-list").replaceChildren(...told.changes.map(({ id, before, after, sure }) => make("div", { className: "change" },
    make("input", { type: "checkbox", checked: sure, value: id, id: `take-${id}` }),
    make("label", { htmlFor: `take-${id}` }, `${labelOf(id)}: was `, make("del", {}, before || "nothing"), "\nis now ", make("ins", {}, after || "nothing")))));
  $("change-none").hidden = told.changes.length > 0;
  $("change-told").replaceChildren(...told.told.map(({ key, message }) => make("li", {}, labelOf(key) ? `${labelOf(key)}: ${message}` : sentence(message))));
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
$("text").oninput = () => note("");
$("text").onscroll = ({ target }) => { $("numbers").scrollTop = target.scrollTop; };

window.onbeforeunload = (event) => { if (!isSaved) event.preventDefault(); };
async function begin() {
  isReady = true;
  await (before ? replace("open", [before.name, before.text]) : replace("new", [""]));
  document.body.dataset.ready = "";
}
