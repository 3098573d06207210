import { Button, Group, Progress, Skeleton, Stack, Text, VisuallyHidden } from '@mantine/core';
import { useNavigate } from '@tanstack/react-router';
import { type ReactNode, useState } from 'react';
import { useTranslation } from 'react-i18next';

import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { Page } from '~/parts/Page';
import { useMay } from '~/session';
import type { Setup } from './queries';
import { Finished } from './Finished';
import { doneSteps, isDone, nextStep, type Step, STEPS } from './progress';
import { skip } from './skipped';
import { StepCard } from './StepCard';
import { AgentStep } from './steps/AgentStep';
import { ChatStep } from './steps/ChatStep';
import { KnowledgeStep } from './steps/KnowledgeStep';
import { NumberStep } from './steps/NumberStep';
import { WebhookStep } from './steps/WebhookStep';
import { useLiveSetup } from './useLiveSetup';

/** The way from nothing to the first answer. */
export function SetupPage() {
  const { t } = useTranslation(['setup', 'parts']);
  const isAdmin = useMay();
  const { data: setup, error } = useLiveSetup(isAdmin);
  return (
    <Page title={t('title')} lead={t('lead')} actions={setup && nextStep(setup) && <Later />}>
      {!isAdmin && <Nothing title={t('title')} text={t('parts:notAllowed')} />}
      <Failure error={error} />
      {isAdmin && !setup && !error && (
        <Stack maw={820} aria-hidden>
          {STEPS.map((step) => (
            <Skeleton key={step} h={64} radius="lg" />
          ))}
        </Stack>
      )}
      {setup && <Steps setup={setup} />}
    </Page>
  );
}

function Later() {
  const { t } = useTranslation('setup');
  const navigate = useNavigate();
  return (
    <Button
      variant="subtle"
      color="gray"
      onClick={() => {
        skip();
        void navigate({ to: '/inbox' });
      }}
    >
      {t('later')}
    </Button>
  );
}

const CONTENT: Record<Step, (props: { setup: Setup }) => ReactNode> = {
  number: NumberStep,
  agent: AgentStep,
  knowledge: KnowledgeStep,
  webhook: WebhookStep,
  chat: ChatStep,
};

function Steps({ setup }: { setup: Setup }) {
  const { t } = useTranslation('setup');
  const next = nextStep(setup);
  // What somebody opened stays open, until it is done; then the next one opens.
  const [chosen, setChosen] = useState<{ step: Step | null; done: number } | null>(null);
  const done = doneSteps(setup);
  const open = chosen?.done === done ? chosen.step : next;

  return (
    <Stack maw={820}>
      {next === null && <Finished setup={setup} />}
      <div>
        <Group justify="space-between" mb={6}>
          <Text size="sm" c="var(--quiet)">
            {t('progress', { done, count: STEPS.length })}
          </Text>
        </Group>
        <Progress value={(100 * done) / STEPS.length} aria-label={t('title')} />
        <VisuallyHidden aria-live="polite">{t('progress', { done, count: STEPS.length })}</VisuallyHidden>
      </div>
      {STEPS.map((step, at) => {
        const Content = CONTENT[step];
        return (
          <StepCard
            key={step}
            step={step}
            number={at + 1}
            done={isDone(setup, step)}
            setup={setup}
            opened={open === step}
            onToggle={() => setChosen({ step: open === step ? null : step, done })}
          >
            <Content setup={setup} />
          </StepCard>
        );
      })}
    </Stack>
  );
}
