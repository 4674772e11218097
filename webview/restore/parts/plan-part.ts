import type { Place } from '../model/places.ts';
import type { Plan } from '../model/plan.ts';

/** What the parts of the page take that show where on the target something goes. */
export interface PlanPart {
	readonly plan: Plan;
	readonly locked: boolean;
	readonly onPlace: (place: Place) => void;
	/** @param number of the partition in the image; undefined for none */
	readonly onGrow: (number: number | undefined) => void;
	/** @param on whether file systems that do not fit are made smaller */
	readonly onShrink: (on: boolean) => void;
}
