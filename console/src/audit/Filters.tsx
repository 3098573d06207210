import { Button, Group, Select, TextInput } from '@mantine/core';
import { useDebouncedCallback } from '@mantine/hooks';
import { IconX } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { ACTIONS, type ActionGroup, isAction } from './actions';
import { useColleagues } from './queries';
import type { AuditSearch } from './search';
import { useActionWords } from './useActionWords';

/** Narrows the log; the address remembers how. */
export function Filters({
  search,
  onChange,
  onClear,
}: {
  search: AuditSearch;
  onChange: (changes: AuditSearch) => void;
  onClear: () => void;
}) {
  const { t } = useTranslation('audit');
  const words = useActionWords();
  const colleagues = useColleagues().data?.items ?? [];
  const people = colleagues.map(({ id, name }) => ({ value: id, label: name }));
  // Somebody who has gone may still be in the address.
  if (search.actor && !people.some(({ value }) => value === search.actor)) {
    people.push({ value: search.actor, label: search.actor });
  }
  const groups = (Object.keys(ACTIONS) as ActionGroup[]).map((group) => ({
    group: t(`group.${group}`),
    items: ACTIONS[group].map((action) => ({ value: action as string, label: words({ action }) })),
  }));
  if (search.action && !isAction(search.action)) {
    groups.push({ group: t('group.other'), items: [{ value: search.action, label: search.action }] });
  }

  return (
    <Group mb="md" gap="sm" align="flex-end" role="search" aria-label={t('filter.label')}>
      <Select
        label={t('who')}
        placeholder={t('filter.anybody')}
        clearable
        searchable
        w={190}
        data={people}
        value={search.actor ?? null}
        onChange={(actor) => onChange({ actor: actor ?? undefined })}
      />
      <Select
        label={t('what')}
        placeholder={t('filter.anything')}
        clearable
        searchable
        w={240}
        data={groups}
        value={search.action ?? null}
        onChange={(action) => onChange({ action: action ?? undefined })}
      />
      <SubjectFilter key={search.subject ?? ''} value={search.subject ?? ''} onChange={onChange} />
      <TextInput
        label={t('filter.from')}
        type="date"
        w={150}
        max={search.to}
        value={search.from ?? ''}
        onChange={(event) => onChange({ from: event.currentTarget.value || undefined })}
      />
      <TextInput
        label={t('filter.to')}
        type="date"
        w={150}
        min={search.from}
        value={search.to ?? ''}
        onChange={(event) => onChange({ to: event.currentTarget.value || undefined })}
      />
      {Object.values(search).some(Boolean) && (
        <Button variant="subtle" color="gray" leftSection={<IconX size={16} />} onClick={onClear}>
          {t('filter.clear')}
        </Button>
      )}
    </Group>
  );
}

/** An id is pasted, or typed: it is looked for when the typing ends. */
function SubjectFilter({ value, onChange }: { value: string; onChange: (changes: AuditSearch) => void }) {
  const { t } = useTranslation('audit');
  const [typed, setTyped] = useState(value);
  const look = useDebouncedCallback((subject: string) => onChange({ subject: subject.trim() || undefined }), 500);
  return (
    <TextInput
      label={t('subject')}
      placeholder="num_…"
      w={200}
      value={typed}
      onChange={(event) => {
        setTyped(event.currentTarget.value);
        look(event.currentTarget.value);
      }}
    />
  );
}
