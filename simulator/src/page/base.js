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
  const json = body === undefined ? undefined : JSON.stringify(body);
  return call(path, method, json && { "content-type": "application/json" }, json);
}

async function call(path, method, headers = {}, body) {
  const answer = await fetch("/sim" + path, { method, headers, body });
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
