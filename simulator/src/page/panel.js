// --- faults ----------------------------------------------------------------------------------------------------------

const CHANCES = { off: null, once: { share: 1, times: 1 }, half: { share: 0.5 }, always: { share: 1 } };
const ACCEPTED_BUT = [
  ["Connection breaks", "accept_then_drop", {}],
  ["HTTP 500 (131000)", "accept_then_500", {}],
  ["Answer takes 20 s", "accept_then_hang", { secs: 20 }],
  ["Fails later (131026)", "fail_status", { code: 131026 }],
];
const REFUSALS = [
  ["Rate limit (130429)", { code: 130429, http: 429, retry_after_secs: 2 }],
  ["Token expired (190)", { code: 190, http: 401 }],
  ["Something went wrong (131000)", { code: 131000, http: 500 }],
  ["Outside the window (131047)", { code: 131047, http: 400 }],
];
let faults = {};

async function saveFaults(change) {
  faults = await api("/faults", "PUT", { ...faults, ...change });
  drawFaults();
}

function chanceOf(chance) {
  if (!chance || chance.times === 0) return "off";
  if (chance.times) return "once";
  return chance.share < 1 ? "half" : "always";
}

function row(title, control, on) {
  const label = make("label", on ? "on" : "");
  label.append(make("span", "", title), control);
  return label;
}

function checkbox(title, name, alarming = true) {
  const box = make("input");
  box.type = "checkbox";
  box.checked = Boolean(faults[name]);
  box.onchange = () => saveFaults({ [name]: box.checked });
  return row(title, box, box.checked === alarming);
}

function choice(title, options, value, change) {
  const select = make("select");
  select.append(...options.map((option) => new Option(option.replace("_", " "), option, false, option === value)));
  select.onchange = () => change(select.value);
  return row(title, select, value !== options[0]);
}

function amount(title, name, step) {
  const input = make("input");
  Object.assign(input, { type: "number", min: 0, step, value: faults[name] });
  input.onchange = () => saveFaults({ [name]: Math.max(0, Math.round(Number(input.value) || 0)) });
  return row(title, input, faults[name] > 0);
}

function chance([title, name, rest]) {
  return choice(title, Object.keys(CHANCES), chanceOf(faults[name]), (word) =>
    saveFaults({ [name]: CHANCES[word] && { ...rest, ...CHANCES[word] } }));
}

function refusal(title, answer) {
  const others = faults.answers.filter((other) => other.code !== answer.code);
  const mine = faults.answers.find((other) => other.code === answer.code);
  return choice(title, Object.keys(CHANCES), chanceOf(mine), (word) =>
    saveFaults({ answers: CHANCES[word] ? [...others, { ...answer, ...CHANCES[word] }] : others }));
}

function drawFaults() {
  const share = faults.duplicate_webhooks;
  $("faults").replaceChildren(
    make("h3", "", "Webhooks"),
    choice("Come twice", ["off", "half", "always"], share >= 1 ? "always" : share > 0 ? "half" : "off", (word) =>
      saveFaults({ duplicate_webhooks: CHANCES[word] ? CHANCES[word].share : 0 })),
    amount("Late by (ms)", "late_ms", 100),
    amount("Messages in one", "batch", 1),
    checkbox("In reverse order", "reverse"),
    make("h3", "", "Statuses"),
    checkbox("Held back", "hold_statuses"),
    checkbox("Never come", "drop_statuses"),
    checkbox("First one before the answer", "status_before_answer"),
    choice("Order", ["normal", "reversed", "read_only"], faults.status_order, (order) => saveFaults({ status_order: order })),
    make("h3", "", "Sends accepted, and yet"),
    ...ACCEPTED_BUT.map(chance),
    make("h3", "", "Sends refused"),
    chance(["Silence for 20 s", "hang", { secs: 20 }]),
    ...REFUSALS.map(([title, answer]) => refusal(title, answer)),
    checkbox("Check the 24 hour window", "window_check", false),
    checkbox("Keep to Meta's rates", "limits"),
    make("h3", "", "Files"),
    checkbox("Their addresses have expired", "expired_media_urls"),
  );
}

$("all-off").onclick = async () => {
  faults = await api("/faults", "PUT", {});
  drawFaults();
};

// --- the log ---------------------------------------------------------------------------------------------------------

function logRow(kind, way, what, http, at, body) {
  const item = make("li", kind);
  const details = make("details");
  const summary = make("summary");
  const good = http >= 200 && http < 300;
  const verdict = make("b", good ? "" : "bad", http || "no answer");
  summary.append(make("time", "", new Date(at).toLocaleTimeString([], { hour12: false })), make("span", "way", way));
  summary.append(make("span", "what", what), verdict);
  details.append(summary);
  if (body) details.append(make("pre", "", JSON.stringify(body, null, 2)));
  else summary.onclick = (event) => event.preventDefault();
  item.append(details);
  return item;
}

function log(item) {
  $("log").prepend(item);
  while ($("log").childElementCount > 200) $("log").lastElementChild.remove();
}

function logRequest(request) {
  const body = request.body || {};
  const receipt = body.typing_indicator ? "read, typing" : "read";
  const what = body.status === "read" ? receipt : body.type ? "send " + body.type : request.method + " " + request.path;
  const code = request.code ? " (" + request.code + ")" : "";
  log(logRow("request", "←", what + code, request.http, request.at, request.body));
}

function logWebhook(event) {
  const name = { message: "message", other: "webhook" }[event.kind] || "status " + event.kind;
  log(logRow("webhook", "→", `${name}, ${event.millis} ms`, event.http, Date.now()));
  const good = event.http >= 200 && event.http < 300;
  const gateway = $("gateway");
  gateway.className = good ? "quiet good" : "bad";
  gateway.textContent = good ? `The gateway answers, last in ${event.millis} ms`
    : event.http ? `The gateway answered HTTP ${event.http}` : "The gateway does not answer";
}

$("clear-log").onclick = () => $("log").replaceChildren();
$("open-drawer").onclick = () => $("app").classList.remove("no-drawer");
$("close-drawer").onclick = () => $("app").classList.add("no-drawer");
