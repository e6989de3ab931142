// Runs prevent-letter in Python, in a worker, so that typing never waits for it.
let parts = null; // in the page that is one file: each part by its name, else null
const bytes = async (name) => new Uint8Array(parts ? await parts[name] : await (await fetch(name)).arrayBuffer());
const unpacked = (text) => {
  const letters = atob(text), packed = new Uint8Array(letters.length);
  for (let n = 0; n < letters.length; n++) packed[n] = letters.charCodeAt(n);
  return new Response(new Blob([packed]).stream().pipeThrough(new DecompressionStream("gzip"))).arrayBuffer();
};
const script = async (name) => parts ? "data:text/javascript," + encodeURIComponent(new TextDecoder().decode(await bytes(name))) : `./${name}`;
let python, ask, site, hasTypesetter = false;

// Typst asks for the time zone by a script, and this page runs no text as code.
self.eval = (code) => {
  if (/timeZone/.test(code)) return "UTC";
  throw new Error("nothing is run: " + code);
};

async function start() {
  const options = { indexURL: "./", env: { HOME: "/home/pyodide", TZ: "UTC" } };
  if (parts) {
    const nowhere = "http://this-file.invalid/";
    const lock = new TextDecoder().decode(await bytes("pyodide-lock.json"));
    const createPyodideModule = (await import(await script("pyodide.asm.mjs"))).default;
    Object.assign(options, { createPyodideModule, indexURL: nowhere, packageBaseUrl: nowhere, stdLibURL: nowhere + "python_stdlib.zip", lockFileContents: lock });
    self.fetch = async (what) => {
      const name = String(what.url ?? what).split("/").pop();
      if (!parts[name]) throw new Error("nothing is fetched: " + name);
      return new Response(await parts[name], { headers: { "Content-Type": "application/wasm" } });
    };
  }
  const product = bytes("product.zip");
  const { loadPyodide } = await import(await script("pyodide.mjs"));
  python = await loadPyodide(options);
  site = python.runPython("import site; site.getsitepackages()[0]");
  python.unpackArchive(await product, "zip", { extractDir: site });
  ask = python.runPython("from desk import ask; ask");
}

// The first message brings the parts; after it each question is answered before the next is asked.
let queue = null;
onmessage = ({ data }) => {
  if (!queue) {
    parts = data.parts && Object.fromEntries(Object.entries(data.parts).map(([name, text]) => [name, unpacked(text)]));
    queue = start();
    queue.then(() => postMessage({ ready: true }), (error) => postMessage({ failed: String(error) }));
    return;
  }
  queue = queue.then(() => answer(data)).catch((error) => {
    postMessage({ id: data.id, error: String(error).trim().split("\n").pop() });
  });
};

async function answer({ id, name, args, files }) {
  for (const [path, data] of files ?? []) {
    python.FS.mkdirTree(path.replace(/\/[^/]*$/, "") || "/");
    python.FS.writeFile(path, new Uint8Array(data));
  }
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
