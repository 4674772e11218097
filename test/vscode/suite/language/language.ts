import { completion } from './completion.ts';
import { editing } from './editing.ts';
import { problems } from './problems.ts';
import { reading } from './reading.ts';
import { redHat } from './red-hat.ts';

/** What the language service does in an editor. */
export function language(): void {
	problems();
	completion();
	reading();
	editing();
	redHat();
}
