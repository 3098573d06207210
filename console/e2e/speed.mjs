// How soon the inbox is there and how smoothly it scrolls, in a real browser; prints the figures as JSON. Run by
// `bench console`, which fills a gateway and says where it is.
import { chromium } from 'playwright-core';

const { CONSOLE_URL: url, CONSOLE_KEY: key, LONG_PHONE: longPhone, CHROMIUM = '/usr/bin/chromium' } = process.env;
const RUNS = 5;
const SCROLL_SECS = 6;
const PIXELS_A_FRAME = 120;

const middle = (figures) => figures.toSorted((a, b) => a - b)[Math.floor(figures.length / 2)];

const browser = await chromium.launch({
  executablePath: CHROMIUM,
  args: [...(process.getuid() === 0 ? ['--no-sandbox'] : []), '--enable-precise-memory-info'],
});

async function signedIn() {
  const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en' });
  const answer = await context.request.post(`${url}/api/v1/session`, { data: { key } });
  if (!answer.ok()) throw new Error(`sign-in: ${answer.status()}`);
  return context;
}

/** Scrolls for a while, so many pixels each frame, and tells how long each frame took. */
function scroll(page, selector, direction) {
  return page.evaluate(
    ([selector, step, secs]) =>
      new Promise((done) => {
        const target = document.querySelector(selector);
        const frames = [];
        let before = performance.now();
        const until = before + secs * 1000;
        const next = (now) => {
          frames.push(now - before);
          before = now;
          target.scrollTop += step;
          if (now < until) requestAnimationFrame(next);
          else {
            frames.sort((a, b) => a - b);
            done(frames[Math.floor(frames.length * 0.95)]);
          }
        };
        requestAnimationFrame(next);
      }),
    [selector, PIXELS_A_FRAME * direction, SCROLL_SECS],
  );
}

const figures = { runs: RUNS };
const inbox = [];
const chat = [];
const conversation = await (async () => {
  const context = await signedIn();
  const found = await context.request.get(`${url}/api/v1/conversations?q=${longPhone}`);
  const [{ id }] = (await found.json()).items;
  await context.close();
  return id;
})();

for (let run = 0; run < RUNS; run += 1) {
  // A context of its own has an empty cache.
  const context = await signedIn();
  const page = await context.newPage();
  await page.goto(`${url}/inbox`, { waitUntil: 'commit' });
  await page.waitForSelector('[data-conversation]');
  inbox.push(await page.evaluate(() => performance.now()));
  if (run === 0) {
    const sizes = await page.evaluate(() =>
      performance.getEntriesByType('resource').filter((it) => it.name.endsWith('.js')).map((it) => it.encodedBodySize),
    );
    figures.script_kb = sizes.reduce((sum, size) => sum + size, 0) / 1000;
  }
  await page.goto(`${url}/inbox?q=${longPhone}`);
  await page.locator(`[data-conversation="${conversation}"]`).waitFor();
  const clicked = await page.evaluate(() => performance.now());
  await page.locator(`[data-conversation="${conversation}"]`).click();
  await page.waitForSelector('[data-message]');
  chat.push((await page.evaluate(() => performance.now())) - clicked);
  if (run === RUNS - 1) {
    const seen = new Set();
    page.on('response', async (response) => {
      if (!response.url().includes(`/conversations/${conversation}/messages`)) return;
      const { items } = await response.json().catch(() => ({ items: [] }));
      for (const message of items) seen.add(message.id);
    });
    figures.chat_frame_p95_ms = await scroll(page, '[data-chat-scroll]', -1);
    figures.scrolled_messages = seen.size;
    await page.goto(`${url}/inbox`);
    await page.waitForSelector('[data-conversation]');
    figures.list_frame_p95_ms = await scroll(page, '[data-list-scroll]', 1);
    figures.heap_mb = await page.evaluate(() => performance.memory.usedJSHeapSize / 1e6);
  }
  await context.close();
}
figures.inbox_ms = middle(inbox);
figures.chat_ms = middle(chat);
await browser.close();
process.stdout.write(JSON.stringify(figures));
