import { exitCodeOf } from '../../base/errors.ts';
import { counted, formatBytes, formatDuration, parseSize } from '../../base/quantity.ts';
import { damageLines } from '../../engine/file-walk/words.ts';
import { badBlock, lostBlocks } from '../../engine/history/summaries.ts';
import type { RestoreRequest, RestoreResult, ShrinkWish } from '../../engine/requests/restore.ts';
import type { RestorePlace } from '../../protocol/restore.ts';
import { commonHelp, type Command, type OptionValues } from '../command.ts';
import { confirmTarget } from '../confirm-target.ts';
import {
	flagOf,
	invalid,
	numberOf,
	numbersOf,
	onlyOperand,
	pathOf,
	requiredTextOf,
	shown,
	textOf,
} from '../options/option-values.ts';
import { givenPassword, withPassword } from '../options/password.ts';
import { previewLines } from '../output/preview-lines.ts';

export const restoreCommand: Command = {
	name: 'restore',
	summary: 'Write an image back to a disk or raw file',
	help: `Usage: afterimage restore FILE --to TARGET [options]

TARGET is a disk (/dev/sdb; on Windows \\\\.\\PhysicalDrive1) or a raw file; a raw file that is not there is made, sparse.
What is on it is lost. A partition's device (/dev/sdb1, E:) takes one partition, whatever its place was.

  --to TARGET            What to write to
  --disk N               Which disk of the image, when it holds several
  --partition N          Only partition N, into the same place of TARGET; may be repeated
  --into M|volume        Put the one partition into partition M of TARGET, which is at least as large and whose table
                         stays as it is, or onto TARGET itself: a logical volume, a raw file of one file system. Boot
                         sectors of NTFS, FAT and exFAT are told the new place
  --grow N               Give partition N what is free behind it on a larger TARGET that gets the partition table of the
                         image; its file system keeps its size
  --shrink N[=SIZE]      Make partition N (ext2, ext3, ext4, NTFS) and its file system smaller, so that everything fits
                         on a smaller TARGET, or to SIZE (20G); what lies behind it moves down. May be repeated: each
                         gives up the same share of what is free in it. On Linux, by e2fsck and resize2fs or
                         ntfsresize, in a temporary copy; TARGET is written once that has worked
  --temporary FOLDER     Where these copies are made; they need what is in use in the partitions, and some
  --delta                Read TARGET and write only what differs
  --verify               Read back what was written and compare
  --zero-unused          Write zeros where the image holds nothing: in its partitions and, where TARGET gets the
                         partition table of the image, outside of all partitions
  --discard              Discard these places, or punch holes there
  --new-disk-id          Give TARGET and its partitions ids of their own, so that both disks can be in one machine; what
                         starts from it by these ids has to be set anew, UUIDs of file systems stay
  --skip-bad-blocks      Restore all else of a damaged image: bad blocks are listed and zeros on TARGET; exit code 6
  --dry-run              Check everything and tell what would be written where; write nothing
  -y, --yes              Do not ask for the device's name to be typed
  --password-file F      Password of an encrypted image, in the first line of F
${commonHelp}
`,
	options: {
		to: { type: 'string' },
		disk: { type: 'string' },
		partition: { type: 'string', multiple: true },
		into: { type: 'string' },
		grow: { type: 'string' },
		shrink: { type: 'string', multiple: true },
		temporary: { type: 'string' },
		delta: { type: 'boolean' },
		verify: { type: 'boolean' },
		'zero-unused': { type: 'boolean' },
		discard: { type: 'boolean' },
		'new-disk-id': { type: 'boolean' },
		'skip-bad-blocks': { type: 'boolean' },
		'dry-run': { type: 'boolean' },
		yes: { type: 'boolean', short: 'y' },
		'password-file': { type: 'string' },
	},
	async run(values, operands, { engine, output, signal }) {
		const file = onlyOperand(operands, 'FILE');
		const target = requiredTextOf(values, 'to', 'TARGET');
		const [zero, discard] = [flagOf(values, 'zero-unused'), flagOf(values, 'discard')];
		if (zero && discard) throw invalid('--zero-unused and --discard exclude each other');
		const request = {
			file,
			target,
			disk: numberOf(values, 'disk', { least: 0, such: '0' }),
			partitions: numbersOf(values, 'partition'),
			delta: flagOf(values, 'delta'),
			verify: flagOf(values, 'verify'),
			freeSpace: zero ? ('zero' as const) : discard ? ('discard' as const) : ('keep' as const),
			newDiskId: flagOf(values, 'new-disk-id'),
			skipBadBlocks: flagOf(values, 'skip-bad-blocks'),
			into: placeOf(values),
			grow: numberOf(values, 'grow', { least: 0, such: '2' }),
			shrink: wishesOf(values),
			temporary: pathOf(values, 'temporary'),
		};
		const given = givenPassword(pathOf(values, 'password-file'), output);
		if (flagOf(values, 'dry-run')) {
			const preview = await withPassword(given, signal, (password) =>
				engine.previewRestore({ ...request, password }, { signal, emit: (event) => output.event(event) }),
			);
			output.result(preview, previewLines(preview, request));
			return 0;
		}
		const confirmed = flagOf(values, 'yes') ? undefined : await confirmTarget(target, request.into, engine, signal);
		const result = await withPassword(given, signal, (password) =>
			engine.restore({ ...request, password, confirmed }, { signal, emit: (event) => output.event(event) }),
		);
		output.result(result, resultLines(result, request));
		return result.bad.length === 0 ? 0 : exitCodeOf('image-damaged');
	},
};

/** `3` or `volume`. */
function placeOf(values: OptionValues): RestorePlace | undefined {
	const text = textOf(values, 'into');
	if (text === undefined) return undefined;
	if (text === 'volume') return { kind: 'volume' };
	if (!/^\d{1,5}$/.test(text)) {
		throw invalid(`--into: expected the number of a partition of the target, or volume, found ${shown(text)}`);
	}
	return { kind: 'partition', number: Number(text) };
}

/** `2` or `2=20G`. */
function wishesOf(values: OptionValues): ShrinkWish[] | undefined {
	const texts = values['shrink'];
	if (!Array.isArray(texts)) return undefined;
	return texts.map(String).map((text) => {
		const [, number, sizeText] = /^(\d{1,5})(?:=(.*))?$/s.exec(text) ?? [];
		const size = sizeText === undefined ? undefined : parseSize(sizeText);
		if (number !== undefined && (sizeText === undefined || size !== undefined))
			return { partition: Number(number), size };
		throw invalid(
			`--shrink: expected the number of a partition, with or without a size (2, 2=20G), found ${shown(text)}`,
		);
	});
}

/** What a restore did, for people. */
export function resultLines(
	result: RestoreResult,
	{ target, newDiskId, into }: Pick<RestoreRequest, 'target' | 'newDiskId' | 'into'>,
): string[] {
	const read =
		result.verifiedBlocks === undefined ? '' : `, ${counted(result.verifiedBlocks, 'block')} read back and compared`;
	const where = into?.kind === 'partition' ? `partition ${into.number} of ${target}` : result.target;
	return [
		...result.bad.map(badBlock),
		...damageLines(result.damage),
		`Restored to ${where}: ${formatBytes(result.bytes)}, ` +
			`${result.writtenBlocks} of ${counted(result.blocks, 'block')} written${read}, in ${formatDuration(result.seconds)}`,
		...(newDiskId ? [`Its disk id is ${result.diskId}`] : []),
		...(result.bad.length === 0 ? [] : [`${lostBlocks(result.bad)}. Check the file systems before they are used.`]),
	];
}
