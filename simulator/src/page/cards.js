
// --- what the business offers to tap ---------------------------------------------------------------------------------

// Each kind of interactive message: what stands under its words.
const ACTIONS = {
  button: (action, bubble, phone) => (action.buttons || []).map(({ reply }) => tapButton(reply.title, reply.id, bubble, phone)),
  list: (action, bubble, phone) => [actionButton("☰ " + action.button, () => openList(action, bubble, phone))],
  cta_url: (action) => [urlButton(action.parameters.display_text, action.parameters.url)],
  flow: (action, bubble, phone) => [actionButton(action.parameters.flow_cta, () => answerFlow(action, bubble, phone))],
  location_request_message: (_, bubble, phone) => [actionButton("📍 Send location", () => askLocation(phone, bubble.wamid))],
  request_contact_info: (_, bubble, phone) => [actionButton("Share contact info", () => shareOwnContact(phone, bubble))],
  address_message: (_, bubble, phone) => [actionButton("Provide address", () => askAddress(phone, bubble))],
  product: (action, bubble, phone) => [products(action, [action], bubble, phone)],
  product_list: (action, bubble, phone) =>
    [products(action, (action.sections || []).flatMap((section) => section.product_items || []), bubble, phone)],
  catalog_message: (_, bubble, phone) => [actionButton("View catalogue", () => order(phone, bubble, "catalog", ["item-1"]))],
  carousel: (action, bubble, phone) => [carousel(action.cards || [], bubble, phone)],
  call_permission_request: (_, bubble, phone) => [
    actionButton("Allow calls", () => answerCall("accept", bubble, phone)),
    actionButton("Not now", () => answerCall("reject", bubble, phone)),
  ],
  voice_call: (action) => [actionButton("📞 " + ((action.parameters || {}).display_text || "Call now"))],
};

function actionButton(text, act) {
  const button = make("button", "action", text);
  button.type = "button";
  if (act) button.onclick = () => Promise.resolve(act()).catch(tellError);
  else button.disabled = true;
  return button;
}

function tapButton(text, choice, bubble, phone) {
  const path = "/customers/" + encodeURIComponent(phone.dataset.key) + "/taps";
  return actionButton("↩ " + text, () => api(path, "POST", { wamid: bubble.wamid, choice }));
}

function urlButton(text, url) {
  if (!/^https?:\/\//.test(url || "")) return actionButton(text);
  const link = make("a", "action", "↗ " + text);
  link.href = url;
  link.target = "_blank";
  link.rel = "noreferrer noopener";
  link.title = url;
  return link;
}

function interactive(bubble, phone) {
  const part = bubble.content || {};
  if (bubble.from === "customer") return [words(bubble.text)];
  const nodes = [...header(part.header)];
  if (part.body) nodes.push(words(part.body.text));
  if (part.footer) nodes.push(make("span", "footer", part.footer.text));
  const draw = ACTIONS[part.type];
  const actions = draw ? draw(part.action || {}, bubble, phone) : [make("span", "quiet", part.type || "interactive")];
  return [...nodes, ...actions];
}

function header(part) {
  if (!part) return [];
  const kind = (part.type || part.format || "").toLowerCase();
  if (kind === "text") return [make("strong", "head", part.text)];
  const content = part[kind] || part.content || {};
  if (kind === "document") return [documentRow(content)];
  if (kind === "location") return [place(content)];
  return [visual(kind, content)];
}

function template(bubble, phone) {
  if (!bubble.shown) return [words(bubble.text)];
  return section(bubble.shown, bubble, phone);
}

function section(shown, bubble, phone) {
  const nodes = [...header(shown.header)];
  if (shown.body) nodes.push(words(shown.body));
  if (shown.footer) nodes.push(make("span", "footer", shown.footer));
  if (shown.cards) {
    const row = make("div", "carousel");
    row.append(...shown.cards.map((card) => cardBox(section(card, bubble, phone))));
    nodes.push(row);
  }
  return [...nodes, ...(shown.buttons || []).map((button) => templateButton(button, bubble, phone))];
}

function templateButton(button, bubble, phone) {
  switch (button.type) {
    case "QUICK_REPLY": return tapButton(button.text, button.payload || button.text, bubble, phone);
    case "URL": return urlButton(button.text, button.url);
    case "COPY_CODE": case "OTP": return actionButton("📋 " + button.text, () => navigator.clipboard.writeText(button.code || ""));
    case "PHONE_NUMBER": return actionButton("📞 " + button.text);
    case "REQUEST_CONTACT_INFO": return actionButton(button.text, () => shareOwnContact(phone, bubble));
    default: return actionButton(button.text || button.type);
  }
}

function cardBox(nodes) {
  const box = make("div", "card");
  box.append(...nodes);
  return box;
}

function carousel(cards, bubble, phone) {
  const row = make("div", "carousel");
  row.append(...cards.map((card) => {
    const action = card.action || {};
    if (card.type === "product") return cardBox([products(action, [action], bubble, phone)]);
    const buttons = (action.buttons || []).map(({ quick_reply }) => tapButton(quick_reply.title, quick_reply.id, bubble, phone));
    const link = action.parameters ? [urlButton(action.parameters.display_text, action.parameters.url)] : [];
    return cardBox([...header(card.header), ...(card.body ? [words(card.body.text)] : []), ...buttons, ...link]);
  }));
  return row;
}

function products(action, items, bubble, phone) {
  const box = make("div", "products");
  const skus = items.map((item) => item.product_retailer_id);
  skus.slice(0, 6).forEach((sku) => {
    const row = make("div", "file");
    row.append(make("span", "file-icon", "🛍"), make("strong", "file-words", sku));
    box.append(row);
  });
  if (skus.length > 6) box.append(make("span", "quiet", "and " + (skus.length - 6) + " more"));
  box.append(actionButton("Order", () => order(phone, bubble, action.catalog_id, skus)));
  return box;
}

function openList(action, bubble, phone) {
  const path = "/customers/" + encodeURIComponent(phone.dataset.key) + "/taps";
  const nodes = (action.sections || []).flatMap((section) => [
    ...(section.title ? [make("h3", "", section.title)] : []),
    ...(section.rows || []).map((row) => {
      const button = make("button", "list-row");
      button.type = "button";
      button.append(make("strong", "", row.title), make("span", "quiet", row.description || ""));
      button.onclick = () => {
        closeSheet();
        api(path, "POST", { wamid: bubble.wamid, choice: row.id }).catch(tellError);
      };
      return button;
    }),
  ]);
  openSheet(phone, action.button, nodes);
}

// --- answers that take more than a tap -------------------------------------------------------------------------------

const inReply = (bubble) => ({ context: { id: bubble.wamid } });

function answerFlow(action, bubble, phone) {
  const token = action.parameters.flow_token || "unused";
  const response = JSON.stringify({ flow_token: token, answered: true });
  const reply = { type: "nfm_reply", nfm_reply: { name: "flow", body: "Sent", response_json: response } };
  return write(phone, { type: "interactive", interactive: reply, ...inReply(bubble) });
}

function askAddress(phone, bubble) {
  askFields(phone, "Address", [["name", "Name"], ["address", "Street"], ["city", "City"]], (values) => {
    const response = JSON.stringify({ saved_address_id: "", values });
    const body = values.name + "\n" + values.address + "\n" + values.city;
    const reply = { type: "nfm_reply", nfm_reply: { name: "address_message", body, response_json: response } };
    return write(phone, { type: "interactive", interactive: reply, ...inReply(bubble) });
  });
}

function shareOwnContact(phone, bubble) {
  const customer = customers.get(phone.dataset.key);
  const name = { formatted_name: customer.name, first_name: customer.name };
  const phones = customer.phone ? [{ phone: "+" + customer.phone, wa_id: customer.phone, type: "CELL" }] : [];
  return write(phone, { type: "contacts", contacts: [{ name, phones, origin: "contact_request" }], ...inReply(bubble) });
}

function order(phone, bubble, catalog, skus) {
  const items = skus.slice(0, 3).map((sku) => ({ product_retailer_id: sku, quantity: 1, item_price: 9.5, currency: "EUR" }));
  return write(phone, { type: "order", order: { catalog_id: catalog, text: "", product_items: items }, ...inReply(bubble) });
}

function answerCall(response, bubble, phone) {
  const reply = { response, response_source: "user_action", is_permanent: false };
  if (response === "accept") reply.expiration_timestamp = Math.floor(Date.now() / 1000) + 7 * 86400;
  const part = { type: "call_permission_reply", call_permission_reply: reply };
  return write(phone, { type: "interactive", interactive: part, ...inReply(bubble) });
}
