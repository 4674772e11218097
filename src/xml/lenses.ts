import { attributeOf, elementsOf, type Span, type XmlElement } from '../definition/xml/tree.ts';
import type { DefinitionText } from './document.ts';
import type { Surroundings } from './file-name.ts';
import type { TextEdit } from '../definition/xml/edits.ts';
import { childNamed, nextRunsOf, shortTime, typeWord } from './runs.ts';

/** Something to do with a definition, shown above a line of it. */
export interface Lens {
	readonly span: Span;
	readonly action: LensAction;
}

export type LensAction =
	| { readonly kind: 'run-full' | 'run-incremental' | 'open-form' }
	/** Tells when; `text` is the time of the next run, undefined where none is due. */
	| { readonly kind: 'next'; readonly text: string | undefined }
	/** Turns a schedule on or off. */
	| { readonly kind: 'enable' | 'disable'; readonly edit: TextEdit };

/** Next runs are told of so many schedules: working them out takes its time, and nobody has more. */
const maxTimes = 100;

export function lenses(document: DefinitionText, surroundings: Surroundings): Lens[] {
	const { root } = document.xml;
	if (root === undefined || document.declarationOf(root) === undefined) return [];
	const span = root.nameSpan;
	const result: Lens[] = [
		{ span, action: { kind: 'run-full' } },
		{ span, action: { kind: 'run-incremental' } },
		{ span, action: { kind: 'next', text: nextText(document, root, surroundings) } },
		{ span, action: { kind: 'open-form' } },
	];
	const scheduling = childNamed(root, 'scheduling');
	const schedules = scheduling === undefined ? [] : elementsOf(scheduling).filter(({ local }) => local === 'schedule');
	for (const [index, schedule] of schedules.entries()) {
		result.push(...scheduleLenses(document, schedule, index < maxTimes ? surroundings : undefined));
	}
	return result;
}

/** @param surroundings undefined where the next run is not told */
function scheduleLenses(
	document: DefinitionText,
	schedule: XmlElement,
	surroundings: Surroundings | undefined,
): Lens[] {
	const span = schedule.nameSpan;
	const enable = attributeOf(schedule, 'enable');
	const on = enable?.value !== 'false' && enable?.value !== '0';
	const result: Lens[] = [];
	const text = on && surroundings !== undefined ? nextText(document, schedule, surroundings) : undefined;
	if (text !== undefined) result.push({ span, action: { kind: 'next', text } });
	const value = on ? 'false' : 'true';
	const end = schedule.attributes.at(-1)?.end ?? schedule.nameSpan.end;
	const edit =
		enable?.valueSpan === undefined
			? { start: end, end, text: ` enable="${value}"` }
			: { ...enable.valueSpan, text: value };
	if (enable === undefined || enable.valueSpan !== undefined) {
		result.push({ span, action: { kind: on ? 'disable' : 'enable', edit } });
	}
	return result;
}

function nextText(document: DefinitionText, element: XmlElement, surroundings: Surroundings): string | undefined {
	const [run] = nextRunsOf(document, element, 1, surroundings);
	if (run === undefined) return undefined;
	const time = shortTime(run.time, document, surroundings);
	return element.local === 'schedule' ? time : `${time} (${typeWord(run.backupType, surroundings.words.t)})`;
}
