/** How somebody signed in on this browser the last time. */
const STORED = 'switchboard-way-in';

export const lastWay = () => localStorage.getItem(STORED);
export const rememberWay = (way: 'key' | 'member') => localStorage.setItem(STORED, way);
