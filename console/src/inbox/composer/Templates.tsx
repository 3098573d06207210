import { Badge, Button, Group, Loader, Modal, Text, TextInput } from '@mantine/core';
import { IconSearch } from '@tabler/icons-react';
import { Link } from '@tanstack/react-router';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { paged } from '~/parts/PagedTable';

import type { Conversation } from '../queries';
import type { Directory } from '../useDirectory';
import type { Content } from './outbox';
import { TemplateForm } from './TemplateForm';
import { readTemplate } from './templateFill';
import classes from './Templates.module.css';

type Template = Schemas['Template'];

/** Chooses a template that Meta has approved, and fills it. */
export function Templates({
  conversation,
  directory,
  onClose,
  onSend,
}: {
  conversation: Conversation;
  directory: Directory;
  onClose: () => void;
  onSend: (content: Content, shown: string) => void;
}) {
  const { t } = useTranslation(['inbox', 'parts']);
  const [chosen, choose] = useState<Template>();
  const [words, setWords] = useState('');
  const query = { number_id: conversation.number_id, status: 'APPROVED', limit: 100 };
  const templates = $api.useInfiniteQuery('get', '/api/v1/templates', { params: { query } }, { ...paged, staleTime: 30_000 });
  const all = templates.data?.pages.flatMap((page) => page.items) ?? [];
  const asked = words.trim().toLowerCase();
  const found = all.filter((template) => `${template.name} ${readTemplate(template).body}`.toLowerCase().includes(asked));
  const noMarketing = conversation.contact.consent === 'opted_out';

  return (
    <Modal opened onClose={onClose} title={t('template.title')} size={880} centered>
      <Failure error={templates.error} />
      {templates.isPending && <Loader aria-label={t('parts:loading')} />}
      {templates.data && all.length === 0 && (
        <Nothing
          title={t('template.none')}
          text={t('template.noneText', { number: directory.numberName(conversation.number_id) })}
          action={
            <Button component={Link} to="/templates" variant="default">
              {t('template.manage')}
            </Button>
          }
        />
      )}
      {all.length > 0 && (
        <div className={classes.split}>
          <div className={classes.choose}>
            <TextInput
              placeholder={t('template.search')}
              aria-label={t('template.search')}
              leftSection={<IconSearch size={16} />}
              value={words}
              onChange={(event) => setWords(event.currentTarget.value)}
              data-autofocus
            />
            <ul className={classes.list}>
              {found.map((template) => (
                <li key={template.id}>
                  <Choice
                    template={template}
                    isChosen={template.id === chosen?.id}
                    isRefused={noMarketing && template.category === 'MARKETING'}
                    onChoose={() => choose(template)}
                  />
                </li>
              ))}
              {templates.hasNextPage && (
                <Button variant="subtle" size="xs" loading={templates.isFetchingNextPage} onClick={() => templates.fetchNextPage()}>
                  {t('parts:more')}
                </Button>
              )}
            </ul>
          </div>
          <div className={classes.fill}>
            {chosen ? (
              <TemplateForm key={chosen.id} template={chosen} conversation={conversation} onSend={onSend} />
            ) : (
              <Text c="var(--quiet)" ta="center" mt="xl">
                {t('template.pick')}
              </Text>
            )}
          </div>
        </div>
      )}
    </Modal>
  );
}

function Choice({ template, isChosen, isRefused, onChoose }: { template: Template; isChosen: boolean; isRefused: boolean; onChoose: () => void }) {
  const { t } = useTranslation('inbox');
  const { body } = readTemplate(template);
  const category = template.category.toLowerCase();
  const isKnown = category === 'marketing' || category === 'utility' || category === 'authentication';
  return (
    <button type="button" className={classes.choice} aria-pressed={isChosen} disabled={isRefused} onClick={onChoose}>
      <Group gap={6} wrap="nowrap" justify="space-between">
        <bdi className={classes.name}>{template.name}</bdi>
        <Badge size="sm" variant="default" tt="none">
          {template.language}
        </Badge>
      </Group>
      <span className={classes.body} data-words dir="auto">
        {body}
      </span>
      <span className={classes.category}>
        {isRefused ? t('template.refused') : isKnown ? t(`template.category.${category}`) : template.category}
      </span>
    </button>
  );
}
