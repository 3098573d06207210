
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

// Each type's inside; what is not here is shown in words.
const BODIES = {
  image: (bubble) => [visual("image", bubble.content, bubble.media_url), ...caption(bubble)],
  video: (bubble) => [visual("video", bubble.content, bubble.media_url), ...caption(bubble)],
  sticker: (bubble) => [visual("sticker", bubble.content, bubble.media_url)],
  audio: (bubble, phone) => [sound(bubble, phone)],
  document: (bubble) => [documentRow(bubble.content || {}, bubble.media_url), ...caption(bubble)],
  location: (bubble) => [place(bubble.content)],
  contacts: (bubble) => bubble.content.map(person),
  interactive,
  template,
  order: (bubble) => [words("🛒 " + bubble.content.product_items.map((item) => item.quantity + " × " + item.product_retailer_id).join(", "))],
};

const caption = (bubble) => (bubble.content && bubble.content.caption ? [words(bubble.content.caption)] : []);

function bodyOf(bubble, phone) {
  if (bubble.revoked) return [make("em", "quiet", "🚫 This message was deleted")];
  const draw = bubble.content && BODIES[bubble.type];
  if (!draw) return [words(bubble.text)];
  try {
    return draw(bubble, phone);
  } catch (error) {
    console.warn("a message of an odd shape", bubble, error); // customers can be made to write anything
    return [words(bubble.text)];
  }
}

function bubbleElement(bubble, first, customer, phone) {
  const element = make("div", "bubble " + bubble.from + " of-" + bubble.type + (first ? " first" : ""));
  const quoted = bubble.reply_to && customer.bubbles.find((other) => other.wamid === bubble.reply_to);
  if (quoted) element.append(make("span", "quote", quoted.text || quoted.type));
  if (bubble.forwarded) element.append(make("em", "forwarded", "↪ Forwarded"));
  element.append(...bodyOf(bubble, phone));
  const meta = make("span", "meta");
  if (bubble.edited) meta.append(make("span", "", "edited"));
  meta.append(make("time", "", clock(bubble.at)), ticks(bubble.status));
  const code = bubble.error ? " (" + bubble.error + ")" : "";
  meta.title = (bubble.from === "business" ? "What the business is told: " : "Your message: ") + bubble.status + code;
  // The time stands beside the last words, as long as those are words.
  const actions = element.querySelector(":scope > .action, :scope > .carousel, :scope > .products");
  if (actions) actions.before(meta);
  else element.append(meta);
  element.append(bubbleTools(bubble, phone));
  if ((bubble.reactions || []).length) {
    element.classList.add("reacted");
    element.append(make("span", "reaction", bubble.reactions.map((reaction) => reaction.emoji).join("")));
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

// A bubble that has not changed keeps its element: a film goes on while others arrive.
function drawnBubble(phone, bubble, first, customer) {
  phone.drawn ??= new Map();
  const quoted = bubble.reply_to ? customer.bubbles.some((other) => other.wamid === bubble.reply_to) : false;
  const signature = JSON.stringify([bubble, first, quoted]);
  const known = phone.drawn.get(bubble.wamid);
  if (known && known.signature === signature) return known.element;
  const element = bubbleElement(bubble, first, customer, phone);
  phone.drawn.set(bubble.wamid, { signature, element });
  return element;
}

function drawChat(phone, customer) {
  const chat = phone.querySelector(".chat");
  const atEnd = chat.scrollHeight - chat.scrollTop - chat.clientHeight < 80;
  const shown = customer.bubbles.filter((bubble) => !["reaction", "edit", "revoke"].includes(bubble.type)).slice(-300);
  const parts = shown.length ? [] : [hint()];
  let day = "", from = "";
  for (const bubble of shown) {
    if (dayOf(bubble.at) !== day) {
      day = dayOf(bubble.at);
      from = "";
      parts.push(make("div", "day", day));
    }
    if (bubble.type === "system") {
      parts.push(make("div", "day", bubble.text || "(system)"));
      from = "";
      continue;
    }
    parts.push(drawnBubble(phone, bubble, bubble.from !== from, customer));
    from = bubble.from;
  }
  if (isTyping(customer)) {
    const dots = make("div", "bubble first dots");
    dots.append(make("i"), make("i"), make("i"));
    parts.push(dots);
  }
  // Only what differs is touched: taking a playing film out and putting it back would stop it.
  parts.forEach((part, place) => chat.childNodes[place] !== part && chat.insertBefore(part, chat.childNodes[place] || null));
  while (chat.childNodes.length > parts.length) chat.lastChild.remove();
  chat.dataset.atEnd = atEnd ? "yes" : "no";
  if (atEnd) chat.scrollTop = chat.scrollHeight;
}
