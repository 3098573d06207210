import { VisuallyHidden } from '@mantine/core';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';

import type { Conversation } from '../queries';
import { contactName } from '../names';
import { describe } from '../preview';

/** Says what the customer writes, as it comes, for those who hear the page. */
export function Announcer({ conversation }: { conversation: Conversation }) {
  const { t } = useTranslation('inbox');
  const [said, setSaid] = useState('');
  const last = conversation.last_message;
  const [known, setKnown] = useState(last?.id);
  if (last && last.id !== known) {
    setKnown(last.id);
    if (last.direction === 'inbound') setSaid(`${contactName(conversation.contact)}: ${describe(last, t).text}`);
  }
  return (
    <VisuallyHidden role="status" aria-live="polite">
      {said}
    </VisuallyHidden>
  );
}
