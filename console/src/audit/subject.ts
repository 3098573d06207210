/** Where the thing that was changed can be looked at. */

export interface Place {
  to: string;
  params?: Record<string, string>;
}

/** By the kind that its id begins with; none where it has no page of its own. */
export function placeOf(id: string): Place | null {
  switch (id.split('_')[0]) {
    case 'num':
      return { to: '/numbers/$numberId', params: { numberId: id } };
    case 'agt':
      return { to: '/agents/$agentId', params: { agentId: id } };
    case 'fil':
      return { to: '/knowledge/$fileId', params: { fileId: id } };
    case 'con':
      return { to: '/contacts/$contactId', params: { contactId: id } };
    case 'cnv':
      return { to: '/inbox/$conversationId', params: { conversationId: id } };
    case 'tpl':
      return { to: '/templates' };
    case 'med':
      return { to: '/media' };
    case 'evt':
      return { to: '/events' };
    case 'job':
      return { to: '/jobs' };
    case 'mem':
      return { to: '/members' };
    case 'key':
      return { to: '/keys' };
    case 'wsp':
      return { to: '/settings' };
    default:
      return null;
  }
}

/** The first moment of a day as a date field names it, in the reader's own time; of the day after, with `after`. */
export function dayStart(day: string | undefined, after = 0): string | undefined {
  const [year, month, date] = (day ?? '').split('-').map(Number);
  if (!year || !month || !date) return undefined;
  return new Date(year, month - 1, date + after).toISOString();
}
