import { Skeleton, Text } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { AnchorLink } from '~/parts/links';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { readTrace } from '~/why/trace';

import type { KnowledgeFile } from './queries';
import classes from './Passages.module.css';

const SHOWN = 5;

/** Whether the agent really uses a file: in how many of its latest answers passages of it were found. */
export function Usage({ file }: { file: KnowledgeFile }) {
  const { t } = useTranslation('knowledge');
  const turns = $api.useQuery('get', '/api/v1/turns', { params: { query: { limit: 100 } } });
  const answers = (turns.data?.items ?? [])
    .filter((turn) => turn.agent_id === file.agent_id && turn.finished_at)
    .map((turn) => ({ turn, passages: readTrace(turn.trace).passages }));
  const used = answers
    .map((answer) => ({ ...answer, place: answer.passages.findIndex((passage) => passage.file_id === file.id) }))
    .filter(({ place }) => place >= 0);

  return (
    <Panel title={t('usage.title')}>
      <Failure error={turns.error} />
      {turns.isPending && <Skeleton h={60} />}
      {turns.data && (
        <Text size="sm">
          {answers.length === 0
            ? t('usage.noAnswers')
            : used.length === 0
              ? t('usage.never', { count: answers.length })
              : t('usage.found', {
                  count: answers.length,
                  used: used.length,
                  best: used.filter(({ place }) => place === 0).length,
                })}
        </Text>
      )}
      {used.length > 0 && (
        <ul className={classes.list} style={{ marginBlockStart: 14 }}>
          {used.slice(0, SHOWN).map(({ turn, passages, place }) => (
            <li key={turn.id}>
              <AnchorLink to="/inbox/$conversationId" params={{ conversationId: turn.conversation_id }} size="sm">
                <Ago at={turn.started_at} span inherit />
              </AnchorLink>
              <Text size="xs" c="var(--quiet)" data-words lineClamp={1}>
                {passages[place]?.heading ?? passages[place]?.begins}
              </Text>
            </li>
          ))}
        </ul>
      )}
    </Panel>
  );
}
