/** Every page in light and dark, wide and narrow: nothing keeps people out, nothing breaks, nothing leaves for other hosts. */
import { mkdir } from 'node:fs/promises';

import type { Browser, Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';

import { openBrowser, openPage, seriousFaults, signIn } from './browser';
import { call, type Demo, startDemo } from './gateway';

/** Where screenshots go, if anywhere. */
const SHOTS = process.env.SHOTS;
const MOST_SCRIPT_KB = 300;
/** Dialogs fade in: axe would read the colours of the way there. */
const SETTLED_MS = 600;
const QUESTIONS = ['What time do you open on Sunday?', 'How much is a croissant?', 'Can I return a cake?'];

let demo: Demo;
let browser: Browser;
const ids: Record<string, string> = {};

const first = async (path: string) => {
  const { items } = await call<{ items: { id: string }[] }>('GET', `${demo.url}/api/v1${path}`, undefined, demo.key);
  return items[0]!.id;
};

beforeAll(async () => {
  [demo, browser] = await Promise.all([startDemo(), openBrowser()]);
  for (const [place, body] of QUESTIONS.entries()) {
    const path = `${demo.phone}/sim/customers/1555000222${place}/messages`;
    await call('POST', path, { type: 'text', text: { body } });
  }
  const answered = async () => {
    const url = `${demo.url}/api/v1/messages?limit=100`;
    const { items } = await call<{ items: { outcome?: string }[] }>('GET', url, undefined, demo.key);
    return items.filter((it) => it.outcome === 'answered').length === QUESTIONS.length;
  };
  await vi.waitUntil(answered, { timeout: 60_000 });
  ids.conversation = await first('/conversations');
  ids.number = await first('/numbers');
  ids.agent = await first('/agents');
  ids.contact = await first('/contacts');
  ids.event = await first('/events');
  ids.file = await first(`/agents/${ids.agent}/knowledge`);
  if (SHOTS) await mkdir(SHOTS, { recursive: true });
});

afterAll(async () => {
  await browser?.close();
  await demo?.stop();
});

const PAGES: [name: string, path: () => string][] = [
  ['setup', () => '/setup'],
  ['inbox', () => '/inbox'],
  ['chat', () => `/inbox/${ids.conversation}`],
  ['numbers', () => '/numbers'],
  ['number', () => `/numbers/${ids.number}`],
  ['agents', () => '/agents'],
  ['agent', () => `/agents/${ids.agent}`],
  ['knowledge', () => '/knowledge'],
  ['file', () => `/knowledge/${ids.file}`],
  ['templates', () => '/templates'],
  ['contacts', () => '/contacts'],
  ['contact', () => `/contacts/${ids.contact}`],
  ['media', () => '/media'],
  ['analytics', () => '/analytics'],
  ['events', () => '/events'],
  ['jobs', () => '/jobs'],
  ['members', () => '/members'],
  ['keys', () => '/keys'],
  ['audit', () => '/audit'],
  ['settings', () => '/settings'],
];

describe.each([
  ['light', { colorScheme: 'light' as const }],
  ['dark', { colorScheme: 'dark' as const }],
  ['phone', { viewport: { width: 390, height: 844 } }],
  ['arabic', { locale: 'ar' }],
])('in %s', (look, options) => {
  it('every page lets everybody in and breaks nowhere', async () => {
    const { page, context, faults, foreign } = await openPage(browser, options);
    const answer = await context.request.post(`${demo.url}/api/v1/session`, { data: { key: demo.key } });
    expect(answer.status()).toBe(201);
    const found: string[] = [];
    for (const [name, path] of PAGES) {
      await page.goto(demo.url + path());
      // On a phone the chat covers the list, and its heading with it.
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await page.waitForLoadState('networkidle', { timeout: 1_000 }).catch(() => undefined);
      found.push(...(await seriousFaults(page)).map((fault) => `${name}: ${fault}`));
      const { width, scroll } = await page.evaluate(() => ({
        width: document.documentElement.clientWidth,
        scroll: document.documentElement.scrollWidth,
      }));
      if (scroll > width + 1) found.push(`${name}: ${scroll - width} px wider than the window`);
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${look}-${name}.png` });
    }
    expect(await page.locator('html').getAttribute('dir')).toBe(look === 'arabic' ? 'rtl' : 'ltr');
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    expect(foreign).toEqual([]);
    await context.close();
  });
});

const press = (name: string | RegExp) => (page: Page) => page.getByRole('button', { name }).first().click();
const openDialog = (name: string | RegExp) => async (page: Page) => {
  await press(name)(page);
  await page.getByRole('dialog').first().waitFor();
};
const openBubble = async (page: Page) => {
  const answer = page.locator('[data-author="agent"]').first();
  await answer.hover();
  await answer.getByRole('button', { name: /why/i }).first().click();
};

/** What is only there once it is opened. */
const OPENED: [name: string, path: () => string, open?: (page: Page) => Promise<unknown>][] = [
  ['account', () => '/account'],
  ['shortcuts', () => '/inbox', openDialog('Keyboard shortcuts')],
  ['palette', () => '/inbox', (page) => page.keyboard.press('Control+k')],
  ['why', () => `/inbox/${ids.conversation}`, openBubble],
  ['details', () => `/inbox/${ids.conversation}`, press('Details')],
  ['search', () => `/inbox/${ids.conversation}`, press('Search in this conversation')],
  ['new number', () => '/numbers', openDialog('Add a number')],
  ['number settings', () => `/numbers/${ids.number}?tab=settings`],
  ['number at Meta', () => `/numbers/${ids.number}?tab=meta`],
  ['number greeting', () => `/numbers/${ids.number}?tab=greeting`],
  ['number history', () => `/numbers/${ids.number}?tab=history`],
  ['new agent', () => '/agents', openDialog('Make an agent')],
  ['agent model', () => `/agents/${ids.agent}?tab=model`],
  ['agent handover', () => `/agents/${ids.agent}?tab=handover`],
  ['agent knowledge', () => `/agents/${ids.agent}?tab=knowledge`],
  ['agent versions', () => `/agents/${ids.agent}?tab=versions`],
  ['new template', () => '/templates', press('Make a template')],
  ['new key', () => '/keys', openDialog('Make a key')],
  ['invite', () => '/members', openDialog('Invite somebody')],
  ['event', () => `/events?event=${ids.event}`],
  ['gateway settings', () => '/settings?tab=gateway'],
];

describe.each(['light', 'dark'] as const)('in %s', (colorScheme) => {
  it('the doors, the panels and the dialogs let everybody in', async () => {
    const { page, context, faults } = await openPage(browser, { colorScheme });
    const found: string[] = [];
    const look = async (name: string) => {
      await page.waitForTimeout(SETTLED_MS);
      found.push(...(await seriousFaults(page)).map((fault) => `${name}: ${fault}`));
      if (SHOTS) await page.screenshot({ path: `${SHOTS}/${colorScheme}-opened-${name.replaceAll(' ', '-')}.png` });
    };
    await page.goto(demo.url);
    await page.getByLabel('API key').waitFor();
    await look('sign in');
    const person = { email: `${colorScheme}@example.com`, role: 'operator' };
    const { invite_url } = await call<{ invite_url: string }>('POST', `${demo.url}/api/v1/members`, person, demo.key);
    await page.goto(invite_url);
    await page.getByRole('button', { name: 'Join' }).waitFor();
    await look('join');
    await context.request.post(`${demo.url}/api/v1/session`, { data: { key: demo.key } });
    for (const [name, path, open] of OPENED) {
      await page.goto('about:blank');
      await page.goto(demo.url + path());
      await page.locator('h1').first().waitFor({ state: 'attached' });
      await open?.(page);
      await look(name);
    }
    expect(found).toEqual([]);
    expect(faults).toEqual([]);
    await context.close();
  });
});

describe('the first load', () => {
  it(`is below ${MOST_SCRIPT_KB} kB of compressed script`, async () => {
    const { page, context } = await openPage(browser);
    await signIn(page, demo.url, demo.key);
    await page.goto(`${demo.url}/inbox`);
    await page.locator('[data-conversation]').first().waitFor();
    const bytes = await page.evaluate(() =>
      performance
        .getEntriesByType('resource')
        .filter((entry) => entry.name.endsWith('.js'))
        .reduce((sum, entry) => sum + (entry as PerformanceResourceTiming).encodedBodySize, 0),
    );
    expect(bytes).toBeGreaterThan(0);
    expect(bytes / 1000).toBeLessThan(MOST_SCRIPT_KB);
    await context.close();
  });

  it('is under a policy that takes no script but ours, and no frame', async () => {
    const answer = await fetch(demo.url);
    const policy = answer.headers.get('content-security-policy') ?? '';
    expect(policy).toContain("default-src 'none'");
    expect(policy).toContain("script-src 'self';");
    expect(policy).not.toContain('unsafe');
    expect(policy).toContain("frame-ancestors 'none'");
    const other = (await fetch(demo.url)).headers.get('content-security-policy');
    expect(other).not.toBe(policy);
  });
});
