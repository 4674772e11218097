import { DateTime } from 'luxon';
import { AfterimageError } from '../../base/errors.ts';
import type { RetentionRule } from './types.ts';

/**
 * The instant before which a backup is older than the rule keeps: `keep` calendar days, weeks or months back from
 * `now` in `zone`, at the same time of day. A backup of exactly that second is kept: image files tell their time in
 * whole seconds, and rules that run before a weekly backup would otherwise delete that of a week ago by chance.
 * @throws AfterimageError `invalid-argument` when the zone is unknown
 */
export function cutoff(rule: RetentionRule, now: number, zone: string): number {
	if (rule.unit === 'backups') throw new RangeError('A rule that counts backups has no age');
	const start = DateTime.fromMillis(now, { zone });
	if (!start.isValid) {
		throw new AfterimageError('invalid-argument', `Time zone ${zone}: not known on this system`, {
			advice: 'Use an IANA name such as Europe/Berlin or UTC.',
		});
	}
	return start
		.minus({ [rule.unit]: rule.keep })
		.startOf('second')
		.toMillis();
}
