const nanosecondsPerMillisecond = 1_000_000n;

/** A big time counts from the earliest time that 32 bits of signed seconds can tell, in 1901. */
const bigTimeEpoch = -(2 ** 31) * 1000;

/**
 * A time of an inode in milliseconds since 1970.
 * @param stored all 64 bits: seconds (signed) and nanoseconds, or nanoseconds since 1901 where `big`
 */
export function inodeTime(stored: bigint, big: boolean): number {
	if (big) return bigTimeEpoch + Number(stored / nanosecondsPerMillisecond);
	const seconds = Number(BigInt.asIntN(32, stored >> 32n));
	return seconds * 1000 + Number((stored & 0xffffffffn) / nanosecondsPerMillisecond);
}
