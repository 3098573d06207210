
// --- what a person can do with a bubble ------------------------------------------------------------------------------

const EMOJI = ["👍", "❤️", "😂", "😮", "😢", "🙏"];

function toolButton(sign, title, act) {
  const button = make("button", "", sign);
  Object.assign(button, { type: "button", title });
  button.setAttribute("aria-label", title);
  button.onclick = () => Promise.resolve(act()).catch(tellError);
  return button;
}

function bubbleTools(bubble, phone) {
  const tools = make("span", "tools");
  if (bubble.revoked) return tools;
  tools.append(toolButton("☺", "React", () => chooseReaction(bubble, phone, tools)));
  tools.append(toolButton("↩", "Reply", () => startReply(bubble, phone)));
  if (bubble.from === "customer" && bubble.type === "text") tools.append(toolButton("✎", "Edit", () => edit(bubble, phone)));
  if (bubble.from === "customer") {
    const revoke = { type: "revoke", revoke: { original_message_id: bubble.wamid } };
    tools.append(toolButton("🗑", "Delete for everyone", () => write(phone, revoke)));
  }
  return tools;
}

function chooseReaction(bubble, phone, tools) {
  const mine = (bubble.reactions || []).find((reaction) => reaction.from === "customer");
  const react = (emoji) => {
    const reaction = { message_id: bubble.wamid, ...(emoji ? { emoji } : {}) };
    return write(phone, { type: "reaction", reaction });
  };
  const choices = EMOJI.map((emoji) => toolButton(emoji, emoji, () => react(mine && mine.emoji === emoji ? "" : emoji)));
  if (mine) choices.push(toolButton("✕", "Remove reaction", () => react("")));
  tools.replaceChildren(...choices);
}

function startReply(bubble, phone) {
  phone.replyTo = bubble.wamid;
  const bar = phone.querySelector(".reply-bar");
  bar.hidden = false;
  bar.querySelector("span").textContent = bubble.text || bubble.type;
  phone.querySelector("textarea").focus();
}

function endReply(phone) {
  phone.replyTo = null;
  phone.querySelector(".reply-bar").hidden = true;
}

function edit(bubble, phone) {
  askFields(phone, "Edit message", [["body", "Message", bubble.text]], ({ body }) => write(phone, {
    type: "edit",
    edit: { original_message_id: bubble.wamid, message: { type: "text", text: { body }, context: { id: bubble.wamid } } },
  }));
}

// --- what a person can send ------------------------------------------------------------------------------------------

const FILES = [
  ["📷", "Photo or video", "image/*,video/*", ""],
  ["📄", "Document", "", "document"],
  ["🌟", "Sticker", "image/webp", "sticker"],
  ["🎵", "Audio file", "audio/*", "audio"],
];

function attachMenu(phone) {
  const rows = FILES.map(([sign, title, accept, type]) => menuRow(sign, title, () => pickFile(phone, accept, type)));
  rows.push(menuRow("📍", "Location", () => askLocation(phone)));
  rows.push(menuRow("👤", "Contact", () => askContact(phone)));
  rows.push(menuRow("📣", "Hello from an ad", () => write(phone, {
    type: "text",
    text: { body: "Hello! I saw your ad." },
    referral: { source_url: "https://fb.me/desk", source_id: "1", source_type: "ad", headline: "Fresh bread", body: "Daily", media_type: "image", ctwa_clid: "desk" },
  })));
  rows.push(menuRow("❔", "Something unsupported", () => write(phone, { type: "unsupported", unsupported: { type: "poll_creation" } })));
  rows.push(menuRow("{ }", "Any message as JSON", () => askJson(phone)));
  openSheet(phone, "Send", rows);
}

function menuRow(sign, title, act) {
  const row = make("button", "list-row menu");
  row.type = "button";
  row.append(make("span", "sign", sign), make("strong", "", title));
  row.onclick = () => {
    closeSheet();
    Promise.resolve(act()).catch(tellError);
  };
  return row;
}

function pickFile(phone, accept, type) {
  const input = make("input");
  Object.assign(input, { type: "file", accept });
  input.onchange = () => input.files[0] && sendFile(phone, input.files[0], type, input.files[0].name).catch(tellError);
  input.click();
}

async function sendFile(phone, file, type, filename) {
  const query = new URLSearchParams();
  const number = phone.querySelector(".number").value;
  const text = phone.querySelector("textarea");
  const wishes = { type, filename, number, context: phone.replyTo, caption: ["audio", "voice", "sticker"].includes(type) ? "" : text.value.trim() };
  Object.entries(wishes).forEach(([key, value]) => value && query.set(key, value));
  if (wishes.caption) text.value = "";
  endReply(phone);
  const path = "/customers/" + encodeURIComponent(phone.dataset.key) + "/media?" + query;
  return call(path, "POST", { "content-type": file.type || "application/octet-stream" }, file);
}

function askLocation(phone, context) {
  const fields = [["latitude", "Latitude", "47.36667"], ["longitude", "Longitude", "8.54200"], ["name", "Name", ""], ["address", "Address", ""]];
  askFields(phone, "Location", fields, ({ latitude, longitude, name, address }) => {
    const location = { latitude: Number(latitude), longitude: Number(longitude) };
    if (name) location.name = name;
    if (address) location.address = address;
    return write(phone, { type: "location", location, ...(context ? { context: { id: context } } : {}) });
  });
}

function askContact(phone) {
  askFields(phone, "Contact", [["name", "Name", "Ben Miller"], ["phone", "Phone", "+41 79 000 00 02"]], ({ name, phone: number }) => {
    const [first, ...rest] = name.split(" ");
    const card = {
      name: { formatted_name: name, first_name: first, ...(rest.length ? { last_name: rest.join(" ") } : {}) },
      phones: [{ phone: number, wa_id: number.replace(/\D/g, ""), type: "CELL" }],
      origin: "other",
      vcard: "BEGIN:VCARD\nVERSION:3.0\nFN:" + name + "\nTEL:" + number + "\nEND:VCARD",
    };
    return write(phone, { type: "contacts", contacts: [card] });
  });
}

function askJson(phone) {
  const example = JSON.stringify({ type: "button", button: { payload: "P", text: "Yes" } });
  askFields(phone, "A Cloud API message", [["json", "JSON", example]], ({ json }) => write(phone, JSON.parse(json)));
}

// --- the sheet over a phone ------------------------------------------------------------------------------------------

function openSheet(phone, title, nodes) {
  closeSheet();
  const sheet = make("div", "sheet");
  const box = make("div", "sheet-box");
  const head = make("header");
  head.append(make("h2", "", title), toolButton("✕", "Close", closeSheet));
  box.append(head, ...nodes);
  sheet.append(box);
  // Braces, for a handler that answers false would stop clicks and keys from doing anything.
  sheet.onclick = (event) => { if (event.target === sheet) closeSheet(); };
  sheet.onkeydown = (event) => { if (event.key === "Escape") closeSheet(); };
  phone.append(sheet);
  const first = sheet.querySelector("input, textarea, .list-row");
  if (first) first.focus();
}

function closeSheet() {
  document.querySelectorAll(".sheet").forEach((sheet) => sheet.remove());
}

function askFields(phone, title, fields, done) {
  const form = make("form", "fields");
  const inputs = fields.map(([name, label, value]) => {
    const row = make("label", "", label);
    const input = make(name === "json" || name === "body" ? "textarea" : "input");
    Object.assign(input, { name, value: value || "" });
    row.append(input);
    form.append(row);
    return input;
  });
  const button = make("button", "solid", "Send");
  const problem = make("p", "problem");
  form.append(problem, button);
  form.onsubmit = async (event) => {
    event.preventDefault();
    try {
      await done(Object.fromEntries(inputs.map((input) => [input.name, input.value.trim()])));
      closeSheet();
    } catch (error) {
      problem.textContent = error.message;
    }
  };
  openSheet(phone, title, [form]);
}

let errorTimer;
function tellError(error) {
  const note = $("problem");
  note.textContent = error.message;
  note.hidden = false;
  clearTimeout(errorTimer);
  errorTimer = setTimeout(() => (note.hidden = true), 6000);
}
