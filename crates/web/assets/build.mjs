// Builds ../dist from npm packages and the sheets and scripts beside this file. Run by `cargo xtask assets`.
//
// Out come: desk.css (Tabler, only the rules that a page uses, and ours), phone.css, desk.js, phone.js, icons.svg (only the
// icons that a page names) and manifest.json, which maps each plain name to the name with its content's hash. A file with a
// hash in its name may be kept by a browser for ever.
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { build, transform } from "esbuild";
import { PurgeCSS } from "purgecss";

const here = dirname(fileURLToPath(import.meta.url));
const crates = join(here, "..", "..");
const out = join(here, "..", "dist");
const modules = join(here, "node_modules");

/** Every source that can name a class or an icon. */
function sources(folder, found = []) {
  for (const name of readdirSync(folder)) {
    const path = join(folder, name);
    if (["node_modules", "dist", "target"].includes(name)) continue;
    if (statSync(path).isDirectory()) sources(path, found);
    else if (/\.(rs|html|js)$/.test(name)) found.push(path);
  }
  return found;
}

const pages = sources(crates);
const texts = pages.map((path) => readFileSync(path, "utf8"));
const manifest = {};

function write(name, content) {
  const hash = createHash("sha256").update(content).digest("hex").slice(0, 12);
  const hashed = name.replace(/(\.\w+)$/, `.${hash}$1`);
  writeFileSync(join(out, hashed), content);
  manifest[name] = hashed;
}

async function desk() {
  const tabler = readFileSync(join(modules, "@tabler/core/dist/css/tabler.css"), "utf8");
  const [purged] = await new PurgeCSS().purge({
    content: texts.map((raw) => ({ raw, extension: "html" })),
    css: [{ raw: tabler }],
    variables: true,
    keyframes: true,
    fontFace: true,
    safelist: { standard: ["htmx-request", "htmx-indicator", "show", "active", "disabled", "is-invalid"] },
  });
  const ours = ["tokens.css", "desk.css"].map((name) => readFileSync(join(here, name), "utf8")).join("\n");
  const { code } = await transform(`${purged.css}\n${ours}`, { loader: "css", minify: true });
  write("desk.css", code);
}

async function phone() {
  // Chrome 80 must read it (design, Browsers), so the sheet is our own and lowered to what that browser knows.
  const { code } = await transform(readFileSync(join(here, "phone.css"), "utf8"), { loader: "css", minify: true, target: "chrome80" });
  write("phone.css", code);
}

async function scripts() {
  for (const [name, target] of [["desk.js", "chrome123"], ["phone.js", "chrome80"]]) {
    const entry = join(here, name);
    const result = await build({ entryPoints: [entry], bundle: true, minify: true, format: "iife", target, write: false });
    write(name, result.outputFiles[0].text);
  }
}

/** One symbol for each icon: named as icon("name"), which must exist, or in a text of Rust or of a macro that is the name of one. */
function icons() {
  const names = new Set();
  for (const text of texts) {
    for (const match of text.matchAll(/\bicon\(\s*"([a-z0-9-]+)"/g)) names.add(match[1]);
  }
  // Badges, menus and steps name theirs as plain texts; one text too many costs a few bytes.
  for (const path of pages.filter((path) => /\.(rs|html)$/.test(path))) {
    for (const match of readFileSync(path, "utf8").matchAll(/"([a-z][a-z0-9-]+)"/g)) {
      if (existsSync(join(modules, "@tabler/icons/icons/outline", `${match[1]}.svg`))) names.add(match[1]);
    }
  }
  // Stages of a workflow name theirs in the program's file.
  const programs = join(crates, "..", "programs");
  for (const program of readdirSync(programs)) {
    const path = join(programs, program, "workflow.toml");
    if (!existsSync(path)) continue;
    for (const match of readFileSync(path, "utf8").matchAll(/^icon = "([a-z0-9-]+)"/gm)) names.add(match[1]);
  }
  const symbols = [...names].sort().map((name) => {
    const path = join(modules, "@tabler/icons/icons/outline", `${name}.svg`);
    if (!existsSync(path)) throw new Error(`no icon is named "${name}": see the names in @tabler/icons/icons/outline`);
    const body = readFileSync(path, "utf8").replace(/[\s\S]*?<svg[^>]*>/, "").replace("</svg>", "").replace(/\s*\n\s*/g, "");
    return `<symbol id="${name}" viewBox="0 0 24 24" fill="none" stroke="currentColor" stroke-width="2" stroke-linecap="round" stroke-linejoin="round">${body.trim()}</symbol>`;
  });
  write("icons.svg", `<svg xmlns="http://www.w3.org/2000/svg">${symbols.join("")}</svg>`);
}

rmSync(out, { recursive: true, force: true });
mkdirSync(out, { recursive: true });
await desk();
await phone();
await scripts();
icons();
write("mark.svg", readFileSync(join(here, "mark.svg"), "utf8"));
writeFileSync(join(out, "manifest.json"), `${JSON.stringify(manifest, null, 2)}\n`);
for (const name of Object.values(manifest)) console.log(`${String(statSync(join(out, name)).size).padStart(8)}  ${name}`);
