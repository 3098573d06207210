import { describe, expect, it } from 'vitest';

import { detailOf, isNamed, nameOf } from './person';

const ana = { id: 'con_1', name: 'Ana Roe', phone: '+15550002000', user_id: 'US.1' };
const hidden = { id: 'con_2', username: 'lucky.luke', user_id: 'US.2' };

describe('a person', () => {
  it('is called by the best that is known', () => {
    expect(nameOf(ana)).toBe('Ana Roe');
    expect(nameOf({ ...ana, name: '  ' })).toBe('+15550002000');
    expect(nameOf(hidden)).toBe('@lucky.luke');
    expect(nameOf({ id: 'con_3' })).toBe('con_3');
  });

  it('is told apart by what is not their name already', () => {
    expect(detailOf(ana)).toBe('+15550002000');
    expect(detailOf({ ...ana, name: null })).toBe('US.1');
    expect(detailOf(hidden)).toBe('US.2');
    expect(detailOf({ id: 'con_3' })).toBeUndefined();
  });

  it('is named by their phone as people write it, and by nothing else', () => {
    expect(isNamed(ana, '+1 (555) 000-2000')).toBe(true);
    expect(isNamed(ana, '15550002000')).toBe(true);
    expect(isNamed(ana, 'Ana Roe')).toBe(false);
    expect(isNamed(ana, 'x15550002000')).toBe(false);
    expect(isNamed(ana, '')).toBe(false);
  });

  it('without a phone is named by what they are called', () => {
    expect(isNamed(hidden, ' @Lucky.Luke ')).toBe(true);
    expect(isNamed(hidden, 'lucky')).toBe(false);
  });
});
