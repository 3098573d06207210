import { describe, expect, it } from 'vitest';

import type { StepName } from './queries';
import { doneSteps, isDone, isFresh, nextStep } from './progress';

const NAMES: StepName[] = ['number', 'agent', 'knowledge', 'webhook', 'message', 'answer'];
const setup = (...done: StepName[]) => ({ steps: NAMES.map((name) => ({ name, done: done.includes(name) })) });

describe('the first steps', () => {
  it('begin with the number', () => {
    expect(nextStep(setup())).toBe('number');
    expect(isFresh(setup())).toBe(true);
    expect(isFresh(setup('agent'))).toBe(false);
  });

  it('go to the first one that is open, whatever was done after it', () => {
    expect(nextStep(setup('number', 'knowledge'))).toBe('agent');
    expect(doneSteps(setup('number', 'knowledge'))).toBe(2);
  });

  it('take a message as the proof that webhooks come', () => {
    expect(isDone(setup('message'), 'webhook')).toBe(true);
    expect(nextStep(setup('number', 'agent', 'knowledge', 'message'))).toBe('chat');
  });

  it('end with the answer', () => {
    expect(nextStep(setup(...NAMES))).toBeNull();
    expect(doneSteps(setup(...NAMES))).toBe(5);
  });
});
