/** Calls to the gateway that the generated client does not know. */
import { ApiFailure, changeHeaders } from '../api/client';

type Query = Record<string, string | number | boolean | undefined>;

/** What `/api/v1{path}` answers, or its problem thrown. */
export async function plainCall<Answer>(
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE',
  path: string,
  { query = {}, body }: { query?: Query; body?: unknown } = {},
): Promise<Answer> {
  const told = Object.entries(query).filter(([, value]) => value !== undefined && value !== '');
  const search = new URLSearchParams(told.map(([name, value]) => [name, String(value)])).toString();
  const response = await fetch(`/api/v1${path}${search && `?${search}`}`, {
    method,
    credentials: 'same-origin',
    headers: {
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
      ...(method === 'GET' ? {} : changeHeaders()),
    },
    body: body === undefined ? undefined : JSON.stringify(body),
  });
  if (response.status === 204) return undefined as Answer;
  const answer = await response.json().catch(() => ({}));
  if (!response.ok) throw new ApiFailure(answer, response.status);
  return answer as Answer;
}

/** Whether it failed because there is no such thing. */
export function isMissing(error: unknown): boolean {
  return error instanceof ApiFailure && error.status === 404;
}
