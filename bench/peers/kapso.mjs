// A small bot on @kapso/whatsapp-cloud-api.
import { WhatsAppClient } from "@kapso/whatsapp-cloud-api";
import { normalizeWebhook, verifySignature } from "@kapso/whatsapp-cloud-api/server";
import { APP_SECRET, GRAPH_URL, PHONE_NUMBER_ID, serve, think } from "./common.mjs";

const client = new WhatsAppClient({ baseUrl: GRAPH_URL, accessToken: "token", graphVersion: "v23.0" });

async function answer(message) {
  client.messages.markRead({ phoneNumberId: PHONE_NUMBER_ID, messageId: message.id }).catch(() => {});
  const body = await think(message.from, message.text.body);
  await client.messages.sendText({ phoneNumberId: PHONE_NUMBER_ID, to: `+${message.from}`, body });
}

serve(async (rawBody, signatureHeader) => {
  if (!verifySignature({ appSecret: APP_SECRET, rawBody, signatureHeader })) return 401;
  // Meta gets its 200 at once; the answer follows.
  for (const message of normalizeWebhook(JSON.parse(rawBody)).messages) {
    if (message.type === "text") answer(message).catch(() => {});
  }
  return 200;
});
