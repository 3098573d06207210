/** Every page and its address. Pages load when they are gone to. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';

import { auditSearch } from './audit/search';
import { isTab, type NumberTab } from './numbers/tabs';
import { isSettingsTab, type SettingsTab } from './settings/tabs';
import { Gate } from './shell/Gate';
import { NotFound, PageFailed, PageLoading } from './shell/states';

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: lazyRouteComponent(() => import('./signin/JoinPage'), 'JoinPage'),
});

/** All below needs somebody to be signed in. */
const inside = createRoute({ getParentRoute: () => root, id: 'inside', component: Gate });

const home = createRoute({
  getParentRoute: () => inside,
  path: '/',
  beforeLoad: () => {
    throw redirect({ to: '/inbox' });
  },
});

/** What the address of the inbox says. */
export interface InboxSearch {
  /** A tab of the list. */
  show?: 'all' | 'unread' | 'mine' | 'human' | 'agent' | 'tasks' | 'closing';
  number?: string;
  agent?: string;
  q?: string;
  /** A message to go to. */
  message?: string;
}

/** All are words: the router reads a phone's digits as a number. */
const inboxSearch = (search: Record<string, unknown>) =>
  Object.fromEntries(Object.entries(search).map(([name, value]) => [name, String(value)])) as InboxSearch;

const pages = [
  createRoute({
    getParentRoute: () => inside,
    path: '/setup',
    component: lazyRouteComponent(() => import('./setup/SetupPage'), 'SetupPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/inbox',
    validateSearch: inboxSearch,
    component: lazyRouteComponent(() => import('./inbox/InboxPage'), 'InboxPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/inbox/$conversationId',
    validateSearch: inboxSearch,
    component: lazyRouteComponent(() => import('./inbox/InboxPage'), 'InboxPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/numbers',
    component: lazyRouteComponent(() => import('./numbers/NumbersPage'), 'NumbersPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/numbers/$numberId',
    validateSearch: (search: Record<string, unknown>): { tab?: NumberTab } => ({
      tab: isTab(search.tab) ? search.tab : undefined,
    }),
    component: lazyRouteComponent(() => import('./numbers/NumberPage'), 'NumberPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/agents',
    component: lazyRouteComponent(() => import('./agents/AgentsPage'), 'AgentsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/agents/$agentId',
    component: lazyRouteComponent(() => import('./agents/AgentPage'), 'AgentPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/knowledge',
    component: lazyRouteComponent(() => import('./knowledge/KnowledgePage'), 'KnowledgePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/knowledge/$fileId',
    component: lazyRouteComponent(() => import('./knowledge/FilePage'), 'FilePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/templates',
    component: lazyRouteComponent(() => import('./templates/TemplatesPage'), 'TemplatesPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/contacts',
    component: lazyRouteComponent(() => import('./contacts/ContactsPage'), 'ContactsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/contacts/$contactId',
    component: lazyRouteComponent(() => import('./contacts/ContactPage'), 'ContactPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/media',
    component: lazyRouteComponent(() => import('./media/MediaPage'), 'MediaPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/analytics',
    component: lazyRouteComponent(() => import('./analytics/AnalyticsPage'), 'AnalyticsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/events',
    component: lazyRouteComponent(() => import('./events/EventsPage'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/jobs',
    component: lazyRouteComponent(() => import('./jobs/JobsPage'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/keys',
    component: lazyRouteComponent(() => import('./keys/KeysPage'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/members',
    component: lazyRouteComponent(() => import('./members/MembersPage'), 'MembersPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/audit',
    validateSearch: auditSearch,
    component: lazyRouteComponent(() => import('./audit/AuditPage'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    validateSearch: (search: Record<string, unknown>): { tab?: SettingsTab } => ({
      tab: isSettingsTab(search.tab) ? search.tab : undefined,
    }),
    component: lazyRouteComponent(() => import('./settings/SettingsPage'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account',
    component: lazyRouteComponent(() => import('./signin/AccountPage'), 'AccountPage'),
  }),
] as const;

export const router = createRouter({
  routeTree: root.addChildren([join, inside.addChildren([home, ...pages])]),
  defaultPreload: 'intent',
  defaultPendingComponent: PageLoading,
  defaultErrorComponent: PageFailed,
});

declare module '@tanstack/react-router' {
  interface Register {
    router: typeof router;
  }
}
