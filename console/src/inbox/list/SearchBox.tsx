import { CloseButton, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { useNavigate, useSearch } from '@tanstack/react-router';
import { type KeyboardEvent, type Ref, useEffect, useState } from 'react';
import { useTranslation } from 'react-i18next';

const PAUSE_MS = 250;

/** What is looked for. It goes to the address once somebody pauses, so that it can be shared and gone back to. */
export function SearchBox({ ref }: { ref?: Ref<HTMLInputElement> }) {
  const { t } = useTranslation('inbox');
  const navigate = useNavigate();
  const { q = '' } = useSearch({ strict: false });
  const [words, setWords] = useState(q);
  const [asked, setAsked] = useState(q);
  // The address changed by itself: by the way back, or a link.
  if (q !== asked) {
    setAsked(q);
    setWords(q);
  }
  useEffect(() => {
    if (words.trim() === asked) return;
    const timer = setTimeout(() => {
      setAsked(words.trim());
      void navigate({ to: '.', search: (before) => ({ ...before, q: words.trim() || undefined }), replace: true });
    }, PAUSE_MS);
    return () => clearTimeout(timer);
  }, [words, asked, navigate]);

  const keys = (event: KeyboardEvent<HTMLInputElement>) => {
    if (event.key !== 'Escape') return;
    event.stopPropagation();
    if (words) setWords('');
    else event.currentTarget.blur();
  };

  return (
    <TextInput
      ref={ref}
      type="search"
      radius="xl"
      maxLength={100}
      aria-label={t('list.search')}
      placeholder={t('list.search')}
      leftSection={<IconSearch size={16} />}
      value={words}
      onChange={(event) => setWords(event.currentTarget.value)}
      onKeyDown={keys}
      rightSection={words && <CloseButton size="sm" aria-label={t('list.clear')} onClick={() => setWords('')} />}
      styles={{ input: { background: 'light-dark(#f2f5f4, #222927)', borderColor: 'transparent' } }}
    />
  );
}
