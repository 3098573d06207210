import { useEffect, useRef, useState } from 'react';

import { api } from '~/api/client';

/** Somebody who has not touched a key for this long does not write any more. */
const STOPPED_MS = 5_000;
/** WhatsApp shows it for 25 seconds. */
const TELL_MS = 20_000;

/** Whether somebody is writing right now. */
export function useTyping(text: string): boolean {
  const [isTyping, setTyping] = useState(false);
  const before = useRef(text);
  useEffect(() => {
    if (text === before.current) return;
    before.current = text;
    setTyping(text !== '');
    const timer = setTimeout(() => setTyping(false), STOPPED_MS);
    return () => clearTimeout(timer);
  }, [text]);
  return isTyping;
}

/** Lets the customer see that a person writes, where a person answers anyway. */
export function useTellCustomer(conversationId: string, isTyping: boolean, mayTell: boolean) {
  const told = useRef(0);
  useEffect(() => {
    if (!isTyping || !mayTell || Date.now() - told.current < TELL_MS) return;
    told.current = Date.now();
    // A courtesy: what Meta has against it is nothing the writer could mend.
    void api.POST('/api/v1/conversations/{conversation_id}/typing', { params: { path: { conversation_id: conversationId } } }).catch(() => undefined);
  }, [conversationId, isTyping, mayTell]);
}
