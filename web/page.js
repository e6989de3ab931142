// The page's one script: it asks the worker, and shows what comes back. All rules are in Python.
const $ = (id) => document.getElementById(id);
const make = (tag, properties, ...inside) => { const made = Object.assign(document.createElement(tag), properties); made.append(...inside); return made; };
const form = $("form"), frame = $("letter"), kept = "prevent-letter", PROBLEM = "There is a problem";
const TYPES = { docx: "application/vnd.openxmlformats-officedocument.wordprocessingml.document", pdf: "application/pdf", html: "text/html", yaml: "application/yaml" };
const PICKED = [{ description: "Assessment or letter", accept: { "application/yaml": [".yaml", ".yml"], [TYPES.docx]: [".docx"] } }];
let shown = { name: "assessment.yaml", text: "", findings: [], missing: [] };
let before; // what this tab had before it was loaded again
try { before = JSON.parse(sessionStorage.getItem(kept)); } catch { before = null; }
const keep = () => { // the browser may refuse to keep anything
  const pending = Object.fromEntries([...typed.keys(), ...unwritten].map((key) => [key, valueOf(key)]));
  try { sessionStorage.setItem(kept, JSON.stringify({ name: shown.name, text: shown.text, isSaved, pending })); } catch { isKept = false; }
};
let isSaved = before?.isSaved ?? true, isReady = false, hasFailed = false, isKept = true, handle = null, written = null, field = "";
const left = new Set(); // the keys of fields that were left, whose findings may show

const ofFile = $("worker"); // where the page is one file, its parts are in it
const worker = new Worker(ofFile ? "data:text/javascript," + encodeURIComponent(ofFile.textContent) : "worker.mjs", { type: "module" });
const embedded = [...document.querySelectorAll("[data-part]")];
worker.postMessage({ parts: ofFile && Object.fromEntries(embedded.map((part) => [part.dataset.part, part.textContent])) });
for (const part of embedded) part.remove();
const waiting = new Map();
let asked = 0;
const ask = (name, args, files) => new Promise((resolve, reject) => { waiting.set(++asked, { resolve, reject }); worker.postMessage({ id: asked, name, args, files }); });
worker.onmessage = ({ data }) => {
  if (data.ready) return begin();
  if (data.failed) return fail(data.failed);
  const { resolve, reject } = waiting.get(data.id);
  waiting.delete(data.id);
  data.error ? reject(new Error(data.error)) : resolve(data.result);
};
worker.onerror = ({ message }) => fail(message ?? "a part of the page is missing");
const fail = (why) => { hasFailed = true, say(`The page could not be started: ${why}. Save keeps what this tab had.`); };
const say = (words) => { $("state").textContent = words; };

// What was typed before Python was ready, or since the last answer.
const typed = new Map(), unwritten = new Set(); // unwritten: keys typed while the file's text can't be read
let timer = 0, isAsking = false, isTextTyped = false;
function note(key) {
  if (key) typed.set(key, valueOf(key));
  else isTextTyped = true; // the whole text of the file
  isSaved = false;
  document.body.dataset.busy = "";
  clearTimeout(timer), timer = setTimeout(send, 120);
  if (isReady) keep();
}
const isWaiting = () => isTextTyped || typed.size > 0;
async function send() {
  if (!isReady || isAsking || !isWaiting()) return;
  isAsking = true;
  const isText = isTextTyped, values = isText ? {} : Object.fromEntries(typed);
  isText ? isTextTyped = false : typed.clear();
  try {
    const answer = await (isText ? ask("put", [$("text").value]) : ask("set", [values]));
    if (answer.unwritten || isTextTyped) Object.keys(values).forEach((key) => unwritten.add(key));
    if (answer.values && !isTextTyped) unwritten.forEach((key) => { unwritten.delete(key); if (!(key in values) || isText) typed.set(key, valueOf(key)); });
    show(answer, isText);
    if (answer.refused?.length) say(`Not in the file: ${answer.refused.map(labelOf).join(", ")}. The file has another form there, or the text is too long.`);
  } catch (error) { Object.keys(values).forEach((key) => unwritten.add(key)), say(`Something unforeseen happened, and the last change is not in the file: ${error.message}`); }
  answered();
}
function answered() {
  isAsking = false;
  isReady && isWaiting() ? send() : isWaiting() || delete document.body.dataset.busy;
}

// Ask for what replaces the form's values; what is typed meanwhile waits. For another file, saved is given.
async function replace(name, args, files, saved) {
  while (isAsking || !isReady) await new Promise((go) => setTimeout(go, 20));
  isAsking = true;
  document.body.dataset.busy = "";
  form.inert = $("text").inert = saved !== undefined; // what is typed now would go to another file
  try {
    const answer = await ask(name, args, files);
    if (!answer.why && saved !== undefined) forget(saved);
    if (!answer.why) show(answer, true);
    if (!answer.why && !answer.values && saved !== undefined) fill({});
    return answer;
  } finally { form.inert = $("text").inert = false, answered(); }
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
    if (!box.name || typed.has(box.name) || unwritten.has(box.name)) continue;
    const value = at(values, box.name);
    const text = Array.isArray(value) ? value.join("\n") : String(value).trimEnd();
    if (box.type === "radio") box.checked = text.toLowerCase() === box.value.toLowerCase();
    else if (box.value.trim() !== text) box.value = text; // a space just typed at the end stays
  }
  const items = (at(values, "key_recommendations") || []).map((item) => item.trimEnd());
  if (typed.has("key_recommendations") || unwritten.has("key_recommendations") || items.join("\0") === valueOf("key_recommendations").join("\0")) return;
  $("items").replaceChildren();
  items.forEach(addItem);
}
function addItem(text) {
  const remove = () => { row.remove(); number(); note("key_recommendations"); $("add-item").focus(); };
  const box = make("textarea", { rows: 3, value: text, lang: "en-GB", spellcheck: true });
  const row = make("li", {}, box, make("button", { type: "button", onclick: remove }));
  box.dataset.prose = "";
  $("items").append(row);
  number();
  return box;
}
const number = () => [...$("items").children].forEach(({ firstChild, lastChild }, n) => { lastChild.textContent = `Remove ${firstChild.ariaLabel = `key recommendation ${n + 1}`}`; });
for (const box of form.elements) if (box.name && (box.type === "radio" ? box.checked : box.value)) note(box.name); // typed while the page was read
const keyOf = (box) => box.name || ($("items").contains(box) ? "key_recommendations" : "");
form.addEventListener("click", ({ target }) => { if (target.id === "add-item") addItem("").focus(); });
form.addEventListener("input", ({ target }) => { if (keyOf(target)) note(keyOf(target)); });
form.addEventListener("focusin", ({ target }) => { field = keyOf(target); scrollLetter(); });
form.addEventListener("focusout", ({ target }) => { if (keyOf(target) && (target.value || left.has(keyOf(target)))) { left.add(keyOf(target)); showFindings(); } });
form.addEventListener("submit", (event) => event.preventDefault());

function show(answer, isNew) {
  shown = answer;
  if (answer.values && isNew) fill(answer.values); // else the form has what was typed, and more
  const lines = answer.text.replaceAll("\r\n", "\n");
  if (!isTextTyped && $("text").value !== lines) $("text").value = lines;
  $("numbers").textContent = answer.text.split("\n").map((_, n) => n + 1).join("\n");
  $("complete").textContent = `${answer.complete} of ${answer.of} benchmarks complete`;
  say(`${answer.name}: ${answer.values ? (isSaved ? "no changes since it was opened or begun" : `not saved yet: closing this tab would lose your changes${isKept ? "" : ", and so would loading it again"}`) : "the text can't be read; the form shows the last good values"}`);
  showLetter();
  showFindings();
  keep();
}
const sentence = (words) => words && `${words[0].toUpperCase()}${words.slice(1)}${/[.!?]$/.test(words) ? "" : "."}`.replace(/\b(good|key)_(practice|recommendations)\b/g, "$1 $2");
function line(finding) {
  const help = sentence(finding.help.replace(/; check --fix .*/, ""));
  const told = make("p", { className: finding.severity }, `${sentence(finding.message)} ${help}`.trim());
  const mend = () => { isSaved = false; replace("mend", [finding.code, finding.key]); };
  const onmousedown = (event) => event.preventDefault(); // else the field is left first, and this button with it
  if (finding.mend) told.append(" ", make("button", { type: "button", onclick: mend, onmousedown }, "Mend it"));
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
let isPressed = false; // while the pointer is down, nothing may move below it
document.onpointerdown = () => { isPressed = true; };
document.onpointerup = document.onpointercancel = () => { isPressed = false; setTimeout(showFindings); };
function showFindings() {
  if (isPressed) return;
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
  const missing = `<html lang=en-GB><title>The letter</title><p>${needed.length ? `Fill in ${needed.join(" and ")}` : "Correct what is marked in the form"} to see the letter here.`;
  const page = new DOMParser().parseFromString(shown.letter || missing, "text/html"), inside = frame.contentDocument;
  if (!inside?.body || !shown.text) return;
  for (const part of page.querySelectorAll("script, meta[http-equiv]")) part.remove();
  for (const link of page.querySelectorAll("a[href^='vscode:']")) link.replaceWith(link.textContent);
  if ($("kind").value !== "draft" && !shown.missing.length) {
    page.body.classList.remove("draft");
    page.body.removeAttribute("data-mark");
    page.querySelector("main > .marking:not([id])")?.remove();
  }
  const top = inside.scrollingElement?.scrollTop ?? 0;
  if (inside.head.innerHTML !== page.head.innerHTML) inside.head.replaceWith(inside.adoptNode(page.head));
  inside.documentElement.lang = page.documentElement.lang;
  inside.body.replaceWith(inside.adoptNode(page.body));
  frame.contentWindow.scrollTo(0, top);
  inside.onkeydown = document.onkeydown, inside.ondragover = inside.ondrop = (event) => event.preventDefault();
  inside.onclick = (event) => {
    const address = event.target.closest("a")?.getAttribute("href") ?? "";
    if (event.target.closest("a")) event.preventDefault(); // a link would lead this part of the page away
    if (address.startsWith("#")) inside.getElementById(address.slice(1))?.scrollIntoView();
    else if (!event.target.closest(".preview-note")) goTo(idBefore(inside, event.target.closest("p, li, td, th, h2, h3, h4, dt, dd")));
  };
  scrollLetter();
}
const idBefore = (inside, block) => block && [...inside.querySelectorAll("main [id]")].filter((other) => other === block || other.compareDocumentPosition(block) & 28).at(-1)?.id;
frame.onload = $("kind").onchange = showLetter;
function scrollLetter() {
  const id = field.replace(/^benchmarks\./, "").replace(/^addressee\.(name|address)$/, "addressee").replace("addressee.greeting", "greeting");
  const box = field && frame.contentDocument?.getElementById(id)?.getBoundingClientRect();
  if (box && (box.top < 0 || box.bottom > frame.clientHeight)) frame.contentWindow.scrollBy(0, box.top - frame.clientHeight / 3);
}
function goTo(id) {
  const place = id && (placeOf(id) ?? placeOf(`${id}.score`) ?? placeOf(id.replace(/^scores\.(.*)$/, "$1.score")) ?? placeOf(id.replace(/\.\w+$/, "")));
  if (!place) return;
  const item = $("items").children[/^key_recommendations\.(\d+)/.exec(id)?.[1] - 1] ?? place;
  (item.querySelector("input:checked") ?? item.querySelector("input, textarea"))?.focus(), item.scrollIntoView({ block: "center" });
}

// Prose as it arrives from Word, Outlook or a web page.
function prose(node, depth = 0) {
  let text = "";
  for (const child of node.childNodes) {
    if (child.nodeType === 3) { text += child.data.replace(/[\s\u00a0]+/g, " "); continue; }
    if (child.nodeType !== 1 || ["STYLE", "SCRIPT", "HEAD", "META", "TITLE"].includes(child.tagName)) continue;
    const tag = child.tagName, style = child.getAttribute("style") ?? "";
    let read; // once, or nested emphasis would take for ever
    const inner = () => read ??= prose(child, depth).trim();
    if (tag === "TABLE" || tag === "IMG") throw new Error("a table or a picture can't be in the letter: copy its words alone");
    if (tag === "BR") text += "\n\n";
    else if (["B", "STRONG"].includes(tag) && !/normal|[1-4]00/.test(child.style.fontWeight)) text += inner() && `**${inner()}**`;
    else if (["I", "EM"].includes(tag)) text += inner() && `*${inner()}*`;
    else if (tag === "A" && /^(https?:|mailto:)/.test(child.getAttribute("href") ?? "") && inner()) text += `[${inner()}](${child.getAttribute("href")})`;
    else if (["UL", "OL"].includes(tag)) {
      [...child.children].forEach((item, n) => { text += `\n${"  ".repeat(depth)}${tag === "OL" ? `${n + 1}.` : "-"} ${prose(item, depth + 1).trim()}`; });
      text += depth ? "" : "\n\n";
    } else if (/mso-?list/i.test(style + child.className) && !/Ignore/.test(style)) text += `\n${wordItem(child, style)}\n`;
    else if (/^(P|DIV|H[1-6]|LI|TR|SECTION|ARTICLE|BLOCKQUOTE)$/.test(tag)) text += `\n\n${prose(child, depth).trim()}\n\n`;
    else if (!/mso-list:\s*Ignore/i.test(style)) text += prose(child, depth);
  }
  return text;
}
// Word writes the items of a list as paragraphs, with their sign or number in a part to be ignored.
function wordItem(item, style) {
  const sign = item.querySelector("[style*='Ignore']")?.textContent.trim() ?? "";
  const number = parseInt(sign) || (/^[a-z][.)]/i.test(sign) ? sign.toLowerCase().charCodeAt(0) - 96 : 0);
  const words = prose(item).trim().replace(/^[·•o§▪-]\s+/, "");
  return `${"   ".repeat((/level(\d)/.exec(style)?.[1] ?? 1) - 1)}${number ? `${number}.` : "-"} ${words}`;
}
const tidy = (text) => text.replace(/[ \t]+\n/g, "\n").replace(/\n[ \t]*\n\s*\n/g, "\n\n").replace(/^( *(?:-|\d+\.) .*)\n+(?= *(?:-|\d+\.) )/gm, "$1\n").trim();
form.addEventListener("paste", (event) => {
  const html = event.clipboardData.getData("text/html");
  if (!html || !("prose" in event.target.dataset)) return;
  event.preventDefault();
  try {
    const text = tidy(prose(new DOMParser().parseFromString(html, "text/html").body));
    document.execCommand("insertText", false, text); // so that undo takes it back
  } catch (error) { say(`Not pasted: ${error.message}.`); }
});

function download(name, data, end) {
  const link = make("a", { href: URL.createObjectURL(new Blob([data], { type: TYPES[end] })), download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 10000);
}
const mayLeave = (what) => isSaved || confirm(`There is text that is not saved. ${what} all the same?`);
function forget(saved) { // what belongs to the assessment that was open
  for (const keys of [typed, unwritten, left]) keys.clear();
  [isTextTyped, isSaved, handle, written] = [false, saved, null, null];
  $("changes").hidden = true, frame.contentWindow?.scrollTo(0, 0);
  $("kind").querySelector("[value='changes']").disabled = true;
  if ($("kind").value === "changes") $("kind").value = "draft";
}
const showAll = () => { document.querySelectorAll("[data-key]").forEach(({ dataset }) => left.add(dataset.key)); showFindings(); };
async function take(file, itsHandle = null) {
  explain("", []);
  if (/\.docx$/i.test(file.name)) return readLetter(file);
  if (!/\.ya?ml$/i.test(file.name)) return explain(PROBLEM, [`only an assessment (.yaml) or its Word letter (.docx) can be opened, not ${file.name}`]);
  if (!mayLeave("Open the file")) return;
  say(`Opening ${file.name}.`);
  const { why } = await replace("open", [file.name], [["/opened", await file.arrayBuffer()]], true);
  if (why) return explain(PROBLEM, why);
  [handle, written] = [itsHandle, await file.text()];
  showAll();
  explain("In the file, below Show the file", shown.findings.filter(({ severity, key, code }) => severity === "error" && code !== "PL102" && !(key && fieldOf(key))).map(({ message }) => message));
}
const unlessClosed = (error) => { if (error.name !== "AbortError") say(`Not opened: ${error.message}`); };
$("open").onclick = () => {
  if (!window.showOpenFilePicker) return $("open-file").click();
  showOpenFilePicker({ types: PICKED }).then(async ([picked]) => take(await picked.getFile(), picked)).catch(unlessClosed);
};
$("open-file").onchange = ({ target }) => { if (target.files[0]) take(target.files[0]); target.value = ""; };
const hasFiles = (event) => event.dataTransfer.types.includes("Files") && (event.preventDefault(), true);
document.addEventListener("dragover", hasFiles);
document.addEventListener("drop", async (event) => {
  if (!hasFiles(event)) return;
  const file = event.dataTransfer.files[0], dropped = await event.dataTransfer.items[0]?.getAsFileSystemHandle?.();
  if (file) take(file, dropped);
});

let isSaving = false;
$("save").onclick = async () => {
  if (hasFailed) return download(before?.name ?? "assessment.yaml", before?.text ?? JSON.stringify(Object.fromEntries(typed)), "yaml");
  if (isSaving) return;
  isSaving = true, await settled(), isAsking = true; // so that no other file is opened meanwhile
  try { await save(); } finally { isSaving = false, answered(); }
};
async function save() {
  const text = shown.text;
  let where = "";
  if (text.includes("\ufffd")) return explain(PROBLEM, ["not saved: characters of this file can't be read, and would be lost. Save it as UTF-8 in your editor first"]);
  try {
    handle ??= await window.showSaveFilePicker?.({ suggestedName: shown.name, types: [{ accept: { "application/yaml": [".yaml"] } }] });
    if (handle) {
      const there = await (await handle.getFile()).text();
      if (written !== null && there !== written && !confirm("The file was changed by another program since you opened it. Write over it all the same?")) return say("Not saved.");
      const out = await handle.createWritable();
      await out.write(text), await out.close();
    } else download(shown.name, text, "yaml"), where = " in your downloads";
    written = text;
  } catch (error) {
    if (error.name === "AbortError") return say("Not saved: no place was chosen.");
    download(shown.name, text, "yaml"), handle = null, where = ` as a copy in your downloads, since the file can't be written (${error.message})`;
  }
  isSaved = text === shown.text && !isWaiting(), keep();
  say(`${handle?.name ?? shown.name}: saved${where}. Open this file next time.`);
  if (unwritten.size) explain(PROBLEM, ["what you typed in the form is not in the file: put its text right first"]);
}
$("new").onclick = () => {
  if (mayLeave("Begin a new assessment")) $("start-form").reset(), $("start-problem").textContent = "", $("start").showModal();
};
$("start-cancel").onclick = () => $("start").close();
$("start-form").onsubmit = async (event) => {
  event.preventDefault();
  const last = $("start-last").files[0], authority = $("start-authority").value.trim();
  const { why } = await replace("new", [authority, last?.name ?? ""], last && [["/opened", await last.arrayBuffer()]], !last && !authority);
  $("start-problem").textContent = (why ?? []).map(sentence).join(" ");
  if (why) return;
  $("start").close();
  explain("Not carried over", shown.remarks ?? []);
  $("authority").focus();
};
async function settled() {
  clearTimeout(timer);
  await send();
  while (!isReady || isAsking || isWaiting()) await new Promise((go) => setTimeout(go, 30));
}
for (const button of document.querySelectorAll("[data-end]")) {
  button.onclick = async () => {
    await settled();
    explain("", []);
    const kind = $("kind").value;
    if (kind === "published" && button.dataset.end === "docx") return explain(PROBLEM, ["for the web there are PDF and Web page, and no Word letter"]);
    if (kind === "changes" && button.dataset.end !== "docx") return explain(PROBLEM, ["what changed is shown in a Word letter alone"]);
    say(button.dataset.end === "pdf" ? "The PDF is being made; the first one takes some seconds." : "The letter is being made.");
    const made = await ask("make", [button.dataset.end, kind]).catch((error) => ({ why: [error.message] }));
    if (made.file) download(made.name, made.bytes, button.dataset.end);
    say(made.file ? `${made.name} is in your downloads${made.remark ? `: ${made.remark}` : ""}.${isSaved ? "" : " The assessment itself is not saved yet."}` : "The letter wasn't made: the reason is above the form.");
    if (!made.file) explain(PROBLEM, made.why, "error");
    else if (kind === "letter") explain("The letter was made. Look at these before you send it", [], "warning");
  };
}
// Say in a list what is wrong; with a severity, the form's findings of it in place of the reasons.
function explain(heading, reasons, severity = "") {
  if (severity === "error" && $("kind").value !== "draft" && !valueOf("date")) shown.missing.push("date");
  const found = severity ? ofForm().filter((finding) => finding.severity === severity && finding.key && fieldOf(finding.key)) : [];
  found.sort((one, other) => fieldOf(one.key).compareDocumentPosition(fieldOf(other.key)) & 4 ? -1 : 1);
  const listed = found.length ? found : reasons.map((message) => ({ message }));
  $("problems").hidden = !listed.length;
  $("problems").classList.toggle("mild", severity === "warning");
  if (!listed.length) return;
  if (severity) showAll();
  $("problems-heading").textContent = heading;
  $("problem-list").replaceChildren(...listed.map(({ key, message, help }) => {
    const words = [key ? `${labelOf(key)}: ${message}.` : sentence(message), severity === "warning" && help ? sentence(help) : ""].join(" ");
    const onclick = (event) => { event.preventDefault(); (fieldOf(key).querySelector("input, textarea") ?? $("add-item")).focus(); };
    return make("li", {}, key ? make("a", { href: `#${fieldOf(key).dataset.key}`, onclick }, words) : words);
  }));
  $("problems").focus(), $("problems").scrollIntoView({ block: "center" });
}

let doubts = []; // of a letter that was cleared in Word
async function readLetter(file) {
  await settled();
  const told = await ask("read", ["/letter.docx"], [["/letter.docx", await file.arrayBuffer()]]);
  if (told.why) return explain(PROBLEM, told.why);
  $("kind").querySelector("[value='changes']").disabled = false;
  $("change-list").replaceChildren(...told.changes.map(({ id, before, after, sure, short }) => make("div", { className: "change" },
    make("input", { type: "checkbox", checked: sure, value: id, id: `take-${id}` }),
    make("label", { htmlFor: `take-${id}` }, ` ${labelOf(id)}: ${short}`),
    make("details", {}, make("summary", {}, "Before and after"), make("del", {}, before || "nothing"), "\n", make("ins", {}, after || "nothing")))));
  $("change-none").hidden = told.changes.length > 0;
  $("take-changes").hidden = !told.changes.length;
  doubts = told.told.map(({ key, message }) => labelOf(key) ? `${labelOf(key)}: ${message}` : message);
  $("change-told").replaceChildren(...doubts.map((words) => make("li", {}, sentence(words))));
  $("changes").hidden = false;
  $("changes").focus(), $("changes").scrollIntoView();
}
$("change-form").onsubmit = async (event) => {
  event.preventDefault();
  const ids = [...$("change-list").querySelectorAll("input:checked")].map((box) => box.value);
  isSaved = isSaved && !ids.length;
  const { why } = await replace("take", [ids]);
  if (why) return explain(PROBLEM, why);
  $("changes").hidden = true;
  if (ids.length) say(`${shown.name}: the ticked changes are in the assessment now. Save it.`);
  explain("Still to decide: the letter says this too", doubts);
};
$("leave-changes").onclick = () => { $("changes").hidden = true; };

// The text of the file.
$("show-text").onclick = ({ target }) => { target.ariaExpanded = String(!($("text-view").hidden = !$("text-view").hidden)), $("text-view").scrollIntoView({ block: "center" }); };
$("text").oninput = () => note("");
$("text").onscroll = ({ target }) => { $("numbers").scrollTop = target.scrollTop; };

document.onkeydown = (event) => { if (event.key === "s" && (event.ctrlKey || event.metaKey)) { event.preventDefault(); $("save").click(); } };
window.onbeforeunload = (event) => { if (!isSaved) event.preventDefault(); };
form.inert = !!before; // until what was there is back
async function begin() {
  isReady = true;
  await (before ? replace("open", [before.name, before.text]) : replace("new", [""]));
  if (Object.keys(before?.pending ?? {}).length) await replace("set", [before.pending]);
  document.body.dataset.ready = "";
}
