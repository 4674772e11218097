import { activation } from './suite/activation.ts';

/** Every suite of this tier, in the order in which they run. */
export const suites: readonly (readonly [string, () => void])[] = [['activation', activation]];
