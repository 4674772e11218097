import { readdirSync } from 'node:fs';

/** Names of what is in a folder for images, but for what the engine notes there. */
export const imageFiles = (folder: string): string[] => readdirSync(folder).filter((name) => !name.startsWith('.'));
