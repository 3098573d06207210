/** The instance's settings, as they run. */
import { $api, type Schemas } from '~/api/client';

export type InstanceSettings = Schemas['Settings'];
export type Section = Schemas['SettingsSection'];
export type Setting = Section['settings'][number];

export const useInstanceSettings = () => $api.useQuery('get', '/api/v1/settings');
