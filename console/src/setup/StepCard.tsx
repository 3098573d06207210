import { Collapse, Text, Title, UnstyledButton } from '@mantine/core';
import { IconCheck, IconChevronDown } from '@tabler/icons-react';
import { type ReactNode, useId } from 'react';
import { useTranslation } from 'react-i18next';

import type { Setup } from './queries';
import type { Step } from './progress';
import classes from './StepCard.module.css';

/** One step: its number or its tick, what it is about, and what is to be done. */
export function StepCard({
  step,
  number,
  done,
  setup,
  opened,
  onToggle,
  children,
}: {
  step: Step;
  number: number;
  done: boolean;
  setup: Setup;
  opened: boolean;
  onToggle: () => void;
  children: ReactNode;
}) {
  const { t } = useTranslation('setup');
  const content = useId();
  return (
    <section className={classes.card} data-opened={opened}>
      <Title order={2} size="h4">
        <UnstyledButton className={classes.head} onClick={onToggle} aria-expanded={opened} aria-controls={content}>
          <span className={classes.mark} data-done={done} key={String(done)}>
            {done ? <IconCheck size={18} stroke={3} role="img" aria-label={t('done')} /> : number}
          </span>
          <span className={classes.title}>
            {t(`step.${step}`)}
            <Text component="span" size="sm" c="var(--quiet)" display="block" fw={400} lh={1.4}>
              <Summary step={step} done={done} setup={setup} />
            </Text>
          </span>
          <IconChevronDown size={18} className={classes.chevron} aria-hidden />
        </UnstyledButton>
      </Title>
      <Collapse expanded={opened} id={content} keepMounted={false}>
        <div className={classes.body}>{children}</div>
      </Collapse>
    </section>
  );
}

/** What a step is for or, once it is done, what came of it. */
function Summary({ step, done, setup }: { step: Step; done: boolean; setup: Setup }) {
  const { t } = useTranslation('setup');
  if (!done) return t(`for.${step}`);
  switch (step) {
    case 'number':
      return t('was.number', { id: setup.number?.phone_number_id });
    case 'agent':
      return t('was.agent', { name: setup.agent?.name });
    case 'knowledge':
      return t('was.knowledge', { count: setup.knowledge_files });
    case 'webhook':
      return t('was.webhook');
    case 'chat':
      return t('was.chat');
  }
}
