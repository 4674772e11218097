import { expect, test } from 'vitest';
import { win32 } from '../../native/win32/api/errors.ts';
import { codes, properties } from '../../native/win32/devices/control-codes.ts';
import { contradictions, type Claim } from './headers/judge.ts';
import {
	bytesOf,
	constants,
	declared,
	functions,
	hresultsOf,
	koffiStructures,
	membersOf,
	methods,
	structures,
	type Callable,
	type Structure,
} from './headers/source-facts.ts';

/*
 * The bindings, as the text of the sources has them, against the headers of mingw-w64, which take theirs from the Windows
 * SDK: every constant, control code, structure, function and method.
 */

/** `diskFull` as `DISK_FULL`. */
const screaming = (name: string) => name.replace(/[A-Z]/g, '_$&').toUpperCase();
const pascal = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

const errorNames: Record<string, string> = {
	badNetPath: 'BAD_NETPATH',
	deviceNotExist: 'DEV_NOT_EXIST',
	badDeviceType: 'BAD_DEV_TYPE',
};

const accessNames: Record<string, string> = {
	readData: 'FILE_READ_DATA',
	writeData: 'FILE_WRITE_DATA',
	appendData: 'FILE_APPEND_DATA',
	deleteChild: 'FILE_DELETE_CHILD',
};

/** The HRESULTs that `vss-errors.ts` tells in words, in its order. */
const errorsInWords = [
	'VSS_E_BAD_STATE',
	'VSS_E_UNEXPECTED',
	'VSS_E_PROVIDER_NOT_REGISTERED',
	'VSS_E_PROVIDER_VETO',
	'VSS_E_OBJECT_NOT_FOUND',
	'VSS_E_VOLUME_NOT_SUPPORTED',
	'VSS_E_VOLUME_NOT_SUPPORTED_BY_PROVIDER',
	'VSS_E_UNEXPECTED_PROVIDER_ERROR',
	'VSS_E_MAXIMUM_NUMBER_OF_VOLUMES_REACHED',
	'VSS_E_FLUSH_WRITES_TIMEOUT',
	'VSS_E_HOLD_WRITES_TIMEOUT',
	'VSS_E_UNEXPECTED_WRITER_ERROR',
	'VSS_E_SNAPSHOT_SET_IN_PROGRESS',
	'VSS_E_MAXIMUM_NUMBER_OF_SNAPSHOTS_REACHED',
	'VSS_E_WRITER_INFRASTRUCTURE',
	'VSS_E_WRITER_NOT_RESPONDING',
	'VSS_E_INSUFFICIENT_STORAGE',
	'VSS_E_REBOOT_REQUIRED',
	'VSS_E_TRANSACTION_FREEZE_TIMEOUT',
	'VSS_E_TRANSACTION_THAW_TIMEOUT',
	'VSS_E_NESTED_VOLUME_LIMIT',
	'E_ACCESSDENIED',
	'E_OUTOFMEMORY',
	'HRESULT_FROM_WIN32(ERROR_SERVICE_DISABLED)',
	'REGDB_E_CLASSNOTREG',
	'E_NOTIMPL',
	'RPC_E_CHANGED_MODE',
	'VSS_E_WRITERERROR_INCONSISTENTSNAPSHOT',
	'VSS_E_WRITERERROR_OUTOFRESOURCES',
	'VSS_E_WRITERERROR_TIMEOUT',
	'VSS_E_WRITERERROR_RETRYABLE',
	'VSS_E_WRITERERROR_NONRETRYABLE',
];

/** What structures are called there and where they end for us, with the fields that do not have the header's name with a small letter. */
const layouts: Record<
	string,
	{ readonly type?: string; readonly end?: string; readonly fields?: Record<string, string> }
> = {
	DISK_GEOMETRY_EX: { end: 'Data', fields: { bytesPerSector: 'Geometry.BytesPerSector' } },
	STORAGE_DEVICE_DESCRIPTOR: { end: 'RawDeviceProperties' },
	DRIVE_LAYOUT_INFORMATION_EX: { end: 'PartitionEntry' },
	VOLUME_DISK_EXTENTS: { end: 'Extents', fields: { count: 'NumberOfDiskExtents' } },
	DISK_EXTENT: { fields: { length: 'ExtentLength' } },
	VSS_SNAPSHOT_PROP: {
		fields: {
			snapshotId: 'm_SnapshotId',
			setId: 'm_SnapshotSetId',
			snapshotsCount: 'm_lSnapshotsCount',
			deviceObject: 'm_pwszSnapshotDeviceObject',
			originalVolume: 'm_pwszOriginalVolumeName',
			originatingMachine: 'm_pwszOriginatingMachine',
			serviceMachine: 'm_pwszServiceMachine',
			exposedName: 'm_pwszExposedName',
			exposedPath: 'm_pwszExposedPath',
			providerId: 'm_ProviderId',
			attributes: 'm_lSnapshotAttributes',
			creationTimestamp: 'm_tsCreationTimestamp',
			status: 'm_eStatus',
		},
	},
	SECURITY_DESCRIPTOR: {
		type: 'SECURITY_DESCRIPTOR_RELATIVE',
		fields: { ownerOffset: 'Owner', daclOffset: 'Dacl' },
	},
	ACL: { fields: { revision: 'AclRevision', size: 'AclSize', count: 'AceCount' } },
	ACE: {
		type: 'ACCESS_ALLOWED_ACE',
		end: 'SidStart',
		fields: { type: 'Header.AceType', flags: 'Header.AceFlags', size: 'Header.AceSize' },
	},
	SID: {
		end: 'SubAuthority',
		fields: { authorityHigh: 'IdentifierAuthority.Value[0]', authorityLow: 'IdentifierAuthority.Value[2]' },
	},
	SHELLEXECUTEINFOW: { fields: {} },
	TOKEN_PRIVILEGES: { fields: { luid: 'Privileges[0].Luid', attributes: 'Privileges[0].Attributes' } },
};
/** Fields that we read as several or as one, so that their lengths differ from the header's. */
const splitFields = new Set(['authorityHigh', 'authorityLow']);

function claim(what: string, expression: string, expected: bigint | number): Claim {
	return { what, expression, expected: BigInt(expected) };
}

function layoutClaims({ name, size, fields }: Structure): Claim[] {
	const { type = name, end, fields: names = {} } = layouts[name] ?? {};
	const own = name === 'SHELLEXECUTEINFOW';
	return [
		claim(`size of ${name}`, end === undefined ? `sizeof(${type})` : `offsetof(${type}, ${end})`, size),
		...fields.flatMap((field) => {
			const theirs = names[field.name] ?? (own ? field.name : pascal(field.name));
			return [
				claim(`${name}.${field.name}`, `offsetof(${type}, ${theirs})`, field.offset),
				...(splitFields.has(field.name)
					? []
					: [claim(`length of ${name}.${field.name}`, `sizeof(((${type} *)0)->${theirs})`, field.length)]),
			];
		}),
	];
}

function shapeOf(callable: Callable): bigint {
	return [...callable.arguments, callable.result].reduce((all, type) => all * 32n + BigInt(bytesOf(type)), 0n);
}

const asynchronous = new Set(['Cancel', 'Wait', 'QueryStatus']);

function methodClaims(method: Callable): Claim[] {
	const { name } = method;
	const face = name === 'Release' ? 'IUnknown' : asynchronous.has(name) ? 'IVssAsync' : 'IVssBackupComponents';
	const path = `&${face}::${name}`;
	return [
		claim(`place of ${name}`, `slot(${path})`, method.slot!),
		claim(`arguments of ${name}`, `shape(${path})`, shapeOf(method)),
	];
}

const codeName = (name: string) => `${/^(disk|storage|volumeGet)/.test(name) ? 'IOCTL' : 'FSCTL'}_${screaming(name)}`;

const claims = {
	constants: constants().map(({ name, value }) => claim(name, name, value)),
	errors: Object.entries(win32).map(([name, value]) =>
		claim(`win32.${name}`, `ERROR_${errorNames[name] ?? screaming(name)}`, value),
	),
	codes: Object.entries(codes).map(([name, value]) => claim(`codes.${name}`, codeName(name), value)),
	properties: Object.entries(properties).map(([name, value]) =>
		claim(`properties.${name}`, `Storage${pascal(name)}Property`, value),
	),
	rights: [...membersOf('src/engine/definition-run/permissions/windows-permissions.ts', 'right')].map(([name, value]) =>
		claim(`right.${name}`, accessNames[name] ?? screaming(name), value),
	),
	structures: [...structures(), ...koffiStructures()].flatMap(layoutClaims),
	functions: functions().map((one) => claim(`arguments of ${one.name}`, `shape(&${one.name})`, shapeOf(one))),
	methods: methods().flatMap(methodClaims),
	hresults: [...hresultsOf('native/win32/vss/vss-errors.ts')].map((value, i) =>
		claim(`HRESULT ${i}: ${errorsInWords[i]}`, errorsInWords[i] ?? '0', value),
	),
};

test('no declaration of the sources escapes the reading', () => {
	expect({
		constants: constants().length,
		structures: structures().length + koffiStructures().length,
		functions: functions().length,
		methods: methods().length,
	}).toEqual(declared());
	expect(claims.hresults).toHaveLength(errorsInWords.length);
	expect(claims.rights).toHaveLength(10);
});

test('constants, control codes, structures and calls are those of the headers', async () => {
	expect(await contradictions(Object.values(claims).flat())).toEqual([]);
});
