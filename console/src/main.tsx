import '@mantine/core/styles.css';
import '@mantine/notifications/styles.css';
import './base.css';

import { DirectionProvider, MantineProvider } from '@mantine/core';
import { Notifications } from '@mantine/notifications';
import { QueryClient, QueryClientProvider } from '@tanstack/react-query';
import { RouterProvider } from '@tanstack/react-router';
import { StrictMode } from 'react';
import { createRoot } from 'react-dom/client';

import { startWords } from './i18n';
import { nonce } from './nonce';
import { router } from './router';
import { beginSession } from './session';
import { theme } from './theme';

const queryClient = new QueryClient({
  defaultOptions: {
    queries: {
      // What a page shows again is asked again: while it was away nobody told it of changes.
      staleTime: 0,
      // A refusal will not change by asking again; a broken connection may.
      retry: (failures, error) => failures < 2 && error instanceof TypeError,
      refetchOnWindowFocus: true,
    },
  },
});

const root = document.getElementById('root');
if (!root) throw new Error('index.html has no #root');

// What the first page needs is on its way at once: who is signed in, its code, its words.
void beginSession(queryClient);
void router.load();
startWords().then(() =>
  createRoot(root).render(
    <StrictMode>
      <DirectionProvider>
        <MantineProvider theme={theme} defaultColorScheme="auto" getStyleNonce={() => nonce}>
          <QueryClientProvider client={queryClient}>
            <Notifications position="bottom-right" />
            <RouterProvider router={router} />
          </QueryClientProvider>
        </MantineProvider>
      </DirectionProvider>
    </StrictMode>,
  ),
);
