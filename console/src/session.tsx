/** Who is signed in, and what they may do. */
import { type QueryClient, useQuery, useQueryClient } from '@tanstack/react-query';
import { createContext, type ReactNode, useContext, useEffect, useMemo } from 'react';

import { api, ok, type Schemas, setCsrfToken, whenSignedOut } from './api/client';

export type Role = Schemas['Role'];

/** The session as the API tells it. */
export type Session = Schemas['Session'];

const SESSION_KEY = ['session'];

/** `null` when nobody is signed in. */
async function readSession(): Promise<Session | null> {
  const answer = await api.GET('/api/v1/session');
  return answer.response.status === 401 ? null : ok(Promise.resolve(answer));
}

const sessionQuery = { queryKey: SESSION_KEY, queryFn: readSession, staleTime: Infinity, retry: 2 };

/** Asks who is signed in before anything is there to show it. */
export const beginSession = (queryClient: QueryClient) => queryClient.prefetchQuery(sessionQuery);

/** The session, `null` when nobody is signed in, `undefined` while it is not known. */
export function useSessionQuery() {
  const queryClient = useQueryClient();
  const query = useQuery(sessionQuery);
  setCsrfToken(query.data?.csrf_token ?? null);
  useEffect(() => whenSignedOut(() => queryClient.setQueryData(SESSION_KEY, null)), [queryClient]);
  return query;
}

export type Credentials = { key: string } | { email: string; password: string };

export function useSignIn() {
  const queryClient = useQueryClient();
  return useMemo(
    () => ({
      async signIn(credentials: Credentials) {
        queryClient.setQueryData(SESSION_KEY, await ok(api.POST('/api/v1/session', { body: credentials })));
      },
      async signOut() {
        await api.DELETE('/api/v1/session').catch(() => null);
        queryClient.clear();
        queryClient.setQueryData(SESSION_KEY, null);
      },
      /** Takes a session that was begun elsewhere, such as by an invitation. */
      begin: (session: Session) => queryClient.setQueryData(SESSION_KEY, session),
      refresh: () => queryClient.invalidateQueries({ queryKey: SESSION_KEY }),
    }),
    [queryClient],
  );
}

const SessionContext = createContext<Session | null>(null);

export function SessionProvider({ session, children }: { session: Session; children: ReactNode }) {
  return <SessionContext.Provider value={session}>{children}</SessionContext.Provider>;
}

/** The session, below the frame: there is always one there. */
export function useSession(): Session {
  const session = useContext(SessionContext);
  if (!session) throw new Error('nobody is signed in here');
  return session;
}

/** Whether whoever is signed in may do what takes one of these roles; an admin may do all. */
export function useMay(...roles: Role[]): boolean {
  const { role } = useSession();
  return role === 'admin' || roles.includes(role);
}
