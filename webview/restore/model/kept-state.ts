import { flag, list, object, optional, text } from '../../../src/protocol/check.ts';
import { restoreFields } from '../../../src/protocol/restore-checks.ts';
import { emptyState, type PageState } from './page-state.ts';

const { file, disk, partitions, target, into, grow } = restoreFields;

/** Another version of the extension may have kept it. */
const checkKept = object({
	file,
	disk: optional(disk),
	partitions,
	target: optional(target),
	newFiles: list(text(), 100),
	into,
	grow,
	shrink: optional(flag),
	options: object({ delta: flag, verify: flag, newId: flag, skipBad: flag }),
});

/** What survives a reload of the page. The confirmation does not: it is typed anew. */
export type KeptState = ReturnType<typeof checkKept>;

/** Undefined before there is something to keep. */
export function keptOf(state: PageState): KeptState | undefined {
	const { file, disk, partitions, target, newFiles, into, grow, shrink, options } = state;
	if (file === '') return undefined;
	return {
		file,
		...(disk === undefined ? {} : { disk }),
		...(partitions === undefined ? {} : { partitions }),
		...(target === undefined ? {} : { target }),
		newFiles,
		...(into === undefined ? {} : { into }),
		...(grow === undefined ? {} : { grow }),
		...(shrink ? { shrink } : {}),
		options,
	};
}

/** The page as it was before a reload; as it opens first when what was kept is not understood. */
export function stateFrom(kept: unknown): PageState {
	try {
		const { shrink = false, ...others } = checkKept(kept, 'state');
		return { ...emptyState, ...others, shrink };
	} catch {
		return emptyState;
	}
}
