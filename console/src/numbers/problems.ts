/** What mends a problem of a number, by the API's word for it. */
export type Fix = 'token' | 'subscribe' | 'register' | 'settings' | 'templates' | 'manager' | 'check';

const FIXES: Record<string, Fix> = {
  no_access_token: 'token',
  token_unreadable: 'token',
  token_refused: 'token',
  token_expires: 'token',
  permission_missing: 'token',
  id_unknown: 'settings',
  no_waba_id: 'settings',
  not_subscribed: 'subscribe',
  callback_elsewhere: 'subscribe',
  not_connected: 'register',
  not_registered: 'register',
  templates_paused: 'templates',
  templates_disabled: 'templates',
  quality_red: 'manager',
  name_rejected: 'manager',
  meta_blocked: 'manager',
  meta_limited: 'manager',
  account_refused: 'manager',
  account_restricted: 'manager',
  account_disabled: 'manager',
  account_rejected: 'manager',
  account_deleted: 'manager',
  offboarded: 'manager',
  payment: 'manager',
  too_often: 'check',
  graph_unreachable: 'check',
  graph_refused: 'check',
};

/** None for what Meta has invented since. */
export const fixOf = (code: string): Fix | undefined => FIXES[code];

/** Where Meta shows a business's accounts. */
export const WHATSAPP_MANAGER = 'https://business.facebook.com/latest/whatsapp_manager';

/** `TIER_2K` -> 2000: how many people a day the business may write to first. */
export function limitOf(tier: string): number | 'unlimited' | null {
  if (tier === 'TIER_UNLIMITED') return 'unlimited';
  const [, digits, unit] = /^TIER_(\d+)(K|M)?$/.exec(tier) ?? [];
  if (!digits) return null;
  return Number(digits) * (unit === 'M' ? 1_000_000 : unit === 'K' ? 1000 : 1);
}
