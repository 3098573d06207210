import { Button, Loader, Skeleton, Text, TextInput } from '@mantine/core';
import { useDebouncedValue } from '@mantine/hooks';
import { IconSearch } from '@tabler/icons-react';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { Panel } from '~/parts/Panel';

import { useFound } from './found';
import { PassageCard } from './PassageCard';
import classes from './Passages.module.css';

const FEW = 5;
/** As many as an agent is given with a question. */
const AS_AGENT = 12;

/** A search box that shows what an agent finds in its files. */
export function FindBox({ agentId }: { agentId: string }) {
  const { t } = useTranslation(['knowledge', 'parts']);
  const [question, setQuestion] = useState('');
  const [asked] = useDebouncedValue(question.trim(), 250);
  const [limit, setLimit] = useState(FEW);
  const found = useFound(agentId, asked, limit);
  const passages = asked === '' ? [] : (found.data?.passages ?? []);
  const best = passages[0]?.score ?? 0;

  return (
    <Panel title={t('find.title')}>
      <TextInput
        value={question}
        onChange={(event) => {
          setQuestion(event.currentTarget.value);
          setLimit(FEW);
        }}
        placeholder={t('find.placeholder')}
        aria-label={t('find.label')}
        maxLength={1000}
        leftSection={<IconSearch size={16} />}
        rightSection={found.isFetching ? <Loader size={14} /> : null}
      />
      <div aria-live="polite">
        <Text size="sm" c="var(--quiet)" mt="xs" mb="md">
          {asked === '' || !found.data ? t('find.lead') : t('find.found', { count: passages.length })}
        </Text>
      </div>
      <Failure error={found.error} />
      {asked !== '' && found.isPending && !found.error && <Skeleton h={90} />}
      {asked !== '' && found.data && passages.length === 0 && (
        <Text size="sm" c="var(--quiet)">
          {t('find.nothing')}
        </Text>
      )}
      <ul className={classes.list}>
        {passages.map((passage, at) => (
          <li key={`${passage.file_id}-${at}`}>
            <PassageCard passage={passage} question={asked} best={best} />
          </li>
        ))}
      </ul>
      {passages.length === FEW && limit === FEW && (
        <Button variant="default" size="xs" mt="sm" onClick={() => setLimit(AS_AGENT)}>
          {t('find.all')}
        </Button>
      )}
    </Panel>
  );
}
