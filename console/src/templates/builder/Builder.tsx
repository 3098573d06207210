import { Alert, Button, Group, Skeleton, Stack, Text } from '@mantine/core';
import { useMemo, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, api, ok, problemOf } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { LeaveGuard } from '~/parts/LeaveGuard';
import { Page } from '~/parts/Page';
import { Panel } from '~/parts/Panel';

import { Bubble } from '../Bubble';
import { type Template, useAccounts, useRefreshTemplates } from '../templates';
import classes from '../Templates.module.css';
import { BasicFields } from './BasicFields';
import { BodyFields } from './BodyFields';
import { ButtonFields } from './ButtonFields';
import { CodeFields } from './CodeFields';
import { componentsOf, type Draft, draftOf, emptyDraft } from './draft';
import { HeaderFields } from './HeaderFields';
import { fieldOf, type Problem, problemsOf } from './rules';

/** Told only when it is to be handed in: nobody has come to these yet, or is in the middle of writing. */
const LATE: Problem[] = ['missing', 'sample', 'handle', 'url', 'urlVariable', 'phone', 'brace', 'edges', 'dense'];

export type How = 'new' | 'copy' | 'edit';

/** Makes a template, or changes one, with a preview beside it. */
export function Builder({
  how,
  templateId,
  onDone,
}: {
  how: How;
  templateId?: string;
  /** With the template to show then. */
  onDone: (templateId?: string) => void;
}) {
  const { t } = useTranslation('templates');
  const { accounts, isPending } = useAccounts();
  const stored = $api.useQuery(
    'get',
    '/api/v1/templates/{template_id}',
    { params: { path: { template_id: templateId ?? '' } } },
    { enabled: how !== 'new' && !!templateId },
  );
  if (stored.error) {
    return (
      <Page title={t('create')}>
        <Failure error={stored.error} />
        <Button onClick={() => onDone()}>{t('builder.back')}</Button>
      </Page>
    );
  }
  if (isPending || (how !== 'new' && !stored.data)) {
    return (
      <Page title={t(how === 'edit' ? 'edit' : 'create')}>
        <Skeleton h={420} radius="lg" />
      </Page>
    );
  }
  const template = how === 'new' ? undefined : stored.data;
  const number = accounts.find((one) => one.waba_id === template?.waba_id) ?? accounts[0];
  const begin = template ? draftOf(template, number?.id ?? '') : { ...emptyDraft, number_id: number?.id ?? '' };
  return <Form how={how} template={template} begin={begin} hasAccount={accounts.length > 0} onDone={onDone} />;
}

function Form({
  how,
  template,
  begin,
  hasAccount,
  onDone,
}: {
  how: How;
  template?: Template;
  begin: Draft;
  hasAccount: boolean;
  onDone: (templateId?: string) => void;
}) {
  const { t } = useTranslation(['templates', 'parts']);
  const refresh = useRefreshTemplates();
  const [first] = useState(begin);
  const [draft, setDraft] = useState(begin);
  const [told, setTold] = useState<Record<string, string>>({});
  const [isAsked, setAsked] = useState(false);
  const [busy, setBusy] = useState(false);
  const [error, setError] = useState<unknown>(null);
  const components = useMemo(() => componentsOf(draft), [draft]);
  const problems = useMemo(() => problemsOf(draft), [draft]);
  const isDirty = JSON.stringify(draft) !== JSON.stringify(first);

  const change = (changes: Partial<Draft>) => {
    setDraft((before) => ({ ...before, ...changes }));
    setTold({});
  };
  /** What is wrong with a field: at once where something wrong was written, else when it is to be handed in. */
  const wrong = (field: string): string | undefined => {
    if (told[field]) return told[field];
    const problem = problems[field];
    if (!problem || (!isAsked && LATE.includes(problem))) return undefined;
    return t(`problem.${problem}`);
  };

  const send = async (event: React.FormEvent) => {
    event.preventDefault();
    setAsked(true);
    setError(null);
    if (Object.keys(problems).length > 0) return;
    setBusy(true);
    try {
      const saved =
        how === 'edit' && template
          ? await ok(
              api.PATCH('/api/v1/templates/{template_id}', {
                params: { path: { template_id: template.id } },
                body: {
                  components,
                  ...(draft.category === template.category ? {} : { category: draft.category }),
                  ...(draft.ttl === null ? {} : { message_send_ttl_seconds: draft.ttl }),
                },
              }),
            )
          : await ok(
              api.POST('/api/v1/templates', {
                body: {
                  number_id: draft.number_id,
                  name: draft.name,
                  language: draft.language,
                  category: draft.category,
                  parameter_format: draft.named ? 'named' : 'positional',
                  components,
                  message_send_ttl_seconds: draft.ttl,
                },
              }),
            );
      notifyDone(t('builder.handedIn', { name: saved.name }));
      void refresh();
      onDone(saved.id);
    } catch (thrown) {
      const types = components.map((component) => component.type);
      const errors = problemOf(thrown).errors ?? [];
      const placed = errors.flatMap(({ field, message }) => {
        const at = fieldOf(field, draft, types);
        return at ? [[at, message] as const] : [];
      });
      setTold(Object.fromEntries(placed));
      if (placed.length === 0 || placed.length < errors.length) setError(thrown);
      setBusy(false);
    }
  };

  const count = Object.keys(problems).length;
  const fields = { draft, change, wrong, how };
  return (
    <Page
      title={t(how === 'edit' ? 'builder.editTitle' : 'create', { name: draft.name })}
      lead={t(how === 'edit' ? 'builder.editLead' : 'builder.lead')}
    >
      <LeaveGuard isDirty={isDirty && !busy} words={t('leave', { returnObjects: true })} />
      {!hasAccount && (
        <Alert color="orange" mb="md">
          {t('sync.noNumber')}
        </Alert>
      )}
      <form onSubmit={send} noValidate className={classes.builder}>
        <Stack>
          <Panel title={t('builder.basics')}>
            <BasicFields {...fields} status={template?.status} />
          </Panel>
          {draft.category === 'AUTHENTICATION' ? (
            <Panel title={t('builder.code')}>
              <CodeFields {...fields} />
            </Panel>
          ) : (
            <>
              <Panel title={t('builder.header')}>
                <HeaderFields {...fields} />
              </Panel>
              <Panel title={t('builder.body')}>
                <BodyFields {...fields} />
              </Panel>
              <Panel title={t('builder.buttons')}>
                <ButtonFields {...fields} />
              </Panel>
            </>
          )}
          <Failure error={error} />
          <Group justify="flex-end">
            {isAsked && count > 0 && (
              <Text size="sm" c="var(--mantine-color-error)" role="alert">
                {t('builder.problems', { count })}
              </Text>
            )}
            <Button variant="default" onClick={() => onDone(template?.id)}>
              {t('parts:cancel')}
            </Button>
            <Button type="submit" loading={busy} disabled={!hasAccount}>
              {t(how === 'edit' ? 'builder.change' : 'builder.handIn')}
            </Button>
          </Group>
        </Stack>
        <div className={classes.preview}>
          <Bubble components={components} samples={draft.samples} header={draft.headerSample || undefined} />
          <Text size="xs" c="var(--quiet)" mt="xs">
            {t('builder.previewHint')}
          </Text>
        </div>
      </form>
    </Page>
  );
}
