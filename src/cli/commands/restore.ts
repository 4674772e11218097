import { AfterimageError, exitCodeOf } from '../../base/errors.ts';
import { counted, formatBytes, formatDuration } from '../../base/quantity.ts';
import type { Engine } from '../../engine/engine.ts';
import { badBlock, lostBlocks } from '../../engine/history/summaries.ts';
import type { RestoreResult } from '../../engine/requests.ts';
import { commonHelp, type Command } from '../command.ts';
import { flagOf, invalid, numberOf, numbersOf, onlyOperand, pathOf, requiredTextOf } from '../option-values.ts';
import { ask, givenPassword, withPassword } from '../password.ts';
import { previewLines } from '../preview-lines.ts';
import { visible } from '../visible.ts';

export const restoreCommand: Command = {
	name: 'restore',
	summary: 'Write an image back to a disk or raw file',
	help: `Usage: afterimage restore FILE --to TARGET [options]

TARGET is a disk (/dev/sdb; on Windows \\\\.\\PhysicalDrive1) or a raw file; a raw file that is not there is made, sparse.
What is on it is lost.

  --to TARGET            What to write to
  --disk N               Which disk of the image, when it holds several
  --partition N          Only partition N, into the same place of TARGET; may be repeated
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
			into: undefined,
			grow: undefined,
		};
		const given = givenPassword(pathOf(values, 'password-file'), output);
		if (flagOf(values, 'dry-run')) {
			const preview = await withPassword(given, (password) =>
				engine.previewRestore({ ...request, password }, { signal, emit: (event) => output.event(event) }),
			);
			output.result(preview, previewLines(preview, request));
			return 0;
		}
		if (!flagOf(values, 'yes')) await confirm(target, engine, signal);
		const result = await withPassword(given, (password) =>
			engine.restore({ ...request, password }, { signal, emit: (event) => output.event(event) }),
		);
		output.result(result, resultLines(result, request.newDiskId));
		return result.bad.length === 0 ? 0 : exitCodeOf('image-damaged');
	},
};

/** Whether a name is that of a device: below /dev, in the device namespace of Windows, or a drive letter. */
function isDevice(target: string): boolean {
	return target.startsWith('/dev/') || /^[\\/]{2}[.?][\\/]/.test(target) || /^[a-z]:[\\/]?$/i.test(target);
}

/** A device is overwritten only after its name was typed; a raw file needs no more than its name in the command. */
async function confirm(target: string, engine: Engine, signal: AbortSignal): Promise<void> {
	if (!isDevice(target)) return;
	const [disk] = await engine.disks([target], { signal, emit: () => undefined });
	const facts = [
		disk?.model ?? '',
		formatBytes(disk?.size ?? 0),
		counted(disk?.partitions.length ?? 0, 'partition'),
	].filter((fact) => fact !== '');
	const what = visible(`${target} (${facts.join(', ')})`);
	if (!process.stdin.isTTY) {
		throw new AfterimageError(
			'invalid-argument',
			`Everything on ${what} would be lost, and nobody is there to confirm`,
			{
				advice: 'Run it with --yes.',
			},
		);
	}
	process.stderr.write(`Everything on ${what} will be lost.\n`);
	const typed = await ask(`Type ${target} to go on: `, false);
	if (typed.trim() !== target) throw new AfterimageError('cancelled', 'Cancelled: the name does not match');
}

function resultLines(result: RestoreResult, newDiskId: boolean): string[] {
	const read =
		result.verifiedBlocks === undefined ? '' : `, ${counted(result.verifiedBlocks, 'block')} read back and compared`;
	return [
		...result.bad.map(badBlock),
		`Restored to ${result.target}: ${formatBytes(result.bytes)}, ` +
			`${result.writtenBlocks} of ${counted(result.blocks, 'block')} written${read}, in ${formatDuration(result.seconds)}`,
		...(newDiskId ? [`Its disk id is ${result.diskId}`] : []),
		...(result.bad.length === 0 ? [] : [`${lostBlocks(result.bad)}. Check the file systems before they are used.`]),
	];
}
