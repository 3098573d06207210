import { createContext, useContext } from 'react';

import type { Pending } from './outbox';

/** What can be done with a message that was not sent. */
export interface ComposerActions {
  again: (pending: Pending) => void;
  /** Puts it back where it was written. */
  edit: (pending: Pending) => void;
}

export const ComposerContext = createContext<ComposerActions>({ again: () => undefined, edit: () => undefined });

export const useComposer = () => useContext(ComposerContext);
