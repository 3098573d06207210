import { createContext, useContext } from 'react';

import type { Message } from '../queries';

/** What can be done with a bubble, wherever it stands. The same object for as long as the chat is open. */
export interface ChatActions {
  why: (message: Message) => void;
  reply: (message: Message) => void;
  /** Scrolls to a message, wherever it is. */
  goTo: (messageId: string) => void;
  menu: (message: Message, anchor: HTMLElement) => void;
  /** Shows a picture or a film large. */
  look: (message: Message) => void;
  mayWrite: boolean;
  agentName: string | undefined;
}

export const ChatContext = createContext<ChatActions | null>(null);

export function useChat(): ChatActions {
  const actions = useContext(ChatContext);
  if (!actions) throw new Error('a bubble outside of a chat');
  return actions;
}
