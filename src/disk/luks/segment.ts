import { AfterimageError } from '../../base/errors.ts';

/** Bytes of a LUKS2 volume. */
export interface DataSegment {
	readonly start: number;
	/** Undefined: to its end. */
	readonly length: number | undefined;
}

/**
 * The one data segment that the JSON of a LUKS2 header describes (LUKS2 On-Disk Format 1.1.1, sections 3.3 and 3.5).
 * @throws AfterimageError `structure-damaged`; `not-supported` for several, which are encrypted anew at the time, for
 * checksums beside the data, and for what the header requires its readers to know
 */
export function dataSegment(json: string): DataSegment {
	const root = recordOf(parsed(json), 'its JSON');
	const needed = recordOf(root['config'] ?? {}, 'config')['requirements'];
	if (needed !== undefined) throw unknown(`requirements ${JSON.stringify(needed)}`);
	const segments = Object.values(recordOf(root['segments'], 'segments'));
	if (segments.length !== 1) throw unknown(`${segments.length} data segments`);
	const segment = recordOf(segments[0], 'a segment');
	if (segment['type'] !== 'crypt') throw unknown(`a segment of the type ${JSON.stringify(segment['type'])}`);
	if (segment['integrity'] !== undefined) throw unknown('checksums beside the data');
	const { offset, size } = segment;
	return { start: numberOf(offset, 'offset'), length: size === 'dynamic' ? undefined : numberOf(size, 'size') };
}

function parsed(json: string): unknown {
	try {
		return JSON.parse(json);
	} catch (error) {
		throw strange(`no JSON (${(error as Error).message})`);
	}
}

function recordOf(value: unknown, what: string): Readonly<Record<string, unknown>> {
	if (typeof value === 'object' && value !== null && !Array.isArray(value)) return value as Record<string, unknown>;
	throw strange(`${what} = ${JSON.stringify(value)}`);
}

/** Numbers of 64 bits are text in it. */
function numberOf(value: unknown, what: string): number {
	const number = typeof value === 'string' && /^\d+$/.test(value) ? Number(value) : NaN;
	if (Number.isSafeInteger(number)) return number;
	throw strange(`${what} = ${JSON.stringify(value)}`);
}

function unknown(found: string): AfterimageError {
	return new AfterimageError('not-supported', `LUKS2 header: expected one encrypted data segment, found ${found}`);
}

function strange(found: string): AfterimageError {
	return new AfterimageError('structure-damaged', `LUKS2 metadata: expected a data segment, found ${found}`);
}
