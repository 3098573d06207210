import { gather } from './gather';

export const words = gather(import.meta.glob('../*/words/ar.json', { eager: true, import: 'default' }));
