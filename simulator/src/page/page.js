"use strict";
// The phone page: customers on the left, their phones in the middle, faults and a log on the right. Text only ever
// becomes text nodes.

const $ = (id) => document.getElementById(id);
const customers = new Map(); // key -> {key, name, phone, last, bubbles, typingUntil, unread}
let numbers = [];
let open = [];
const SUGGESTION = "What time do you open on Sunday?";

function make(tag, className, text) {
  const element = document.createElement(tag);
  if (className) element.className = className;
  if (text !== undefined) element.textContent = text;
  return element;
}

async function api(path, method = "GET", body) {
  const answer = await fetch("/sim" + path, {
    method,
    headers: body === undefined ? {} : { "content-type": "application/json" },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const json = await answer.json();
  if (!answer.ok) throw new Error(json.error ? json.error.message : "HTTP " + answer.status);
  return json;
}

const clock = (at) => new Date(at).toLocaleTimeString([], { hour: "2-digit", minute: "2-digit", hour12: false });
const messagesPath = (key) => "/customers/" + encodeURIComponent(key) + "/messages";
const isTyping = (customer) => customer.typingUntil > Date.now();

function prettyPhone(customer) {
  if (!customer.phone) return "@" + (customer.username || customer.user_id);
  const match = /^1(\d{3})(\d{3})(\d{4})$/.exec(customer.phone);
  return match ? `+1 ${match[1]} ${match[2]} ${match[3]}` : "+" + customer.phone;
}

function dayOf(at) {
  const midnight = (date) => new Date(date).setHours(0, 0, 0, 0);
  const days = Math.round((midnight(Date.now()) - midnight(at)) / 86400000);
  if (days === 0) return "Today";
  if (days === 1) return "Yesterday";
  return new Date(at).toLocaleDateString([], { weekday: "long", day: "numeric", month: "long" });
}

// --- WhatsApp's own formatting -------------------------------------------------------------------------------------

const MARKS = /```([\s\S]+?)```|`([^`\n]+)`|\*(\S|\S[^*\n]*\S)\*|_(\S|\S[^_\n]*\S)_|~(\S|\S[^~\n]*\S)~|(https?:\/\/[^\s]+[^\s.,;:!?)\]'"])/g;
const WORD = /[\p{L}\p{N}]/u;

function format(text, into) {
  let done = 0;
  for (const match of text.matchAll(MARKS)) {
    const [whole, block, code, bold, italic, struck, link] = match;
    const before = text[match.index - 1] || " ";
    const after = text[match.index + whole.length] || " ";
    if (!link && block === undefined && (WORD.test(before) || WORD.test(after))) continue;
    into.append(text.slice(done, match.index));
    done = match.index + whole.length;
    if (link) into.append(linkTo(link));
    else if (block !== undefined || code !== undefined) into.append(make("code", "", block ?? code));
    else {
      const inner = make(bold ? "strong" : italic ? "em" : "s");
      format(bold || italic || struck, inner);
      into.append(inner);
    }
  }
  into.append(text.slice(done));
}

function plain(text) {
  const words = make("span");
  format(text, words);
  return words.textContent;
}

function linkTo(url) {
  const anchor = make("a", "", url);
  anchor.href = url; // the pattern lets nothing but http and https through
  anchor.target = "_blank";
  anchor.rel = "noreferrer noopener";
  return anchor;
}

// --- bubbles ---------------------------------------------------------------------------------------------------------

function ticks(status) {
  if (status === "failed") {
    const mark = make("span", "failed-mark", "!");
    mark.title = "failed";
    return mark;
  }
  const name = "http://www.w3.org/2000/svg";
  const svg = document.createElementNS(name, "svg");
  const path = document.createElementNS(name, "path");
  svg.setAttribute("viewBox", "0 0 18 12");
  svg.setAttribute("width", "18");
  svg.setAttribute("height", "12");
  svg.setAttribute("class", "tick " + status);
  const shapes = { accepted: "M6 6a3 3 0 1 0 6 0a3 3 0 1 0-6 0M9 4.6V6l1 .8", sent: "M5 6.5 8 9.5 14 2.5" };
  path.setAttribute("d", shapes[status] || "M1.5 6.5 4.5 9.5 10.5 2.5M8 9 8.5 9.5 14.5 2.5");
  svg.append(path);
  return svg;
}

function bubbleElement(bubble, first, customer) {
  const element = make("div", "bubble " + bubble.from + (first ? " first" : ""));
  const quoted = bubble.reply_to && customer.bubbles.find((other) => other.wamid === bubble.reply_to);
  if (quoted) element.append(make("span", "quote", quoted.text));
  const words = make("span");
  format(bubble.text, words);
  const meta = make("span", "meta");
  meta.append(make("time", "", clock(bubble.at)), ticks(bubble.status));
  const code = bubble.error ? " (" + bubble.error + ")" : "";
  meta.title = (bubble.from === "business" ? "What the business is told: " : "Your message: ") + bubble.status + code;
  element.append(words, meta);
  const reaction = customer.bubbles.findLast((other) => other.type === "reaction" && other.reply_to === bubble.wamid);
  if (reaction && reaction.text) {
    element.classList.add("reacted");
    element.append(make("span", "reaction", reaction.text));
  }
  return element;
}

function hint() {
  const box = make("div", "hint", "This is a customer's phone. What you write goes to the gateway as a signed webhook.");
  const button = make("button", "", "Try: “" + SUGGESTION + "”");
  button.dataset.say = SUGGESTION;
  box.append(button);
  return box;
}

function drawChat(phone, customer) {
  const chat = phone.querySelector(".chat");
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const shown = customer.bubbles.filter((bubble) => bubble.type !== "reaction").slice(-300);
  const parts = shown.length ? [] : [hint()];
  let day = "", from = "";
  for (const bubble of shown) {
    if (dayOf(bubble.at) !== day) {
      day = dayOf(bubble.at);
      from = "";
      parts.push(make("div", "day", day));
    }
    parts.push(bubbleElement(bubble, bubble.from !== from, customer));
    from = bubble.from;
  }
  if (isTyping(customer)) {
    const dots = make("div", "bubble first dots");
    dots.append(make("i"), make("i"), make("i"));
    parts.push(dots);
  }
  chat.replaceChildren(...parts);
  if (atEnd) chat.scrollTop = chat.scrollHeight;
}

// --- phones ----------------------------------------------------------------------------------------------------------

function initials(name) {
  return name.split(/\s+/).slice(0, 2).map((word) => [...word][0] || "").join("").toUpperCase();
}

function drawPhone(phone) {
  const customer = customers.get(phone.dataset.key);
  if (!customer) return;
  const owner = customer.name + "’s phone, " + prettyPhone(customer);
  phone.querySelector(".state").textContent = isTyping(customer) ? "typing…" : owner;
  drawChat(phone, customer);
}

function buildPhone(key) {
  const phone = $("phone").content.firstElementChild.cloneNode(true);
  phone.dataset.key = key;
  const business = numbers[0] ? numbers[0].verified_name : "Business";
  phone.querySelector(".avatar").textContent = initials(business);
  phone.querySelector(".who strong").textContent = business;
  const choice = phone.querySelector(".number");
  choice.hidden = numbers.length < 2;
  choice.append(...numbers.map((number) => new Option(number.verified_name, number.phone_number_id)));
  phone.querySelector(".close").onclick = () => show(open.filter((other) => other !== key));
  phone.querySelector(".back").onclick = () => $("app").classList.remove("in-chat");
  phone.querySelector(".chat").onclick = (event) => event.target.dataset.say && say(phone, event.target.dataset.say);
  wireComposer(phone);
  return phone;
}

function wireComposer(phone) {
  const box = phone.querySelector("textarea");
  const send = () => {
    const text = box.value.trim();
    box.value = "";
    box.style.height = "";
    if (text) say(phone, text);
  };
  box.onkeydown = (event) => {
    if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
    event.preventDefault();
    send();
  };
  box.oninput = () => {
    box.style.height = "";
    box.style.height = box.scrollHeight + "px";
  };
  phone.querySelector("form").onsubmit = (event) => {
    event.preventDefault();
    send();
    box.focus();
  };
}

async function say(phone, text) {
  const number = phone.querySelector(".number").value;
  const query = number ? "?number=" + encodeURIComponent(number) : "";
  await api(messagesPath(phone.dataset.key) + query, "POST", { type: "text", text: { body: text } });
}

async function show(keys) {
  open = keys;
  await Promise.all(keys.map(loadBubbles));
  const phones = keys.filter((key) => customers.has(key)).map((key) => document.querySelector(`.phone[data-key="${CSS.escape(key)}"]`) || buildPhone(key));
  $("phones").replaceChildren(...phones);
  $("phones").classList.toggle("many", phones.length > 1);
  phones.forEach((phone) => {
    drawPhone(phone);
    const chat = phone.querySelector(".chat");
    chat.scrollTop = chat.scrollHeight;
  });
  keys.forEach((key) => customers.has(key) && (customers.get(key).unread = 0));
  drawCustomers();
  const query = keys.map((key) => "customer=" + encodeURIComponent(key)).join("&");
  history.replaceState(null, "", query ? "?" + query : "/");
}

async function loadBubbles(key) {
  const list = await api(messagesPath(key));
  const customer = customers.get(key);
  if (!customer) return;
  customer.bubbles = list.items;
  if (list.typing) customer.typingUntil = Date.now() + 25000;
}

// --- the list --------------------------------------------------------------------------------------------------------

function customerRow(customer) {
  const row = make("li", open.includes(customer.key) ? "open" : "");
  row.tabIndex = 0;
  const avatar = make("span", "avatar", initials(customer.name));
  avatar.style.setProperty("--hue", [...customer.key].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 360, 7));
  const words = make("div", "words");
  const top = make("div", "top");
  top.append(make("strong", "", customer.name));
  if (customer.last) top.append(make("time", "", clock(customer.last.at)));
  const last = customer.last ? (customer.last.from === "customer" ? "You: " : "") + plain(customer.last.text) : prettyPhone(customer);
  words.append(top, isTyping(customer) ? make("div", "last typing", "typing…") : make("div", "last", last));
  row.title = prettyPhone(customer);
  row.append(avatar, words);
  if (customer.unread) row.append(make("span", "badge", customer.unread));
  if (open.length && !open.includes(customer.key)) row.append(besideButton(customer.key));
  const choose = () => {
    $("app").classList.add("in-chat");
    show([customer.key]);
  };
  row.onclick = choose;
  row.onkeydown = (event) => event.key === "Enter" && event.target === row && choose();
  return row;
}

function besideButton(key) {
  const button = make("button", "beside", "open beside");
  button.onclick = (event) => {
    event.stopPropagation();
    show([open[0], key]);
  };
  return button;
}

function byLastBubble() {
  const at = (customer) => (customer.last ? customer.last.at : "");
  return [...customers.values()].sort((a, b) => at(b).localeCompare(at(a)));
}

function drawCustomers() {
  $("customers").replaceChildren(...byLastBubble().slice(0, 200).map(customerRow));
}

$("add").onsubmit = async (event) => {
  event.preventDefault();
  const form = event.target;
  try {
    const made = await api("/customers", "POST", { phone: form.phone.value, name: form.name.value || null });
    $("add-error").textContent = "";
    form.reset();
    meet(made);
    $("app").classList.add("in-chat");
    show([made.key]);
  } catch (error) {
    $("add-error").textContent = error.message;
  }
};

function meet(item) {
  const known = customers.get(item.key) || { bubbles: [], unread: 0, typingUntil: 0 };
  customers.set(item.key, Object.assign(known, item));
}
