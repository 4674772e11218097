import { regGetValue } from './advapi32.ts';
import { wideText, wideTexts } from './wide-text.ts';

const HKEY_LOCAL_MACHINE = -0x7ffffffe;
const RRF_RT_REG_SZ = 0x02;
const RRF_RT_REG_MULTI_SZ = 0x20;
const mostUnits = 32768;

/** A text below HKEY_LOCAL_MACHINE; undefined when there is none. */
export function machineText(key: string, name: string): string | undefined {
	const units = value(key, name, RRF_RT_REG_SZ);
	return units === undefined ? undefined : wideText(units);
}

/** A list of texts below HKEY_LOCAL_MACHINE; empty when there is none. */
export function machineTexts(key: string, name: string): string[] {
	return wideTexts(value(key, name, RRF_RT_REG_MULTI_SZ) ?? new Uint16Array(0));
}

function value(key: string, name: string, type: number): Uint16Array | undefined {
	const units = new Uint16Array(mostUnits);
	const bytes = new Uint32Array([units.byteLength]);
	const found = regGetValue(HKEY_LOCAL_MACHINE, key, name, type, null, units, bytes) === 0;
	return found ? units.subarray(0, Math.min(bytes[0]! >> 1, mostUnits)) : undefined;
}
