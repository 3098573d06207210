import { describe, expect, it } from 'vitest';

import { failureOf, isPicture, kindOf, oddityOf, shortType } from './failure';

describe('a file that is not here', () => {
  it.each([
    ['Meta no longer has the file', 'gone'],
    ['the file is not at its address', 'gone'],
    ['the message names no file', 'noFile'],
    ['the file is larger than 100 MiB', 'tooLarge'],
    ["Meta refuses the number's access token", 'token'],
    ['the connection to Meta’s files broke', 'other'],
    [null, 'other'],
  ])('%s: %s', (error, failure) => expect(failureOf(error)).toBe(failure));
});

it('a warning is sorted by its cause', () => {
  expect(oddityOf('it was sent as image/png, but its bytes are application/pdf')).toBe('otherType');
  expect(oddityOf('its hash is not the one that was told')).toBe('otherHash');
  expect(oddityOf('something new')).toBe('other');
});

describe('what a file is', () => {
  it('is shown as a picture by its bytes alone', () => {
    expect(isPicture('image/webp')).toBe(true);
    expect(isPicture('image/svg+xml')).toBe(false);
    expect(isPicture(null)).toBe(false);
  });

  it('has a short name where there is one', () => {
    expect(shortType('application/pdf', 'menu.final.docx')).toBe('DOCX');
    expect(shortType('audio/ogg; codecs=opus', null)).toBe('OGG');
    expect(shortType('application/vnd.openxmlformats', 'menu')).toBeUndefined();
  });

  it('is a document when Meta has a new kind', () => expect(kindOf('hologram')).toBe('document'));
});
