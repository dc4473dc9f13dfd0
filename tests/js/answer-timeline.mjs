// Answers a drawing as JSON with its beats, for the Python tests.
import { readFileSync } from "node:fs";
import { timeline } from "../../static/replay/timeline.js";

console.log(JSON.stringify(timeline(JSON.parse(readFileSync(0, "utf8"))).beats));
