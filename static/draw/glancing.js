// One look of the judge at a drawing under way: asks the server, which keeps nothing of it.
import { call, read, renewToken, secondsIn, token } from "./sending.js";

const PATIENCE = 15_000;                 // ms
const LONG = 4000;                       // characters from which packing is worth it

// The judge's opinion of `drawing`: {seen: {similarity, percentile, noise}}; {after} where it has no time now, in seconds or
// 0; or {never} where asking again will not help.
export async function glance(url, drawing, fetcher = (...args) => fetch(...args)) {
  try {
    const renew = () => renewToken().catch(() => null);
    const response = await call({ url, ...await packed(JSON.stringify(drawing)), csrf: token(), renew, fetcher, patience: PATIENCE });
    const answer = await read(response);
    if (response.ok && Number.isFinite(answer?.percentile)) return { seen: answer };
    return response.status === 429 || response.status >= 500 ? { after: secondsIn(response) } : { never: true };
  } catch {
    return { after: 0 };
  }
}

// A request's body and headers, gzipped where it is long and the browser can.
async function packed(text) {
  if (text.length < LONG || typeof CompressionStream === "undefined") return { body: text, headers: {} };
  const stream = new Blob([text]).stream().pipeThrough(new CompressionStream("gzip"));
  return { body: await new Response(stream).blob(), headers: { "Content-Encoding": "gzip" } };
}
