import { gather } from './gather';

export const words = gather(import.meta.glob('../*/words/es.json', { eager: true, import: 'default' }));
