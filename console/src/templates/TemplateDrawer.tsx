import { Button, Drawer, Group, SimpleGrid, Skeleton, Stack, Text } from '@mantine/core';
import { IconCopy, IconPencil } from '@tabler/icons-react';
import { useTranslation } from 'react-i18next';

import { $api } from '~/api/client';
import { ConfirmButton } from '~/parts/ConfirmButton';
import { Failure } from '~/parts/Failure';
import { count } from '~/parts/numbers';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';

import { Bubble } from './Bubble';
import { canBeEdited } from './builder/draft';
import { languageName } from './languages';
import { partsOf } from './parts';
import { Explanation, Quality, Status } from './Status';
import { deleteTemplate, isEditable, type Template, useRefreshTemplates } from './templates';

/** One template: how it reads, how Meta stands to it, what can be done with it. */
export function TemplateDrawer({
  id,
  onClose,
  onBuild,
}: {
  id: string;
  onClose: () => void;
  onBuild: (what: 'edit' | 'copy') => void;
}) {
  const { t } = useTranslation(['templates', 'parts']);
  const template = $api.useQuery('get', '/api/v1/templates/{template_id}', { params: { path: { template_id: id } } });
  return (
    <Drawer
      opened
      onClose={onClose}
      position="right"
      size={440}
      title={
        <Text fw={650} size="lg" data-words>
          {template.data?.name ?? t('one')}
        </Text>
      }
      closeButtonProps={{ 'aria-label': t('parts:close') }}
    >
      <Failure error={template.error} />
      {template.isPending && <Skeleton h={220} />}
      {template.data && <Shown template={template.data} onClose={onClose} onBuild={onBuild} />}
    </Drawer>
  );
}

function Shown({
  template,
  onClose,
  onBuild,
}: {
  template: Template;
  onClose: () => void;
  onBuild: (what: 'edit' | 'copy') => void;
}) {
  const { t, i18n } = useTranslation(['templates', 'parts']);
  const mayChange = useMay('editor');
  const refresh = useRefreshTemplates();
  const isGone = template.status === 'DELETED';
  const isKnown = canBeEdited(partsOf(template.components));
  const whyNot = !isEditable(template) ? t('notEditable') : !isKnown ? t('notKnown') : undefined;

  const remove = async () => {
    await deleteTemplate(template.id);
    await refresh();
    onClose();
  };

  return (
    <Stack>
      <div>
        <Group gap="xs" mb={6}>
          <Status template={template} />
          <Text size="sm" c="var(--quiet)">
            {languageName(template.language, i18n.language)} ({template.language})
          </Text>
        </Group>
        <Explanation template={template} />
      </div>
      <Bubble components={template.components} />
      <SimpleGrid component="dl" cols={2} m={0} spacing="sm" verticalSpacing="sm">
        <Fact name={t('head.category')}>
          {t(`category.${template.category}` as 'category.UTILITY', { defaultValue: template.category })}
        </Fact>
        <Fact name={t('head.quality')}>
          <Quality quality={template.quality} />
        </Fact>
        <Fact name={t('head.sends')}>{count(template.sends)}</Fact>
        <Fact name={t('head.lastSent')}>
          <Ago at={template.last_sent_at} size="sm" />
        </Fact>
        <Fact name={t('head.synced')}>
          <Ago at={template.synced_at} size="sm" />
        </Fact>
        <Fact name={t('head.account')}>
          <span dir="ltr">{template.waba_id}</span>
        </Fact>
      </SimpleGrid>
      {template.previous_category && (
        <Text size="sm" c="var(--quiet)">
          {t('recategorised', {
            before: t(`category.${template.previous_category}` as 'category.UTILITY', {
              defaultValue: template.previous_category,
            }),
          })}
        </Text>
      )}
      {mayChange ? (
        <>
          <Group gap="xs">
            <Button
              leftSection={<IconPencil size={17} />}
              onClick={() => onBuild('edit')}
              disabled={whyNot !== undefined}
            >
              {t('edit')}
            </Button>
            <Button
              variant="default"
              leftSection={<IconCopy size={17} />}
              onClick={() => onBuild('copy')}
              disabled={!isKnown}
            >
              {t('copy')}
            </Button>
            {!isGone && (
              <ConfirmButton
                title={t('delete')}
                question={t('deleteQuestion', { name: template.name, language: template.language })}
                confirm={t('delete')}
                action={remove}
              >
                {t('delete')}
              </ConfirmButton>
            )}
          </Group>
          {whyNot && !isGone && (
            <Text size="xs" c="var(--quiet)">
              {whyNot}
            </Text>
          )}
        </>
      ) : (
        <Text size="sm" c="var(--quiet)">
          {t('parts:notAllowed')}
        </Text>
      )}
    </Stack>
  );
}

function Fact({ name, children }: { name: string; children: React.ReactNode }) {
  return (
    <div>
      <Text component="dt" size="xs" c="var(--quiet)">
        {name}
      </Text>
      <Text component="dd" size="sm" m={0} style={{ overflowWrap: 'anywhere' }}>
        {children}
      </Text>
    </div>
  );
}
