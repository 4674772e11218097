import fc from 'fast-check';
import {
	weekdays,
	type BackupDefinition,
	type FailureMessage,
	type Message,
	type Retention,
	type Script,
	type ScriptAfter,
	type SourcePartition,
	type Timing,
	type Weekday,
} from '../../../src/definition/model.ts';

/** Any definition that the schema allows. */

const nothing = { nil: undefined };
const text = fc
	.string({ unit: 'binary', maxLength: 20 })
	.map((value) => value.replace(/[^\t\n\x20-\ud7ff\ue000-\ufffd]/gu, ''));
const oneLine = text.map((value) => value.replace(/[\t\n]/g, ' '));
const title = fc
	.stringMatching(/^[A-Za-z<&"'é>][A-Za-z0-9 <&"'é>]{0,10}[A-Za-z0-9]$/)
	.map((value) => value.replace(/ +/g, ' '));
const path = fc.stringMatching(/^[A-Za-z/\\:<&"'][A-Za-z0-9 /\\.&<'"]{0,12}[A-Za-z0-9]$/);
const count = fc.integer({ min: 0, max: 300 });
const interval = fc.integer({ min: 1, max: 9999 });
const time = fc
	.tuple(fc.integer({ min: 0, max: 23 }), fc.integer({ min: 0, max: 59 }))
	.map(([hour, minute]) => `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}`);
const date = fc
	.date({ min: new Date('2020-01-01'), max: new Date('2040-12-31'), noInvalidDate: true })
	.map((day) => day.toISOString().slice(0, 10));
const days: fc.Arbitrary<Weekday[]> = fc.subarray([...weekdays], { minLength: 1 });
const hex = (length: number): fc.Arbitrary<string> =>
	fc.string({ unit: fc.constantFrom(...'0123456789ABCDEF'), minLength: length, maxLength: length });
const signature = fc.oneof(
	hex(8),
	fc.tuple(hex(8), hex(4), hex(4), hex(4), hex(12)).map((groups) => groups.join('-')),
);

const partition: fc.Arbitrary<SourcePartition> = fc.record({
	number: count,
	offset: fc.option(fc.integer({ min: 0, max: 2 ** 45 }), nothing),
	label: fc.option(oneLine, nothing),
});

export const timing: fc.Arbitrary<Timing> = fc.oneof(
	fc.record({ kind: fc.constant('once' as const), date, time }),
	fc.record({ kind: fc.constant('daily' as const), time, interval }),
	fc.record({ kind: fc.constant('weekly' as const), days, time, interval }),
	fc.record({
		kind: fc.constant('monthly' as const),
		day: fc.oneof(fc.integer({ min: 1, max: 31 }), fc.constant('last' as const)),
		time,
		interval,
	}),
	fc.record({
		kind: fc.constant('monthly_weekday' as const),
		week: fc.constantFrom('first', 'second', 'third', 'fourth', 'last'),
		weekday: fc.constantFrom(...weekdays),
		time,
		interval,
	}),
	fc.record({
		kind: fc.constant('intradaily' as const),
		minutes: fc.integer({ min: 1, max: 1439 }),
		from: time,
		until: time,
		days,
	}),
	fc.record({ kind: fc.constant('event' as const), trigger: fc.constantFrom('startup', 'log_on') }),
);

const retention: fc.Arbitrary<Retention | undefined> = fc.option(
	fc.record({ enable: fc.boolean(), interval, period: fc.constantFrom('count', 'days', 'weeks', 'months') }),
	nothing,
);

const script: fc.Arbitrary<Script> = fc.record({
	path,
	arguments: fc.array(text, { maxLength: 3 }),
	timeLimit: fc.integer({ min: 1, max: 86_400 }),
	onFailure: fc.constantFrom('stop', 'warn', 'ignore'),
});

const scriptAfter: fc.Arbitrary<ScriptAfter> = fc
	.tuple(script, fc.constantFrom<('always' | 'success' | 'failure')[]>('always', 'success', 'failure'))
	.map(([one, runOn]) => ({ ...one, runOn }));

const message: fc.Arbitrary<Message> = fc.record({
	enable: fc.boolean(),
	recipients: title,
	subject: oneLine,
	content: text,
	attachLog: fc.boolean(),
	attachVssLog: fc.boolean(),
});

const failure: fc.Arbitrary<FailureMessage> = fc
	.tuple(message, fc.boolean(), fc.boolean())
	.map(([one, includeCancelled, includeSkipped]) => ({ ...one, includeCancelled, includeSkipped }));

export const definition: fc.Arbitrary<BackupDefinition> = fc.record({
	name: title,
	comment: text,
	sources: fc.record({
		bootPartitions: fc.boolean(),
		disks: fc.array(
			fc.record({
				signature,
				number: fc.option(count, nothing),
				model: fc.option(oneLine, nothing),
				partitions: fc.array(partition, { maxLength: 3 }),
			}),
			{ maxLength: 3 },
		),
		rawFiles: fc.array(fc.record({ path, partitions: fc.array(partition, { maxLength: 2 }) }), { maxLength: 2 }),
	}),
	destination: fc
		.tuple(fc.boolean(), path, fc.array(path, { maxLength: 3 }), fc.stringMatching(/^[a-z{}A-Z-]{0,12}$/), fc.boolean())
		.map(([optical, place, folders, filenameTemplate, prefixUnique]) => ({
			folder: optical ? undefined : place,
			opticalDrive: optical ? place : undefined,
			alternativeLocations: { folders },
			filenameTemplate,
			prefixUnique,
		})),
	backupType: fc.constantFrom('auto', 'full', 'diff', 'inc'),
	compressionLevel: fc.constantFrom('none', 'medium', 'high'),
	encryption: fc.record({
		aesType: fc.constantFrom('none', 'aes-128', 'aes-192', 'aes-256'),
		passwordSource: fc.constantFrom('prompt', 'secret_storage', 'environment', 'file'),
		passwordName: fc.option(path, nothing),
	}),
	fileSizeLimit: fc.option(
		fc.oneof(
			count,
			count.map((size) => size * 2 ** 30),
		),
		nothing,
	),
	intelligentSectorCopy: fc.boolean(),
	autoVerify: fc.boolean(),
	reverifyAfterDays: fc.integer({ min: 0, max: 3650 }),
	checkFilesystem: fc.boolean(),
	cpuPriority: fc.constantFrom('idle', 'below_normal', 'normal', 'above_normal'),
	rateLimit: fc.integer({ min: -1, max: 100_000 }),
	powerSaving: fc.boolean(),
	postBackupShutdown: fc.record({
		enable: fc.boolean(),
		level: fc.constantFrom('none', 'shutdown', 'hibernate', 'suspend', 'reboot'),
		force: fc.boolean(),
	}),
	scheduling: fc.record({
		timeZone: fc.option(fc.constantFrom('Europe/Berlin', 'UTC', 'America/New_York'), nothing),
		missedRuns: fc.constantFrom('run_once', 'skip'),
		schedules: fc.array(
			fc.record({
				backupType: fc.constantFrom('full', 'diff', 'inc'),
				enable: fc.boolean(),
				startDate: fc.option(date, nothing),
				timing,
			}),
			{ maxLength: 4 },
		),
	}),
	diskSpaceManagement: fc.record({
		applyToAllSetsInFolder: fc.boolean(),
		incrementalsForever: fc.boolean(),
		runBefore: fc.boolean(),
		lowSpacePurge: fc.boolean(),
		lowSpaceGbThreshold: count,
		fullRetention: retention,
		differentialRetention: retention,
		incrementalRetention: retention,
	}),
	scripts: fc.record({
		before: fc.array(script, { maxLength: 2 }),
		after: fc.array(scriptAfter, { maxLength: 2 }),
	}),
	email: fc.record({
		server: fc.option(fc.constantFrom('smtp://mail.example.com', 'smtps://mail:465'), nothing),
		sender: fc.option(title, nothing),
		success: fc.option(message, nothing),
		warning: fc.option(message, nothing),
		failure: fc.option(failure, nothing),
	}),
});
