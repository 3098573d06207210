
// --- voice messages --------------------------------------------------------------------------------------------------

// WhatsApp's voice notes are Opus in Ogg. Browsers record Opus, but some put it in WebM: the packets move over.

async function record(phone, button) {
  if (phone.recorder) return phone.recorder.stop();
  if (!navigator.mediaDevices || !window.MediaRecorder) return pickFile(phone, "audio/*", "voice");
  let stream;
  try {
    stream = await navigator.mediaDevices.getUserMedia({ audio: true });
  } catch {
    return pickFile(phone, "audio/*", "voice"); // no microphone, or it is not allowed
  }
  const type = ["audio/ogg;codecs=opus", "audio/webm;codecs=opus"].find((type) => MediaRecorder.isTypeSupported(type));
  const recorder = new MediaRecorder(stream, type ? { mimeType: type } : {});
  const pieces = [];
  recorder.ondataavailable = (event) => pieces.push(event.data);
  recorder.onstop = async () => {
    stream.getTracks().forEach((track) => track.stop());
    phone.recorder = null;
    button.classList.remove("recording");
    sendVoice(phone, new Blob(pieces, { type: recorder.mimeType })).catch(tellError);
  };
  phone.recorder = recorder;
  button.classList.add("recording");
  recorder.start();
}

async function sendVoice(phone, blob) {
  let file = blob;
  if (blob.type.startsWith("audio/webm")) {
    const packets = opusPackets(new Uint8Array(await blob.arrayBuffer()));
    if (packets.length) file = new Blob([oggOf(packets)], { type: "audio/ogg" });
  }
  return sendFile(phone, file, "voice", "");
}

// The packets of a WebM file with one track: the payload of each SimpleBlock.
function opusPackets(bytes) {
  const MASTERS = [0x18538067, 0x1f43b675]; // Segment, Cluster
  const packets = [];
  const number = (at, keepMarker) => {
    let length = 1;
    while (length <= 8 && !(bytes[at] & (0x80 >> (length - 1)))) length += 1;
    let value = keepMarker ? bytes[at] : bytes[at] & (0xff >> length);
    let unknown = (bytes[at] & (0xff >> length)) === (0xff >> length);
    for (let place = 1; place < length; place += 1) {
      value = value * 256 + bytes[at + place];
      unknown = unknown && bytes[at + place] === 0xff;
    }
    return { value, length, unknown };
  };
  let at = 0;
  while (at < bytes.length) {
    const id = number(at, true);
    const size = number(at + id.length, false);
    const start = at + id.length + size.length;
    if (MASTERS.includes(id.value)) at = start; // go inside
    else if (size.unknown) break;
    else {
      if (id.value === 0xa3) packets.push(bytes.slice(start + 4, start + size.value)); // track, time and flags come first
      at = start + size.value;
    }
  }
  return packets;
}

// How many samples at 48 kHz a packet holds, from its first byte.
function samplesOf(packet) {
  const config = packet[0] >> 3;
  const frames = [1, 2, 2, packet[1] & 0x3f][packet[0] & 3];
  const silk = [480, 960, 1920, 2880][config & 3];
  const hybrid = [480, 960][config & 1];
  const celt = [120, 240, 480, 960][config & 3];
  return frames * (config < 12 ? silk : config < 16 ? hybrid : celt);
}

const CHECKSUMS = Array.from({ length: 256 }, (_, byte) => {
  let sum = byte << 24;
  for (let bit = 0; bit < 8; bit += 1) sum = sum & 0x80000000 ? (sum << 1) ^ 0x04c11db7 : sum << 1;
  return sum >>> 0;
});

function oggOf(packets) {
  const text = (words) => new TextEncoder().encode(words);
  const head = new Uint8Array([...text("OpusHead"), 1, 1, 0, 0, 0x80, 0xbb, 0, 0, 0, 0, 0]);
  const tags = new Uint8Array([...text("OpusTags"), 4, 0, 0, 0, ...text("desk"), 0, 0, 0, 0]);
  let samples = 0;
  const pages = [oggPage(head, 2, 0, 0), oggPage(tags, 0, 0, 1)];
  packets.forEach((packet, place) => {
    samples += samplesOf(packet);
    pages.push(oggPage(packet, place === packets.length - 1 ? 4 : 0, samples, place + 2));
  });
  return new Blob(pages);
}

function oggPage(packet, flags, samples, place) {
  const laces = [...Array(Math.floor(packet.length / 255)).fill(255), packet.length % 255];
  const page = new Uint8Array(27 + laces.length + packet.length);
  const view = new DataView(page.buffer);
  page.set(new TextEncoder().encode("OggS"));
  page[5] = flags;
  view.setUint32(6, samples, true);
  view.setUint32(14, 1, true);
  view.setUint32(18, place, true);
  page[26] = laces.length;
  page.set(laces, 27);
  page.set(packet, 27 + laces.length);
  let sum = 0;
  for (const byte of page) sum = ((sum << 8) ^ CHECKSUMS[((sum >>> 24) ^ byte) & 0xff]) >>> 0;
  view.setUint32(22, sum, true);
  return page;
}
