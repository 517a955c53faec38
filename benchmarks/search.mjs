// Reads {banks, queries, warmUp} and prints the processor time of a query in milliseconds.

import { readFileSync } from "node:fs";
import { SearchIndex } from "../lean_flask/static/src/search.js";

const { banks, queries, warmUp } = JSON.parse(readFileSync(0, "utf8"));
const index = new SearchIndex(banks);
for (const query of warmUp) index.find(query);
const begun = process.cpuUsage();
for (const query of queries) index.find(query);
const { user, system } = process.cpuUsage(begun);
console.log((user + system) / 1000 / queries.length);
