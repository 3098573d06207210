/** From a form to what Meta is told of the business. */
import type { Schemas } from '~/api/client';

/** Meta's lines of business. */
export const VERTICALS = [
  'ALCOHOL',
  'APPAREL',
  'AUTO',
  'BEAUTY',
  'EDU',
  'ENTERTAIN',
  'EVENT_PLAN',
  'FINANCE',
  'GOVT',
  'GROCERY',
  'HEALTH',
  'HOTEL',
  'NONPROFIT',
  'ONLINE_GAMBLING',
  'OTC_DRUGS',
  'OTHER',
  'PHYSICAL_GAMBLING',
  'PROF_SERVICES',
  'RESTAURANT',
  'RETAIL',
  'TRAVEL',
];

export function profileValues(profile: Schemas['Profile']) {
  return {
    about: profile.about ?? '',
    description: profile.description ?? '',
    address: profile.address ?? '',
    email: profile.email ?? '',
    vertical: profile.vertical ?? null,
    website1: profile.websites[0] ?? '',
    website2: profile.websites[1] ?? '',
    profile_picture_handle: '',
  };
}
export type ProfileValues = ReturnType<typeof profileValues>;

/** Only what differs; an emptied text takes away, but for `about`, which Meta keeps. */
export function profileChanges(profile: Schemas['Profile'], values: ProfileValues): Schemas['UpdateProfile'] {
  const before = profileValues(profile);
  const changes: Schemas['UpdateProfile'] = {};
  for (const field of ['about', 'description', 'address', 'email'] as const) {
    const value = values[field].trim();
    if (value !== before[field] && !(field === 'about' && value === '')) changes[field] = value;
  }
  if (values.vertical && values.vertical !== before.vertical) changes.vertical = values.vertical;
  const websites = [values.website1.trim(), values.website2.trim()].filter((address) => address !== '');
  if (websites.join(' ') !== profile.websites.join(' ')) changes.websites = websites;
  const handle = values.profile_picture_handle.trim();
  if (handle) changes.profile_picture_handle = handle;
  return changes;
}
