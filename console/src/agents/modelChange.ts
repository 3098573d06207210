/** What of an agent's model is sent when its form is saved. Keys are write-only, and belong to the service they came with. */
import type { Schemas } from '~/api/client';

export interface ModelValues {
  name: string;
  temperature: number | string;
  max_output_tokens: number | string;
  /** Whether the agent has a service of its own. */
  own: boolean;
  base_url: string;
  api_key: string;
  /** Take the stored key away. */
  dropKey: boolean;
}

export function valuesOf(model: Schemas['Model']): ModelValues {
  return {
    name: model.name ?? '',
    temperature: model.temperature ?? '',
    max_output_tokens: model.max_output_tokens ?? '',
    own: model.base_url != null,
    base_url: model.base_url ?? '',
    api_key: '',
    dropKey: false,
  };
}

/** Whether the stored key would have to go to another service. */
export function needsKey(model: Schemas['Model'], values: ModelValues): boolean {
  const moves = values.own && values.base_url.trim() !== (model.base_url ?? '');
  return model.has_api_key && moves && values.api_key === '' && !values.dropKey;
}

const numberOrNull = (value: number | string) => (value === '' ? null : Number(value));

/** What changes; null when nothing does. */
export function modelChange(model: Schemas['Model'], values: ModelValues): Schemas['ModelSettings'] | null {
  const wanted = {
    name: values.name.trim() || null,
    temperature: numberOrNull(values.temperature),
    max_output_tokens: numberOrNull(values.max_output_tokens),
    base_url: values.own ? values.base_url.trim() || null : null,
  };
  const change: Schemas['ModelSettings'] = {};
  if (wanted.name !== (model.name ?? null)) change.name = wanted.name;
  if (wanted.temperature !== (model.temperature ?? null)) change.temperature = wanted.temperature;
  if (wanted.max_output_tokens !== (model.max_output_tokens ?? null)) {
    change.max_output_tokens = wanted.max_output_tokens;
  }
  if (wanted.base_url !== (model.base_url ?? null)) change.base_url = wanted.base_url;
  if (values.own && values.api_key !== '') change.api_key = values.api_key;
  // A key without its service would go to the instance's.
  else if (model.has_api_key && (values.dropKey || !values.own)) change.api_key = null;
  return Object.keys(change).length > 0 ? change : null;
}
