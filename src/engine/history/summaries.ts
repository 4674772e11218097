import { basename } from 'node:path';
import { counted, formatBytes } from '../../base/quantity.ts';
import type { DefinitionRunResult } from '../requests/definition.ts';
import type { ExtractRequest, ExtractResult } from '../requests/files.ts';
import type { ImageResult } from '../requests/image.ts';
import type { RestoreRequest, RestoreResult } from '../requests/restore.ts';
import type { ServeRequest, ServeResult } from '../requests/serve.ts';
import type { MergeResult, PurgeResult, RemoveResult } from '../requests/retention.ts';
import type { BackupState, BadBlockReport, VerifyBackupsResult, VerifyResult } from '../requests/verify.ts';
import type { RestoreChoice } from '../../protocol/restore.ts';
import { damageLines, damageWords, faultLines, problemsIn, warningsIn } from '../file-walk/words.ts';
import type { PartitionDamage } from '../file-walk/results.ts';
import { fileLines } from '../verify/file-lines.ts';
import { lostWords, walkedWords } from '../verify/outcome.ts';
import type { RunSummary } from './history.ts';

/** What the history and clients say of a finished job, by the job's result. */

/** Bad blocks that are named one by one; the summary counts all. */
const mostFindings = 1000;

/** Backups that a sentence names. */
const mostNames = 3;

const typeNames = { full: 'Full', inc: 'Incremental', diff: 'Differential' } as const;

export function imageSummary(result: ImageResult): RunSummary {
	const { backupType, imageId, bytesRead, bytesWritten, files } = result;
	const extent = `${formatBytes(bytesRead)} read, ${formatBytes(bytesWritten)} written`;
	return { summary: `${typeNames[backupType]} backup of set ${imageId}: ${extent}`, bytesRead, bytesWritten, files };
}

export function verifySummary(result: VerifyResult): RunSummary {
	const { bad, blocks, bytes, damage, file, fileSystems = [], sampled } = result;
	const common = { bytesRead: bytes, bytesWritten: 0, files: [] };
	const extent = `${counted(blocks, 'block')}, ${formatBytes(bytes)}`;
	const problems = problemsIn(fileSystems);
	const wrong = problems === 0 ? '' : `; its file systems have ${counted(problems, 'problem')}`;
	const findings = [...blockFindings(bad, damage), ...faultLines(fileSystems)];
	if (bad.length > 0) {
		const summary = `${file} is damaged: ${bad.length} bad of ${extent}${damageWords(damage)}${wrong}`;
		return { ...common, outcome: 'failed', summary, findings };
	}
	const summary = `${file} is sound${sampled ? ' as far as it was sampled' : ''}: ${extent}${wrong}`;
	if (problems > 0) return { ...common, outcome: 'failed', summary, findings };
	return { ...common, summary, ...(findings.length === 0 ? {} : { outcome: 'warning' as const, findings }) };
}

/** Bad blocks and what lies in them, in words. */
function blockFindings(bad: readonly BadBlockReport[], damage: readonly PartitionDamage[]): string[] {
	return [...bad.slice(0, mostFindings).map(badBlock), ...damageLines(damage)];
}

/** Of a run of a definition: the backup that it made, and how many it has found to be sound again. */
export function runSummary({ image, madeMeanwhile, reverified }: DefinitionRunResult): RunSummary {
	if (madeMeanwhile) {
		const { backupType, imageId } = image;
		const summary = `Nothing was made: there is a ${typeNames[backupType].toLowerCase()} backup of set ${imageId} since this one was due`;
		return { summary, bytesRead: 0, bytesWritten: 0, files: [] };
	}
	const made = imageSummary(image);
	const sound = reverified.filter(({ state }) => state === 'sound').length;
	return sound === 0 ? made : { ...made, summary: `${made.summary}; ${counted(sound, 'backup')} verified again` };
}

export function verifyTitle(paths: readonly string[]): string {
	const more = paths.length > 1 ? ` and ${paths.length - 1} more` : '';
	return `Verify ${basename(paths[0] ?? '')}${more}`;
}

export function verifyBackupsSummary(result: VerifyBackupsResult): RunSummary {
	const { backups, bad, bytes, code } = result;
	const common = { bytesRead: bytes, bytesWritten: 0, files: [], summary: verifiedWords(result) };
	const findings = [...bad.slice(0, mostFindings).map(badBlock), ...fileLines(backups)];
	if (code !== undefined) return { ...common, outcome: 'failed', findings };
	const warnings = backups.reduce((sum, { fileSystems = [] }) => sum + warningsIn(fileSystems), 0);
	return {
		...common,
		...(findings.length === 0 ? {} : { findings }),
		...(warnings === 0 ? {} : { outcome: 'warning' }),
	};
}

/** How many backups were found to be what, and which are not sound. */
export function verifiedWords({ backups, blocks, bytes, leftOut, nextDue, sampled }: VerifyBackupsResult): string {
	const of = (state: BackupState) => backups.filter((backup) => backup.state === state);
	if (backups.length === 0 && nextDue !== undefined) {
		return `No backup is due: ${leftOut} left out, of which the first is due on ${nextDue.slice(0, 10)}`;
	}
	const words: readonly (readonly [BackupState, string])[] = [
		['damaged', 'damaged'],
		['unreadable', 'that cannot be read'],
		['faulty', 'with problems in their file systems'],
		['incomplete', 'without files that they need'],
		['locked', 'that no password opened'],
		['changed', 'that another run has changed meanwhile'],
	];
	const wrong = words.flatMap(([state, text]) => {
		const files = of(state);
		const names = files.slice(0, mostNames).map(({ file }) => basename(file));
		const more = files.length > mostNames ? ', …' : '';
		return files.length === 0 ? [] : [`${files.length} ${text} (${names.join(', ')}${more})`];
	});
	const sound = `${of('sound').length} sound${sampled ? ' as far as they were sampled' : ''}`;
	const young =
		nextDue === undefined ? '' : `; ${leftOut} left out, of which the first is due on ${nextDue.slice(0, 10)}`;
	const extent = `${counted(blocks, 'block')}, ${formatBytes(bytes)}`;
	return `${counted(backups.length, 'backup')}: ${[sound, ...wrong].join(', ')}${young}: ${extent}${lostWords(backups)}${walkedWords(backups)}`;
}

/** A bad block as people find it: by partition, block and bytes. */
export function badBlock(bad: BadBlockReport): string {
	return (
		`Disk ${bad.disk}, partition ${bad.partition}, ${bad.reserved ? 'reserved block' : 'block'} ${bad.block}: ` +
		`bytes ${bad.start} to ${bad.end - 1}, at byte ${bad.position} of ${bad.file}: ${bad.reason}`
	);
}

export function restoreSummary(result: RestoreResult): RunSummary {
	const { bad, bytes, blocks, damage, target, writtenBlocks, verifiedBlocks } = result;
	const read = verifiedBlocks === undefined ? '' : `, ${verifiedBlocks} read back and compared`;
	const common = { bytesRead: bytes, bytesWritten: bytes, files: [] };
	const summary = `${formatBytes(bytes)} restored to ${target}: ${writtenBlocks} of ${counted(blocks, 'block')} written${read}`;
	if (bad.length === 0) return { ...common, summary };
	const findings = blockFindings(bad, damage);
	return { ...common, outcome: 'failed', summary: `${summary}; ${lostBlocks(bad)}${damageWords(damage)}`, findings };
}

/** What a restore did without. */
export function lostBlocks({ length }: readonly BadBlockReport[]): string {
	return `${counted(length, 'damaged block')} of the image ${length === 1 ? 'is' : 'are'} zeros there`;
}

export function mergeSummary({ file, removed, movedBytes, freedBytes }: MergeResult): RunSummary {
	return {
		summary: `${counted(removed.length + 1, 'backup')} merged into ${basename(file)}: ${formatBytes(freedBytes)} freed`,
		bytesRead: movedBytes,
		bytesWritten: movedBytes,
		files: [file],
	};
}

export function purgeSummary({ steps, freedBytes }: PurgeResult): RunSummary {
	return {
		summary:
			steps.length === 0 ? 'Nothing to purge' : `${counted(steps.length, 'step')}, ${formatBytes(freedBytes)} freed`,
		bytesRead: 0,
		bytesWritten: 0,
		files: [],
	};
}

export function removeSummary({ removed, freedBytes }: RemoveResult): RunSummary {
	return {
		summary: `${counted(removed.length, 'file')} deleted, ${formatBytes(freedBytes)} freed`,
		bytesRead: 0,
		bytesWritten: 0,
		files: [],
	};
}

/** @param name of the definition */
export function backupTitle(name: string): string {
	return `Back up ${name}`;
}

/** What a definition is called as long as its own name is not known. @param path of the definition */
export function fileTitle(path: string): string {
	return backupTitle(basename(path).replace(/\.xml$/i, ''));
}

export function restoreTitle({ file, target, into }: RestoreChoice | RestoreRequest): string {
	const where = into?.kind === 'partition' ? `partition ${into.number} of ${target}` : target;
	return `Restore ${basename(file)} to ${where}`;
}

export function removeTitle(files: readonly string[]): string {
	return files.length === 1 ? `Delete ${basename(files[0]!)}` : `Delete ${files.length} backup files`;
}

export function extractTitle({ image, paths }: Pick<ExtractRequest, 'image' | 'paths'>): string {
	const [only] = paths.length === 1 ? paths : [];
	const what = only === undefined ? counted(paths.length, 'file') : nameIn(only) || 'all files';
	return `Extract ${what} from ${basename(image)}`;
}

export function serveTitle({ image }: Pick<ServeRequest, 'image'>): string {
	return `Serve ${basename(image)}`;
}

export function serveSummary({ clients, bytes }: ServeResult): RunSummary {
	return {
		summary: `Served ${counted(clients, 'client')}, ${formatBytes(bytes)}`,
		bytesRead: bytes,
		bytesWritten: 0,
		files: [],
	};
}

/** The last name of a path in a backup; empty for the root. */
function nameIn(path: string): string {
	return path.split('/').findLast((name) => name !== '') ?? '';
}

export function extractSummary({ damaged, ...result }: ExtractResult): RunSummary {
	const { bytes, files, folder } = result;
	const common = { bytesRead: bytes, bytesWritten: bytes, files: [folder] };
	const summary = `${counted(files, 'file')} extracted to ${folder}, ${formatBytes(bytes)}`;
	if (damaged.length === 0) return { ...common, summary };
	const findings = damaged.slice(0, mostFindings).map(({ path, reason }) => `${path}: ${reason}`);
	return { ...common, outcome: 'failed', summary: `${summary}; ${damaged.length} could not be read`, findings };
}
