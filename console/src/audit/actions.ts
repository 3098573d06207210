import type { operations } from '#schema';

/** What can be done, by the operation's id, in the order of a list to choose from. */
export const ACTIONS = {
  people: [
    'signIn',
    'updateSession',
    'signOut',
    'createMember',
    'updateMember',
    'deleteMember',
    'inviteMember',
    'acceptInvite',
    'createKey',
    'deleteKey',
  ],
  numbers: [
    'createNumber',
    'updateNumber',
    'deleteNumber',
    'checkNumber',
    'subscribeNumber',
    'registerNumber',
    'deregisterNumber',
    'setNumberPin',
    'updateNumberProfile',
    'setConversationalComponents',
  ],
  agents: [
    'createAgent',
    'updateAgent',
    'deleteAgent',
    'restoreAgentVersion',
    'uploadKnowledge',
    'deleteKnowledge',
  ],
  conversations: ['takeConversation', 'releaseConversation', 'createNote', 'deleteNote'],
  contacts: [
    'updateContact',
    'blockContact',
    'unblockContact',
    'noteConsent',
    'exportContact',
    'eraseContact',
  ],
  templates: ['createTemplate', 'updateTemplate', 'deleteTemplate', 'syncTemplates', 'uploadMedia', 'deleteMedia'],
  system: ['replayEvent', 'retryJob', 'retryJobs', 'createWorkspace', 'updateWorkspace'],
} as const satisfies Record<string, readonly (keyof operations)[]>;

export type ActionGroup = keyof typeof ACTIONS;
export type Action = (typeof ACTIONS)[ActionGroup][number];

export const isAction = (word: string): word is Action =>
  Object.values(ACTIONS).some((group) => (group as readonly string[]).includes(word));
