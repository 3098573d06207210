/** What a turn left behind, read with care: older turns say less, and a turn that ended at its gate says why. */

export interface Passage {
  file_id: string;
  file_name: string;
  heading?: string | null;
  page?: number | null;
  row?: number | null;
  score: number;
  coverage: number;
  begins: string;
}

export interface PromptAccount {
  tokens: number;
  instructions_tokens: number;
  passages_tokens: number;
  history_tokens: number;
  question_tokens: number;
  instructions_cut: boolean;
  question_cut: boolean;
  passages_left_out: number;
  history_left_out: number;
}

export interface ModelCall {
  name: string;
  /** `ok`, or the kind of error. */
  result: string;
  error?: string | null;
  prompt_tokens: number;
  completion_tokens: number;
}

export interface ToolCall {
  name: string;
  ok: boolean;
  error?: string | null;
}

export const FACT_KINDS = ['price', 'percentage', 'date', 'time', 'phone', 'email', 'link', 'quantity', 'number'] as const;
export type FactKind = (typeof FACT_KINDS)[number];

const VERDICTS = ['clean', 'flagged', 'rewritten', 'refused'] as const;

/** What the fact lock thought of a reply. */
export interface FactLockTrace {
  verdict: (typeof VERDICTS)[number];
  /** How many facts the reply states. */
  facts: number;
  /** What stood in no source. */
  missing: { kind: string; text: string }[];
}

/** The kind of a fact; one that is newer than these is a number. */
export const factKind = (word: string): FactKind => FACT_KINDS.find((kind) => kind === word) ?? 'number';

export interface Trace {
  gate?: string;
  reason?: string;
  waited_ms?: number;
  think_ms?: number;
  source?: 'model' | 'passage' | 'holding' | 'offline';
  hand_over?: string;
  fact_lock?: FactLockTrace;
  reply_cut_chars: number;
  passages: Passage[];
  prompt?: PromptAccount;
  models: ModelCall[];
  tools: ToolCall[];
}

type Free = Record<string, unknown>;

const isObject = (value: unknown): value is Free => typeof value === 'object' && value !== null && !Array.isArray(value);
const list = <T>(value: unknown): T[] => (Array.isArray(value) ? (value.filter(isObject) as T[]) : []);
const number = (value: unknown) => (typeof value === 'number' && Number.isFinite(value) ? value : undefined);
const text = (value: unknown) => (typeof value === 'string' && value !== '' ? value : undefined);

export function readTrace(trace: unknown): Trace {
  const of = isObject(trace) ? trace : {};
  const source = text(of.source);
  return {
    gate: text(of.gate),
    reason: text(of.reason),
    waited_ms: number(of.waited_ms),
    think_ms: number(of.think_ms),
    source: sourceOf(source, list<ModelCall>(of.models)),
    hand_over: text(of.hand_over),
    fact_lock: factLockOf(of.fact_lock),
    reply_cut_chars: number(of.reply_cut_chars) ?? 0,
    passages: list<Passage>(of.passages),
    prompt: isObject(of.prompt) ? (of.prompt as unknown as PromptAccount) : undefined,
    models: list<ModelCall>(of.models),
    tools: list<ToolCall>(of.tools),
  };
}

function factLockOf(lock: unknown): FactLockTrace | undefined {
  const of = isObject(lock) ? lock : {};
  const verdict = VERDICTS.find((one) => one === of.verdict);
  return verdict && { verdict, facts: number(of.facts) ?? 0, missing: list(of.missing) };
}

/** The responder that quotes passages where no model is set. */
const OFFLINE = 'offline';

function sourceOf(source: string | undefined, models: ModelCall[]): Trace['source'] {
  if (source === 'model') return models.at(-1)?.name === OFFLINE ? 'offline' : source;
  return source === 'passage' || source === 'holding' ? source : undefined;
}

export type Share = 'instructions' | 'passages' | 'history' | 'question' | 'rest';

/** What a prompt is made of, in tokens; the rest is what the gateway adds: its rules, facts and fences. */
export function sharesOf(prompt: PromptAccount): { share: Share; tokens: number }[] {
  const named = (['instructions', 'passages', 'history', 'question'] as const).map((share) => ({
    share: share as Share,
    tokens: prompt[`${share}_tokens`] ?? 0,
  }));
  const rest = (prompt.tokens ?? 0) - named.reduce((sum, { tokens }) => sum + tokens, 0);
  return [...named, { share: 'rest' as const, tokens: Math.max(0, rest) }].filter(({ tokens }) => tokens > 0);
}

/** A step of a message's way, and how far it comes on it. */
interface OfMessage {
  at: string;
  step: string;
  message_id: string;
}

const WAY = ['received', 'written', 'turn_started', 'restarted', 'decided', 'released', 'accepted', 'delivered', 'read', 'failed'];

/**
 * Steps in the order of the way. Meta's times have whole seconds and clocks of their own, so that what comes later on the way
 * may be told for a moment before.
 */
export function inOrder<Step extends OfMessage>(steps: Step[]): Step[] {
  const rank = ({ step }: Step) => WAY.indexOf(step);
  const latest = new Map<string, number>();
  const timed = steps
    .toSorted((one, other) => rank(one) - rank(other))
    .map((step) => {
      const before = latest.get(step.message_id) ?? 0;
      const at = Math.max(before, Date.parse(step.at));
      latest.set(step.message_id, at);
      return { step, at };
    });
  return timed.toSorted((one, other) => one.at - other.at).map(({ step }) => step);
}

/** The passages that came into the prompt, and those that found no room. */
export function placedPassages({ passages, prompt }: Trace): { passage: Passage; isLeftOut: boolean }[] {
  const room = passages.length - (prompt?.passages_left_out ?? 0);
  return passages.map((passage, at) => ({ passage, isLeftOut: at >= room }));
}
