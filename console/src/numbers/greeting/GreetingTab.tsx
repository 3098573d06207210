import { Skeleton, Stack } from '@mantine/core';
import { useTranslation } from 'react-i18next';

import { $api, type Schemas } from '~/api/client';
import { Failure } from '~/parts/Failure';
import { Nothing } from '~/parts/Nothing';
import { Panel } from '~/parts/Panel';
import { OpenersForm } from './OpenersForm';
import { ProfileForm } from './ProfileForm';

/** What customers see before they write: both live at Meta and are asked for when they are looked at. */
export function GreetingTab({ number }: { number: Schemas['Number'] }) {
  const { t } = useTranslation('numbers');
  if (!number.has_access_token) {
    return (
      <Panel>
        <Nothing title={t('token.none')} text={t('profile.noToken')} />
      </Panel>
    );
  }
  return (
    <Stack maw={760}>
      <Profile id={number.id} />
      <Openers id={number.id} />
    </Stack>
  );
}

function Profile({ id }: { id: string }) {
  const { t } = useTranslation('numbers');
  const profile = $api.useQuery('get', '/api/v1/numbers/{number_id}/profile', { params: { path: { number_id: id } } });
  return (
    <Panel title={t('profile.title')}>
      {profile.error ? <Failure error={profile.error} /> : null}
      {profile.isPending && <Skeleton h={220} aria-hidden />}
      {profile.data && <ProfileForm id={id} profile={profile.data} />}
    </Panel>
  );
}

function Openers({ id }: { id: string }) {
  const { t } = useTranslation('numbers');
  const there = $api.useQuery('get', '/api/v1/numbers/{number_id}/conversational-components', {
    params: { path: { number_id: id } },
  });
  return (
    <Panel title={t('openers.title')}>
      {there.error ? <Failure error={there.error} /> : null}
      {there.isPending && <Skeleton h={160} aria-hidden />}
      {there.data && <OpenersForm id={id} there={there.data} />}
    </Panel>
  );
}
