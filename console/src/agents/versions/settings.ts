import type { AgentVersion } from '../queries';

type Settings = Pick<AgentVersion, 'name' | 'model' | 'window_template' | 'fact_lock'>;

export type SettingName = 'name' | 'model' | 'temperature' | 'output' | 'service' | 'key' | 'lock' | 'late';

/** What differs between two versions besides their instructions. */
export function settingsThatDiffer(before: Settings, after: Settings) {
  const of = (one: Settings): [SettingName, string | null][] => [
    ['name', one.name],
    ['model', one.model.name ?? null],
    ['temperature', one.model.temperature?.toString() ?? null],
    ['output', one.model.max_output_tokens?.toString() ?? null],
    ['service', one.model.base_url ?? null],
    ['key', one.model.has_api_key ? '••••••••' : null],
    ['lock', one.fact_lock],
    [
      'late',
      one.window_template
        ? [`${one.window_template.name} · ${one.window_template.language}`, ...(one.window_template.parameters ?? [])].join('\n')
        : null,
    ],
  ];
  const later = of(after);
  return of(before)
    .map(([name, value], at) => ({ name, before: value, after: later[at]![1] }))
    .filter((setting) => setting.before !== setting.after);
}
