import { Button, Group, Skeleton, Text, UnstyledButton } from '@mantine/core';
import { IconPlus } from '@tabler/icons-react';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { useAddress } from '~/parts/address';
import { count } from '~/parts/numbers';
import { Page } from '~/parts/Page';
import { PagedTable } from '~/parts/PagedTable';
import { Panel } from '~/parts/Panel';
import { Ago } from '~/parts/time';
import { useMay } from '~/session';

import { FilterBar } from './FilterBar';
import { languageName } from './languages';
import { partsOf } from './parts';
import { Quality, Status } from './Status';
import { SyncButton } from './SyncButton';
import { TemplateDrawer } from './TemplateDrawer';
import { FILTERS, type Template, useLiveTemplates, useTemplates } from './templates';
import classes from './Templates.module.css';

const Builder = lazy(() => import('./builder/Builder').then((module) => ({ default: module.Builder })));

export function TemplatesPage() {
  const { t } = useTranslation('templates');
  const [address, setAddress] = useAddress(...FILTERS, 'template', 'build');
  useLiveTemplates();
  if (address.build) {
    return (
      <Suspense fallback={<Skeleton h={420} m="xl" radius="lg" />}>
        <Builder
          key={`${address.build}-${address.template ?? ''}`}
          how={address.build === 'edit' || address.build === 'copy' ? address.build : 'new'}
          templateId={address.template}
          onDone={(template) => setAddress({ build: undefined, template })}
        />
      </Suspense>
    );
  }
  return (
    <List
      title={t('title')}
      address={address}
      setAddress={setAddress}
    />
  );
}

function List({
  title,
  address,
  setAddress,
}: {
  title: string;
  address: ReturnType<typeof useAddress<(typeof FILTERS)[number] | 'template' | 'build'>>[0];
  setAddress: ReturnType<typeof useAddress<(typeof FILTERS)[number] | 'template' | 'build'>>[1];
}) {
  const { t, i18n } = useTranslation('templates');
  const mayChange = useMay('editor');
  const templates = useTemplates(address);
  const isFiltered = FILTERS.some((name) => address[name]);
  const open = (template: Template) => setAddress({ template: template.id });
  const add = mayChange && (
    <Button leftSection={<IconPlus size={18} />} onClick={() => setAddress({ build: 'new', template: undefined })}>
      {t('create')}
    </Button>
  );

  return (
    <Page
      title={title}
      lead={t('lead')}
      actions={
        mayChange && (
          <>
            <SyncButton />
            {add}
          </>
        )
      }
    >
      <FilterBar filters={address} onChange={setAddress} />
      <Panel p={0}>
        <PagedTable<Template>
          label={title}
          query={templates}
          empty={
            isFiltered ? t('nothing', { returnObjects: true }) : { ...t('empty', { returnObjects: true }), action: add }
          }
          onRow={open}
          columns={[
            {
              head: t('head.name'),
              cell: (template) => (
                <UnstyledButton
                  className={classes.name}
                  onClick={(event) => {
                    event.stopPropagation();
                    open(template);
                  }}
                >
                  <Text size="sm" fw={600} span data-words>
                    {template.name}
                  </Text>
                  <Text size="xs" c="var(--quiet)" span lineClamp={1} data-words>
                    {partsOf(template.components).body ?? t('code.body')}
                  </Text>
                </UnstyledButton>
              ),
            },
            {
              head: t('head.language'),
              cell: (template) => <Text size="sm">{languageName(template.language, i18n.language)}</Text>,
              wideOnly: true,
            },
            {
              head: t('head.category'),
              cell: (template) => (
                <Text size="sm">
                  {t(`category.${template.category}` as 'category.UTILITY', { defaultValue: template.category })}
                </Text>
              ),
              wideOnly: true,
            },
            { head: t('head.status'), cell: (template) => <Status template={template} /> },
            { head: t('head.quality'), cell: (template) => <Quality quality={template.quality} />, wideOnly: true },
            {
              head: t('head.sends'),
              cell: (template) => (
                <Group gap={6} wrap="nowrap">
                  <Text size="sm">{count(template.sends)}</Text>
                  {template.last_sent_at && <Ago at={template.last_sent_at} size="xs" c="var(--quiet)" />}
                </Group>
              ),
              wideOnly: true,
            },
          ]}
        />
      </Panel>
      {address.template && (
        <TemplateDrawer
          id={address.template}
          onClose={() => setAddress({ template: undefined })}
          onBuild={(build) => setAddress({ build })}
        />
      )}
    </Page>
  );
}
