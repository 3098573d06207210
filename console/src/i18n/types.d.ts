import 'i18next';

import type agents from '../agents/words/en.json';
import type analytics from '../analytics/words/en.json';
import type audit from '../audit/words/en.json';
import type contacts from '../contacts/words/en.json';
import type events from '../events/words/en.json';
import type inbox from '../inbox/words/en.json';
import type jobs from '../jobs/words/en.json';
import type keys from '../keys/words/en.json';
import type knowledge from '../knowledge/words/en.json';
import type media from '../media/words/en.json';
import type members from '../members/words/en.json';
import type numbers from '../numbers/words/en.json';
import type parts from '../parts/words/en.json';
import type settings from '../settings/words/en.json';
import type setup from '../setup/words/en.json';
import type shell from '../shell/words/en.json';
import type signin from '../signin/words/en.json';
import type templates from '../templates/words/en.json';
import type why from '../why/words/en.json';

declare module 'i18next' {
  interface CustomTypeOptions {
    defaultNS: 'shell';
    resources: {
      agents: typeof agents;
      analytics: typeof analytics;
      audit: typeof audit;
      contacts: typeof contacts;
      events: typeof events;
      inbox: typeof inbox;
      jobs: typeof jobs;
      keys: typeof keys;
      knowledge: typeof knowledge;
      media: typeof media;
      members: typeof members;
      numbers: typeof numbers;
      parts: typeof parts;
      settings: typeof settings;
      setup: typeof setup;
      shell: typeof shell;
      signin: typeof signin;
      templates: typeof templates;
      why: typeof why;
    };
  }
}
