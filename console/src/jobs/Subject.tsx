import { Anchor, Code } from '@mantine/core';
import { Link } from '@tanstack/react-router';
import { useTranslation } from 'react-i18next';

/** What a job is about, as a way there where there is a page for it. */
export function Subject({ id }: { id: string }) {
  const { t } = useTranslation('jobs');
  const way = wayTo(id);
  if (!way) return <Code title={id}>{id.length > 14 ? `${id.slice(0, 4)}…${id.slice(-6)}` : id}</Code>;
  return (
    <Anchor component={Link} {...(way.link as object)} size="sm" title={id} onClick={(click) => click.stopPropagation()}>
      {t(`subject.${way.what}`)}
    </Anchor>
  );
}

function wayTo(id: string) {
  switch (id.slice(0, 4)) {
    case 'cnv_':
      return { what: 'conversation', link: { to: '/inbox/$conversationId', params: { conversationId: id } } } as const;
    case 'fil_':
      return { what: 'file', link: { to: '/knowledge/$fileId', params: { fileId: id } } } as const;
    case 'med_':
      return { what: 'media', link: { to: '/media', search: { file: id } } } as const;
    case 'num_':
      return { what: 'number', link: { to: '/numbers/$numberId', params: { numberId: id } } } as const;
    case 'con_':
      return { what: 'contact', link: { to: '/contacts/$contactId', params: { contactId: id } } } as const;
    default:
      return undefined;
  }
}
