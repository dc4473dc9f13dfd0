// Answers each line of JSON {"drawing", "scale", "size"} with {"master", "picture"}, bytes in base64, for the Python tests.
import { createInterface } from "node:readline";
import { picture, render } from "../../static/draw/raster.js";

for await (const line of createInterface({ input: process.stdin })) {
  const { drawing, scale, size } = JSON.parse(line);
  const master = render(drawing, scale);
  const [a, b] = [master, picture(master, drawing.size * scale, drawing.palette, size)].map((v) => Buffer.from(v).toString("base64"));
  console.log(JSON.stringify({ master: a, picture: b }));
}
