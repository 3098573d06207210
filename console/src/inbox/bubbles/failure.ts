/** Why a message was not delivered, and what to do: for Meta's codes that people meet, and our own. */
import type { Message } from '../queries';

/** Each has its sentence in the words, under `failure`. */
const ADVICE = {
  window: [131047, 'window_closed'],
  unreachable: [131026, 1006, 'no_address'],
  marketing_limit: [131049, 130472],
  opted_out: [131050],
  blocked_by_us: [131064],
  token: [190, 0, 102, 104],
  permission: [3, 10, 131005],
  account: [131031, 368, 131037, 131042, 131045, 133010],
  too_often: [130429, 131048, 131056, 80007, 4],
  template_text: [132000, 132005, 132012, 132018],
  template_missing: [132001],
  template_paused: [132015, 132016, 132007],
  file: [131051, 131052, 131053, 'media_gone'],
  invalid: [100, 131008, 131009, 131021],
  their_side: [131000, 131016, 1, 2],
  earlier_part: ['previous_part_failed'],
  unsettled: ['unsettled'],
} as const satisfies Record<string, readonly (number | string)[]>;

export type Advice = keyof typeof ADVICE;

export interface Failure {
  /** What Meta, or the gateway, said. */
  said?: string;
  code?: number | string;
  advice?: Advice;
}

const text = (value: unknown) => (typeof value === 'string' && value.trim() !== '' ? value : undefined);

/** What is known of why a message failed, or waits. */
export function failureOf({ error }: Pick<Message, 'error'>): Failure | undefined {
  if (!error || typeof error !== 'object') return undefined;
  const { code, title, message, details, error_data } = error as Record<string, unknown>;
  const more = error_data && typeof error_data === 'object' ? (error_data as Record<string, unknown>).details : undefined;
  const is = typeof code === 'number' || typeof code === 'string' ? code : undefined;
  const advice = (Object.keys(ADVICE) as Advice[]).find((name) => (ADVICE[name] as readonly unknown[]).includes(is));
  return { code: is, said: text(details) ?? text(more) ?? text(title) ?? text(message), advice };
}
