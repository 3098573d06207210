// A small bot on whatsapp-api-js.
import { WhatsAppAPI } from "whatsapp-api-js";
import { Text } from "whatsapp-api-js/messages";
import { APP_SECRET, GRAPH_URL, serve, think } from "./common.mjs";

const whatsapp = new WhatsAppAPI({
  token: "token",
  appSecret: APP_SECRET,
  webhookVerifyToken: "verify",
  v: "v23.0",
  ponyfill: {
    subtle: crypto.subtle,
    fetch: (url, options) => fetch(String(url).replace("https://graph.facebook.com", GRAPH_URL), options),
  },
});

async function answer({ phoneID, message, contact, received }) {
  received();
  const body = await think(contact.wa_id, message.text.body);
  // Without its plus, Graph takes a phone for one of the business's own country.
  await whatsapp.sendMessage(phoneID, { phone: `+${contact.wa_id}` }, new Text(body));
}

// Meta gets its 200 at once; the answer follows.
whatsapp.on.message = (told) => {
  answer(told).catch(() => {});
};

serve(async (body, signature) => {
  try {
    await whatsapp.post(JSON.parse(body), body, signature);
    return 200;
  } catch (error) {
    return error.httpStatus ?? 500;
  }
});
