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
  phone.querySelector(".chat").onclick = (event) => event.target.dataset.say && say(phone, event.target.dataset.say).catch(tellError);
  wireComposer(phone);
  phone.querySelector(".attach").onclick = () => attachMenu(phone);
  phone.querySelector(".voice").onclick = (event) => record(phone, event.currentTarget).catch(tellError);
  phone.querySelector(".reply-bar button").onclick = () => endReply(phone);
  return phone;
}

function wireComposer(phone) {
  const box = phone.querySelector("textarea");
  const send = () => {
    const text = box.value.trim();
    box.value = "";
    box.style.height = "";
    if (text) say(phone, text).catch(tellError);
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

const say = (phone, text) => write(phone, { type: "text", text: { body: text } });

// The customer sends any message; if they are replying to a bubble, it quotes that.
async function write(phone, message) {
  const number = phone.querySelector(".number").value;
  const query = number ? "?number=" + encodeURIComponent(number) : "";
  const quoting = phone.replyTo && !message.context && !["reaction", "edit", "revoke"].includes(message.type);
  if (quoting) {
    message.context = { id: phone.replyTo };
    endReply(phone);
  }
  return api(messagesPath(phone.dataset.key) + query, "POST", message);
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
    chat.dataset.atEnd = "yes";
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
