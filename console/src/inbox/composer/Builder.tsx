import { ActionIcon, Button, Divider, Group, Modal, SegmentedControl, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { IconPlus, IconSend2, IconX } from '@tabler/icons-react';
import { type FormEvent, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Words } from '../format/Words';
import { bodyLimit, EMPTY, type Form, type Kind, KINDS, MOST, problemOf, rowsOf, toContent } from './builder';
import type { Content } from './outbox';
import classes from './Templates.module.css';

/** Makes a message that the customer answers with a tap. */
export function Builder({ body, onClose, onSend }: { body: string; onClose: () => void; onSend: (content: Content, shown: string) => void }) {
  const { t } = useTranslation(['inbox', 'parts']);
  const [form, setForm] = useState<Form>({ ...EMPTY, body: body.slice(0, MOST.body) });
  const set = (change: Partial<Form>) => setForm((before) => ({ ...before, ...change }));
  const problem = problemOf(form);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    onSend(toContent(form), form.body.trim());
  };
  return (
    <Modal opened onClose={onClose} title={t('builder.title')} size={880} centered>
      <form onSubmit={submit}>
        <div className={classes.split} style={{ gridTemplateColumns: undefined }}>
          <Stack gap="sm">
            <SegmentedControl
              aria-label={t('builder.kind')}
              value={form.kind}
              onChange={(kind) => set({ kind: kind as Kind })}
              data={KINDS.map((kind) => ({ value: kind, label: t(`builder.kinds.${kind}`) }))}
              size="xs"
            />
            {form.kind !== 'location_request_message' && (
              <TextInput label={t('builder.header')} maxLength={MOST.header} value={form.header} onChange={(event) => set({ header: event.currentTarget.value })} />
            )}
            <Textarea
              label={t('builder.body')}
              required
              autosize
              minRows={3}
              maxRows={8}
              maxLength={bodyLimit(form.kind)}
              value={form.body}
              onChange={(event) => set({ body: event.currentTarget.value })}
              data-autofocus
            />
            {form.kind === 'button' && <Buttons form={form} set={set} />}
            {form.kind === 'list' && <Sections form={form} set={set} />}
            {form.kind === 'cta_url' && (
              <>
                <TextInput label={t('builder.label')} required maxLength={MOST.button} value={form.label} onChange={(event) => set({ label: event.currentTarget.value })} />
                <TextInput
                  type="url"
                  label={t('builder.url')}
                  placeholder="https://"
                  required
                  maxLength={2000}
                  value={form.url}
                  onChange={(event) => set({ url: event.currentTarget.value })}
                />
              </>
            )}
            {form.kind !== 'location_request_message' && (
              <TextInput label={t('builder.footer')} maxLength={MOST.footer} value={form.footer} onChange={(event) => set({ footer: event.currentTarget.value })} />
            )}
          </Stack>
          <div>
            <Looks form={form} />
            <Group justify="space-between" wrap="nowrap">
              <Text size="sm" c="var(--quiet)" role="status">
                {problem && t(`builder.problem.${problem}`)}
              </Text>
              <Button type="submit" flex="none" leftSection={<IconSend2 size={17} />} disabled={problem !== undefined}>
                {t('composer.send')}
              </Button>
            </Group>
          </div>
        </div>
      </form>
    </Modal>
  );
}

interface Part {
  form: Form;
  set: (change: Partial<Form>) => void;
}

function Buttons({ form: { buttons }, set }: Part) {
  const { t } = useTranslation('inbox');
  return (
    <Stack gap={6}>
      {buttons.map((title, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a button is its place
        <Group key={at} gap={4} align="flex-end" wrap="nowrap">
          <TextInput
            flex={1}
            label={t('builder.button', { number: at + 1 })}
            maxLength={MOST.button}
            value={title}
            onChange={(event) => set({ buttons: buttons.with(at, event.currentTarget.value) })}
          />
          {buttons.length > 1 && (
            <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('builder.removeButton', { number: at + 1 })} onClick={() => set({ buttons: buttons.toSpliced(at, 1) })}>
              <IconX size={16} />
            </ActionIcon>
          )}
        </Group>
      ))}
      {buttons.length < MOST.buttons && (
        <Button variant="subtle" size="xs" leftSection={<IconPlus size={15} />} onClick={() => set({ buttons: [...buttons, ''] })}>
          {t('builder.addButton')}
        </Button>
      )}
    </Stack>
  );
}

function Sections({ form, set }: Part) {
  const { t } = useTranslation('inbox');
  const { sections, opener } = form;
  const change = (at: number, by: Partial<Form['sections'][number]>) => set({ sections: sections.with(at, { ...sections[at]!, ...by }) });
  const isFull = rowsOf(form).length >= MOST.rows;
  return (
    <Stack gap="sm">
      <TextInput label={t('builder.opener')} required maxLength={MOST.button} value={opener} onChange={(event) => set({ opener: event.currentTarget.value })} />
      {sections.map((section, at) => (
        // oxlint-disable-next-line react/no-array-index-key -- a section is its place
        <Stack key={at} gap={6}>
          {at > 0 && <Divider />}
          {sections.length > 1 && (
            <Group gap={4} align="flex-end" wrap="nowrap">
              <TextInput flex={1} label={t('builder.section', { number: at + 1 })} maxLength={MOST.section} value={section.title} onChange={(event) => change(at, { title: event.currentTarget.value })} />
              <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('builder.removeSection', { number: at + 1 })} onClick={() => set({ sections: sections.toSpliced(at, 1) })}>
                <IconX size={16} />
              </ActionIcon>
            </Group>
          )}
          {section.rows.map((row, place) => {
            const edit = (by: Partial<typeof row>) => change(at, { rows: section.rows.with(place, { ...row, ...by }) });
            return (
              // oxlint-disable-next-line react/no-array-index-key -- a row is its place
              <Group key={place} gap={4} align="flex-end" wrap="nowrap">
                <TextInput flex={1} aria-label={t('builder.row', { number: place + 1 })} placeholder={t('builder.row', { number: place + 1 })} maxLength={MOST.row} value={row.title} onChange={(event) => edit({ title: event.currentTarget.value })} />
                <TextInput flex={1.3} aria-label={t('builder.description')} placeholder={t('builder.description')} maxLength={MOST.description} value={row.description} onChange={(event) => edit({ description: event.currentTarget.value })} />
                {section.rows.length > 1 && (
                  <ActionIcon variant="subtle" color="gray" size={36} aria-label={t('builder.removeRow', { number: place + 1 })} onClick={() => change(at, { rows: section.rows.toSpliced(place, 1) })}>
                    <IconX size={16} />
                  </ActionIcon>
                )}
              </Group>
            );
          })}
          <Button variant="subtle" size="xs" disabled={isFull} leftSection={<IconPlus size={15} />} onClick={() => change(at, { rows: [...section.rows, { title: '', description: '' }] })}>
            {t('builder.addRow')}
          </Button>
        </Stack>
      ))}
      <Button variant="subtle" size="xs" disabled={isFull} leftSection={<IconPlus size={15} />} onClick={() => set({ sections: [...sections, { title: '', rows: [{ title: '', description: '' }] }] })}>
        {t('builder.addSection')}
      </Button>
    </Stack>
  );
}

/** How it looks on the customer's phone. */
function Looks({ form }: { form: Form }) {
  const { t } = useTranslation('inbox');
  const taps = {
    button: form.buttons.filter((title) => title.trim() !== ''),
    list: [form.opener || t('builder.opener')],
    cta_url: [form.label || t('builder.label')],
    location_request_message: [t('ask.location_request_message')],
  }[form.kind];
  return (
    <div className={classes.looks}>
      <div className={classes.bubble}>
        {form.header && form.kind !== 'location_request_message' && (
          <b data-words dir="auto">
            {form.header}
          </b>
        )}
        <Words text={form.body || t('builder.body')} />
        {form.footer && form.kind !== 'location_request_message' && (
          <div className={classes.foot} data-words dir="auto">
            {form.footer}
          </div>
        )}
        {taps.map((title, at) => (
          // oxlint-disable-next-line react/no-array-index-key -- two may read the same while they are written
          <div key={at} className={classes.tap}>
            <bdi>{title}</bdi>
          </div>
        ))}
        {form.kind === 'list' &&
          rowsOf(form).map((title, at) => (
            // oxlint-disable-next-line react/no-array-index-key -- two may read the same while they are written
            <div key={at} className={classes.foot}>
              <bdi>{title}</bdi>
            </div>
          ))}
      </div>
    </div>
  );
}
