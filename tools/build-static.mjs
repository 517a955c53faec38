// Bundles and minifies lean_flask/static/src: node tools/build-static.mjs [OUT]
// Without OUT it writes lean_flask/static/dist, which is committed, so that installing needs no node.

import { build } from "esbuild";

const source = "lean_flask/static/src";

await build({
  entryPoints: [
    "picker.js",
    "embed.js",
    "bank-list.js",
    "ending.js",
    "return.js",
    "picker.css",
    "ending.css",
    "operations.css",
    "languages.css",
  ].map((name) => `${source}/${name}`),
  outdir: process.argv[2] ?? "lean_flask/static/dist",
  bundle: true,
  minify: true,
  charset: "utf8",
  format: "esm",
  legalComments: "none",
  target: ["es2022"],
  logLevel: "warning",
});
