
// --- news ------------------------------------------------------------------------------------------------------------

const redraw = (key) => document.querySelectorAll(".phone").forEach((phone) => phone.dataset.key === key && drawPhone(phone));

async function takeBubble({ customer: key, bubble }) {
  if (!customers.has(key)) await loadCustomers();
  const customer = customers.get(key);
  if (!customer) return;
  if (!customer.bubbles.some((known) => known.wamid === bubble.wamid)) customer.bubbles.push(bubble);
  customer.last = bubble;
  if (bubble.from === "business") customer.typingUntil = 0;
  if (bubble.from === "business" && !open.includes(key)) customer.unread += 1;
  redraw(key);
  document.querySelectorAll(".phone").forEach((phone) => {
    const chat = phone.querySelector(".chat");
    if (phone.dataset.key !== key) return;
    chat.dataset.atEnd = "yes";
    chat.scrollTop = chat.scrollHeight;
  });
  drawCustomers();
}

function takeStatus({ customer: key, wamid, status, error }) {
  const customer = customers.get(key);
  const place = customer ? customer.bubbles.findIndex((bubble) => bubble.wamid === wamid) : -1;
  if (place < 0) return;
  const bubble = customer.bubbles[place];
  const earlier = bubble.from === "customer" ? customer.bubbles.slice(0, place) : [];
  earlier.filter((other) => other.from === "customer" && other.number === bubble.number).forEach((other) => (other.status = status));
  Object.assign(bubble, { status, error });
  redraw(key);
}

// A bubble got other words, or a reaction.
function takeChanged({ customer: key, bubble }) {
  const customer = customers.get(key);
  const known = customer && customer.bubbles.find((other) => other.wamid === bubble.wamid);
  if (!known) return;
  Object.assign(known, { edited: false, revoked: false, reactions: [] }, bubble);
  redraw(key);
}

function takeTyping({ customer: key, secs }) {
  const customer = customers.get(key);
  if (!customer) return;
  customer.typingUntil = Date.now() + secs * 1000;
  setTimeout(() => { redraw(key); drawCustomers(); }, secs * 1000 + 50);
  redraw(key);
  const phone = [...document.querySelectorAll(".phone")].find((phone) => phone.dataset.key === key);
  if (phone) phone.querySelector(".chat").scrollTop = 1e9;
  drawCustomers();
}

async function loadCustomers() {
  const list = await api("/customers");
  list.items.forEach(meet);
  drawCustomers();
}

async function loadAll() {
  [faults, numbers] = [await api("/faults"), (await api("/numbers")).items];
  drawFaults();
  customers.clear();
  await loadCustomers();
  const requests = (await api("/requests?limit=50")).items;
  if (!$("log").childElementCount) requests.forEach(logRequest);
  const asked = new URLSearchParams(location.search).getAll("customer").map((key) => key.replace(/^[+ ]+/, ""));
  const known = (open.length ? open : asked).filter((key) => customers.has(key));
  if (asked.length) $("app").classList.add("in-chat");
  const [first] = byLastBubble();
  await show(known.length ? known.slice(0, 2) : first ? [first.key] : []);
}

function take(event) {
  switch (event.event) {
    case "bubble": return takeBubble(event);
    case "status": return takeStatus(event);
    case "changed": return takeChanged(event);
    case "typing": return takeTyping(event);
    case "request": faultsMayHaveRunOut(); return logRequest(event.request);
    case "webhook": return logWebhook(event);
    case "customer": meet(event.customer); return drawCustomers();
    case "faults": return api("/faults").then((fresh) => { faults = fresh; drawFaults(); });
    case "hello": case "reload": return loadAll();
  }
}

// A fault that fires once is spent by a request; only then is there anything new to draw.
async function faultsMayHaveRunOut() {
  if (!JSON.stringify(faults).includes('"times":1')) return;
  faults = await api("/faults");
  drawFaults();
}

if (matchMedia("(max-width: 1080px)").matches) $("app").classList.add("no-drawer");
new EventSource("/sim/feed").onmessage = (message) => take(JSON.parse(message.data));
