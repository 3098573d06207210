import { Alert, Button, Center } from '@mantine/core';
import { lazy, Suspense } from 'react';
import { useTranslation } from 'react-i18next';

import { SessionProvider, useSessionQuery } from '../session';
import { Frame } from './Frame';
import { PageLoading } from './states';

const SignInPage = lazy(() => import('../signin/SignInPage').then((page) => ({ default: page.SignInPage })));

/** Shows the console to whoever is signed in, and the way in to everybody else. */
export function Gate() {
  const { t } = useTranslation('shell');
  const { data: session, error, refetch } = useSessionQuery();
  if (session) {
    return (
      <SessionProvider session={session}>
        <Frame />
      </SessionProvider>
    );
  }
  if (session === null) {
    return (
      <Suspense fallback={<PageLoading />}>
        <SignInPage />
      </Suspense>
    );
  }
  if (error) {
    return (
      <Center mih="100vh">
        <Alert color="red" title={t('unreachable.title')}>
          <Button mt="sm" variant="default" onClick={() => refetch()}>
            {t('failed.again')}
          </Button>
        </Alert>
      </Center>
    );
  }
  return <PageLoading />;
}
