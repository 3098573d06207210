/** The pages that the navigation and the palette lead to, in their order, and who finds something there. */
import {
  IconAddressBook,
  IconBook2,
  IconChartHistogram,
  IconHistory,
  IconInbox,
  IconKey,
  IconListCheck,
  IconPhoto,
  IconPhone,
  IconRobot,
  IconRocket,
  IconSettings,
  IconTemplate,
  IconUsers,
  IconWebhook,
} from '@tabler/icons-react';

import type { Role } from '../session';

const EVERYBODY: Role[] = ['admin', 'editor', 'operator', 'viewer'];
const ADMINS: Role[] = ['admin'];

export const places = [
  { name: 'inbox', to: '/inbox', icon: IconInbox, group: 'work', roles: EVERYBODY },
  { name: 'contacts', to: '/contacts', icon: IconAddressBook, group: 'work', roles: EVERYBODY },
  { name: 'media', to: '/media', icon: IconPhoto, group: 'work', roles: EVERYBODY },
  { name: 'analytics', to: '/analytics', icon: IconChartHistogram, group: 'work', roles: EVERYBODY },
  { name: 'agents', to: '/agents', icon: IconRobot, group: 'build', roles: EVERYBODY },
  { name: 'knowledge', to: '/knowledge', icon: IconBook2, group: 'build', roles: EVERYBODY },
  { name: 'templates', to: '/templates', icon: IconTemplate, group: 'build', roles: EVERYBODY },
  { name: 'numbers', to: '/numbers', icon: IconPhone, group: 'run', roles: EVERYBODY },
  { name: 'events', to: '/events', icon: IconWebhook, group: 'run', roles: EVERYBODY },
  { name: 'jobs', to: '/jobs', icon: IconListCheck, group: 'run', roles: EVERYBODY },
  { name: 'setup', to: '/setup', icon: IconRocket, group: 'run', roles: ADMINS },
  { name: 'members', to: '/members', icon: IconUsers, group: 'admin', roles: ADMINS },
  { name: 'keys', to: '/keys', icon: IconKey, group: 'admin', roles: ADMINS },
  { name: 'audit', to: '/audit', icon: IconHistory, group: 'admin', roles: ADMINS },
  { name: 'settings', to: '/settings', icon: IconSettings, group: 'admin', roles: ADMINS },
] as const satisfies readonly {
  name: string;
  to: string;
  icon: typeof IconInbox;
  group: 'work' | 'build' | 'run' | 'admin';
  roles: Role[];
}[];

export type Place = (typeof places)[number];
