// Runs prevent-letter in Python, in a worker, so that typing never waits for it.
import { loadPyodide } from "./pyodide.mjs";

const bytes = async (name) => new Uint8Array(await (await fetch(name)).arrayBuffer());
let python, ask, site, hasTypesetter = false;

// Typst asks for the time zone by a script, and this page runs no text as code.
self.eval = (script) => {
  if (/timeZone/.test(script)) return "UTC";
  throw new Error("nothing is run: " + script);
};

async function start() {
  const product = bytes("product.zip");
  python = await loadPyodide({ indexURL: "./", env: { HOME: "/home/pyodide", TZ: "UTC" } });
  site = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(await product, "zip", { extractDir: site });
  ask = python.runPython("from desk import ask; ask");
}

const ready = start();
ready.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));

// Each question is answered before the next is asked.
let queue = ready;
onmessage = ({ data }) => {
  queue = queue.then(() => answer(data)).catch((error) => {
    postMessage({ id: data.id, error: String(error).trim().split("\n").pop() });
  });
};

async function answer({ id, name, args, file }) {
  if (file) python.FS.writeFile("/letter.docx", new Uint8Array(file));
  if (name === "make" && args[0] === "pdf" && !hasTypesetter) {
    python.unpackArchive(await bytes("pdf.zip"), "zip", { extractDir: site });
    hasTypesetter = true;
  }
  const result = JSON.parse(ask(name, JSON.stringify(args)));
  if (result.file) {
    result.name = result.file.split("/").pop();
    result.bytes = python.FS.readFile(result.file);
  }
  postMessage({ id, result });
}
