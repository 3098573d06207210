import { Button, FileInput, Group, Stack, Text, TextInput } from '@mantine/core';
import { IconSend2, IconUpload } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Schemas } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { bytes } from '~/parts/numbers';

import type { Conversation } from '../queries';
import { Words } from '../format/Words';
import type { Content } from './outbox';
import { type FileKind, LIMITS } from './sendable';
import classes from './Templates.module.css';
import { filled, type Gap, isWhole, readTemplate, type ReadTemplate, toContent } from './templateFill';
import { upload } from './upload';

/** The gaps of a template, and how it reads as they are filled. */
export function TemplateForm({
  template,
  conversation,
  onSend,
}: {
  template: Schemas['Template'];
  conversation: Conversation;
  onSend: (content: Content, shown: string) => void;
}) {
  const { t } = useTranslation('inbox');
  const read = readTemplate(template);
  const [values, setValues] = useState<Record<string, string>>(() => begun(read, conversation));
  const [picture, setPicture] = useState<string>();
  const set = (id: string, value: string) => setValues((all) => ({ ...all, [id]: value }));

  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(toContent(template, read, values), filled(read.body, 'body', values));
  };
  if (read.isBeyondUs) {
    return (
      <>
        <Looks read={read} values={values} />
        <Text c="var(--quiet)">{t('template.beyond')}</Text>
      </>
    );
  }
  return (
    <form onSubmit={submit}>
      <Looks read={read} values={values} picture={picture} />
      <Stack gap="sm">
        {read.gaps.map((gap) =>
          gap.kind === 'file' ? (
            <HeaderFile key={gap.id} gap={gap} onReady={(id, url) => (set(gap.id, id), setPicture(url))} />
          ) : (
            <TextInput
              key={gap.id}
              type={gap.kind === 'time' ? 'datetime-local' : 'text'}
              label={labelOf(gap, t)}
              placeholder={gap.example}
              required
              maxLength={gap.kind === 'code' ? 15 : 1024}
              value={values[gap.id] ?? ''}
              onChange={(event) => set(gap.id, event.currentTarget.value)}
            />
          ),
        )}
        <Group justify="flex-end">
          <Button type="submit" leftSection={<IconSend2 size={17} />} disabled={!isWhole(read, values)}>
            {t('template.send')}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

/** A gap that plainly asks for the customer's name has it already. */
function begun({ gaps }: ReadTemplate, { contact }: Conversation): Record<string, string> {
  const name = contact.name?.trim();
  const asks = gaps.filter((gap) => gap.kind === 'text' && /^(first_?|customer_?|contact_?)?name$/i.test(gap.name));
  return name ? Object.fromEntries(asks.map((gap) => [gap.id, name])) : {};
}

type Translate = ReturnType<typeof useTranslation<'inbox'>>['t'];

function labelOf({ part, kind, name }: Gap, t: Translate): string {
  if (kind === 'time') return t('template.offerEnds');
  if (kind === 'code') return t('template.code', { name });
  if (part === 'button') return t('template.link', { name });
  return t(part === 'header' ? 'template.headerGap' : 'template.bodyGap', { name });
}

function HeaderFile({ gap, onReady }: { gap: Gap; onReady: (mediaId: string, url: string | undefined) => void }) {
  const { t } = useTranslation('inbox');
  const [isBusy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>();
  const { types, bytes: most } = LIMITS[gap.name as FileKind];
  const take = async (file: File | null) => {
    onReady('', undefined);
    setError(undefined);
    if (!file) return;
    setBusy(true);
    try {
      const media = await upload(file, () => undefined, new AbortController().signal);
      onReady(media.id, gap.name === 'image' ? URL.createObjectURL(file) : undefined);
    } catch (thrown) {
      setError(thrown);
    } finally {
      setBusy(false);
    }
  };
  return (
    <>
      <FileInput
        label={t(`type.${gap.name as 'image'}`)}
        description={t('files.limit', { most: bytes(most) })}
        placeholder={t('files.add')}
        leftSection={<IconUpload size={16} />}
        accept={types.join(',') || undefined}
        required
        clearable
        disabled={isBusy}
        onChange={(file) => void take(file)}
      />
      {error !== undefined && <Failure error={error} />}
    </>
  );
}

/** How it reads on the customer's phone. */
function Looks({ read, values, picture }: { read: ReadTemplate; values: Record<string, string>; picture?: string }) {
  const { t } = useTranslation('inbox');
  const { head, body, footer, buttons } = read;
  return (
    <div className={classes.looks}>
      <div className={classes.bubble}>
        {head && head.format !== 'TEXT' && (
          <div className={classes.media}>{picture ? <img src={picture} alt="" /> : head.format.toLowerCase()}</div>
        )}
        {head?.format === 'TEXT' && (
          <b data-words dir="auto">
            {filled(head.text, 'header', values)}
          </b>
        )}
        <Words text={filled(body, 'body', values) || t('type.empty')} />
        {footer && (
          <div className={classes.foot} data-words dir="auto">
            {footer}
          </div>
        )}
        {buttons.map((button) => (
          <div key={button.text} className={classes.tap}>
            <bdi>{button.text}</bdi>
          </div>
        ))}
      </div>
    </div>
  );
}
