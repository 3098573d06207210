import i18next from 'i18next';

export function count(value: number): string {
  return new Intl.NumberFormat(i18next.language).format(value);
}

export function percent(part: number, whole: number): string {
  if (whole === 0) return '–';
  return new Intl.NumberFormat(i18next.language, { style: 'percent', maximumFractionDigits: 1 }).format(part / whole);
}

/** An amount in whatever currency it is: "12.50", "0.0021". */
export function money(value: number): string {
  const isTiny = value !== 0 && Math.abs(value) < 0.01;
  return new Intl.NumberFormat(
    i18next.language,
    isTiny ? { maximumSignificantDigits: 2 } : { minimumFractionDigits: 2, maximumFractionDigits: Math.abs(value) < 1 ? 4 : 2 },
  ).format(value);
}

/** "12 kB" */
export function bytes(size: number): string {
  const units = ['byte', 'kilobyte', 'megabyte', 'gigabyte'] as const;
  const step = size < 1000 ? 0 : Math.min(3, Math.floor(Math.log10(size) / 3));
  return new Intl.NumberFormat(i18next.language, {
    style: 'unit',
    unit: units[step],
    unitDisplay: step === 0 ? 'long' : 'short',
    maximumFractionDigits: step === 0 ? 0 : 1,
  }).format(size / 1000 ** step);
}
