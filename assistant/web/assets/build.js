// Builds ../static from pinned sources: one style sheet, one script, the icon, and the list of checksums that a
// test holds the folder to. The same sources give the same bytes.
import { createHash } from "node:crypto";
import { copyFileSync, mkdirSync, readFileSync, readdirSync, writeFileSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { buildSync } from "esbuild";
import * as sass from "sass";

const here = new URL(".", import.meta.url);
const into = new URL("../static/", here);
mkdirSync(into, { recursive: true });

const sheet = sass.compile(fileURLToPath(new URL("frontline.scss", here)), {
  loadPaths: [fileURLToPath(new URL("node_modules", here))],
  style: "compressed",
  quietDeps: true,
});
writeFileSync(new URL("frontline.css", into), sheet.css + "\n");

buildSync({
  absWorkingDir: fileURLToPath(here),
  entryPoints: ["frontline.js"],
  outfile: fileURLToPath(new URL("frontline.js", into)),
  bundle: true,
  minify: true,
  format: "esm",
  target: "es2020",
  legalComments: "none",
  logLevel: "error",
});

copyFileSync(new URL("images/icon.svg", here), new URL("icon.svg", into));

const lines = readdirSync(into)
  .filter((name) => name !== "checksums.txt")
  .sort()
  .map((name) => `${createHash("sha256").update(readFileSync(new URL(name, into))).digest("hex")}  ${name}`);
writeFileSync(new URL("checksums.txt", into), lines.join("\n") + "\n");
console.log(lines.join("\n"));
