/** Every page and its address. Pages load when they are gone to. */
import { createRootRoute, createRoute, createRouter, lazyRouteComponent, Outlet, redirect } from '@tanstack/react-router';
import type { Namespace } from 'i18next';

import { auditSearch } from './audit/search';
import { loadWords } from './i18n';
import { isTab, type NumberTab } from './numbers/tabs';
import { isSettingsTab, type SettingsTab } from './settings/tabs';
import { Gate } from './shell/Gate';
import { NotFound, PageFailed, PageLoading } from './shell/states';

/** A page with its words: both are on their way at once. */
function page<Name extends string, Module extends Record<Name, unknown>>(
  words: Namespace,
  load: () => Promise<Module>,
  name: Name,
) {
  return lazyRouteComponent(async () => (await Promise.all([load(), loadWords(words)]))[0], name);
}

const root = createRootRoute({ component: Outlet, notFoundComponent: NotFound });

const join = createRoute({
  getParentRoute: () => root,
  path: '/join',
  component: page('signin', () => import('./signin/JoinPage'), 'JoinPage'),
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

// One for both addresses, so that opening a conversation keeps the list.
const inboxPage = page(['inbox', 'why'], () => import('./inbox/InboxPage'), 'InboxPage');

const pages = [
  createRoute({
    getParentRoute: () => inside,
    path: '/setup',
    component: page(['setup', 'numbers'], () => import('./setup/SetupPage'), 'SetupPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/inbox',
    validateSearch: inboxSearch,
    component: inboxPage,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/inbox/$conversationId',
    validateSearch: inboxSearch,
    component: inboxPage,
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/numbers',
    component: page('numbers', () => import('./numbers/NumbersPage'), 'NumbersPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/numbers/$numberId',
    validateSearch: (search: Record<string, unknown>): { tab?: NumberTab } => ({
      tab: isTab(search.tab) ? search.tab : undefined,
    }),
    component: page('numbers', () => import('./numbers/NumberPage'), 'NumberPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/agents',
    component: page(['agents', 'why'], () => import('./agents/AgentsPage'), 'AgentsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/agents/$agentId',
    component: page(['agents', 'why'], () => import('./agents/AgentPage'), 'AgentPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/knowledge',
    component: page('knowledge', () => import('./knowledge/KnowledgePage'), 'KnowledgePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/knowledge/$fileId',
    component: page('knowledge', () => import('./knowledge/FilePage'), 'FilePage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/templates',
    component: page('templates', () => import('./templates/TemplatesPage'), 'TemplatesPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/contacts',
    component: page('contacts', () => import('./contacts/ContactsPage'), 'ContactsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/contacts/$contactId',
    component: page('contacts', () => import('./contacts/ContactPage'), 'ContactPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/media',
    component: page('media', () => import('./media/MediaPage'), 'MediaPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/analytics',
    component: page(['analytics', 'events', 'jobs'], () => import('./analytics/AnalyticsPage'), 'AnalyticsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/events',
    component: page('events', () => import('./events/EventsPage'), 'EventsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/jobs',
    component: page('jobs', () => import('./jobs/JobsPage'), 'JobsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/keys',
    component: page('keys', () => import('./keys/KeysPage'), 'KeysPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/members',
    component: page('members', () => import('./members/MembersPage'), 'MembersPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/audit',
    validateSearch: auditSearch,
    component: page('audit', () => import('./audit/AuditPage'), 'AuditPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/settings',
    validateSearch: (search: Record<string, unknown>): { tab?: SettingsTab } => ({
      tab: isSettingsTab(search.tab) ? search.tab : undefined,
    }),
    component: page('settings', () => import('./settings/SettingsPage'), 'SettingsPage'),
  }),
  createRoute({
    getParentRoute: () => inside,
    path: '/account',
    component: page('signin', () => import('./signin/AccountPage'), 'AccountPage'),
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
