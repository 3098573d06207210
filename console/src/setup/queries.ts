/** What the first steps need. */
import { $api, type Schemas } from '~/api/client';

export type Setup = Schemas['Setup'];
export type StepName = Setup['steps'][number]['name'];

export const SETUP_KEY = ['get', '/api/v1/setup'];

export const useSetup = (enabled = true) => $api.useQuery('get', '/api/v1/setup', {}, { enabled });
