import { expect, it } from 'vitest';
import { localZone } from '../../../src/base/local-zone.ts';

it.each([
	['Europe/Berlin', 'Europe/Berlin', 'Europe/Berlin'],
	[undefined, 'America/New_York', 'America/New_York'],
	['', 'Etc/Unknown', 'UTC'],
	['/usr/share/zoneinfo/Europe/Paris', undefined, 'Europe/Paris'],
	[':/usr/share/zoneinfo/posix/Asia/Tokyo', undefined, 'Asia/Tokyo'],
	['/usr/share/zoneinfo/No/Where', undefined, 'UTC'],
	['Nonsense/Zone', undefined, 'UTC'],
])('TZ %j, which ICU has as %j, is %s', (tz, known, zone) => {
	expect(localZone(tz, known ?? 'Etc/Unknown')).toBe(zone);
});

it('is a zone that dates can be written in, whatever this machine says', () => {
	expect(() => Intl.DateTimeFormat('en', { timeZone: localZone() })).not.toThrow();
});
