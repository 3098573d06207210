import { Alert, Button, Center, Loader, Stack, Text, Title } from '@mantine/core';
import { type ErrorComponentProps, Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

export function PageLoading() {
  const { t } = useTranslation('shell');
  return (
    <Center mih="50vh" role="status" aria-label={t('loading')}>
      <Loader />
    </Center>
  );
}

export function NotFound() {
  const { t } = useTranslation('shell');
  return (
    <Center mih="60vh" p="xl">
      <Stack align="center">
        <Title order={1}>{t('notFound.title')}</Title>
        <Text>{t('notFound.text')}</Text>
        <Button component={Link} to="/inbox">
          {t('notFound.home')}
        </Button>
      </Stack>
    </Center>
  );
}

/** A page that broke; the rest of the console goes on. */
export function PageFailed({ error, reset }: ErrorComponentProps) {
  const { t } = useTranslation('shell');
  return (
    <Alert color="red" m="xl" title={t('failed.title')}>
      <Text mb="md">{error instanceof Error ? error.message : String(error)}</Text>
      <Button variant="default" onClick={reset}>
        {t('failed.again')}
      </Button>
    </Alert>
  );
}
