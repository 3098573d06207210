import { gather } from './gather';

export const words = gather(import.meta.glob('../*/words/pt.json', { eager: true, import: 'default' }));
