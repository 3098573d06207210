/** The way to the management API. Types come from `openapi.json`, so a changed API breaks the build. */
import createFetchClient, { type Middleware } from 'openapi-fetch';
import createQueryClient from 'openapi-react-query';

import type { components, paths } from '#schema';

/** A thing of the API by its name in `openapi.json`. */
export type Schemas = components['schemas'];

/** What the API answers when it refuses (RFC 9457). */
export type Problem = Schemas['Problem'];

let csrfToken: string | null = null;
let onSignedOut: () => void = () => {};

/** Tells the client which token its changes carry; null when nobody is signed in. */
export function setCsrfToken(token: string | null) {
  csrfToken = token;
}

/** `listener` is called when the API says that the session has ended. */
export function whenSignedOut(listener: () => void) {
  onSignedOut = listener;
}

/** Headers that a change needs beside the cookie, for requests that do not go through `api`. */
export function changeHeaders(): Record<string, string> {
  return csrfToken ? { 'X-CSRF-Token': csrfToken } : {};
}

const session: Middleware = {
  onRequest({ request }) {
    if (request.method !== 'GET') {
      for (const [name, value] of Object.entries(changeHeaders())) request.headers.set(name, value);
    }
    return request;
  },
  onResponse({ request, response }) {
    if (response.status === 401 && !request.url.includes('/api/v1/session')) onSignedOut();
    return response;
  },
};

/** Calls outside of React: `await ok(api.POST(...))`. */
export const api = createFetchClient<paths>({
  baseUrl: '/',
  credentials: 'same-origin',
  // A list is repeated, as the API reads it.
  querySerializer: { array: { style: 'form', explode: true } },
});
api.use(session);

/** Queries and mutations in components: `$api.useQuery('get', '/api/v1/numbers')`. */
export const $api = createQueryClient(api);

/** What went wrong, as something that can be thrown and shown. */
export class ApiFailure extends Error {
  constructor(
    readonly problem: Partial<Problem>,
    readonly status: number,
    /** When it may be tried again, where the API says so. */
    readonly retryAfterSecs?: number,
  ) {
    super(problem.detail ?? problem.title ?? `The gateway answered ${status}.`);
    this.name = 'ApiFailure';
  }
}

/** The data of an answer, or its problem thrown. */
export async function ok<T>(call: Promise<{ data?: T; error?: unknown; response: Response }>): Promise<T> {
  const { data, error, response } = await call;
  if (!response.ok) {
    const wait = Number(response.headers.get('retry-after')) || undefined;
    throw new ApiFailure((error ?? {}) as Partial<Problem>, response.status, wait);
  }
  return data as T;
}

/** The problem behind whatever was thrown by `$api`, `ok` or the network. */
export function problemOf(thrown: unknown): Partial<Problem> {
  if (thrown instanceof ApiFailure) return thrown.problem;
  if (thrown && typeof thrown === 'object' && ('detail' in thrown || 'title' in thrown)) return thrown as Problem;
  return {};
}
