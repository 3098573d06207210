/** From a form to what the API is told. */
import type { Schemas } from '~/api/client';

/** What a form holds of a number. `undefined` keeps a secret, `null` takes it away. */
export interface NumberValues {
  display_name: string;
  display_phone_number: string;
  phone_number_id: string;
  waba_id: string;
  agent_id: string | null;
  access_token: string | null | undefined;
  app_secret: string | null | undefined;
  verify_token: string | null | undefined;
  [other: string]: string | null | undefined;
}

export function valuesOf(number: Schemas['Number']): NumberValues {
  return {
    display_name: number.display_name ?? '',
    display_phone_number: number.display_phone_number ?? '',
    phone_number_id: number.phone_number_id,
    waba_id: number.waba_id ?? '',
    agent_id: number.agent_id ?? null,
    access_token: undefined,
    app_secret: undefined,
    verify_token: undefined,
  };
}

/** Only what differs from what is there; an empty field takes away. */
export function changesOf(number: Schemas['Number'], values: NumberValues): Schemas['UpdateNumber'] {
  const before = valuesOf(number);
  const changes: Record<string, string | null> = {};
  for (const [field, value] of Object.entries(values)) {
    const given = typeof value === 'string' ? value.trim() : value;
    if (given === undefined || given === before[field]) continue;
    changes[field] = given === '' ? null : given;
  }
  return changes;
}

/** A token that Meta shows when it verifies the webhook's address: 24 bytes from the browser's own dice. */
export function randomToken(): string {
  const bytes = crypto.getRandomValues(new Uint8Array(24));
  return btoa(String.fromCharCode(...bytes))
    .replaceAll('+', '-')
    .replaceAll('/', '_');
}
