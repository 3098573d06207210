/** `switchboard demo` as a newcomer starts it, on ports of its own and in a folder that goes with it. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';

const PATIENCE_MS = 60_000;
const LOOK_AGAIN_MS = 50;

/** The binary that the tests of the gateway have built, unless another is named. */
const BINARY = process.env.SWITCHBOARD_BINARY ?? resolve(import.meta.dirname, '../../target/debug/switchboard');

export interface Demo {
  /** Where the console and the API are. */
  url: string;
  /** Where the phone is. */
  phone: string;
  key: string;
  stop(): Promise<void>;
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const address = server.address();
  server.close();
  await once(server, 'close');
  if (!address || typeof address === 'string') throw new Error('no port');
  return address.port;
}

export async function startDemo(settings: Record<string, string> = {}): Promise<Demo> {
  const folder = await mkdtemp(join(tmpdir(), 'switchboard-console-'));
  const [port, phonePort] = [await freePort(), await freePort()];
  const url = `http://127.0.0.1:${port}`;
  const demo = spawn(BINARY, ['demo'], {
    cwd: folder,
    env: {
      ...process.env,
      SWITCHBOARD__SERVER__LISTEN: `127.0.0.1:${port}`,
      SWITCHBOARD__DEMO__SIMULATOR_LISTEN: `127.0.0.1:${phonePort}`,
      // Bubbles come at once: nobody reads along here.
      SWITCHBOARD__TURN__QUIET_MS: '0',
      ...settings,
    },
    stdio: ['ignore', 'ignore', 'inherit'],
  });
  await ready(demo, url);
  return {
    url,
    phone: `http://127.0.0.1:${phonePort}`,
    key: (await readFile(join(folder, 'data/demo.key'), 'utf8')).trim(),
    async stop() {
      demo.kill('SIGTERM');
      await once(demo, 'exit');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

async function ready(demo: ChildProcess, url: string) {
  const until = Date.now() + PATIENCE_MS;
  while (Date.now() < until) {
    if (demo.exitCode !== null) throw new Error(`the demo ended with ${demo.exitCode}`);
    if (await fetch(`${url}/health/ready`).then((answer) => answer.ok, () => false)) return;
    await new Promise((done) => setTimeout(done, LOOK_AGAIN_MS));
  }
  throw new Error('the demo is not ready in time');
}

/** Calls the API of a gateway, or the desk its phones lie on, as a program does. */
export async function call<T>(method: string, url: string, body?: unknown, key?: string): Promise<T> {
  const response = await fetch(url, {
    method,
    headers: { 'content-type': 'application/json', ...(key ? { authorization: `Bearer ${key}` } : {}) },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${method} ${url}: ${response.status} ${text}`);
  return (text ? JSON.parse(text) : undefined) as T;
}
