// What both Node bots share: ten messages of history in memory, the model, and a server for webhooks.
import { createServer } from "node:http";

export const { PORT, GRAPH_URL, MODEL_URL, APP_SECRET, PHONE_NUMBER_ID } = process.env;

const KEPT = 10;
const histories = new Map();

/** Asks the model what to say to a customer. */
export async function think(customer, text) {
  const history = histories.get(customer) ?? [];
  histories.set(customer, history);
  history.push({ role: "user", content: text });
  const answer = await fetch(`${MODEL_URL}/chat/completions`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: "Bearer key" },
    body: JSON.stringify({
      model: "bench",
      messages: [{ role: "system", content: "You are the assistant of a bakery." }, ...history.slice(-KEPT)],
    }),
  });
  const reply = (await answer.json()).choices[0].message.content;
  history.push({ role: "assistant", content: reply });
  history.splice(0, history.length - KEPT);
  return reply;
}

/** Hands each webhook's bytes and signature over, and answers with the status that comes back. */
export function serve(receive) {
  const server = createServer((request, response) => {
    if (request.method === "GET") return response.end("ready");
    const chunks = [];
    request.on("data", (chunk) => chunks.push(chunk));
    request.on("end", async () => {
      const body = Buffer.concat(chunks).toString();
      response.statusCode = await receive(body, request.headers["x-hub-signature-256"]);
      response.end();
    });
  });
  server.keepAliveTimeout = 60_000;
  server.listen(Number(PORT), "127.0.0.1");
}
