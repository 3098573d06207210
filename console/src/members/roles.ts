import type { Role } from '~/session';

/** From the one who may most to the one who may least. */
export const ROLES: Role[] = ['admin', 'editor', 'operator', 'viewer'];
