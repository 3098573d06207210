/** The newcomer's whole way, from the key that `demo` prints to a number that was broken and is well again. */
import type { Browser, Page } from 'playwright-core';
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';

import { openBrowser, openPage, signIn } from './browser';
import { call, type Demo, startDemo } from './gateway';

/** Where screenshots go, if anywhere. */
const SHOTS = process.env.SHOTS;
const PHONE = '15550002222';
const PRICE_FILE = 'Gift boxes\n\nA gift box with twelve macarons costs 31.50 and is made to order within two days.\n';

let demo: Demo;
let browser: Browser;
let page: Page;
let faults: string[];
let foreign: string[];

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
  ({ page, faults, foreign } = await openPage(browser));
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

/** What the page looked like when something was missing on it. */
afterEach(async ({ task }) => {
  if (SHOTS && task.result?.state === 'fail') await page.screenshot({ path: `${SHOTS}/failed.png` });
});

interface Bubble {
  from: string;
  text?: string;
  status?: string;
}

/** What lies on the customer's phone. */
const phone = async () =>
  (await call<{ items: Bubble[] }>('GET', `${demo.phone}/sim/customers/${PHONE}/messages`)).items;

/** Lets the customer write, on the phone's own page. */
async function write(text: string) {
  const desk = await page.context().newPage();
  await desk.goto(demo.phone);
  const box = desk.getByRole('textbox', { name: 'Message', exact: true }).first();
  await box.fill(text);
  await box.press('Enter');
  await desk.locator('.chat').getByText(text).last().waitFor();
  await desk.close();
}


describe('the newcomer', () => {
  it('signs in with the key that was printed', async () => {
    await signIn(page, demo.url, demo.key);
    await expect.poll(() => page.title()).toContain('Inbox');
  });

  it('finds the number, the agent and its knowledge ticked, and the first message awaited', async () => {
    await page.getByRole('link', { name: 'First steps' }).first().click();
    await page.getByText('Miga Bakery answers').first().waitFor();
    await page.getByText(/3 files/).first().waitFor();
  });

  it('writes on the phone, and sees the tick come by itself', async () => {
    await write('What time do you open on Sunday?');
    await page.getByText('The first message was answered').first().waitFor();
  });

  it('sees the question, the answer and its ticks in the inbox', async () => {
    await page.getByRole('link', { name: 'Inbox' }).first().click();
    await page.locator('[data-conversation]').first().click();
    await page.locator('[data-message]', { hasText: 'What time do you open on Sunday?' }).waitFor();
    const answer = page.locator('[data-author="agent"]').first();
    await answer.waitFor();
    await answer.getByLabel('Read', { exact: true }).waitFor();
  });

  it('sees the next message arrive without doing anything', async () => {
    await write('And on Mondays?');
    await page.locator('[data-message]', { hasText: 'And on Mondays?' }).waitFor();
  });

  it('takes the conversation, replies, and the agent is silent', async () => {
    await page.getByRole('button', { name: 'Take', exact: true }).first().click();
    await page.getByRole('button', { name: 'Give back' }).first().waitFor();
    const composer = page.getByRole('textbox', { name: /message/i }).last();
    await composer.fill('This is Ana from the bakery. *Of course!*');
    await composer.press('Enter');
    await page.locator('[data-author="operator"]', { hasText: 'This is Ana' }).first().waitFor();
    await expect.poll(async () => (await phone()).some((it) => it.text?.includes('This is Ana'))).toBe(true);
    const before = (await phone()).filter((it) => it.from === 'business').length;
    await write('Thank you!');
    await page.locator('[data-message]', { hasText: 'Thank you!' }).waitFor();
    const [conversation] = (
      await call<{ items: { id: string }[] }>('GET', `${demo.url}/api/v1/conversations`, undefined, demo.key)
    ).items;
    // The outcome says that it was looked at and left to the person; only then does silence mean something.
    await expect
      .poll(async () => {
        const url = `${demo.url}/api/v1/conversations/${conversation!.id}/messages?limit=5`;
        const { items } = await call<{ items: { text?: string; outcome?: string }[] }>('GET', url, undefined, demo.key);
        return items.find((it) => it.text === 'Thank you!')?.outcome;
      })
      .toBe('human');
    expect((await phone()).filter((it) => it.from === 'business').length).toBe(before);
    await page.getByRole('button', { name: 'Give back' }).first().click();
    await page.getByRole('button', { name: 'Take', exact: true }).first().waitFor();
  });

  it('uploads a file and sees its passage on the why card', async () => {
    await page.getByRole('link', { name: 'Knowledge' }).first().click();
    const chooser = page.waitForEvent('filechooser');
    await page.getByRole('button', { name: 'Choose files' }).first().click();
    await (await chooser).setFiles({ name: 'gifts.md', mimeType: 'text/markdown', buffer: Buffer.from(PRICE_FILE) });
    const row = page.getByRole('row', { name: /gifts\.md/ });
    await row.getByText('Ready').waitFor();

    await write('How much is a gift box with twelve macarons?');
    await page.getByRole('link', { name: 'Inbox' }).first().click();
    await page.locator('[data-conversation]').first().click();
    const answer = page.locator('[data-author="agent"]', { hasText: '31.50' }).last();
    await answer.waitFor();
    await answer.hover();
    await answer.getByRole('button', { name: /why/i }).first().click();
    await page.getByText('gifts.md').first().waitFor();
  });

  it('is shown an expired token, and repairs it', async () => {
    const refusal = [{ share: 1, http: 401, code: 190 }];
    const refused = { answers: refusal, management_answers: refusal };
    await call('PUT', `${demo.phone}/sim/faults`, refused);
    await write('Do you have rye bread?');
    await page.getByRole('link', { name: 'Numbers' }).first().click();
    await page.getByRole('main').getByText('Held', { exact: true }).first().waitFor();
    await page.getByRole('link', { name: /Miga Bakery|555/ }).first().click();
    await page.getByText('What this number sends waits').waitFor();

    await call('PUT', `${demo.phone}/sim/faults`, {});
    await page.getByRole('button', { name: 'Set a new access token' }).first().click();
    await page.getByRole('dialog').getByLabel('Access token').fill('EAAG-a-new-token-that-never-expires');
    await page.getByRole('dialog').getByRole('button', { name: 'Save' }).click();
    await expect.poll(async () => (await phone()).at(-1)?.from, { timeout: 30_000 }).toBe('business');
    await expect.poll(() => page.getByText('Held', { exact: true }).count(), { timeout: 30_000 }).toBe(0);
  });

  it('met no script error, no refused resource, no other host', () => {
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
  });
});
