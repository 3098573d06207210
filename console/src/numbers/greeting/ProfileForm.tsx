import { Anchor, Button, Group, Select, SimpleGrid, Stack, Text, Textarea, TextInput } from '@mantine/core';
import { useForm } from '@mantine/form';
import { useQueryClient } from '@tanstack/react-query';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import { api, ok, type Schemas } from '~/api/client';
import { Failure, notifyDone } from '~/parts/Failure';
import { placeErrors } from '~/parts/fields';
import { useMay } from '~/session';
import { profileChanges, profileValues, VERTICALS } from './profile';

/** The business as customers see it in the chat. */
export function ProfileForm({ id, profile }: { id: string; profile: Schemas['Profile'] }) {
  const { t, i18n } = useTranslation(['numbers', 'parts']);
  const isAdmin = useMay();
  const queryClient = useQueryClient();
  const [error, setError] = useState<unknown>(null);
  const form = useForm({ initialValues: profileValues(profile) });
  const changes = profileChanges(profile, form.values);
  const isChanged = Object.keys(changes).length > 0;

  const save = form.onSubmit(async () => {
    setError(null);
    try {
      const path = '/api/v1/numbers/{number_id}/profile';
      const saved = await ok(api.PATCH(path, { params: { path: { number_id: id } }, body: changes }));
      queryClient.setQueryData(['get', path, { params: { path: { number_id: id } } }], saved);
      form.setValues(profileValues(saved));
      notifyDone(t('profile.saved'));
    } catch (thrown) {
      if (!placeErrors(form, thrown)) setError(thrown);
    }
  });

  const vertical = form.values.vertical;
  const verticals = vertical && !VERTICALS.includes(vertical) ? [...VERTICALS, vertical] : VERTICALS;
  return (
    <form onSubmit={save}>
      <Stack>
        <Text size="sm" c="var(--quiet)">
          {t('profile.text')}
        </Text>
        <TextInput
          label={t('profile.about')}
          description={t('profile.aboutHint')}
          maxLength={139}
          disabled={!isAdmin}
          {...form.getInputProps('about')}
        />
        <Textarea
          label={t('profile.description')}
          maxLength={512}
          autosize
          minRows={2}
          maxRows={6}
          disabled={!isAdmin}
          {...form.getInputProps('description')}
        />
        <SimpleGrid cols={{ base: 1, xs: 2 }}>
          <Select
            label={t('profile.vertical')}
            searchable
            disabled={!isAdmin}
            data={verticals.map((value) => ({
              value,
              label: i18n.exists(`numbers:vertical.${value}`) ? t(`vertical.${value as 'RETAIL'}`) : value,
            }))}
            {...form.getInputProps('vertical')}
          />
          <TextInput
            label={t('profile.email')}
            type="email"
            maxLength={128}
            disabled={!isAdmin}
            {...form.getInputProps('email')}
          />
          <TextInput
            label={t('profile.website1')}
            type="url"
            placeholder="https://"
            maxLength={256}
            disabled={!isAdmin}
            {...form.getInputProps('website1')}
          />
          <TextInput
            label={t('profile.website2')}
            type="url"
            placeholder="https://"
            maxLength={256}
            disabled={!isAdmin}
            {...form.getInputProps('website2')}
          />
        </SimpleGrid>
        <TextInput
          label={t('profile.address')}
          maxLength={256}
          disabled={!isAdmin}
          {...form.getInputProps('address')}
        />
        <TextInput
          label={t('profile.picture')}
          description={t('profile.pictureHint')}
          disabled={!isAdmin}
          {...form.getInputProps('profile_picture_handle')}
        />
        {profile.profile_picture_url && (
          <Anchor href={profile.profile_picture_url} target="_blank" rel="noreferrer" size="sm">
            {t('profile.pictureNow')}
          </Anchor>
        )}
        {form.errors.websites && <Failure error={{ title: t('profile.website1'), detail: form.errors.websites }} />}
        <Failure error={error} />
        {isAdmin ? (
          <Group justify="flex-end">
            <Button type="submit" loading={form.submitting} disabled={!isChanged}>
              {t('profile.save')}
            </Button>
          </Group>
        ) : (
          <Text size="sm" c="var(--quiet)">
            {t('parts:notAllowed')}
          </Text>
        )}
      </Stack>
    </form>
  );
}
