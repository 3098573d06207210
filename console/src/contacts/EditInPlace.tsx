import { ActionIcon, Group, Text, Textarea, TextInput, Tooltip } from '@mantine/core';
import { IconCheck, IconPencil, IconX } from '@tabler/icons-react';
import { type KeyboardEvent, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { problemOf } from '~/api/client';

/** Text that becomes a field where it stands. Enter keeps what was written, Escape leaves it as it was. */
export function EditInPlace({
  label,
  value,
  none,
  maxLength,
  multiline = false,
  disabled,
  onSave,
}: {
  /** What it is, for those who hear it. */
  label: string;
  value: string | null | undefined;
  /** Stands where nothing is. */
  none: string;
  maxLength: number;
  multiline?: boolean;
  /** Why it cannot be changed. */
  disabled?: string | false;
  onSave: (value: string) => Promise<unknown>;
}) {
  const { t } = useTranslation(['contacts', 'parts']);
  const [draft, setDraft] = useState<string | null>(null);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<string | null>(null);
  const pencil = useRef<HTMLButtonElement>(null);

  const leave = () => {
    setDraft(null);
    setError(null);
    // The pencil is there again after this render.
    requestAnimationFrame(() => pencil.current?.focus());
  };
  const save = async () => {
    if (draft === null || draft.trim() === (value ?? '')) return leave();
    setBusy(true);
    try {
      await onSave(draft.trim());
      leave();
    } catch (thrown) {
      const problem = problemOf(thrown);
      setError(problem.errors?.[0]?.message ?? problem.detail ?? t('parts:unreachable'));
    } finally {
      setBusy(false);
    }
  };
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.nativeEvent.isComposing) return;
    if (event.key === 'Enter' && !event.shiftKey) {
      event.preventDefault();
      void save();
    } else if (event.key === 'Escape') {
      event.stopPropagation();
      leave();
    }
  };

  if (draft === null) {
    return (
      <Group gap={4} wrap="nowrap" align="flex-start">
        <Text component="span" size="sm" c={value ? undefined : 'var(--quiet)'} data-words style={{ minWidth: 0 }}>
          {value || none}
        </Text>
        <Tooltip label={disabled || t('edit.what', { what: label })}>
          <ActionIcon
            ref={pencil}
            variant="subtle"
            color="gray"
            size={24}
            aria-label={t('edit.what', { what: label })}
            data-disabled={!!disabled || undefined}
            aria-disabled={!!disabled}
            onClick={() => disabled || setDraft(value ?? '')}
          >
            <IconPencil size={15} />
          </ActionIcon>
        </Tooltip>
      </Group>
    );
  }
  const field = {
    'aria-label': label,
    value: draft,
    maxLength,
    error,
    autoFocus: true,
    size: 'sm',
    style: { flex: 1, minWidth: 0 },
    onKeyDown,
  } as const;
  return (
    <Group gap={4} wrap="nowrap" align="flex-start">
      {multiline ? (
        <Textarea {...field} autosize minRows={1} maxRows={8} onChange={(event) => setDraft(event.currentTarget.value)} />
      ) : (
        <TextInput {...field} onChange={(event) => setDraft(event.currentTarget.value)} />
      )}
      <ActionIcon size={34} variant="filled" onClick={save} loading={busy} aria-label={t('parts:save')}>
        <IconCheck size={18} />
      </ActionIcon>
      <ActionIcon size={34} variant="default" onClick={leave} aria-label={t('parts:cancel')}>
        <IconX size={18} />
      </ActionIcon>
    </Group>
  );
}
