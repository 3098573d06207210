/** How far the first steps have got. */
import type { Setup } from './queries';

/** The steps as they are walked; the chat is done when it was answered. */
export const STEPS = ['number', 'agent', 'knowledge', 'webhook', 'chat'] as const;
export type Step = (typeof STEPS)[number];

type Told = Pick<Setup, 'steps'>;

const is = (setup: Told, name: Setup['steps'][number]['name']) =>
  setup.steps.some((step) => step.name === name && step.done);

export function isDone(setup: Told, step: Step): boolean {
  switch (step) {
    case 'webhook':
      // A message that came in says more than a verification.
      return is(setup, 'webhook') || is(setup, 'message');
    case 'chat':
      return is(setup, 'answer');
    default:
      return is(setup, step);
  }
}

/** The first step that is still to be done; none when all are. */
export const nextStep = (setup: Told): Step | null => STEPS.find((step) => !isDone(setup, step)) ?? null;

export const doneSteps = (setup: Told): number => STEPS.filter((step) => isDone(setup, step)).length;

/** Nobody has begun yet: there is neither a number nor an agent. */
export const isFresh = (setup: Told): boolean => !isDone(setup, 'number') && !isDone(setup, 'agent');
