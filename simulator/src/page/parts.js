
// --- files, places, people -------------------------------------------------------------------------------------------

// A file is shown from where the simulator keeps it; what was sent as a link stays a link, for this page calls nobody.
const fileUrl = (part, mediaUrl) => mediaUrl || (part && part.id ? "/sim/media/" + encodeURIComponent(part.id) : null);

function picture(url, className) {
  const image = make("img", className);
  image.alt = "";
  image.loading = "lazy";
  image.onload = keepAtEnd;
  image.onerror = () => image.replaceWith(make("span", "gone", "File not available"));
  image.src = url;
  return image;
}

function player(kind, url, className) {
  const element = make(kind, className);
  element.controls = true;
  element.preload = "metadata";
  element.onloadedmetadata = keepAtEnd;
  element.src = url;
  return element;
}

// A file that arrives makes its bubble grow; whoever was at the end stays there.
function keepAtEnd(event) {
  const chat = event.target.closest(".chat");
  if (chat && chat.dataset.atEnd === "yes") chat.scrollTop = chat.scrollHeight;
}

function visual(kind, part, mediaUrl) {
  const url = fileUrl(part, mediaUrl);
  if (!url) return linkRow(kind, part);
  return kind === "video" ? player("video", url, "visual") : picture(url, kind === "sticker" ? "sticker" : "visual");
}

function linkRow(kind, part) {
  const row = make("div", "file");
  row.append(make("span", "file-icon", kind === "video" ? "🎬" : kind === "audio" ? "🎵" : kind === "document" ? "📄" : "📷"));
  const words = make("div", "file-words");
  const link = part && part.link ? part.link : "";
  words.append(make("strong", "", (part && part.filename) || kind));
  words.append(/^https?:\/\//.test(link) ? linkTo(link) : make("span", "quiet", "no file"));
  row.append(words);
  return row;
}

function documentRow(part, mediaUrl) {
  const url = fileUrl(part, mediaUrl);
  if (!url) return linkRow("document", part);
  const row = make("a", "file");
  row.href = url;
  row.download = part.filename || "document";
  const ending = /\.([a-z0-9]{1,4})$/i.exec(part.filename || "");
  const words = make("div", "file-words");
  words.append(make("strong", "", part.filename || "Document"), make("span", "quiet", (part.mime_type || (ending ? ending[1].toUpperCase() : "file"))));
  row.append(make("span", "file-icon", "📄"), words, make("span", "quiet", "⤓"));
  return row;
}

function sound(bubble, phone) {
  const url = fileUrl(bubble.content, bubble.media_url);
  if (!url) return linkRow("audio", bubble.content);
  const box = make("div", "sound");
  const audio = player("audio", url, "");
  audio.addEventListener("play", () => {
    if (bubble.from === "business" && bubble.content.voice) {
      api("/customers/" + encodeURIComponent(phone.dataset.key) + "/played", "POST", { wamid: bubble.wamid }).catch(tellError);
    }
  }, { once: true });
  box.append(make("span", "file-icon", bubble.content && bubble.content.voice ? "🎤" : "🎵"), audio);
  return box;
}

function place(part) {
  const card = make("div", "place");
  card.append(make("div", "place-map", "📍"));
  if (part.name) card.append(make("strong", "", part.name));
  if (part.address) card.append(make("span", "", part.address));
  card.append(make("span", "quiet", Number(part.latitude).toFixed(5) + ", " + Number(part.longitude).toFixed(5)));
  return card;
}

function person(contact) {
  const row = make("div", "file person");
  const name = (contact.name && contact.name.formatted_name) || "Contact";
  const words = make("div", "file-words");
  words.append(make("strong", "", name));
  const lines = [
    ...(contact.phones || []).map((phone) => phone.phone || phone.wa_id),
    ...(contact.emails || []).map((email) => email.email),
    contact.org && contact.org.company,
  ];
  lines.filter(Boolean).forEach((line) => words.append(make("span", "quiet", line)));
  row.append(make("span", "avatar", initials(name)), words);
  return row;
}

function words(text, className = "") {
  const element = make("span", "words " + className);
  format(String(text), element);
  return element;
}
