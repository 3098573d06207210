/** What the address of the audit log says. Days are as a date field names them. */
export interface AuditSearch {
  actor?: string;
  action?: string;
  subject?: string;
  from?: string;
  to?: string;
}

const FIELDS = ['actor', 'action', 'subject', 'from', 'to'] as const;

/** Only what is a word. */
export function auditSearch(search: Record<string, unknown>): AuditSearch {
  const given = FIELDS.flatMap((field) => {
    const value = search[field];
    return typeof value === 'string' && value !== '' ? [[field, value]] : [];
  });
  return Object.fromEntries(given) as AuditSearch;
}
