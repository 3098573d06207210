import { describe, expect, it } from 'vitest';

import { inOrder, placedPassages, type PromptAccount, readTrace, sharesOf } from './trace';

const prompt: PromptAccount = {
  tokens: 1024, instructions_tokens: 110, passages_tokens: 349, history_tokens: 0, question_tokens: 16,
  instructions_cut: false, question_cut: false, passages_left_out: 1, history_left_out: 0,
};

describe('a trace', () => {
  it('is read whatever it lacks', () => {
    expect(readTrace(undefined)).toMatchObject({ passages: [], models: [], tools: [], prompt: undefined });
    expect(readTrace({ gate: 'paused', reason: 'the agent is paused', restarts: 0 })).toMatchObject({
      gate: 'paused', reason: 'the agent is paused', source: undefined,
    });
    expect(readTrace({ passages: 'nonsense', models: [null, { name: 'a' }], think_ms: '8' })).toMatchObject({
      passages: [], models: [{ name: 'a' }], think_ms: undefined,
    });
  });

  it('says what its prompt is made of', () => {
    expect(sharesOf(prompt)).toEqual([
      { share: 'instructions', tokens: 110 }, { share: 'passages', tokens: 349 }, { share: 'question', tokens: 16 }, { share: 'rest', tokens: 549 },
    ]);
  });

  it('puts steps in the order of the way, whatever clocks say', () => {
    const at = (seconds: number, step: string, message_id = 'msg_1') => ({ at: new Date(seconds * 1000).toISOString(), step, message_id });
    const steps = [at(5, 'read'), at(5, 'accepted'), at(5.4, 'released'), at(4, 'decided'), at(6, 'released', 'msg_2')];
    expect(inOrder(steps).map(({ step }) => step)).toEqual(['decided', 'released', 'accepted', 'read', 'released']);
  });

  it('says which passages found no room', () => {
    const passage = { file_id: 'fil_1', file_name: 'a.md', score: 1, coverage: 1, begins: 'x' };
    const placed = placedPassages(readTrace({ passages: [passage, passage], prompt }));
    expect(placed.map(({ isLeftOut }) => isLeftOut)).toEqual([false, true]);
  });
});
